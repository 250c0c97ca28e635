//! The citizen as DG13 of a Vietnamese card describes them.

use std::fmt;

use domain::{CardFacts, PersonalNumber};
use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::BirthDate;

/// What DG13 says, field by field, NFC; a field that the card lacks is none. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Default, Zeroize, ZeroizeOnDrop)]
pub struct Citizen {
    /// Field 1, the personal number.
    pub personal_number: Option<PersonalNumber>,
    /// Field 2, the full name with tones.
    pub name: Option<String>,
    /// Field 3, the date of birth as written, `15/01/1999`.
    pub birth_date: Option<String>,
    /// Field 4, the sex as written.
    pub sex: Option<String>,
    /// Field 5, the nationality.
    pub nationality: Option<String>,
    /// Field 6, the ethnicity; none unless [`crate::chip::Beliefs::Keep`] was asked.
    pub ethnicity: Option<String>,
    /// Field 7, the religion; none unless [`crate::chip::Beliefs::Keep`] was asked.
    pub religion: Option<String>,
    /// Field 8, the home town.
    pub home_town: Option<String>,
    /// Field 9, the place of residence.
    pub residence: Option<String>,
    /// Field 10, distinguishing features.
    pub features: Option<String>,
    /// Field 11, the day of issue as written.
    pub issue_date: Option<String>,
    /// Field 12, the day of expiry as written, or that there is none.
    pub expiry: Option<String>,
    /// Field 13, the names of father and mother.
    pub parents: Vec<String>,
    /// Field 14, the name of the spouse.
    pub spouse: Option<String>,
    /// Field 15 or 16, the number of the old card, where it looks like one.
    pub former_number: Option<String>,
}

impl Citizen {
    /// The facts as the rest of the kiosk knows them, if number and name are there.
    #[must_use]
    pub fn facts(&self) -> Option<CardFacts> {
        Some(CardFacts {
            personal_number: self.personal_number.clone()?,
            name: self.name.clone()?,
            birth_date: self.birth().and_then(BirthDate::day),
            sex: None,
            residence: self.residence.clone(),
            issue_date: self.issued(),
        })
    }

    /// The date of birth, as far as it is known.
    #[must_use]
    pub fn birth(&self) -> Option<BirthDate> {
        None
    }

    /// The day of issue.
    #[must_use]
    pub fn issued(&self) -> Option<Date> {
        None
    }
}

impl fmt::Debug for Citizen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Citizen")
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}
