//! In which language a page speaks: `?lang=` of this request, else the cookie it once set,
//! else Vietnamese.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::Language;

const COOKIE: &str = "lang";

/// The language of one request.
#[derive(Debug, Clone, Copy)]
pub struct Speaks(pub Language);

impl<S: Send + Sync> FromRequestParts<S> for Speaks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let asked = asked(parts.uri.query());
        let kept = || cookie(&parts.headers, COOKIE).and_then(language);
        Ok(Self(asked.or_else(kept).unwrap_or_default()))
    }
}

/// Keeps the language that was asked for.
pub async fn keep(request: Request, next: Next) -> Response {
    let asked = asked(request.uri().query());
    let mut response = next.run(request).await;
    if let Some(language) = asked {
        let value = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", code(language));
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// `vi` or `en`.
pub fn code(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

fn language(code: &str) -> Option<Language> {
    match code {
        "vi" => Some(Language::Vi),
        "en" => Some(Language::En),
        _ => None,
    }
}

fn asked(query: Option<&str>) -> Option<Language> {
    query?.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; lang=en;b=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("session=x=y"));
        assert_eq!(cookie(&headers, "lang"), Some("en"));
        assert_eq!(cookie(&headers, "session"), Some("x=y"));
        assert_eq!(cookie(&headers, "ang"), None);
    }

    #[test]
    fn only_known_languages_are_spoken() {
        assert_eq!(asked(Some("x=1&lang=en")), Some(Language::En));
        for query in [None, Some(""), Some("lang=fr"), Some("blang=en")] {
            assert_eq!(asked(query), None, "{query:?}");
        }
    }
}
