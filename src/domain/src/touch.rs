//! What a citizen does at the screen: one enum out of the `ui` crate.

use std::fmt;

use crate::{
    FieldCode, Language, ProcedureCode,
    screen::{LookUpField, Rating},
};

/// A touch, already understood: which thing on the page, not where on the glass.
#[derive(Clone, PartialEq, Eq)]
pub enum Touch {
    /// Anything that shows somebody is there and does nothing else.
    StillHere,
    /// Choose a language; possible at any moment.
    Language(Language),
    /// Open help over the page.
    Help,
    /// Close help.
    CloseHelp,
    /// Call an officer to the kiosk.
    CallStaff,
    /// One page back, keeping what was entered.
    Back,
    /// Go on.
    Next,
    /// End the visit and forget everything.
    Finish,

    /// Welcome: take a queue number.
    TakeTicket,
    /// Welcome: find a procedure.
    FindProcedure,
    /// Welcome: look up a dossier.
    LookUpDossier,

    /// Choose a field for a number.
    Field(FieldCode),
    /// Print the ticket or slip again.
    PrintAgain,

    /// The search text changed.
    Search(String),
    /// Choose a procedure.
    Procedure(ProcedureCode),
    /// Begin handing in.
    Apply,

    /// Identify by typing instead of by code.
    TypeInstead,
    /// Identify by code after all.
    CodeInstead,
    /// Identify by the chip of the card.
    ChipInstead,
    /// An answer changed as it was typed (form, or identify by typing).
    Answer {
        /// Name of the question.
        question: String,
        /// The text so far.
        text: String,
    },
    /// Another question of the page was chosen.
    FocusQuestion(usize),

    /// Another paper was chosen.
    FocusPaper(usize),
    /// Scan pages for the paper in focus, from the feeder or glass.
    Scan,
    /// Stop scanning.
    CancelScan,
    /// Throw one page of the paper in focus away.
    RemovePage(usize),
    /// The paper in focus does not apply to me (or does after all).
    SkipPaper(bool),

    /// One digit of the PIN, or of what opens a chip.
    PinDigit(u8),
    /// Take the last digit back.
    PinErase,
    /// The PIN is complete.
    PinEnter,
    /// The PIN may be tried although a wrong one locks the token.
    TryLast,
    /// Sign with the token's next certificate.
    OtherCertificate,
    /// Go on without signing.
    WithoutSignature,

    /// Hand in.
    Submit,

    /// Look-up: the text of a field changed.
    LookUpText(LookUpField, String),
    /// Look-up: another field was chosen.
    LookUpFocus(LookUpField),

    /// Rate the service.
    Rate(Rating),
}

/// What was typed is not shown, so that no log ever holds it.
impl fmt::Debug for Touch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Touch {
    /// The kind of touch, without anything entered.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::StillHere => "still-here",
            Self::Language(_) => "language",
            Self::Help => "help",
            Self::CloseHelp => "close-help",
            Self::CallStaff => "call-staff",
            Self::Back => "back",
            Self::Next => "next",
            Self::Finish => "finish",
            Self::TakeTicket => "take-ticket",
            Self::FindProcedure => "find-procedure",
            Self::LookUpDossier => "look-up-dossier",
            Self::Field(_) => "field",
            Self::PrintAgain => "print-again",
            Self::Search(_) => "search",
            Self::Procedure(_) => "procedure",
            Self::Apply => "apply",
            Self::TypeInstead => "type-instead",
            Self::CodeInstead => "code-instead",
            Self::ChipInstead => "chip-instead",
            Self::Answer { .. } => "answer",
            Self::FocusQuestion(_) => "focus-question",
            Self::FocusPaper(_) => "focus-paper",
            Self::Scan => "scan",
            Self::CancelScan => "cancel-scan",
            Self::RemovePage(_) => "remove-page",
            Self::SkipPaper(_) => "skip-paper",
            Self::PinDigit(_) => "pin-digit",
            Self::PinErase => "pin-erase",
            Self::PinEnter => "pin-enter",
            Self::TryLast => "try-last",
            Self::OtherCertificate => "other-certificate",
            Self::WithoutSignature => "without-signature",
            Self::Submit => "submit",
            Self::LookUpText(..) => "look-up-text",
            Self::LookUpFocus(_) => "look-up-focus",
            Self::Rate(_) => "rate",
        }
    }
}
