//! What a visit wants done. Answers come back as [`super::event::Answer`].

use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{IssuedTicket, PageId, ScanNo};
use crate::{
    Bilingual, CardFacts, ChipAccess, Evidence, FieldCode, Language, ProcedureCode, SubmissionId,
    screen::Rating, text::Concealed,
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the center for a number. Answered by `Issued` or `NotIssued`.
    IssueTicket {
        /// For which field.
        field: FieldCode,
        /// Its name, for the paper.
        name: Bilingual,
    },
    /// Print a ticket. Answered by `Paper`.
    PrintTicket(TicketPaper),
    /// Tell the center whether paper came.
    ReportPaper {
        /// The center's name for the ticket.
        ticket: String,
        /// Whether the citizen holds a paper.
        printed: bool,
    },
    /// Let the code reader tell what it sees. Answered by `Code`, many times.
    WatchCodes,
    /// It need not tell any more.
    StopCodes,
    /// Scan for the paper in focus. Answered by `Page`, many times, then `ScanEnded`.
    Scan(ScanNo),
    /// Stop scanning.
    CancelScan,
    /// Forget a page.
    ForgetPage(PageId),
    /// Tell about the signing token. Answered by `Token`, many times.
    WatchToken,
    /// It need not tell any more.
    StopToken,
    /// Read the chip of the card on the reader, or of the next that is laid on it. Answered by
    /// `Chip`: `Reading` many times, then `Read`, `NeedsLines` or `Failed`, once.
    ReadChip {
        /// What opens it.
        access: ChipAccess,
        /// Whether ethnicity and religion may be read, because the form asks for them.
        beliefs: bool,
    },
    /// Stop reading, and forget what opens it.
    StopChip,
    /// Make and sign the documents. Answered by `Token(Signed)` or `Token(NotSigned)`.
    Sign {
        /// The PIN, for this once.
        pin: Zeroizing<String>,
        /// Which of the certificates last told of.
        certificate: usize,
        /// Whether the PIN may be tried when it is the last time.
        last_try: LastTry,
        /// The documents to make.
        papers: Vec<SubmissionPaper>,
    },
    /// Seal the dossier and write it to disk. Answered by `Kept` or `NotKept`, then, perhaps
    /// much later, by `Delivered`.
    Keep(Box<Submission>),
    /// Give the keeping up, unless the dossier is as good as kept. Answered by `NotKept`, or by
    /// nothing: then the answer to `Keep` is still to come.
    AbandonKeeping,
    /// Print the slip. Answered by `Paper`.
    PrintSlip(SlipPaper),
    /// Ask the province. Answered by `LookedUp`.
    LookUp {
        /// Dossier code or submission.
        code: String,
        /// Last four digits, or the slip's secret.
        factor: LookUpSecret,
    },
    /// Call an officer to the kiosk. Answered by `Staff`.
    CallStaff,
    /// Hand a rating to the province.
    Rate {
        /// About which submission.
        submission: Option<SubmissionId>,
        /// How it was.
        rating: Rating,
    },
    /// The citizen left without finishing.
    Abandoned,
    /// Forget everything of this visit: pages, documents, watches.
    Wipe,
}

/// Whether a PIN may be tried when a wrong one would lock the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// No.
    Refuse,
    /// The citizen was asked, and wants it.
    Confirmed,
}

/// The second factor of a look-up.
#[derive(Clone, PartialEq, Eq)]
pub enum LookUpSecret {
    /// Last four digits of the personal number.
    LastFour(String),
    /// The secret inside a slip's code.
    Slip(String),
}

impl fmt::Debug for LookUpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What stands on a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPaper {
    /// The ticket.
    pub ticket: IssuedTicket,
    /// Name of the center.
    pub center: Bilingual,
    /// The citizen's language.
    pub language: Language,
    /// Whether it was tried before.
    pub impression: Impression,
}

/// Whether a paper is the first one of its kind: what came of an earlier try may lie about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impression {
    /// Nothing was sent before.
    First,
    /// An earlier one did not come out whole, or was not seen to.
    Again,
}

/// What stands on a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipPaper {
    /// Name of the center.
    pub center: Bilingual,
    /// Procedure.
    pub procedure: Bilingual,
    /// Dossier code, once the province gave one.
    pub dossier: Option<String>,
    /// Number of the submission as a person reads it out.
    pub spoken: String,
    /// What the code on it says.
    pub code: Concealed,
    /// The citizen's language.
    pub language: Language,
    /// Whether it was tried before.
    pub impression: Impression,
}

/// A dossier as the citizen confirmed it.
#[derive(Clone, PartialEq)]
pub struct Submission {
    /// Procedure.
    pub procedure: ProcedureCode,
    /// Which version of it.
    pub valid_from: Date,
    /// Edition of the catalogue it was filled under.
    pub edition: u64,
    /// Who.
    pub applicant: CardFacts,
    /// How sure.
    pub evidence: Evidence,
    /// Language of the visit.
    pub language: Language,
    /// Checked answers by question.
    pub answers: BTreeMap<String, String>,
    /// Papers with their pages.
    pub papers: Vec<SubmissionPaper>,
    /// The documents were signed in this visit: take those.
    pub signed: bool,
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission").field("procedure", &self.procedure).finish_non_exhaustive()
    }
}

/// One paper with its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionPaper {
    /// Its id in the procedure.
    pub id: String,
    /// Its name: the title of the document.
    pub name: Bilingual,
    /// Its pages in order.
    pub pages: Vec<PageId>,
}
