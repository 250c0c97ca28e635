//! Around every page: requests of other sites are turned away, answers carry a strict policy.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts as _, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Language;

use wire::Problem;

use super::{
    layout,
    session::{LANGUAGE_COOKIE, Visitor, asked_language, cookie_attributes},
    words,
};
use crate::Province;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; \
    img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// The browser's own PDF viewer styles itself and needs nothing else.
const PDF_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; \
    frame-ancestors 'none'";

/// The layer.
pub(super) async fn pages(
    State(province): State<Arc<Province>>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() == Method::POST && !is_own(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let asked = asked_language(request.uri());
    let (mut parts, body) = request.into_parts();
    let Ok(visitor) = Visitor::from_request_parts(&mut parts, &()).await;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if is(&response, Problem::CONTENT_TYPE) {
        // Officers read a page, not a problem document; the log has the rest.
        let status = response.status();
        response = layout::sentence(&province, visitor.language, None, status, words::FAILED);
    }
    let is_pdf = is(&response, "application/pdf");
    let headers = response.headers_mut();
    let policy = if is_pdf { PDF_POLICY } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(language) = asked {
        let code = match language {
            Language::Vi => "vi",
            Language::En => "en",
        };
        let attributes = cookie_attributes(province.config.reached_by);
        let cookie = format!("{LANGUAGE_COOKIE}={code}; {attributes}; Max-Age=31536000");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

fn is(response: &Response, kind: &str) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|found| found == kind)
}

/// Whether a form was sent by one of our own pages. Browsers say so themselves; the token in
/// the form is checked besides.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host)
        }
        (Some(_) | None, _) => false,
    }
}
