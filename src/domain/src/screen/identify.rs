//! Saying who one is.

use std::fmt;

use jiff::civil::Date;

use super::{Step, filling::QuestionView};
use crate::Evidence;

/// Who is applying.
#[derive(Debug, Clone, PartialEq)]
pub struct Identify {
    /// Progress.
    pub step: Step,
    /// Whether a chip can be read here, and would say more than what is known.
    pub chip: bool,
    /// Which way.
    pub state: IdentifyState,
}

/// The ways to say who one is.
#[derive(Debug, Clone, PartialEq)]
pub enum IdentifyState {
    /// Waiting for the code of an ID card.
    Waiting {
        /// What came instead, if something did.
        fault: Option<CodeFault>,
    },
    /// Typing number, name and date of birth.
    Typing {
        /// The three questions.
        questions: Vec<QuestionView>,
        /// The one being answered.
        focused: usize,
    },
    /// Read; the citizen looks it over.
    Known(Person),
    /// Reading the chip.
    Chip(ChipPage),
}

/// Reading the chip of an ID card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChipPage {
    /// Waiting for the card's code, or for the digits that open the chip.
    Key {
        /// How many digits are typed; which is not shown.
        digits: usize,
        /// What was wrong before.
        fault: Option<KeyFault>,
    },
    /// The chip is of an older kind: what its lines say is wanted too.
    Lines {
        /// What is not known yet, to be typed from the card.
        questions: Vec<QuestionView>,
        /// The one being answered.
        focused: usize,
        /// What was typed before did not open the chip.
        refused: bool,
    },
    /// The card is to be laid on the reader.
    Lay {
        /// It was taken away too early.
        removed: bool,
    },
    /// The card must stay where it is.
    Reading {
        /// How much is done.
        percent: u8,
    },
    /// It did not work.
    Failed(ChipFault),
}

/// Why what opens the chip is wanted once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyFault {
    /// Something else than an ID card's code was shown.
    Code(CodeFault),
    /// The chip refused it: digits of another card, or mistyped.
    Wrong,
}

/// Why a chip was not read, or is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChipFault {
    /// The chip refused what was to open it, too often.
    WrongKey,
    /// The card was taken away before it was read.
    Removed,
    /// The chip stopped answering.
    Silent,
    /// It could not be read.
    Unreadable,
    /// What it says is not what its issuer signed, or it is a copy.
    NotGenuine,
    /// It is a card of another kind.
    NotAnIdCard,
    /// The reader is not there or does not answer.
    NoReader,
}

impl ChipFault {
    /// Whether the same may go better the next time.
    #[must_use]
    pub fn is_worth_another_try(self) -> bool {
        match self {
            Self::Removed | Self::Silent | Self::Unreadable | Self::NotAnIdCard => true,
            Self::WrongKey | Self::NotGenuine | Self::NoReader => false,
        }
    }
}

/// What came instead of an ID card's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeFault {
    /// A code for paying.
    Payment,
    /// A health-insurance card.
    HealthCard,
    /// A token of an app, which only its issuer's servers can read.
    AppToken,
    /// A ticket or slip of ours, or a dossier code.
    Ours,
    /// An ID card's code whose letters were broken by the reader.
    Garbled,
    /// Something else.
    Unknown,
    /// A card on the reader of which nothing is known here.
    OtherCard,
    /// An ID card on the reader, whose chip nobody has asked to be read.
    ChipCard,
    /// A card on the reader that could not be read.
    UnreadableCard,
    /// A card that was taken from the reader before it was read.
    RemovedCard,
    /// The reader is not there or does not answer.
    NoReader,
}

/// A person as shown: the number is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// `001******001`.
    pub masked_number: String,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Residence.
    pub residence: Option<String>,
    /// How sure.
    pub evidence: Evidence,
}

/// Name, birth and residence are personal: they are not shown.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({}, {:?})", self.masked_number, self.evidence)
    }
}
