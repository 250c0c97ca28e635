//! The kiosk's wires: the center on the local network, the province far away.
//!
//! Each request is its own task with a deadline; what comes back is an event. Two watchers ask
//! center and province now and then how they are, so that the start page is honest.

mod center;
mod province;

use std::{path::PathBuf, sync::Arc, time::Duration};

use domain::{
    Bilingual, FieldCode, KioskId, SubmissionId,
    screen::Rating,
    visit::{LookUpSecret, VisitNo},
};
use reqwest::{Client, Url};
use tokio::{runtime::Handle, sync::Notify};

use crate::{Pace, Random, event::Inbox};

/// Where center and province are.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The center, such as `http://10.0.0.2:8081/`.
    pub center: Url,
    /// The province, such as `https://mot-cua.example/`.
    pub province: Url,
    /// Where the last good catalogue is kept, for a start without the province.
    pub catalogue_copy: PathBuf,
}

/// A request is asked again by the citizen, not by us; so it is short.
const DEADLINE: Duration = Duration::from_secs(6);
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(2);

/// Sends what the visit wants said.
pub(crate) struct Network {
    wires: Wires,
    runtime: Handle,
}

/// What every task needs.
#[derive(Clone)]
struct Wires {
    http: Client,
    addresses: Addresses,
    kiosk: KioskId,
    random: Random,
    inbox: Inbox,
    pace: Pace,
    /// Rung when a request to the center, or to the province, was in vain: whoever watches it
    /// looks at once, so that screen and staff know as soon as the citizen does.
    center_doubt: Arc<Notify>,
    province_doubt: Arc<Notify>,
}

/// Why a server did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    /// It was not reached, or did not answer.
    Silent,
    /// It answered, with this status or with nothing that can be understood.
    Refused(u16),
}

impl Failed {
    fn of(error: &reqwest::Error) -> Self {
        error.status().map_or(Self::Silent, |status| Self::Refused(status.as_u16()))
    }
}

impl Network {
    pub(crate) fn start(
        addresses: Addresses,
        kiosk: KioskId,
        random: Random,
        inbox: Inbox,
        pace: Pace,
        runtime: &Handle,
    ) -> Self {
        let (center_doubt, province_doubt) = (Arc::default(), Arc::default());
        let http = client();
        let wires =
            Wires { http, addresses, kiosk, random, inbox, pace, center_doubt, province_doubt };
        runtime.spawn(center::watch(wires.clone()));
        runtime.spawn(province::watch(wires.clone()));
        Self { wires, runtime: runtime.clone() }
    }

    pub(crate) fn issue_ticket(&self, visit: VisitNo, field: FieldCode, name: Bilingual) {
        self.runtime.spawn(center::issue_ticket(self.wires.clone(), visit, field, name));
    }

    pub(crate) fn report_paper(&self, ticket: String, printed: bool) {
        self.runtime.spawn(center::report_paper(self.wires.clone(), ticket, printed));
    }

    pub(crate) fn call_staff(&self, visit: VisitNo) {
        self.runtime.spawn(center::call_staff(self.wires.clone(), visit));
    }

    pub(crate) fn look_up(&self, visit: VisitNo, code: String, factor: LookUpSecret) {
        self.runtime.spawn(province::look_up(self.wires.clone(), visit, code, factor));
    }

    pub(crate) fn rate(&self, submission: Option<SubmissionId>, rating: Rating) {
        self.runtime.spawn(province::rate(self.wires.clone(), submission, rating));
    }
}

/// One client for all; without redirects, since every address is configured.
pub(crate) fn client() -> Client {
    Client::builder()
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap_or_default()
}

impl Wires {
    /// Delivers from a task without holding up the runtime when the loop is busy.
    async fn deliver(&self, event: crate::Event) {
        let inbox = self.inbox.clone();
        // The loop has ended when nobody takes it: then there is nobody to tell.
        let _ended = tokio::task::spawn_blocking(move || inbox.deliver(event)).await;
    }

    /// Waits a while, or until somebody doubts.
    async fn rest(doubt: &Notify, at_most: Duration) {
        let _doubted = tokio::time::timeout(at_most, doubt.notified()).await;
    }

    async fn answer(&self, visit: VisitNo, answer: domain::visit::Answer) {
        self.deliver(crate::Event::Answer(visit, answer)).await;
    }
}
