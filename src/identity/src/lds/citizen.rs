//! The citizen as DG13 of a Vietnamese card describes them: numbered fields in any order, some of
//! them missing.

use std::fmt;

use domain::{CardFacts, PersonalNumber, Sex};
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    BirthDate, birth_date::parse_date, chip::Beliefs, id_card::parse_sex,
    personal_number::is_digits, tlv,
};

const SEQUENCE: u32 = 0x30;
const SET: u32 = 0x31;
const INTEGER: u32 = 0x02;
/// UTF8String, PrintableString, IA5String, VisibleString.
const TEXTS: [u32; 4] = [0x0C, 0x13, 0x16, 0x1A];
/// Fields stand three deep; what is deeper is something else.
const DEEPEST: usize = 5;

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
    /// Field 6, the ethnicity; none unless [`Beliefs::Keep`] was asked.
    pub ethnicity: Option<String>,
    /// Field 7, the religion; none unless [`Beliefs::Keep`] was asked.
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
    /// Field 15, on some cards 16, the number of the old card, where it looks like one.
    pub former_number: Option<String>,
}

impl Citizen {
    /// Reads DG13. None where not one field is found: on cards since July 2024 it is encrypted.
    #[must_use]
    pub fn parse(dg13: &[u8], beliefs: Beliefs) -> Option<Self> {
        let mut citizen = Self::default();
        let is_anything = citizen.collect(tlv::find(dg13, 0x6D)?, beliefs, DEEPEST);
        is_anything.then_some(citizen)
    }

    /// Takes the fields that stand here or deeper; says whether there were any.
    fn collect(&mut self, bytes: &[u8], beliefs: Beliefs, depth: usize) -> bool {
        let mut is_anything = false;
        if depth == 0 {
            return is_anything;
        }
        for object in tlv::objects(bytes).filter(|object| matches!(object.tag, SEQUENCE | SET)) {
            if let Some((number, value)) = field(object.value) {
                self.take(number, value, beliefs);
                is_anything = true;
            } else {
                is_anything |= self.collect(object.value, beliefs, depth - 1);
            }
        }
        is_anything
    }

    fn take(&mut self, number: u8, value: Option<tlv::Tlv<'_>>, beliefs: Beliefs) {
        // Before anything becomes a value: what nobody asked for is not even decoded.
        if matches!((number, beliefs), (6 | 7, Beliefs::Drop)) {
            return;
        }
        let text = || value.and_then(text);
        match number {
            1 => {
                self.personal_number = text().and_then(|text| PersonalNumber::parse(&text).ok());
            }
            2 => self.name = text(),
            3 => self.birth_date = text(),
            4 => self.sex = text(),
            5 => self.nationality = text(),
            6 => self.ethnicity = text(),
            7 => self.religion = text(),
            8 => self.home_town = text(),
            9 => self.residence = text(),
            10 => self.features = text(),
            11 => self.issue_date = text(),
            12 => self.expiry = text(),
            13 => self.parents = value.map(texts).unwrap_or_default(),
            14 => self.spouse = value.map(texts).unwrap_or_default().into_iter().next(),
            15 | 16 => {
                let is_one = |text: &String| is_digits(text, 9) || is_digits(text, 12);
                if let Some(former) = text().filter(is_one) {
                    self.former_number.get_or_insert(former);
                }
            }
            _ => {}
        }
    }

    /// The facts as the rest of the kiosk knows them, if number and name are there.
    #[must_use]
    pub fn facts(&self) -> Option<CardFacts> {
        Some(CardFacts {
            personal_number: self.personal_number.clone()?,
            name: self.name.clone()?,
            birth_date: self.birth().and_then(BirthDate::day),
            sex: self.stated_sex(),
            residence: self.residence.clone(),
            issue_date: self.issued(),
        })
    }

    /// The date of birth, as far as it is known.
    #[must_use]
    pub fn birth(&self) -> Option<BirthDate> {
        BirthDate::parse(&self.birth_date.as_ref()?.replace('/', ""))
    }

    /// The day of issue.
    #[must_use]
    pub fn issued(&self) -> Option<Date> {
        parse_date(&self.issue_date.as_ref()?.replace('/', ""))
    }

    /// The sex.
    #[must_use]
    pub fn stated_sex(&self) -> Option<Sex> {
        parse_sex(self.sex.as_ref()?)
    }
}

/// A number and at most one value: that is a field; the frame around the fields has more.
fn field(sequence: &[u8]) -> Option<(u8, Option<tlv::Tlv<'_>>)> {
    let mut members = tlv::objects(sequence);
    let [number] = *members.next().filter(|number| number.tag == INTEGER)?.value else {
        return None;
    };
    let value = members.next();
    if members.next().is_some() || value.is_some_and(|value| value.tag == SET) {
        return None;
    }
    Some((number, value))
}

fn text(value: tlv::Tlv<'_>) -> Option<String> {
    if !TEXTS.contains(&value.tag) {
        return None;
    }
    let text: String = str::from_utf8(value.value).ok()?.trim().nfc().collect();
    (!text.is_empty()).then_some(text)
}

/// One text, or those of a sequence.
fn texts(value: tlv::Tlv<'_>) -> Vec<String> {
    match text(value) {
        Some(text) => vec![text],
        None if value.tag == SEQUENCE => tlv::objects(value.value).filter_map(text).collect(),
        None => Vec::new(),
    }
}

impl fmt::Debug for Citizen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Citizen")
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "citizen_tests.rs"]
mod tests;
