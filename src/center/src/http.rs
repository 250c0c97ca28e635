//! The center on the network: who may ask what, within which bounds.

mod accept;
mod api;
mod assets;
mod board;
mod console;
mod events;
mod json;
mod language;
mod page;
mod phone;
mod problem;
mod words;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use tokio::sync::watch;

use crate::{Clock, config::CenterConfig, desk::Desk};
pub use accept::serve;
use problem::Trouble;

/// No message of a kiosk or a console is longer.
const BODY_BYTES: usize = 16 * 1024;
/// An answer that takes longer is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What every handler can reach.
#[derive(Clone)]
pub struct Center {
    pub config: Arc<CenterConfig>,
    pub clock: Clock,
    pub desk: Desk,
    pub sessions: Arc<console::Sessions>,
    /// Turns true when streams are to end.
    pub stop: watch::Sender<bool>,
}

impl Center {
    pub fn new(config: Arc<CenterConfig>, clock: Clock, desk: Desk) -> Self {
        let sessions = Arc::default();
        Self { config, clock, desk, sessions, stop: watch::Sender::new(false) }
    }
}

fn router(center: Center) -> Router {
    let answers = Router::new()
        .route("/v1/fields", get(api::fields))
        .route("/v1/tickets", post(api::issue))
        .route("/v1/tickets/{id}/paper", post(api::paper))
        .route("/v1/help", post(api::help))
        .merge(pages())
        .nest("/console", console_keys(&center))
        .layer(middleware::from_fn(in_time));
    Router::new()
        .route("/v1/events", get(events::stream))
        .merge(answers)
        .fallback(|| async { Trouble::NotFound })
        .method_not_allowed_fallback(|| async { Trouble::Method })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn(page::guard))
        .with_state(center)
}

fn pages() -> Router<Center> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/board") }))
        .route("/board", get(board::board))
        .route("/console", get(console::home))
        .route("/t/{id}", get(phone::ticket))
        .layer(middleware::from_fn(language::keep))
        .route("/t/{id}/live", get(phone::ticket_live))
        .route("/assets/{edition}/{name}", get(assets::asset))
}

fn console_keys(center: &Center) -> Router<Center> {
    Router::new()
        .route("/live", get(console::live))
        .route("/login", post(console::log_in))
        .route("/logout", post(console::log_out))
        .route("/next", post(console::next))
        .route("/recall", post(console::recall))
        .route("/absent", post(console::absent))
        .route("/done", post(console::done))
        .route("/call-again", post(console::call_again))
        .route("/help", post(console::help))
        .layer(middleware::from_fn_with_state(center.clone(), console::own_origin))
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Trouble::TooSlow.into_response(),
    }
}
