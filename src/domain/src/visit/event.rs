//! What a visit is told.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, civil::Date};

use super::CenterFacts;
use crate::{
    Bilingual, CardFacts, Evidence, FurtherFacts, SubmissionId, TicketNo,
    catalogue::Catalogue,
    ids::DossierCode,
    screen::{
        CameraView, CertificateView, ChipFault, DossierStatus, PageView, PinWarning, ScanTrouble,
        Shortcoming,
    },
    text::Concealed,
    touch::Touch,
};

/// Counts visits since the kiosk started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VisitNo(pub u64);

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// At the screen.
    Touch(Touch),
    /// Time passed.
    Tick,
    /// In the world, whoever stands there.
    World(WorldNews),
    /// To something the visit with this number asked for.
    Answer(VisitNo, Answer),
}

/// What the kiosk learns about its surroundings.
#[derive(Debug, Clone)]
pub enum WorldNews {
    /// The printer works (`None`) or not.
    Printer(Option<Shortcoming>),
    /// A scanner is there.
    Scanner(bool),
    /// A code reader is there.
    CodeReader(bool),
    /// A reader for chips is there.
    CardReader(bool),
    /// The center answered, or did not.
    Center(Option<CenterFacts>),
    /// The province answered, or did not.
    Province(bool),
    /// The outbox can write.
    Outbox(bool),
    /// A catalogue, with its edition.
    Catalogue(Arc<Catalogue>, u64),
    /// The calendar day here.
    Today(Date),
}

/// Answers to effects.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The center issued a number.
    Issued(IssuedTicket),
    /// The center issued none.
    NotIssued,
    /// What became of the paper last asked for.
    Paper(PrintOutcome),
    /// A code was held to the reader.
    Code(PresentedCode),
    /// What the camera sees.
    Preview(CameraView),
    /// A page was scanned, in this scan.
    Page(ScanNo, PageId, PageView),
    /// This scan ended.
    ScanEnded(ScanNo, ScanEnded),
    /// About the signing token.
    Token(TokenNews),
    /// About the chip that is to be read.
    Chip(ChipNews),
    /// The dossier is sealed on this machine's disk.
    Kept {
        /// Its name.
        submission: SubmissionId,
        /// What a person reads out to staff.
        spoken: String,
        /// What the slip's code says.
        code: Concealed,
    },
    /// It could not be written; nothing of it is on the disk.
    NotKept,
    /// The province holds it.
    Delivered(DossierCode),
    /// About a look-up.
    LookedUp(LookUpAnswer),
    /// About the call for an officer.
    Staff(StaffAnswer),
}

/// About a call for an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAnswer {
    /// The center knows.
    Told,
    /// The center could not be told.
    NotTold,
}

/// A number with what its paper needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedTicket {
    /// The center's name for the ticket.
    pub id: String,
    /// The number.
    pub number: TicketNo,
    /// Name of the field.
    pub field: Bilingual,
    /// When.
    pub issued_at: Timestamp,
    /// How many are ahead.
    pub ahead: u32,
    /// What its code says.
    pub code: String,
}

/// What became of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintOutcome {
    /// The printer confirmed it.
    Printed,
    /// It did not come out whole.
    Failed(Shortcoming),
}

/// A code, told apart.
#[derive(Clone, PartialEq, Eq)]
pub enum PresentedCode {
    /// An ID card's.
    IdCard(CardFacts),
    /// An ID card's whose letters were broken on the way; digits only could be trusted.
    GarbledIdCard,
    /// A slip of ours.
    Slip {
        /// Which submission.
        submission: SubmissionId,
        /// The secret in the slip.
        secret: String,
    },
    /// A dossier code.
    Dossier(String),
    /// A queue ticket.
    Ticket,
    /// A code for paying.
    Payment,
    /// A health-insurance card.
    HealthCard,
    /// A token of an app, such as VNeID shows.
    AppToken,
    /// No code but a card on the reader, of which nothing is known here.
    OtherCard,
    /// No code but an ID card on the reader: its chip is read where that is asked for.
    ChipCard,
    /// No code but a card on the reader that could not be read.
    UnreadableCard,
    /// No code but a card on the reader that was taken away too early.
    RemovedCard,
    /// Anything else.
    Unknown,
}

/// Only the kind is shown: the payload is personal.
impl fmt::Debug for PresentedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdCard(_) => "IdCard",
            Self::GarbledIdCard => "GarbledIdCard",
            Self::Slip { .. } => "Slip",
            Self::Dossier(_) => "Dossier",
            Self::Ticket => "Ticket",
            Self::Payment => "Payment",
            Self::HealthCard => "HealthCard",
            Self::AppToken => "AppToken",
            Self::OtherCard => "OtherCard",
            Self::ChipCard => "ChipCard",
            Self::UnreadableCard => "UnreadableCard",
            Self::RemovedCard => "RemovedCard",
            Self::Unknown => "Unknown",
        })
    }
}

/// Names a scanned page that is kept outside the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId(pub u64);

/// Counts the scans of a visit: what comes late of one that was given up does not touch the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ScanNo(pub u64);

/// How a scan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanEnded {
    /// All pages came, or the citizen stopped it.
    Done,
    /// With this.
    Trouble(ScanTrouble),
}

/// About the signing token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenNews {
    /// None is there.
    Absent,
    /// One is there.
    Present {
        /// Its certificates, the best first: one that may not sign only when none may.
        certificates: Vec<CertificateView>,
        /// What to warn of before a PIN.
        warning: Option<PinWarning>,
    },
    /// It was pulled while it signed; nothing was signed.
    Left,
    /// All documents are signed.
    Signed {
        /// Whose certificate.
        holder: String,
    },
    /// Nothing was signed.
    NotSigned(PinWarning),
}

/// About the chip that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChipNews {
    /// A card is there and is being read; how much of it is done, in percent.
    Reading(u8),
    /// It was read, and held what it must.
    Read(Box<ChipFacts>),
    /// The digits are not enough for this chip: it wants what the card's lines say.
    NeedsLines,
    /// It was not read, or must not be believed.
    Failed(ChipFault),
}

/// What a chip said, and how far that may be believed. `Debug` is masked, as its parts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipFacts {
    /// What printed codes say too.
    pub facts: CardFacts,
    /// What only the chip says.
    pub further: FurtherFacts,
    /// How sure.
    pub evidence: Evidence,
}

/// About a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUpAnswer {
    /// Found.
    Found(DossierStatus),
    /// No dossier with this code and factor.
    NotFound,
    /// Too many wrong tries for this code; the province says when to ask again.
    Locked,
    /// The province did not answer.
    NoProvince,
    /// The province answered with an error.
    ProvinceFails,
}
