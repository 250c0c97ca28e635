//! The frame of every page.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{Language, dossier::Status};
use maud::{DOCTYPE, Markup, html};

use super::{
    session::Signed,
    words::{self, Words},
};
use crate::Province;

/// A page around its main part. `here` is the path with its query, for the language link.
pub(super) fn page(
    province: &Province,
    language: Language,
    officer: Option<&Signed>,
    here: &str,
    title: &str,
    main: &Markup,
) -> Markup {
    let (code, other) = match language {
        Language::Vi => ("vi", "en"),
        Language::En => ("en", "vi"),
    };
    let joint = if here.contains('?') { '&' } else { '?' };
    html! {
        (DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (province.config.name.get(language)) }
                link rel="icon" href="/assets/emblem.svg";
                link rel="stylesheet" href="/assets/officers.css";
                script src="/assets/officers.js" defer {}
            }
            body {
                header.head {
                    a.brand href="/dossiers" {
                        img src="/assets/emblem.svg" alt="" width="48" height="48";
                        span {
                            strong { (province.config.name.get(language)) }
                            small { (words::INTAKE.say(language)) }
                        }
                    }
                    nav {
                        a.quiet href={ (here) (joint) "lang=" (other) } hreflang=(other) lang=(other) {
                            (words::OTHER_LANGUAGE.say(language))
                        }
                        @if let Some(officer) = officer {
                            span.who { (officer.name) }
                            form method="post" action="/log-out" {
                                input type="hidden" name="csrf" value=(officer.csrf);
                                button.quiet { (words::LOG_OUT.say(language)) }
                            }
                        }
                    }
                }
                main { (main) }
            }
        }
    }
}

/// A page that only says one sentence.
pub(super) fn sentence(
    province: &Province,
    language: Language,
    officer: Option<&Signed>,
    status: StatusCode,
    words: Words,
) -> Response {
    let main = html! {
        p.notice role="alert" { (words.say(language)) }
        p { a href="/dossiers" { (words::BACK.say(language)) } }
    };
    let title = words::INTAKE.say(language);
    (status, page(province, language, officer, "/dossiers", title, &main)).into_response()
}

/// A status as a coloured word.
pub(super) fn badge(status: Status, language: Language) -> Markup {
    let class = match status {
        Status::New => "new",
        Status::Accepted | Status::InProgress => "going",
        Status::Refused | Status::Stopped => "bad",
        Status::MorePapersAsked | Status::PaymentAsked | Status::WithdrawalAsked => "waiting",
        Status::Finished | Status::ResultGiven => "done",
        Status::Other(_) => "plain",
    };
    html! { span.badge.(class) { (status.name().get(language)) } }
}
