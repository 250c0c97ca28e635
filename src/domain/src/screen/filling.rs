//! Form, papers, signature, and everything once more.

use std::fmt;

use jiff::civil::Date;

use super::{Person, Picture, Step};
use crate::{
    Bilingual,
    catalogue::{Fee, Need},
    form::{AnswerFault, AnswerKind},
};

/// One section of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPage {
    /// Progress.
    pub step: Step,
    /// Heading of the section.
    pub title: Bilingual,
    /// Which section, from 1, of how many.
    pub section: Step,
    /// Its questions.
    pub questions: Vec<QuestionView>,
    /// The one being answered.
    pub focused: usize,
}

/// A question with its answer so far.
#[derive(Clone, PartialEq, Eq)]
pub struct QuestionView {
    /// Name within the form, for the touch.
    pub id: String,
    /// The question.
    pub label: Bilingual,
    /// Help.
    pub help: Option<Bilingual>,
    /// Kind.
    pub kind: AnswerKind,
    /// May stay empty.
    pub optional: bool,
    /// As typed so far.
    pub value: String,
    /// What is wrong with it, once *next* was pressed.
    pub fault: Option<AnswerFault>,
    /// It came from the card.
    pub from_card: bool,
}

/// The papers.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPage {
    /// Progress.
    pub step: Step,
    /// Each paper to hand in, and what of it is there.
    pub papers: Vec<PaperView>,
    /// The paper being dealt with.
    pub focused: usize,
    /// What the scanner does.
    pub scanner: ScannerState,
    /// *Next* was pressed and papers are missing.
    pub missing: bool,
}

/// One paper and its pages.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperView {
    /// Name.
    pub name: Bilingual,
    /// Need.
    pub need: Need,
    /// Hint for scanning.
    pub hint: Option<Bilingual>,
    /// Pages so far.
    pub pages: Vec<PageView>,
    /// The citizen said that the condition does not hold.
    pub skipped: bool,
}

/// A scanned side.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// Small picture.
    pub picture: Picture,
    /// What the check said.
    pub verdict: PageVerdict,
}

/// What the check of a page said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageVerdict {
    /// Good.
    Good,
    /// Nothing on it.
    Blank,
    /// Too dark to read.
    Dark,
    /// Blurred.
    Blurred,
}

/// What the scanner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScannerState {
    /// Waiting for the citizen.
    Idle,
    /// Scanning.
    Scanning,
    /// The last try ended with this.
    Trouble(ScanTrouble),
}

/// What a citizen must do about the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanTrouble {
    /// Put paper in.
    NoPaper,
    /// Paper is stuck.
    Jammed,
    /// Two sheets went in at once.
    DoubleFeed,
    /// Close the cover.
    CoverOpen,
    /// Wait.
    Busy,
    /// The page broke off or makes no sense: scan it again.
    Unreadable,
    /// It is not there or does not answer.
    NoScanner,
}

/// The citizen's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignPage {
    /// Progress.
    pub step: Step,
    /// Whether one can go on without.
    pub optional: bool,
    /// How far.
    pub state: SignState,
}

/// How far signing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignState {
    /// Waiting for a token.
    InsertToken,
    /// The token was pulled while it signed, and nothing was signed: waiting for it again.
    TokenLeft,
    /// The token's certificate must not be used.
    Unusable(CertificateView),
    /// One try is left: may it be used up?
    ConfirmLastTry(CertificateView),
    /// A token is there; a PIN is wanted.
    EnterPin {
        /// With which certificate.
        certificate: CertificateView,
        /// Which of those on the token, from 1, of how many.
        choice: Step,
        /// Digits typed so far.
        digits: usize,
        /// What to warn of.
        warning: Option<PinWarning>,
    },
    /// Signing.
    Signing,
    /// All documents are signed.
    Signed {
        /// Whose certificate.
        holder: String,
    },
}

/// A certificate in words a person knows.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// Whose.
    pub holder: String,
    /// Which organisation issued it. Nothing is judged by it.
    pub issuer: String,
    /// Last day.
    pub valid_until: Date,
    /// What for.
    pub purpose: CertificatePurpose,
    /// Whether it may be used.
    pub standing: CertificateStanding,
}

/// Names are personal: only the standing is shown.
impl fmt::Debug for CertificateView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateView({:?}, {:?})", self.purpose, self.standing)
    }
}

/// What a certificate's key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificatePurpose {
    /// Declarations of will, such as an application.
    Commitment,
    /// Any signature, such as a login.
    Any,
}

/// Whether a certificate may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateStanding {
    /// Yes, and it is not revoked.
    Good,
    /// Yes, but whether it was revoked is not known here.
    RevocationUnknown,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It was revoked.
    Revoked,
    /// Nobody who is trusted here stands behind it.
    Untrusted,
}

impl CertificateStanding {
    /// Whether it may sign.
    #[must_use]
    pub fn may_sign(self) -> bool {
        match self {
            Self::Good | Self::RevocationUnknown => true,
            Self::Expired | Self::NotYetValid | Self::Revoked | Self::Untrusted => false,
        }
    }
}

/// What to warn of before a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PinWarning {
    /// The last PIN was wrong.
    WrongPin,
    /// One more wrong PIN locks the token.
    FinalTry,
    /// The token is locked.
    Locked,
    /// The token did not work.
    Failed,
}

/// Everything once more.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Progress.
    pub step: Step,
    /// Procedure.
    pub procedure: Bilingual,
    /// Who.
    pub person: Person,
    /// Answers by section.
    pub sections: Vec<SummarySection>,
    /// Papers with how many pages.
    pub papers: Vec<(Bilingual, usize)>,
    /// Whether it is signed, and by whom.
    pub signed_by: Option<String>,
    /// Fee.
    pub fee: Fee,
    /// The last try to submit failed on this machine; nothing is lost.
    pub failed: bool,
}

/// Answers of one section.
#[derive(Clone, PartialEq, Eq)]
pub struct SummarySection {
    /// Heading.
    pub title: Bilingual,
    /// Label and answer, the answer as a person reads it.
    pub answers: Vec<(Bilingual, Bilingual)>,
}

/// What was entered is personal: only its length is shown.
impl fmt::Debug for QuestionView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuestionView")
            .field("id", &self.id)
            .field("characters", &self.value.chars().count())
            .field("fault", &self.fault)
            .field("from_card", &self.from_card)
            .finish_non_exhaustive()
    }
}

/// Answers are personal: only the heading is shown.
impl fmt::Debug for SummarySection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SummarySection({})", self.title.en)
    }
}
