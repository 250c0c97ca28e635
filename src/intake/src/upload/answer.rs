//! What an answer of the province means for the caller.

use std::time::Duration;

use reqwest::{Response, StatusCode, header::RETRY_AFTER};
use wire::Problem;

use super::{Trouble, UploadError, network, tus};

/// What a request was about: a 404 means different things for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The address itself: when it is not there, the configuration or the province is wrong.
    Endpoint,
    /// One upload or receipt: when it is not there, it is gone.
    Upload,
}

/// Success as it is; everything else sorted by what can be done.
pub(super) async fn understand(
    result: Result<Response, reqwest::Error>,
    asked: Asked,
) -> Result<Response, UploadError> {
    let response = result.map_err(network)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let after = tus::number(response.headers(), RETRY_AFTER.as_str()).map(Duration::from_secs);
    let later = UploadError::Later { after, cause: Trouble::Busy(status.as_u16()) };
    if asked == Asked::Upload && (status == StatusCode::NOT_FOUND || status == StatusCode::GONE) {
        return Err(UploadError::StartAnew);
    }
    if !is_refusal(status) {
        return Err(later);
    }
    match read_problem(response).await {
        Some(problem) => Err(UploadError::Refused(problem)),
        // Without a problem it was a proxy or another server that spoke.
        None => Err(later),
    }
}

/// Answers that will be the same next time.
fn is_refusal(status: StatusCode) -> bool {
    status == StatusCode::BAD_REQUEST
        || status == StatusCode::FORBIDDEN
        || status == StatusCode::CONFLICT
        || status == StatusCode::PAYLOAD_TOO_LARGE
        || status == StatusCode::UNPROCESSABLE_ENTITY
}

async fn read_problem(response: Response) -> Option<Problem> {
    let kind = response.headers().get("content-type")?.to_str().ok()?;
    if !kind.starts_with(Problem::CONTENT_TYPE) {
        return None;
    }
    response.json().await.ok()
}
