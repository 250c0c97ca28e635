//! The display board of the hall: who is called where, the last calls, how many wait.
//! No names, nothing but numbers.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::queue::{CALLS_SHOWN, Call};
use maud::{Markup, html};

use super::{
    Center,
    language::Speaks,
    page::Page,
    words::{Words, time_of_day, words},
};
use crate::shown::waiting;

pub async fn board(State(center): State<Center>, Speaks(language): Speaks) -> Response {
    let words = words(language);
    let config = &center.config;
    let name = config.name.get(language);
    let (calls, fields) = center
        .desk
        .shown
        .ask(|queue| (queue.calls().cloned().collect::<Vec<_>>(), waiting(queue, config)));
    let lines = config.fields.iter().zip(&fields);
    let body = html! {
        header.band {
            span.emblem aria-hidden="true" {}
            h1 { (name) }
            p.clock #clock { (time_of_day((center.clock)())) }
        }
        main #board data-please-come=(words.please_come) {
            (now(words, calls.first()))
            section.recent aria-labelledby="recent" {
                h2 #recent { (words.recent) }
                table {
                    thead { tr { th scope="col" { (words.number) } th scope="col" { (words.counter) } } }
                    tbody #calls {
                        @for at in 0..CALLS_SHOWN {
                            @let call = calls.get(at);
                            tr {
                                td { (call.map(|c| c.ticket.to_string()).unwrap_or_default()) }
                                td { (call.map(|c| c.counter.to_string()).unwrap_or_default()) }
                            }
                        }
                    }
                }
            }
            section.lines aria-label=(words.waiting) {
                h2 { (words.waiting) }
                ul {
                    @for (field, waiting) in lines {
                        li data-field=(field.code) {
                            b.letter { (field.letter) }
                            span.name { (field.name.get(language)) }
                            b.count { (waiting.waiting) }
                        }
                    }
                }
                button.sound #sound type="button" hidden { (words.sound_on) }
            }
        }
        p.stale #stale role="alert" hidden { (words.board_stale) }
        p.said #said role="status" aria-live="assertive" {}
    };
    let page = Page { language, title: name, kind: "board", script: Some("board.js"), body };
    page.answer(StatusCode::OK).into_response()
}

fn now(words: &Words, call: Option<&Call>) -> Markup {
    html! {
        section.now #now data-empty[call.is_none()] {
            p.invite { (words.invite) }
            p.number #number { (call.map(|c| c.ticket.to_string()).unwrap_or_default()) }
            p.counter {
                span { (words.counter_caps) }
                b #counter { (call.map(|c| c.counter.to_string()).unwrap_or_default()) }
            }
            p.nobody { (words.nobody_called) }
        }
    }
}
