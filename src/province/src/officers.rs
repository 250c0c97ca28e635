//! The officers' pages: log in, see what arrived, accept or refuse it.
//!
//! Rendered on the server and usable without scripts, on a desk or a phone. Every look at
//! personal data is written down (table `accesses`).

mod actions;
mod answers;
mod assets;
mod documents;
mod dossier;
mod guard;
mod layout;
mod list;
mod log_in;
mod session;
mod words;

use std::sync::Arc;

use axum::{
    Router, middleware,
    response::Redirect,
    routing::{get, post},
};

use crate::Province;

pub(crate) use log_in::LogIns;

/// Everything under `/` that is not the kiosks' interface.
pub(crate) fn router(province: &Arc<Province>) -> Router<Arc<Province>> {
    let pages = Router::new()
        .route("/", get(async || Redirect::to("/dossiers")))
        .route("/log-in", get(log_in::page).post(log_in::log_in))
        .route("/log-out", post(log_in::log_out))
        .route("/dossiers", get(list::page))
        .route("/dossiers/{code}", get(dossier::page))
        .route("/dossiers/{code}/status", post(actions::turn))
        .route("/dossiers/{code}/personal-number", post(actions::reveal))
        .route("/dossiers/{code}/documents/{name}", get(documents::get))
        .layer(middleware::from_fn_with_state(Arc::clone(province), guard::pages));
    pages.merge(Router::new().route("/assets/{name}", get(assets::get)))
}
