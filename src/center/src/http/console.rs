//! The officers' console: log in, one key for the next citizen, who waits, who is absent, who
//! needs help at a kiosk.
//!
//! Every key is an ordinary form, so the console works without scripts; the script adds keys and
//! keeps the page current. A form names the call it was pressed on; a second press or a second
//! window is refused instead of skipping a citizen ([`domain::queue`]).

mod session;
mod view;

pub use session::Sessions;

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, Form, FromRequest, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{
    KioskId, TicketNo,
    queue::{Answer, Event},
};
use serde::{Deserialize, de::DeserializeOwned};
use wire::center::CounterState;

use super::{Center, language::Speaks, problem::Trouble};
use crate::config::{Counter, Officer};
use session::LogInRefused;
use view::Notice;

const HOME: &str = "/console";

/// An officer with a session, and the counter at which they sit.
pub struct OnDuty {
    officer: Officer,
    counter: Counter,
}

impl FromRequestParts<Center> for OnDuty {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, center: &Center) -> Result<Self, Trouble> {
        on_duty(center, &parts.headers).ok_or(Trouble::NotLoggedIn)
    }
}

fn on_duty(center: &Center, headers: &HeaderMap) -> Option<OnDuty> {
    let login = center.sessions.login(headers, (center.clock)())?;
    let officer = center.config.officers.iter().find(|officer| officer.login == login)?;
    let counter = center.config.counter(officer.counter)?;
    Some(OnDuty { officer: officer.clone(), counter: counter.clone() })
}

/// The console, or the log-in form.
pub async fn home(
    State(center): State<Center>,
    Speaks(language): Speaks,
    headers: HeaderMap,
) -> Response {
    match on_duty(&center, &headers) {
        Some(duty) => view::console(&center, language, &duty, None).answer(StatusCode::OK),
        None => view::log_in(&center, language, None).answer(StatusCode::OK),
    }
}

/// What changes on the console.
pub async fn live(
    State(center): State<Center>,
    Speaks(language): Speaks,
    duty: OnDuty,
) -> Response {
    view::live(&center, language, &duty).into_response()
}

#[derive(Deserialize)]
pub struct LogIn {
    login: String,
    password: String,
}

pub async fn log_in(
    State(center): State<Center>,
    Speaks(language): Speaks,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Filled(form): Filled<LogIn>,
) -> Response {
    let now = (center.clock)();
    let officers = &center.config.officers;
    match center.sessions.log_in(officers, form.login, form.password, peer.ip(), now).await {
        Ok(token) => {
            let cookie = session::cookie(&token, center.config.console);
            ([(header::SET_COOKIE, cookie)], Redirect::to(HOME)).into_response()
        }
        Err(LogInRefused::Wrong) => {
            journal::record!(journal::Event::CenterLogInRefused, peer = %peer.ip());
            let page = view::log_in(&center, language, Some(Notice::WrongLogIn));
            page.answer(StatusCode::UNAUTHORIZED)
        }
        Err(LogInRefused::TooMany) => {
            let page = view::log_in(&center, language, Some(Notice::TooManyLogIns));
            let mut response = page.answer(StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            response
        }
        Err(LogInRefused::Busy) => Trouble::TooSlow.into_response(),
    }
}

pub async fn log_out(State(center): State<Center>, headers: HeaderMap) -> Response {
    center.sessions.end(&headers);
    let cookie = session::no_cookie(center.config.console);
    ([(header::SET_COOKIE, cookie)], Redirect::to(HOME)).into_response()
}

/// The call the officer sees as open; empty when there is none.
#[derive(Deserialize)]
pub struct Seen {
    open: String,
}

impl Seen {
    fn ticket(&self) -> Result<Option<TicketNo>, Trouble> {
        if self.open.is_empty() {
            return Ok(None);
        }
        self.open.parse().map(Some).map_err(|_| Trouble::Malformed)
    }
}

pub async fn next(from: From, Filled(seen): Filled<Seen>) -> Result<Response, Trouble> {
    let serves = from.duty.counter.fields.clone();
    let open = seen.ticket()?;
    from.press(Event::Next { counter: from.duty.counter.number, serves, open }).await
}

/// A key about one ticket.
#[derive(Deserialize)]
pub struct About {
    ticket: TicketNo,
}

pub async fn recall(from: From, Filled(about): Filled<About>) -> Result<Response, Trouble> {
    let counter = from.duty.counter.number;
    from.press(Event::Recall { counter, ticket: about.ticket }).await
}

pub async fn absent(from: From, Filled(about): Filled<About>) -> Result<Response, Trouble> {
    let counter = from.duty.counter.number;
    from.press(Event::Absent { counter, ticket: about.ticket }).await
}

pub async fn done(from: From, Filled(about): Filled<About>) -> Result<Response, Trouble> {
    let counter = from.duty.counter.number;
    from.press(Event::Done { counter, ticket: about.ticket }).await
}

/// An absent ticket is called, from a counter with or without an open call.
#[derive(Deserialize)]
pub struct Again {
    ticket: TicketNo,
    #[serde(flatten)]
    seen: Seen,
}

pub async fn call_again(from: From, Filled(again): Filled<Again>) -> Result<Response, Trouble> {
    let serves = from.duty.counter.fields.clone();
    let (open, ticket) = (again.seen.ticket()?, again.ticket);
    from.press(Event::CallAgain { counter: from.duty.counter.number, serves, open, ticket }).await
}

#[derive(Deserialize)]
pub struct Helped {
    kiosk: KioskId,
}

pub async fn help(from: From, Filled(helped): Filled<Helped>) -> Response {
    from.center.desk.shown.answer_help(&helped.kiosk);
    from.back()
}

/// Where a key was pressed, by whom, and in which form the answer is wanted.
pub struct From {
    center: Center,
    duty: OnDuty,
    speaks: Speaks,
    wants: Wants,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// A script shows what came of it.
    Json,
    /// A browser without scripts sees the page again.
    Page,
}

impl FromRequestParts<Center> for From {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, center: &Center) -> Result<Self, Trouble> {
        let duty = OnDuty::from_request_parts(parts, center).await?;
        let Ok(speaks) = Speaks::from_request_parts(parts, center).await;
        let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let json = accepts.is_some_and(|kinds| kinds.contains("application/json"));
        let wants = if json { Wants::Json } else { Wants::Page };
        Ok(Self { center: center.clone(), duty, speaks, wants })
    }
}

impl From {
    async fn press(&self, event: Event) -> Result<Response, Trouble> {
        let answer = self.center.desk.put(event).await?;
        match (self.wants, answer) {
            (Wants::Page, Ok(_)) => Ok(self.back()),
            (Wants::Page, Err(_)) => {
                let Speaks(language) = self.speaks;
                let notice = Some(Notice::MovedOn);
                let page = view::console(&self.center, language, &self.duty, notice);
                Ok(page.answer(StatusCode::CONFLICT))
            }
            (Wants::Json, Ok(answer)) => {
                let open = match answer {
                    Answer::Counter { open } => open.map(|ticket| ticket.number),
                    Answer::Ticket { .. } | Answer::Noted => None,
                };
                let counter = self.duty.counter.number;
                Ok(Json(CounterState { counter, open }).into_response())
            }
            (Wants::Json, Err(refusal)) => Err(refusal.into()),
        }
    }

    fn back(&self) -> Response {
        match self.wants {
            Wants::Json => StatusCode::NO_CONTENT.into_response(),
            Wants::Page => Redirect::to(HOME).into_response(),
        }
    }
}

/// A form that was filled in, or the trouble with it.
pub struct Filled<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Filled<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let taken = Form::<T>::from_request(request, state).await;
        taken.map(|Form(form)| Self(form)).map_err(|rejection| Trouble::of_body(rejection.status()))
    }
}

/// Refuses what another site's page sent: a browser names the origin of every POST.
pub async fn own_origin(State(center): State<Center>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(&center, request.headers()) {
        next.run(request).await
    } else {
        Trouble::ForeignOrigin.into_response()
    }
}

fn is_own(center: &Center, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some((_, origin)) = text(header::ORIGIN).and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let public = center.config.public_url.as_deref().and_then(|url| url.split_once("://"));
    let public = public.and_then(|(_, rest)| rest.split('/').next());
    text(header::HOST) == Some(origin) || public == Some(origin)
}
