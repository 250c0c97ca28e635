//! Kiosk ↔ province: catalogue, intake, receipts, look-up, ratings.
//!
//! | method and path | body | answer |
//! |---|---|---|
//! | `GET /v1/catalogue` | – | [`CatalogueEdition`], with `ETag` |
//! | `/v1/uploads` (tus 1.0: creation, checksum, termination, expiration) | sealed package | tus |
//! | `GET /v1/submissions/{submission}/receipt` | – | 200 [`SignedReceipt`], 202 not yet, 404 unknown, 422 problem |
//! | `POST /v1/look-ups` | [`LookUpRequest`] | [`DossierReport`] or 404 problem |
//! | `POST /v1/ratings` | [`RatingGiven`] | 204 |

use domain::{
    Bilingual, KioskId, ProcedureCode, SubmissionId, catalogue::Catalogue, dossier::Status,
    ids::DossierCode, screen::Rating,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A catalogue with its edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogueEdition {
    /// Grows with every change; a kiosk never goes back to a smaller one.
    pub edition: u64,
    /// The catalogue.
    #[schema(value_type = Object)]
    pub catalogue: Catalogue,
}

/// The province's word that it holds a dossier: what is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Which submission.
    #[schema(value_type = String)]
    pub submission: SubmissionId,
    /// The dossier code the province gave it.
    #[schema(value_type = String)]
    pub dossier: DossierCode,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// SHA-256 of the sealed package as uploaded, lower-case hex.
    pub package_sha256: String,
    /// Size of the sealed package in bytes.
    pub package_bytes: u64,
    /// The documents found inside.
    pub documents: Vec<DocumentDigest>,
}

/// One document of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentDigest {
    /// File name inside the package.
    pub name: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// A receipt with its signature. The signature is over the bytes of `payload` as they stand,
/// so no canonical form is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedReceipt {
    /// JSON of a [`Receipt`], base64 (standard, padded).
    pub payload: String,
    /// Ed25519 over the decoded payload, base64.
    pub signature: String,
    /// Which key: the first 16 hex digits of SHA-256 over the raw public key.
    pub key: String,
}

/// Asks how a dossier stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LookUpRequest {
    /// A dossier code or a submission id.
    pub code: String,
    /// The second factor.
    pub factor: LookUpFactor,
}

/// What a person must know besides the code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LookUpFactor {
    /// The last four digits of the personal number.
    LastFour(String),
    /// The secret printed inside the slip's code.
    SlipSecret(String),
}

/// How a dossier stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DossierReport {
    /// Its code.
    #[schema(value_type = String)]
    pub dossier: DossierCode,
    /// Procedure.
    #[schema(value_type = String)]
    pub procedure: ProcedureCode,
    /// Name of the procedure in the version it was received under.
    #[schema(value_type = Object)]
    pub procedure_name: Bilingual,
    /// Status now.
    #[schema(value_type = u8, minimum = 1)]
    pub status: Status,
    /// Why, when refused.
    pub reason: Option<String>,
    /// Every status it had, oldest first.
    pub history: Vec<StatusChange>,
}

/// One change of status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusChange {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// To which.
    #[schema(value_type = u8, minimum = 1)]
    pub status: Status,
}

/// A rating, tied to the submission it is about where there is one; never to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingGiven {
    /// Names this rating: sent again with the same key it counts once.
    pub request: String,
    /// Where.
    #[schema(value_type = String)]
    pub kiosk: KioskId,
    /// About which submission.
    #[schema(value_type = Option<String>)]
    pub submission: Option<SubmissionId>,
    /// How it was.
    #[schema(value_type = String, pattern = "^(very-satisfied|satisfied|neutral|dissatisfied|very-dissatisfied)$")]
    pub rating: Rating,
}
