//! Everything that is not a success, as problem details with a code of the event table.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use journal::Event;
use wire::Problem;

/// Why a request was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the request was not understood: {0}")]
    BadRequest(&'static str),
    #[error("the request names another protocol version")]
    OtherVersion,
    #[error("the body has another content type than is due here")]
    MediaType,
    #[error("not here")]
    NotFound,
    #[error("this path is not asked with this method")]
    Method,
    #[error("the upload has another offset")]
    Offset,
    #[error("larger than allowed")]
    TooLarge,
    #[error("the checksum is wrong")]
    Checksum,
    #[error("another request is writing this upload")]
    Locked,
    #[error("the client went away")]
    ClientGone,
    #[error("another package has this submission's name")]
    OtherContent,
    #[error("refused for good: {0}")]
    Refused(&'static str),
    #[error("too many at once")]
    TooMany,
    #[error("code or second factor are wrong")]
    LookUp,
    #[error("too many wrong look-ups, try again in {0} s")]
    LookUpLocked(u64),
    #[error("storage failed")]
    Storage,
}

/// Status and kind of a checksum mismatch in tus.
const CHECKSUM_MISMATCH: u16 = 460;

impl Failure {
    /// As problem details.
    pub(crate) fn problem(self) -> Problem {
        let (status, kind, event, detail) = self.row();
        Problem {
            kind: format!("/problems/{kind}"),
            title: event.sentence().to_owned(),
            status,
            detail: detail.map(str::to_owned),
            code: event.code().to_owned(),
        }
    }

    fn row(self) -> (u16, &'static str, Event, Option<&'static str>) {
        use Event as E;
        match self {
            Self::BadRequest(detail) => (400, "bad-request", E::IntakeBadRequest, Some(detail)),
            Self::OtherVersion => (412, "tus-version", E::IntakeBadRequest, None),
            Self::MediaType => (415, "media-type", E::IntakeBadRequest, None),
            Self::NotFound => (404, "not-found", E::IntakeNotFound, None),
            Self::Method => (405, "method", E::IntakeBadRequest, None),
            Self::Offset => (409, "upload-offset", E::IntakeUploadConflict, None),
            Self::TooLarge => (413, "too-large", E::IntakeTooLarge, None),
            Self::Checksum => (CHECKSUM_MISMATCH, "checksum", E::IntakeChecksum, None),
            Self::Locked => (423, "upload-locked", E::IntakeLocked, None),
            Self::ClientGone => (400, "cut-short", E::IntakeBadRequest, None),
            Self::OtherContent => (
                409,
                "other-content",
                E::IntakePackageRefused,
                Some("another package was already received under this submission"),
            ),
            Self::Refused(detail) => {
                (422, "package-refused", E::IntakePackageRefused, Some(detail))
            }
            Self::TooMany => (429, "too-many", E::IntakeTooMany, None),
            Self::LookUp => (404, "look-up", E::IntakeLookUpRefused, None),
            Self::LookUpLocked(_) => (429, "look-up-locked", E::IntakeLookUpRefused, None),
            Self::Storage => (503, "storage", E::IntakeStorageFailed, None),
        }
    }

    fn retry_after(self) -> Option<u64> {
        match self {
            Self::Locked => Some(2),
            Self::TooMany | Self::Storage => Some(30),
            Self::LookUpLocked(seconds) => Some(seconds),
            Self::BadRequest(_)
            | Self::OtherVersion
            | Self::MediaType
            | Self::NotFound
            | Self::Method
            | Self::Offset
            | Self::TooLarge
            | Self::Checksum
            | Self::ClientGone
            | Self::OtherContent
            | Self::Refused(_)
            | Self::LookUp => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::CONTENT_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        journal::record!(Event::IntakeStorageFailed, error = %error);
        Self::Storage
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        journal::record!(Event::IntakeStorageFailed, error = %error);
        Self::Storage
    }
}
