//! The center on the network: who may ask what, within which bounds.

mod accept;
mod api;
mod events;
mod json;
mod problem;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
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
    /// Turns true when streams are to end.
    pub stop: watch::Sender<bool>,
}

impl Center {
    pub fn new(config: Arc<CenterConfig>, clock: Clock, desk: Desk) -> Self {
        Self { config, clock, desk, stop: watch::Sender::new(false) }
    }
}

fn router(center: Center) -> Router {
    let answers = Router::new()
        .route("/v1/fields", get(api::fields))
        .route("/v1/tickets", post(api::issue))
        .route("/v1/tickets/{id}/paper", post(api::paper))
        .route("/v1/help", post(api::help))
        .layer(middleware::from_fn(in_time));
    let streams = Router::new().route("/v1/events", get(events::stream));
    answers
        .merge(streams)
        .fallback(|| async { Trouble::NotFound })
        .method_not_allowed_fallback(|| async { Trouble::Method })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn(with_headers))
        .with_state(center)
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Trouble::TooSlow.into_response(),
    }
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
