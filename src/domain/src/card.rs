//! What an ID card says about its holder, and how sure we are of it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::PersonalNumber;

/// How sure we are who somebody is, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Typed at the screen.
    Typed,
    /// From a printed code: anyone can print one.
    Code,
    /// From a chip whose data is unaltered.
    ChipIntegrity,
    /// From a chip whose issuer is trusted.
    ChipTrusted,
}

/// Sex as the card prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// *Nam*.
    Male,
    /// *Nữ*.
    Female,
}

impl Sex {
    /// As a Vietnamese form has it.
    #[must_use]
    pub fn vi(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

/// Facts about a citizen, as read or typed. Shown masked; never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct CardFacts {
    /// Personal number.
    pub personal_number: PersonalNumber,
    /// Full name with tones, NFC.
    pub name: String,
    /// Date of birth, where the source has a whole one.
    pub birth_date: Option<Date>,
    /// Sex, where the source has it.
    pub sex: Option<Sex>,
    /// Place of residence as the card prints it, possibly with old unit names.
    pub residence: Option<String>,
    /// Date of issue of the card.
    pub issue_date: Option<Date>,
}

impl fmt::Debug for CardFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardFacts").field("personal_number", &self.personal_number).finish()
    }
}
