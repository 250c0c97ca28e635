//! Eight kiosks that draw numbers and eight officers who call them, all at once.

use std::{collections::BTreeSet, ops::Range};

use domain::TicketNo;
use reqwest::{Client, header, redirect::Policy};
use wire::center::{CounterState, TicketIssued};

use crate::{FIELD, Failure, served::OFFICERS};

/// The password of all officers here.
pub const PASSWORD: &str = "mot-cua-lien-thong";
const KIOSKS: usize = 8;

/// An officer with a session.
pub struct OnDuty {
    web: Client,
    url: String,
    cookie: String,
}

fn web() -> Result<Client, Failure> {
    Ok(Client::builder().no_proxy().redirect(Policy::none()).build()?)
}

/// Draws a number for each of the wishes, from eight kiosks at once.
pub async fn draw(url: &str, wishes: Range<u32>) -> Result<Vec<TicketNo>, Failure> {
    let each = |kiosk| (wishes.start + kiosk..wishes.end).step_by(KIOSKS);
    let kiosks =
        (0..).take(KIOSKS).map(|kiosk| tokio::spawn(draw_some(url.to_owned(), each(kiosk))));
    let mut issued = Vec::new();
    for kiosk in kiosks.collect::<Vec<_>>() {
        issued.extend(kiosk.await??);
    }
    Ok(issued)
}

async fn draw_some(
    url: String,
    wishes: impl Iterator<Item = u32>,
) -> Result<Vec<TicketNo>, Failure> {
    let (web, mut issued) = (web()?, Vec::new());
    for wish in wishes {
        let request = format!("{wish:032x}");
        let body = serde_json::json!({"request": request, "kiosk": "bench", "field": FIELD});
        let answer = web.post(format!("{url}/v1/tickets")).json(&body).send().await?;
        issued.push(answer.error_for_status()?.json::<TicketIssued>().await?.number);
    }
    Ok(issued)
}

/// Logs all officers in.
pub async fn log_in(url: &str) -> Result<Vec<OnDuty>, Failure> {
    let mut officers = Vec::new();
    for number in 1..=OFFICERS {
        let web = web()?;
        let body = format!("login=quay{number}&password={PASSWORD}");
        let answer = form(&web, url, "/console/login", body).send().await?;
        let cookie = answer.headers().get(header::SET_COOKIE).ok_or("not let in")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        officers.push(OnDuty { web, url: url.to_owned(), cookie });
    }
    Ok(officers)
}

fn form(web: &Client, url: &str, path: &str, body: String) -> reqwest::RequestBuilder {
    web.post(format!("{url}{path}"))
        .header(header::ORIGIN, url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(body)
}

impl OnDuty {
    /// Calls the next citizen.
    pub async fn next(&self, open: Option<TicketNo>) -> Result<Option<TicketNo>, Failure> {
        let open = open.map(|number| number.to_string()).unwrap_or_default();
        let request = form(&self.web, &self.url, "/console/next", format!("open={open}"));
        let answer = request.header(header::COOKIE, &self.cookie).send().await?;
        Ok(answer.error_for_status()?.json::<CounterState>().await?.open)
    }

    async fn call_all(self) -> Result<Vec<TicketNo>, Failure> {
        let (mut called, mut open) = (Vec::new(), None);
        while let Some(number) = self.next(open).await? {
            called.push(number);
            open = Some(number);
        }
        Ok(called)
    }
}

/// Has all officers call until nobody waits.
pub async fn call_all(officers: Vec<OnDuty>) -> Result<Vec<TicketNo>, Failure> {
    let officers = officers.into_iter().map(|officer| tokio::spawn(officer.call_all()));
    let mut called = Vec::new();
    for officer in officers.collect::<Vec<_>>() {
        called.extend(officer.await??);
    }
    Ok(called)
}

/// How many tickets were issued or called twice, and how many were never called.
pub fn doubled_and_skipped(issued: &[TicketNo], called: &[TicketNo]) -> (usize, usize) {
    let once = |numbers: &[TicketNo]| numbers.iter().copied().collect::<BTreeSet<_>>();
    let (all, heard) = (once(issued), once(called));
    let doubled = (issued.len() - all.len()) + (called.len() - heard.len());
    (doubled, all.difference(&heard).count())
}
