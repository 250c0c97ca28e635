//! Logging in and out.

use std::sync::Arc;

use axum::{
    Form,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::Language;
use intake::digest::sha256_hex;
use jiff::SignedDuration;
use journal::Event;
use maud::html;
use serde::Deserialize;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    layout,
    session::{SESSION_HOURS, Signed, Visitor, cookie_attributes, cookie_name},
    words::{self, Words},
};
use crate::{
    Province, attempts::Attempts, config::ACCOUNT_MOST, failure::Failure, password, random,
    store::SessionRow,
};

/// Checked when no such account exists, so that both ways take the same time.
const NOBODY: &str = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm8\
    $d2hhdGV2ZXJpc3R5cGVkaXRpc25ldmVycmlnaHRhdGE";

/// What bounds attempts to log in.
#[derive(Debug)]
pub(crate) struct LogIns {
    attempts: Attempts,
    /// Each check costs 64 MiB and some 50 ms: only so many at once.
    checks: Semaphore,
}

impl Default for LogIns {
    fn default() -> Self {
        Self { attempts: Attempts::new(5, SignedDuration::from_mins(5)), checks: Semaphore::new(2) }
    }
}

#[derive(Deserialize)]
pub(super) struct Typed {
    account: String,
    password: String,
}

/// `GET /log-in`
pub(super) async fn page(State(province): State<Arc<Province>>, visitor: Visitor) -> Response {
    form(&province, visitor.language, StatusCode::OK, None)
}

/// `POST /log-in`
pub(super) async fn log_in(
    State(province): State<Arc<Province>>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let language = visitor.language;
    if typed.account.len() > ACCOUNT_MOST {
        // Nobody has such an account: not worth a hash, nor to be remembered.
        journal::record!(Event::OfficerLogInRefused);
        return Ok(form(&province, language, StatusCode::FORBIDDEN, Some(words::LOG_IN_WRONG)));
    }
    let account = typed.account.trim().to_lowercase();
    let now = province.clock.now();
    if province.log_ins.attempts.begin(&account, now).is_err() {
        journal::record!(Event::OfficerLogInRefused);
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Ok(form(&province, language, status, Some(words::LOG_IN_LOCKED)));
    }
    let officer = province.config.officers.iter().find(|officer| officer.account == account);
    let hash = officer.map_or(NOBODY, |officer| officer.password.as_str()).to_owned();
    let right = {
        let _turn = province.log_ins.checks.acquire().await;
        let check = spawn_blocking(move || password::is_right(&typed.password, &hash));
        check.await.unwrap_or(false)
    };
    let Some(officer) = officer.filter(|_| right) else {
        journal::record!(Event::OfficerLogInRefused);
        return Ok(form(&province, language, StatusCode::FORBIDDEN, Some(words::LOG_IN_WRONG)));
    };
    province.log_ins.attempts.right(&account);
    let token = random::hex_256()?;
    let session = SessionRow { officer: officer.account.clone(), csrf: random::hex_256()? };
    let (now, hours) = (now.as_millisecond(), SESSION_HOURS);
    let expires = now + hours * 3_600_000;
    province.store.begin_session(&sha256_hex(token.as_bytes()), &session, expires, now).await?;
    with_cookie(&province, &token, hours * 3600)
}

#[derive(Deserialize)]
pub(super) struct LogOut {
    csrf: String,
}

/// `POST /log-out`
pub(super) async fn log_out(
    State(province): State<Arc<Province>>,
    officer: Signed,
    Form(form): Form<LogOut>,
) -> Result<Response, Failure> {
    if !officer.wrote(&form.csrf) {
        return Ok(layout::sentence(
            &province,
            officer.language,
            Some(&officer),
            StatusCode::FORBIDDEN,
            words::FORM_OLD,
        ));
    }
    province.store.end_session(&officer.token_sha256).await?;
    with_cookie(&province, "", 0)
}

/// Sends the browser on, with a session or without one.
fn with_cookie(province: &Province, token: &str, seconds: i64) -> Result<Response, Failure> {
    let reached_by = province.config.reached_by;
    let (name, attributes) = (cookie_name(reached_by), cookie_attributes(reached_by));
    let cookie = format!("{name}={token}; {attributes}; Max-Age={seconds}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Failure::Storage)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/dossiers")).into_response())
}

fn form(
    province: &Province,
    language: Language,
    status: StatusCode,
    notice: Option<Words>,
) -> Response {
    let title = words::LOG_IN.say(language);
    let main = html! {
        form.card.narrow method="post" action="/log-in" {
            h1 { (title) }
            @if let Some(notice) = notice {
                p.notice role="alert" { (notice.say(language)) }
            }
            label {
                (words::ACCOUNT.say(language))
                input name="account" required autocomplete="username" autocapitalize="none"
                    spellcheck="false" autofocus;
            }
            label {
                (words::PASSWORD.say(language))
                input name="password" type="password" required autocomplete="current-password";
            }
            button.main { (title) }
        }
    };
    let page = layout::page(province, language, None, "/log-in", title, &main);
    (status, page).into_response()
}
