//! Talking to the center: numbers, paper reports, help.

use domain::{
    Bilingual, FieldCode,
    screen::FieldTile,
    visit::{Answer, CenterFacts, IssuedTicket, StaffAnswer, VisitNo, WorldNews},
};
use journal::Event as Log;
use wire::center::{
    FieldQueue, Fields, HelpCall, PaperOutcome, PaperReport, TicketIssued, TicketRequest,
};

use super::{DEADLINE, Failed, Wires};
use crate::{Event, random_hex};

/// Asks the center again and again how it is.
pub(super) async fn watch(wires: Wires) {
    let mut last: Option<Result<CenterFacts, Failed>> = None;
    loop {
        let facts = fields(&wires).await.map(facts);
        if last.as_ref() != Some(&facts) {
            let before = last.as_ref().map(|last| last.as_ref().err().copied());
            if before != Some(facts.as_ref().err().copied()) {
                match &facts {
                    Ok(_) => journal::record!(Log::CenterBack),
                    Err(Failed::Silent) => journal::record!(Log::CenterUnreachable),
                    Err(Failed::Refused(status)) => journal::record!(Log::CenterRefused, status),
                }
            }
            let news = WorldNews::Center(facts.as_ref().ok().cloned());
            wires.deliver(Event::World(news)).await;
            last = Some(facts);
        }
        Wires::rest(&wires.center_doubt, wires.pace.center).await;
    }
}

fn facts(fields: Fields) -> CenterFacts {
    let tile = |field: FieldQueue| FieldTile {
        code: field.code,
        letter: field.letter,
        name: field.name,
        waiting: Some(field.waiting),
    };
    CenterFacts { name: fields.name, fields: fields.fields.into_iter().map(tile).collect() }
}

async fn fields(wires: &Wires) -> Result<Fields, Failed> {
    let url = wires.addresses.center.join("v1/fields").map_err(|_| Failed::Silent)?;
    let sent = wires.http.get(url).timeout(DEADLINE).send().await;
    understood(sent).await
}

/// What an answer says.
async fn understood<T: serde::de::DeserializeOwned>(
    sent: reqwest::Result<reqwest::Response>,
) -> Result<T, Failed> {
    let response = sent.and_then(reqwest::Response::error_for_status);
    let response = response.map_err(|error| Failed::of(&error))?;
    let status = response.status().as_u16();
    let told = response.json().await;
    told.map_err(|error| if error.is_decode() { Failed::Refused(status) } else { Failed::Silent })
}

/// Asks for a number. The request is named, so asking twice gives the same number: one lost
/// answer is asked for again.
pub(super) async fn issue_ticket(wires: Wires, visit: VisitNo, field: FieldCode, name: Bilingual) {
    let request = TicketRequest {
        request: random_hex::<16>(&wires.random),
        kiosk: wires.kiosk.clone(),
        field,
    };
    let mut issued = ask(&wires, &request).await;
    if issued.is_err() {
        issued = ask(&wires, &request).await;
    }
    let answer = match issued {
        Ok(issued) => Answer::Issued(IssuedTicket {
            id: issued.id,
            number: issued.number,
            field: name,
            issued_at: issued.issued_at,
            ahead: issued.ahead,
            code: issued.code,
        }),
        Err(failed) => {
            journal::record!(Log::NumberNotIssued);
            tell_staff(&wires, failed);
            Answer::NotIssued
        }
    };
    wires.answer(visit, answer).await;
}

async fn ask(wires: &Wires, request: &TicketRequest) -> Result<TicketIssued, Failed> {
    let url = wires.addresses.center.join("v1/tickets").map_err(|_| Failed::Silent)?;
    understood(wires.http.post(url).timeout(DEADLINE).json(request).send().await).await
}

/// A center that was not reached is told of by whoever watches it, who now looks.
fn tell_staff(wires: &Wires, failed: Failed) {
    match failed {
        Failed::Silent => wires.center_doubt.notify_one(),
        Failed::Refused(status) => journal::record!(Log::CenterRefused, status),
    }
}

pub(super) async fn report_paper(wires: Wires, ticket: String, printed: bool) {
    let outcome = if printed { PaperOutcome::Printed } else { PaperOutcome::ShownOnly };
    let path = format!("v1/tickets/{ticket}/paper");
    // Its loss is nobody's harm: the number is valid all the same.
    let _told = post(&wires, &path, &PaperReport { outcome }).await;
}

pub(super) async fn call_staff(wires: Wires, visit: VisitNo) {
    let answer = match post(&wires, "v1/help", &HelpCall { kiosk: wires.kiosk.clone() }).await {
        Ok(()) => StaffAnswer::Told,
        Err(_) => {
            journal::record!(Log::StaffNotCalled);
            StaffAnswer::NotTold
        }
    };
    wires.answer(visit, Answer::Staff(answer)).await;
}

/// Says something to the center.
async fn post(wires: &Wires, path: &str, body: &impl serde::Serialize) -> Result<(), Failed> {
    let url = wires.addresses.center.join(path).map_err(|_| Failed::Silent)?;
    let sent = wires.http.post(url).timeout(DEADLINE).json(body).send().await;
    let taken = sent.and_then(reqwest::Response::error_for_status);
    taken.map(|_| ()).map_err(|error| {
        let failed = Failed::of(&error);
        tell_staff(wires, failed);
        failed
    })
}
