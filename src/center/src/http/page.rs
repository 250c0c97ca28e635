//! The frame of every page: head, language switch, and what browsers are held to.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Language;
use maud::{DOCTYPE, Markup, html};

use super::{assets, language, words::words};

/// Everything comes from this server, nothing is inline, nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; \
    img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One page.
pub struct Page<'a> {
    pub language: Language,
    pub title: &'a str,
    /// Names the page for its style: `board`, `console`, `phone`.
    pub kind: &'static str,
    /// Its script in `assets`, when it has one.
    pub script: Option<&'static str>,
    pub body: Markup,
}

impl Page<'_> {
    pub fn answer(self, status: StatusCode) -> Response {
        (status, self.markup()).into_response()
    }

    fn markup(self) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(language::code(self.language)) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (self.title) }
                    link rel="icon" href=(assets::link("emblem.svg")) type="image/svg+xml";
                    link rel="stylesheet" href=(assets::link("center.css"));
                    @if let Some(script) = self.script {
                        script type="module" src=(assets::link(script)) {}
                        // Without scripts the page still follows, only slower.
                        noscript { meta http-equiv="refresh" content="10"; }
                    }
                }
                body class=(self.kind) { (self.body) }
            }
        }
    }
}

/// A link to the same page in the other language.
pub fn other_language(language: Language) -> Markup {
    let other = match language {
        Language::Vi => "en",
        Language::En => "vi",
    };
    html! {
        a.language href={ "?lang=" (other) } lang=(other) hreflang=(other) {
            (words(language).other_language)
        }
    }
}

/// Adds what browsers are held to.
pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with it browsers hide the origin of a form from its own server.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
