//! The panel's page: a button for each act. One whose effect holds now is shown pressed.

use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Value, json};
use simulator::{CameraFault, GunFault, PrinterFault, ScannerFault};

use super::{Bench, CODES};

/// What can happen to a card on the reader, in the chip's words and in a person's.
const CARD_FAULTS: [(&str, &str); 5] = [
    ("slow:300", "lay a slow card"),
    ("drop@10", "lay it, and take it away while it is read"),
    ("mute@10", "lay one that falls silent"),
    ("mac@12", "lay one with an altered answer"),
    ("6982@9", "lay one that refuses a command"),
];

pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript")], include_str!("page.js")).into_response()
}

pub(super) async fn page(State(bench): State<Bench>) -> Html<String> {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                // Without one, browsers ask for a file that is not there.
                link rel="icon" href="data:,";
                title { "motcua bench" }
                style { (PreEscaped(include_str!("page.css"))) }
                script src="/panel.js" defer {}
            }
            body { (head(&bench)) main { (devices(&bench)) } (state()) }
        }
    };
    Html(markup.into_string())
}

fn head(bench: &Bench) -> Markup {
    let to = |address, path| format!("http://{address}/{path}");
    html! {
        header {
            h1 { "motcua bench" }
            nav aria-label="The hall" {
                a href=(to(bench.addresses.center, "console")) { "officers' console" }
                a href=(to(bench.addresses.center, "board")) { "display board" }
                a href=(to(bench.addresses.province, "")) { "province" }
            }
            p #said role="status" {}
        }
    }
}

fn devices(bench: &Bench) -> Markup {
    html! {
        (device("Printer", &html! {
            (faults("printer", &names(&PrinterFault::ALL)))
            figure #paper hidden {
                figcaption { "last paper" }
                img alt="the last printed paper";
            }
        }))
        (device("Scanner", &html! {
            (faults("scanner", &names(&ScannerFault::ALL)))
            (group("lay into the feeder", &html! {
                @for (pages, words) in [(1, "1 sheet"), (3, "3 sheets"), (10, "10 sheets")] {
                    (act("/scanner/load", &json!({ "pages": pages }), None, words))
                }
                (act("/scanner/load", &json!({ "pages": 0 }), Some(&json!({ "papers_in_feeder": 0 })), "empty it"))
            }))
        }))
        (device("Code gun", &html! {
            (faults("gun", &names(&GunFault::ALL)))
            (group("hold to it", &codes("gun")))
        }))
        (device("Camera", &html! {
            (faults("camera", &names(&CameraFault::ALL)))
            (group("hold before it", &html! {
                (codes("camera"))
                (act(
                    "/present", &json!({ "device": "camera", "code": null }),
                    Some(&json!({ "code_before_camera": false })), "nothing",
                ))
            }))
        }))
        @if bench.card.is_some() { (device("ID card", &card())) }
        (device("Signing token", &switch("/token", &json!({}), "inserted", "token_inserted", ["insert", "pull"])))
        @for far in ["center", "province"] {
            (device(&format!("Cable to the {far}"), &switch(
                "/cable", &json!({ "to": far }), "connected", &format!("{far}_connected"), ["join", "cut"],
            )))
        }
    }
}

fn card() -> Markup {
    html! {
        (switch("/card-reader", &json!({}), "plugged_in", "card_reader_plugged_in", ["plug the reader in", "unplug the reader"]))
        (group("the card", &html! {
            (act("/card", &json!({ "lying": true }), Some(&json!({ "card_lying": true })), "lay it on the reader"))
            (act("/card", &json!({ "lying": false }), Some(&json!({ "card_lying": false })), "take it away"))
            @for (fault, words) in CARD_FAULTS {
                (act("/card", &json!({ "lying": true, "fault": fault }), None, words))
            }
        }))
    }
}

fn state() -> Markup {
    html! { details { summary { "State, as /state tells it" } pre #state {} } }
}

fn device(title: &str, inside: &Markup) -> Markup {
    html! { section aria-label=(title) { h2 { (title) } (inside) } }
}

fn group(title: &str, inside: &Markup) -> Markup {
    html! { div.group role="group" aria-label=(title) { h3 { (title) } (inside) } }
}

/// A button that posts `body` to `path`. It is shown pressed while the state has what `shows` has.
fn act(path: &str, body: &Value, shows: Option<&Value>, words: &str) -> Markup {
    let (body, shows) = (body.to_string(), shows.map(Value::to_string));
    html! {
        button type="button" data-path=(path) data-body=(body) data-shows=[shows] { (words) }
    }
}

/// Two buttons, on and off: the key `wish` of the call, the key `state` of the state.
fn switch(path: &str, body: &Value, wish: &str, state: &str, words: [&str; 2]) -> Markup {
    let body = |on: bool| {
        let mut body = body.clone();
        if let Some(keys) = body.as_object_mut() {
            keys.insert(wish.to_owned(), on.into());
        }
        body
    };
    html! {
        div.group role="group" {
            @for (on, words) in [true, false].into_iter().zip(words) {
                (act(path, &body(on), Some(&json!({ state: on })), words))
            }
        }
    }
}

fn names<F: std::fmt::Debug>(all: &[F]) -> Vec<String> {
    all.iter().map(|fault| format!("{fault:?}")).collect()
}

/// `PaperOut` as a person reads it.
fn spoken(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn faults(device: &str, names: &[String]) -> Markup {
    let one = |fault: Option<&str>, words: &str| {
        let body = json!({ "device": device, "fault": fault });
        act("/fault", &body, Some(&json!({ device: fault })), words)
    };
    group(
        "how it is",
        &html! {
            (one(None, "works"))
            @for name in names { (one(Some(name), &spoken(name))) }
        },
    )
}

fn codes(device: &str) -> Markup {
    html! {
        @for (name, code) in CODES {
            (act("/present", &json!({ "device": device, "code": code }), None, name))
        }
    }
}
