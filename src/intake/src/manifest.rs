//! What a package says about itself: `manifest.json`, format version 1.

use std::{collections::BTreeSet, fmt};

use domain::{Evidence, KioskId, Language, PersonalNumber, ProcedureCode, Sex, SubmissionId};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::digest::{count, sha256_hex};

/// The first file of every package. Personal: never logged, `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Format version, [`Manifest::FORMAT`].
    pub format: u16,
    /// Name of the submission.
    pub submission: SubmissionId,
    /// Where it was handed in.
    pub kiosk: KioskId,
    /// When, by the kiosk's clock.
    pub submitted_at: Timestamp,
    /// What is applied for.
    pub procedure: ProcedureVersion,
    /// Who applies.
    pub applicant: Applicant,
    /// The language the citizen used.
    pub language: Language,
    /// The answers in the order of the form, as stored.
    pub answers: Vec<Answer>,
    /// The documents that follow, in their order in the package.
    pub documents: Vec<DocumentEntry>,
    /// SHA-256 of the secret inside the slip's code, lower-case hex.
    pub slip_secret_sha256: String,
}

/// A procedure in the version under which the dossier is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcedureVersion {
    /// National code.
    pub code: ProcedureCode,
    /// First day of this version.
    pub valid_from: Date,
    /// Edition of the catalogue the kiosk showed.
    pub edition: u64,
}

/// Who applies, and how sure we are of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Personal number.
    pub personal_number: PersonalNumber,
    /// Full name, NFC.
    pub name: String,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Place of residence as the card prints it.
    pub residence: Option<String>,
    /// Date of issue of the card.
    pub issue_date: Option<Date>,
    /// How sure we are.
    pub evidence: Evidence,
}

/// One answer of the form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Which question of the procedure's form.
    pub question: String,
    /// The answer as the form stores it.
    pub value: String,
}

/// One document of the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentEntry {
    /// File name, such as `giay-chung-sinh.pdf`.
    pub name: String,
    /// Which paper of the procedure it is.
    pub paper: String,
    /// Its pages.
    pub pages: u32,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Whether it carries a digital signature.
    pub signed: bool,
    /// Of a signed one: what the kiosk knew about the revocation of the signer's certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
}

/// What was known about the revocation of a certificate when it signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// Present lists of its issuers did not name it.
    NotRevoked,
    /// No list, or one too old: whoever reads the dossier must ask the issuer.
    Unknown,
}

impl DocumentEntry {
    /// Describes a document whose bytes are at hand.
    #[must_use]
    pub fn describe(name: &str, paper: &str, pages: u32, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            paper: paper.to_owned(),
            pages,
            sha256: sha256_hex(bytes),
            bytes: count(bytes.len()),
            signed: false,
            revocation: None,
        }
    }

    /// The same document, saying that it is signed.
    #[must_use]
    pub fn signed(self, revocation: Revocation) -> Self {
        Self { signed: true, revocation: Some(revocation), ..self }
    }
}

/// A manifest breaks a rule of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestFault {
    /// Not a format this program reads.
    #[error("the manifest has a format version other than 1")]
    Format,
    /// Not 32 lower-case hex digits.
    #[error("the submission is not named by 32 lower-case hex digits")]
    Submission,
    /// A digest is not 64 lower-case hex digits.
    #[error("a digest is not 64 lower-case hex digits")]
    Digest,
    /// A file name that could lead elsewhere, or not `….pdf`.
    #[error("a document's name is not of the form a-z0-9-.pdf")]
    Name,
    /// Two documents or two answers with one name.
    #[error("two documents or two answers have the same name")]
    Twice,
    /// More answers, longer texts or more documents than any form has.
    #[error("the manifest is larger than any form")]
    TooLarge,
}

impl Manifest {
    /// The format this program writes and reads.
    pub const FORMAT: u16 = 1;
    /// Most documents in a package.
    pub const MOST_DOCUMENTS: usize = 64;
    /// Most answers in a manifest.
    pub const MOST_ANSWERS: usize = 500;
    /// Most bytes of one text.
    const LONGEST: usize = 4096;

    /// Checks what types alone cannot hold.
    pub fn check(&self) -> Result<(), ManifestFault> {
        if self.format != Self::FORMAT {
            return Err(ManifestFault::Format);
        }
        if !is_hex(self.submission.as_str(), 32) {
            return Err(ManifestFault::Submission);
        }
        if !is_hex(&self.slip_secret_sha256, 64)
            || !self.documents.iter().all(|d| is_hex(&d.sha256, 64))
        {
            return Err(ManifestFault::Digest);
        }
        if !self.documents.iter().all(|document| is_document_name(&document.name)) {
            return Err(ManifestFault::Name);
        }
        let names: BTreeSet<_> = self.documents.iter().map(|d| &d.name).collect();
        let questions: BTreeSet<_> = self.answers.iter().map(|a| &a.question).collect();
        if names.len() != self.documents.len() || questions.len() != self.answers.len() {
            return Err(ManifestFault::Twice);
        }
        self.check_sizes()
    }

    fn check_sizes(&self) -> Result<(), ManifestFault> {
        let applicant = [Some(&self.applicant.name), self.applicant.residence.as_ref()];
        let answers = self.answers.iter().flat_map(|answer| [&answer.question, &answer.value]);
        let papers = self.documents.iter().map(|document| &document.paper);
        let names = [&self.kiosk.0, &self.procedure.code.0];
        let mut texts = applicant.into_iter().flatten().chain(answers).chain(papers).chain(names);
        let few = self.documents.len() <= Self::MOST_DOCUMENTS
            && self.answers.len() <= Self::MOST_ANSWERS;
        if few && texts.all(|text| text.len() <= Self::LONGEST) {
            Ok(())
        } else {
            Err(ManifestFault::TooLarge)
        }
    }
}

impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manifest")
            .field("submission", &self.submission)
            .field("procedure", &self.procedure.code)
            .field("documents", &self.documents.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Applicant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Applicant(***)")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}: ***)", self.question)
    }
}

/// Whether a text is exactly `digits` lower-case hex digits.
#[must_use]
pub fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// `a-z0-9-` and `.pdf`: nothing that a file system or a header could take for something else.
fn is_document_name(name: &str) -> bool {
    name.len() <= 100
        && name.strip_suffix(".pdf").is_some_and(|stem| {
            !stem.is_empty()
                && !stem.starts_with('-')
                && stem.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        })
}
