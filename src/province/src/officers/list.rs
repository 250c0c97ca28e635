//! What arrived, newest first. Nothing personal stands here.

use std::sync::Arc;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use domain::{Language, dossier::Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::{layout, session::Signed, words};
use crate::{
    Province,
    clock::{from_millis, show},
    failure::Failure,
    store::ListRow,
};

const PAGE_SIZE: u32 = 50;

/// What the officer wants to see.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    status: u8,
    #[serde(default)]
    code: String,
    #[serde(default)]
    page: u32,
}

/// `GET /dossiers`
pub(super) async fn page(
    State(province): State<Arc<Province>>,
    officer: Signed,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Failure> {
    let mut wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    wanted.code = wanted.code.trim().to_uppercase();
    wanted.code.retain(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    let status = (wanted.status != 0).then(|| Status::from(wanted.status));
    // One more than fits tells whether there are older ones.
    let mut rows = province.store.list(status, &wanted.code, wanted.page, PAGE_SIZE).await?;
    let older = province.store.list(status, &wanted.code, wanted.page + 1, PAGE_SIZE).await?;
    let has_older = !older.is_empty();
    rows.truncate(50);

    let language = officer.language;
    let title = words::DOSSIERS.say(language);
    let main = html! {
        h1 { (title) }
        (filters(&wanted, language))
        @if rows.is_empty() {
            (nothing(&wanted, language))
        } @else {
            (table(&rows, language))
        }
        nav.pages {
            @if wanted.page > 0 {
                a href=(address(&wanted, wanted.status, wanted.page - 1)) {
                    "← " (words::NEWER.say(language))
                }
            }
            @if has_older {
                a href=(address(&wanted, wanted.status, wanted.page + 1)) {
                    (words::OLDER.say(language)) " →"
                }
            }
        }
    };
    let here = address(&wanted, wanted.status, wanted.page);
    Ok(layout::page(&province, language, Some(&officer), &here, title, &main).into_response())
}

/// Nothing has arrived yet, or nothing was found.
fn nothing(wanted: &Wanted, language: Language) -> Markup {
    html! {
        div.card.nothing {
            @if wanted.status == 0 && wanted.code.is_empty() {
                p { (words::NOTHING.say(language)) }
            } @else {
                p { (words::NOTHING_FOUND.say(language)) }
                a.button href="/dossiers" { (words::SHOW_ALL.say(language)) }
            }
        }
    }
}

fn filters(wanted: &Wanted, language: Language) -> Markup {
    let chip = |number: u8, name: &str| {
        html! {
            a.chip href=(address(wanted, number, 0))
                aria-current=[(number == wanted.status).then_some("true")] { (name) }
        }
    };
    html! {
        form.search method="get" action="/dossiers" role="search" {
            @if wanted.status != 0 {
                input type="hidden" name="status" value=(wanted.status);
            }
            input name="code" type="search" value=(wanted.code) autocapitalize="characters"
                placeholder=(words::SEARCH_CODE.say(language))
                aria-label=(words::SEARCH_CODE.say(language));
            button { (words::SEARCH.say(language)) }
        }
        div.chips {
            (chip(0, words::ALL.say(language)))
            @for number in [1_u8, 2, 4, 9, 10, 3] {
                (chip(number, Status::from(number).name().get(language)))
            }
        }
    }
}

fn table(rows: &[ListRow], language: Language) -> Markup {
    html! {
        table.list {
            thead {
                tr {
                    th { (words::SEARCH_CODE.say(language)) }
                    th { (words::PROCEDURE.say(language)) }
                    th { (words::RECEIVED_AT.say(language)) }
                    th { (words::KIOSK.say(language)) }
                    th { (words::STATUS.say(language)) }
                }
            }
            tbody {
                @for row in rows {
                    @let name = match language {
                        Language::Vi => &row.procedure_vi,
                        Language::En => &row.procedure_en,
                    };
                    tr {
                        td.code { a href={ "/dossiers/" (row.code) } { (row.code) } }
                        td.procedure { (name) }
                        td.time { (show(from_millis(row.received_at))) }
                        td.kiosk { (row.kiosk) }
                        td.status { (layout::badge(row.status(), language)) }
                    }
                }
            }
        }
    }
}

/// The address of a list. What stands in it was reduced to letters, digits, dots and hyphens.
fn address(wanted: &Wanted, status: u8, page: u32) -> String {
    let mut parts = Vec::new();
    if status != 0 {
        parts.push(format!("status={status}"));
    }
    if !wanted.code.is_empty() {
        parts.push(format!("code={}", wanted.code));
    }
    if page != 0 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() { "/dossiers".to_owned() } else { format!("/dossiers?{}", parts.join("&")) }
}
