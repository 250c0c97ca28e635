//! The dossier package: manifest, sealing, resumable upload, receipts.
//!
//! The kiosk [seals](package::seal) a manifest and its documents to the province's public key,
//! keeps the sealed file until the province says it holds the dossier, and
//! [uploads](upload::Uploader) it in resumable steps (tus 1.0). The province
//! [opens](package::open) it, stores it once and answers with a signed [receipt]. Only after
//! [`receipt::verify`] says yes may the kiosk delete its copy.

pub mod digest;
pub mod keys;
pub mod manifest;
pub mod package;
pub mod receipt;
pub mod upload;

pub use digest::SealedDigest;
pub use keys::{OpeningKey, ReceiptKey, SealingKey};
pub use manifest::{Answer, Applicant, DocumentEntry, Manifest, ProcedureVersion, Revocation};
pub use package::{Document, OpenError, SealError, open, seal};
pub use receipt::{ReceiptError, ReceiptSigner, verify};
pub use upload::{ReceiptAnswer, UploadError, UploadMetadata, UploadUrl, Uploader};
