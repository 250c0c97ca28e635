//! The ticket on a citizen's own phone: the number, where it stands, how many are ahead.
//! The address holds a random name; there is nothing personal behind it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{
    Language,
    queue::{State as Stands, Ticket, TicketId},
};
use maud::{Markup, html};

use super::{
    Center,
    language::Speaks,
    page::{Page, other_language},
    words::{time_of_day, words},
};

pub async fn ticket(
    State(center): State<Center>,
    Speaks(language): Speaks,
    Path(id): Path<String>,
) -> Response {
    let words = words(language);
    let name = center.config.name.get(language);
    let found = find(&center, &id);
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let body = html! {
        header.band {
            span.emblem aria-hidden="true" {}
            h1 { (name) }
            (other_language(language))
        }
        main #ticket data-live=[found.is_some().then(|| format!("/t/{id}/live"))] {
            @match &found {
                Some((ticket, ahead)) => (live(&center, language, ticket, *ahead)),
                None => p.message { (words.no_such_ticket) }
            }
        }
        @if found.is_some() {
            p.stale #stale role="alert" hidden { (words.phone_stale) }
            footer { (words.updates_itself) }
        }
    };
    let script = found.is_some().then_some("phone.js");
    Page { language, title: words.your_number, kind: "phone", script, body }.answer(status)
}

/// What changes on the page.
pub async fn ticket_live(
    State(center): State<Center>,
    Speaks(language): Speaks,
    Path(id): Path<String>,
) -> Response {
    match find(&center, &id) {
        Some((ticket, ahead)) => live(&center, language, &ticket, ahead).into_response(),
        None => super::problem::Trouble::UnknownTicket.into_response(),
    }
}

fn find(center: &Center, id: &str) -> Option<(Ticket, u32)> {
    let id = TicketId::parse(id).ok()?;
    center.desk.shown.ask(|queue| {
        let ticket = queue.ticket_by_id(&id)?;
        Some((ticket.clone(), queue.ahead(ticket.number)))
    })
}

fn live(center: &Center, language: Language, ticket: &Ticket, ahead: u32) -> Markup {
    let words = words(language);
    let field = center.config.field(&ticket.field).map(|field| field.name.get(language));
    let (kind, stands) = match ticket.state {
        Stands::Waiting if ahead == 0 => ("waiting", html! { strong { (words.soon) } }),
        Stands::Waiting => ("waiting", html! { strong { (ahead) } " " (words.ahead) }),
        Stands::Called { counter, .. } => {
            ("called", html! { (words.go_to_counter) strong { (counter) } })
        }
        Stands::Absent { .. } => ("absent", html! { (words.was_absent) }),
        Stands::Done { .. } => ("done", html! { (words.was_served) }),
    };
    html! {
        article class=(kind) data-field=(ticket.field) data-number=(ticket.number) data-state=(kind) {
            p.label { (words.your_number) }
            p.number { (ticket.number) }
            p.field { (field.unwrap_or_default()) }
            p.stands role="status" { (stands) }
            @if kind == "waiting" { p.next { (words.stay_near) } }
            p.drawn { (words.drawn_at) " " (time_of_day(ticket.issued_at)) }
        }
    }
}
