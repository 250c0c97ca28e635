//! What a kiosk asks about a submission: its receipt.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::SubmissionId;
use intake::manifest::is_hex;
use wire::Problem;

use crate::{Province, failure::Failure};

/// `GET /v1/submissions/{submission}/receipt`
pub(crate) async fn receipt(
    State(province): State<Arc<Province>>,
    Path(submission): Path<String>,
) -> Result<Response, Failure> {
    if !is_hex(&submission, 32) {
        return Err(Failure::NotFound);
    }
    let submission = SubmissionId(submission);
    // Asked before the database: a package that stops waiting meanwhile is found there.
    let waiting = province.uploads.has_waiting(&submission);
    if let Some(dossier) = province.store.dossier_of(submission.as_str()).await? {
        let receipt = dossier.receipt().ok_or(Failure::Storage)?;
        return Ok(([(header::CACHE_CONTROL, "no-store")], Json(receipt)).into_response());
    }
    if waiting {
        return Ok((StatusCode::ACCEPTED, [(header::RETRY_AFTER, "1")]).into_response());
    }
    match province.store.refusal(&submission).await? {
        Some(detail) => Ok(refusal(detail)),
        None => Err(Failure::NotFound),
    }
}

fn refusal(detail: String) -> Response {
    let problem = Problem { detail: Some(detail), ..Failure::Refused("").problem() };
    let kind = [(header::CONTENT_TYPE, Problem::CONTENT_TYPE)];
    (StatusCode::UNPROCESSABLE_ENTITY, kind, Json(problem)).into_response()
}
