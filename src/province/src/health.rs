//! Whether the province can do its work, for whoever watches it.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{Province, failure::Failure};

/// What is told.
#[derive(Serialize)]
pub(crate) struct Health {
    version: &'static str,
    edition: u64,
    procedures: usize,
}

/// `GET /v1/health`
pub(crate) async fn get(State(province): State<Arc<Province>>) -> Result<Json<Health>, Failure> {
    let served = &province.catalogue.edition;
    province.store.edition(served.edition).await?.ok_or(Failure::Storage)?;
    Ok(Json(Health {
        version: env!("CARGO_PKG_VERSION"),
        edition: served.edition,
        procedures: served.catalogue.procedures.len(),
    }))
}
