//! Talking to the center: numbers, paper reports, help.

use std::time::Duration;

use domain::{
    Bilingual, FieldCode,
    screen::FieldTile,
    visit::{Answer, CenterFacts, IssuedTicket, VisitNo, WorldNews},
};
use journal::Event as Log;
use tokio::time::sleep;
use wire::center::{Fields, HelpCall, PaperOutcome, PaperReport, TicketIssued, TicketRequest};

use super::{DEADLINE, Wires};
use crate::{Event, random_hex};

/// How often the center is asked for its fields and queues.
const WATCH: Duration = Duration::from_secs(2);

/// Asks the center again and again how it is.
pub(super) async fn watch(wires: Wires) {
    let mut last: Option<Option<CenterFacts>> = None;
    loop {
        let facts = fields(&wires).await.map(|fields| CenterFacts {
            name: fields.name,
            fields: fields
                .fields
                .into_iter()
                .map(|field| FieldTile {
                    code: field.code,
                    letter: field.letter,
                    name: field.name,
                    waiting: Some(field.waiting),
                })
                .collect(),
        });
        if last.as_ref() != Some(&facts) {
            let was_there = last.as_ref().map(Option::is_some);
            if was_there != Some(facts.is_some()) {
                journal::record!(if facts.is_some() {
                    Log::CenterBack
                } else {
                    Log::CenterUnreachable
                });
            }
            wires.deliver(Event::World(WorldNews::Center(facts.clone()))).await;
            last = Some(facts);
        }
        sleep(WATCH).await;
    }
}

async fn fields(wires: &Wires) -> Option<Fields> {
    let url = wires.addresses.center.join("v1/fields").ok()?;
    let response = wires.http.get(url).timeout(DEADLINE).send().await.ok()?;
    response.error_for_status().ok()?.json().await.ok()
}

/// Asks for a number. The request is named, so asking twice gives the same number: one lost
/// answer is asked for again.
pub(super) async fn issue_ticket(wires: Wires, visit: VisitNo, field: FieldCode, name: Bilingual) {
    let request = TicketRequest {
        request: random_hex::<16>(&wires.random),
        kiosk: wires.kiosk.clone(),
        field,
    };
    let issued = match ask(&wires, &request).await {
        Some(issued) => Some(issued),
        None => ask(&wires, &request).await,
    };
    let answer = match issued {
        Some(issued) => Answer::Issued(IssuedTicket {
            id: issued.id,
            number: issued.number,
            field: name,
            issued_at: issued.issued_at,
            ahead: issued.ahead,
            code: issued.code,
        }),
        None => Answer::NotIssued,
    };
    wires.answer(visit, answer).await;
}

async fn ask(wires: &Wires, request: &TicketRequest) -> Option<TicketIssued> {
    let url = wires.addresses.center.join("v1/tickets").ok()?;
    let response = wires.http.post(url).timeout(DEADLINE).json(request).send().await.ok()?;
    response.error_for_status().ok()?.json().await.ok()
}

pub(super) async fn report_paper(wires: Wires, ticket: String, printed: bool) {
    let outcome = if printed { PaperOutcome::Printed } else { PaperOutcome::ShownOnly };
    let path = format!("v1/tickets/{ticket}/paper");
    post(&wires, &path, &PaperReport { outcome }).await;
}

pub(super) async fn call_staff(wires: Wires) {
    post(&wires, "v1/help", &HelpCall { kiosk: wires.kiosk.clone() }).await;
}

/// Says something whose loss nobody waits for.
async fn post(wires: &Wires, path: &str, body: &impl serde::Serialize) {
    let Ok(url) = wires.addresses.center.join(path) else { return };
    let sent = wires.http.post(url).timeout(DEADLINE).json(body).send().await;
    if sent.is_ok_and(|response| response.status().is_success()) {
        return;
    }
    journal::record!(Log::CenterUnreachable);
}
