//! What kiosks ask: fields, tickets, paper, help. The messages are those of [`wire::center`].

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    KioskId,
    queue::{Answer, Event, Paper, Refusal, RequestKey, Ticket, TicketId},
};
use wire::center::{
    FieldQueue, Fields, HelpCall, PaperOutcome, PaperReport, TicketIssued, TicketRequest,
};

use super::{Center, json::Message, problem::Trouble};

/// How often a fresh random name is drawn before giving up; each draw hits a taken one with a
/// chance of a day's tickets in 2^50.
const DRAWS: usize = 3;

pub async fn fields(State(center): State<Center>) -> Json<Fields> {
    let config = &center.config;
    let fields = center.desk.shown.ask(|queue| {
        let fields = config.fields.iter().map(|field| FieldQueue {
            code: field.code.clone(),
            letter: field.letter,
            name: field.name.clone(),
            waiting: queue.waiting(&field.code),
        });
        fields.collect()
    });
    Json(Fields { center: config.id.clone(), name: config.name.clone(), fields })
}

pub async fn issue(
    State(center): State<Center>,
    Message(wish): Message<TicketRequest>,
) -> Result<Json<TicketIssued>, Trouble> {
    let request = RequestKey::parse(&wish.request).map_err(|_| Trouble::RequestKey)?;
    let field = center.config.field(&wish.field).ok_or(Trouble::UnknownField)?;
    let kiosk = named(wish.kiosk)?;
    for _ in 0..DRAWS {
        let event = Event::Issue {
            request: request.clone(),
            id: fresh_id()?,
            field: field.code.clone(),
            letter: field.letter,
            kiosk: kiosk.clone(),
        };
        match center.desk.put(event).await? {
            Ok(Answer::Ticket { ticket, ahead }) => return Ok(Json(told(&center, &ticket, ahead))),
            Ok(Answer::Counter { .. } | Answer::Noted) => return Err(Trouble::Stopping),
            Err(Refusal::IdTaken) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Trouble::Stopping)
}

pub async fn paper(
    State(center): State<Center>,
    Path(id): Path<String>,
    Message(report): Message<PaperReport>,
) -> Result<StatusCode, Trouble> {
    let id = TicketId::parse(&id).map_err(|_| Trouble::UnknownTicket)?;
    let paper = match report.outcome {
        PaperOutcome::Printed => Paper::Printed,
        PaperOutcome::ShownOnly => Paper::ShownOnly,
    };
    center.desk.put(Event::Paper { id, paper }).await??;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn help(
    State(center): State<Center>,
    Message(call): Message<HelpCall>,
) -> Result<StatusCode, Trouble> {
    center.desk.shown.call_help(named(call.kiosk)?, (center.clock)());
    Ok(StatusCode::NO_CONTENT)
}

fn named(kiosk: KioskId) -> Result<KioskId, Trouble> {
    let name = kiosk.as_str();
    let fits = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(kiosk) } else { Err(Trouble::Kiosk) }
}

fn fresh_id() -> Result<TicketId, Trouble> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).map_err(|_| Trouble::Stopping)?;
    Ok(TicketId::from_random(bytes))
}

fn told(center: &Center, ticket: &Ticket, ahead: u32) -> TicketIssued {
    let config = &center.config;
    let day = domain::queue::local_day(ticket.issued_at);
    let own = format!("MOTCUA1:T:{}:{day}:{}", config.id, ticket.number);
    // A phone opens the page; a kiosk, which trusts no link, reads what stands behind the `#`.
    let code = match &config.public_url {
        Some(base) => format!("{}/t/{}#{own}", base.trim_end_matches('/'), ticket.id),
        None => own,
    };
    TicketIssued {
        id: ticket.id.to_string(),
        number: ticket.number,
        field: ticket.field.clone(),
        issued_at: ticket.issued_at,
        ahead,
        code,
    }
}
