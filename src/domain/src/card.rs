//! What an ID card says about its holder, and how sure we are of it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

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

/// What only a chip says of its holder, for forms that ask for it. Shown masked; never logged.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FurtherFacts {
    /// Nationality.
    pub nationality: Option<String>,
    /// Home town (*quê quán*).
    pub home_town: Option<String>,
    /// The number of the old card.
    pub former_number: Option<String>,
    /// Ethnic group: sensitive by law, so none unless the form asks for it.
    pub ethnicity: Option<String>,
    /// Religion: sensitive by law, so none unless the form asks for it.
    pub religion: Option<String>,
}

impl fmt::Debug for FurtherFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FurtherFacts(***)")
    }
}

/// What opens the chip of an ID card: the last six digits of the personal number, or as many of
/// them as are typed yet. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ChipKey(Zeroizing<String>);

impl ChipKey {
    /// Digits of a whole key.
    pub const DIGITS: usize = 6;

    /// The key of whoever has this number.
    #[must_use]
    pub fn of(number: &PersonalNumber) -> Self {
        Self(Zeroizing::new(number.digits().chars().skip(6).collect()))
    }

    /// Adds a digit that was typed; a whole key takes no more.
    pub fn push(&mut self, digit: u8) {
        if let (false, Some(digit)) = (self.is_whole(), char::from_digit(digit.into(), 10)) {
            self.0.push(digit);
        }
    }

    /// Takes the last digit back.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Whether all digits are there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.len() == Self::DIGITS
    }

    /// The digits: only for the chip.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// What the machine-readable lines of a card say of it, for chips that know only the older way of
/// opening. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipLines {
    /// Whose card; the lines hold the number's last nine digits.
    pub number: PersonalNumber,
    /// Day of birth.
    pub birth: Date,
    /// Last day of the card; 31/12/2099 when it is good for ever.
    pub expiry: Date,
}

impl ChipLines {
    /// What the lines of a card say that is good for ever.
    pub const FOR_EVER: Date = Date::constant(2099, 12, 31);
}

impl fmt::Debug for ChipLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChipLines(***)")
    }
}

/// What is to open a chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChipAccess {
    /// The end of the personal number: enough for every card that speaks PACE.
    Digits(ChipKey),
    /// The lines: they open cards of either kind.
    Lines(Box<ChipLines>),
}

impl fmt::Debug for ChipKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChipKey({} digits)", self.0.len())
    }
}

impl fmt::Debug for CardFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardFacts").field("personal_number", &self.personal_number).finish()
    }
}
