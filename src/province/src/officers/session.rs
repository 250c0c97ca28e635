//! Who is asking: language and session, from query and cookies.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Query},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::Language;
use intake::digest::sha256_hex;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use crate::{Province, config::ReachedBy};

/// Cookie of the chosen language.
pub(super) const LANGUAGE_COOKIE: &str = "motcua_language";
/// A session ends after a working day.
pub(super) const SESSION_HOURS: i64 = 10;

/// Anybody before a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor {
    pub(super) language: Language,
}

#[derive(Deserialize)]
struct LanguageQuery {
    lang: Option<Language>,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let asked = asked_language(&parts.uri);
        let kept = cookie(&parts.headers, LANGUAGE_COOKIE).map(|value| match value {
            "en" => Language::En,
            _ => Language::Vi,
        });
        Ok(Self { language: asked.or(kept).unwrap_or_default() })
    }
}

/// The language named in the address.
pub(super) fn asked_language(uri: &axum::http::Uri) -> Option<Language> {
    Query::<LanguageQuery>::try_from_uri(uri).ok()?.lang
}

/// An officer who is logged in.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) language: Language,
    /// Account, as kept in histories.
    pub(super) account: String,
    /// Full name.
    pub(super) name: String,
    /// What a form must bring back.
    pub(super) csrf: String,
    pub(super) token_sha256: String,
}

impl Signed {
    /// Whether a form came from a page of this session.
    pub(super) fn wrote(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

impl FromRequestParts<Arc<Province>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        province: &Arc<Province>,
    ) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, province).await;
        let log_in = || Redirect::to("/log-in").into_response();
        let name = cookie_name(province.config.reached_by);
        let token = cookie(&parts.headers, name).ok_or_else(log_in)?;
        let token_sha256 = sha256_hex(token.as_bytes());
        let now = province.clock.now().as_millisecond();
        let session = province.store.session(&token_sha256, now).await;
        let session = session.map_err(|e| crate::failure::Failure::from(e).into_response())?;
        let session = session.ok_or_else(log_in)?;
        // An officer who was taken out of the configuration is out at once.
        let officer = province.config.officers.iter().find(|o| o.account == session.officer);
        let officer = officer.ok_or_else(log_in)?;
        Ok(Self {
            language: visitor.language,
            account: officer.account.clone(),
            name: officer.name.clone(),
            csrf: session.csrf,
            token_sha256,
        })
    }
}

/// Name of the session cookie: with the `__Host-` prefix no other host can set it.
pub(super) fn cookie_name(reached_by: ReachedBy) -> &'static str {
    match reached_by {
        ReachedBy::Https => "__Host-motcua",
        ReachedBy::Http => "motcua",
    }
}

/// Attributes of every cookie.
pub(super) fn cookie_attributes(reached_by: ReachedBy) -> &'static str {
    match reached_by {
        ReachedBy::Https => "Path=/; HttpOnly; SameSite=Strict; Secure",
        ReachedBy::Http => "Path=/; HttpOnly; SameSite=Strict",
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}
