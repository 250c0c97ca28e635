//! Errors on the wire: RFC 9457 problem details.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success, `application/problem+json`.
///
/// `code` is ours (an extension member): it names a row of the event table, so that a log, a
/// screen and a manual speak of the same thing. `detail` never holds personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// A URI reference for the kind of problem, such as `/problems/upload-offset`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence for people, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Code of the event table, such as `INT-004`.
    pub code: String,
}

impl Problem {
    /// Content type of problem details.
    pub const CONTENT_TYPE: &'static str = "application/problem+json";
}
