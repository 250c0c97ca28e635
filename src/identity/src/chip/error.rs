//! How reading a chip can end, named by what can be done then.

use super::{LinkError, reading::Known};

/// Why a chip could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChipError {
    /// The card left the field. Caller: ask for it again; what was already read is here.
    #[error("the card left the reader before it was read")]
    CardLeft {
        /// What was read until then; never checked.
        known: Box<Known>,
    },
    /// The card stopped answering. Caller: take it away and lay it on again.
    #[error("the card did not answer in time")]
    Silent {
        /// What was read until then; never checked.
        known: Box<Known>,
    },
    /// The reader or its service is gone. Caller: that is staff's business.
    #[error("the card reader is gone")]
    ReaderGone,
    /// The chip does not know this key: another card, or a number misread. Caller: read the code
    /// again. Never try on: chips slow down and lock.
    #[error("the chip refused the key")]
    WrongKey {
        /// How many tries the chip says are left.
        tries_left: Option<u8>,
    },
    /// The chip speaks no PACE, and the access number alone does not open it. Caller: ask for the
    /// machine-readable lines (birth and expiry), then read with [`super::Access::Mrz`].
    #[error("the chip opens only with the machine-readable lines")]
    NeedsMrz,
    /// There is no travel-document application on it. Caller: it is another kind of card.
    #[error("the card is no ID card")]
    NotAnIdCard,
    /// The chip refused a step that cannot be done without. Caller: lay it on again, else typed.
    #[error("the chip refused {step} with {status:04X}")]
    Refused {
        /// What was asked.
        step: Step,
        /// The chip's status word.
        status: u16,
    },
    /// An answer was altered on its way, or is none of the session's. Caller: lay the card on
    /// again; if it happens again, do not trust the card.
    #[error("an answer of the chip does not belong to the session ({step})")]
    Altered {
        /// What was asked.
        step: Step,
    },
    /// An answer is not what the standard allows. Caller: as for [`ChipError::Refused`].
    #[error("the chip's answer to {step} makes no sense")]
    Malformed {
        /// What was asked.
        step: Step,
    },
    /// The chip wants algorithms that are not known here. Caller: use the printed code.
    #[error("the chip wants an algorithm that is not known here")]
    Unsupported,
    /// The given source of randomness repeats itself. Caller: this machine must not read cards.
    #[error("the source of randomness is broken")]
    NoRandomness,
    /// The progress call asked to stop.
    #[error("reading was stopped")]
    Stopped,
}

/// A step of reading a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Finding out how it opens.
    CardAccess,
    /// Opening it.
    Opening,
    /// Choosing the application.
    Application,
    /// Reading a file.
    Reading(super::File),
    /// Proving that the chip is no copy.
    Genuineness,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CardAccess => f.write_str("the way it opens"),
            Self::Opening => f.write_str("opening"),
            Self::Application => f.write_str("choosing the application"),
            Self::Reading(file) => write!(f, "reading {file:?}"),
            Self::Genuineness => f.write_str("the proof that it is no copy"),
        }
    }
}

impl ChipError {
    pub(super) fn of_link(error: LinkError) -> Self {
        match error {
            LinkError::CardLeft => Self::CardLeft { known: Box::default() },
            LinkError::Silent => Self::Silent { known: Box::default() },
            LinkError::ReaderGone => Self::ReaderGone,
        }
    }
}
