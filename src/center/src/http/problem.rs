//! Everything a request can be refused for, as problem details.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::queue::Refusal;
use journal::Event;
use wire::Problem;

use crate::desk::Stopping;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    NotFound,
    Method,
    MediaType,
    TooLarge,
    Malformed,
    RequestKey,
    Kiosk,
    UnknownField,
    KeyReused,
    UnknownTicket,
    NotOpen,
    NotAbsent,
    NotServed,
    NotLoggedIn,
    ForeignOrigin,
    TooSlow,
    Stopping,
}

/// Status, kind, title and row of the event table of one trouble.
struct Row(StatusCode, &'static str, &'static str, Event);

impl Trouble {
    #[expect(clippy::too_many_lines, reason = "a table: one row per trouble")]
    fn row(self) -> Row {
        use Event as E;
        use StatusCode as S;
        match self {
            Self::NotFound => Row(S::NOT_FOUND, "not-found", "Nothing is here", E::CenterNotFound),
            Self::Method => {
                Row(S::METHOD_NOT_ALLOWED, "method", "Not to be done here", E::CenterBadRequest)
            }
            Self::MediaType => Row(
                S::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "The body is of another media type than expected",
                E::CenterBadRequest,
            ),
            Self::TooLarge => {
                Row(S::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", E::CenterTooLarge)
            }
            Self::Malformed => Row(
                S::BAD_REQUEST,
                "malformed",
                "The body is not the expected message",
                E::CenterBadRequest,
            ),
            Self::RequestKey => Row(
                S::UNPROCESSABLE_ENTITY,
                "request-key",
                "A request key has 32 lower-case hex digits",
                E::CenterBadRequest,
            ),
            Self::Kiosk => Row(
                S::UNPROCESSABLE_ENTITY,
                "kiosk",
                "A kiosk is named with 1 to 64 printable ASCII characters",
                E::CenterBadRequest,
            ),
            Self::UnknownField => Row(
                S::UNPROCESSABLE_ENTITY,
                "unknown-field",
                "This center does not offer the field",
                E::CenterUnknownField,
            ),
            Self::KeyReused => Row(
                S::CONFLICT,
                "key-reused",
                "The request key belongs to a wish for another field",
                E::CenterRequestReused,
            ),
            Self::UnknownTicket => Row(
                S::NOT_FOUND,
                "unknown-ticket",
                "No ticket of today has this name",
                E::CenterNotFound,
            ),
            Self::NotOpen => Row(
                S::CONFLICT,
                "not-open",
                "Another call is open than the one seen",
                E::CenterConflict,
            ),
            Self::NotAbsent => {
                Row(S::CONFLICT, "not-absent", "The ticket is not absent", E::CenterConflict)
            }
            Self::NotServed => Row(
                S::FORBIDDEN,
                "not-served",
                "The counter does not serve the field of the ticket",
                E::CenterNotAllowed,
            ),
            Self::NotLoggedIn => {
                Row(S::UNAUTHORIZED, "not-logged-in", "Log in first", E::CenterNotAllowed)
            }
            Self::ForeignOrigin => Row(
                S::FORBIDDEN,
                "foreign-origin",
                "The request comes from a page of somebody else",
                E::CenterNotAllowed,
            ),
            Self::TooSlow => {
                Row(S::SERVICE_UNAVAILABLE, "too-slow", "No answer came in time", E::CenterBusy)
            }
            Self::Stopping => {
                Row(S::SERVICE_UNAVAILABLE, "stopping", "The center is stopping", E::CenterBusy)
            }
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let Row(status, kind, title, event) = self.row();
        let problem = Problem {
            kind: format!("/problems/{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            code: event.code().to_owned(),
        };
        let mut response = (status, Json(problem)).into_response();
        let kind = HeaderValue::from_static(Problem::CONTENT_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

impl Trouble {
    /// The trouble behind a body that could not be taken.
    pub fn of_body(status: StatusCode) -> Self {
        match status {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::MediaType,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::Malformed,
        }
    }
}

impl From<Stopping> for Trouble {
    fn from(_: Stopping) -> Self {
        Self::Stopping
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownTicket => Self::UnknownTicket,
            Refusal::KeyReused => Self::KeyReused,
            Refusal::NotOpen { .. } => Self::NotOpen,
            Refusal::NotAbsent(_) => Self::NotAbsent,
            Refusal::NotServed(_) => Self::NotServed,
            Refusal::IdTaken | Refusal::Broken(_) => Self::Stopping,
            // The enum may grow; what this program does not know is no promise either.
            _ => Self::Stopping,
        }
    }
}
