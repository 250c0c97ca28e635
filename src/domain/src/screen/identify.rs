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
