//! The text in an ID card's code: seven fields, or eleven on cards issued since 1 July 2024.
//!
//! Fields are separated by `|`, with no header, escaping, checksum or signature. What the text
//! says is therefore a claim; the parser is tolerant in form and strict in sense.

use std::fmt;

use domain::{CardFacts, PersonalNumber, Sex};
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use crate::birth_date::parse_date;
use crate::{BirthDate, FormerNumber, PersonalNumberFacts};

const MAX_BYTES: usize = 1024;
const MIN_FIELDS: usize = 7;

/// What an ID card's code says. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct IdCardCode {
    /// The personal number.
    pub personal_number: PersonalNumber,
    /// The number of the old card, if there was one.
    pub former_number: Option<FormerNumber>,
    /// The full name, NFC, as the card writes it.
    pub name: String,
    /// The date or year of birth.
    pub birth_date: BirthDate,
    /// The sex.
    pub sex: Sex,
    /// The place of residence as one text, possibly with districts and provinces that are no
    /// more. May be empty.
    pub residence: String,
    /// The day the card was issued.
    pub issue_date: Date,
    // Cancelled numbers and parents' names, whose order nobody has published: kept so that a
    // code can be compared with another, never shown.
    extra: Vec<String>,
}

/// The fields that survive a reader which spoils Vietnamese letters. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct IdCardDigits {
    /// The personal number.
    pub personal_number: PersonalNumber,
    /// The date or year of birth.
    pub birth_date: BirthDate,
    /// The day the card was issued.
    pub issue_date: Date,
}

/// A field of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdCardField {
    /// The number of the old card.
    FormerNumber,
    /// The full name.
    Name,
    /// The date of birth.
    BirthDate,
    /// The sex.
    Sex,
    /// The day of issue.
    IssueDate,
}

/// Why a code is no usable ID card; named by what can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdCardError {
    /// Not an ID card at all. Caller: classify it otherwise.
    #[error("the code is not that of an ID card")]
    NotAnIdCard,
    /// Cut or misread. Caller: have the card presented again, or typed.
    #[error("the ID card's code has a wrong {0:?}")]
    WrongField(IdCardField),
    /// Fields are missing. Caller: as above.
    #[error("the ID card's code is cut short")]
    Short,
    /// Longer than any card's code.
    #[error("the code is too long for an ID card")]
    TooLong,
    /// Birth after issue, or issue after today. Caller: check the kiosk's clock, else the counter.
    #[error("the dates of the ID card are out of order")]
    DatesOutOfOrder,
    /// The reader spoilt the letters. Caller: use the digits, have the name typed.
    #[error("the reader spoilt the letters of the ID card")]
    Garbled(IdCardDigits),
}

/// Something odd that is no reason to turn a citizen away: people whose sex or date of birth was
/// corrected may hold such numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdCardWarning {
    /// The number's first three digits name no Vietnamese province (a birth abroad, or a slip).
    UnknownProvince,
    /// The number states the other sex.
    SexDisagrees,
    /// The number states another year or century of birth.
    BirthYearDisagrees,
}

/// Parses an ID card's code as it came from a reader.
pub fn parse_id_card(bytes: &[u8], today: Date) -> Result<IdCardCode, IdCardError> {
    if bytes.len() > MAX_BYTES {
        return Err(IdCardError::TooLong);
    }
    let bytes = trimmed(bytes);
    if !looks_like_id_card(bytes) {
        return Err(IdCardError::NotAnIdCard);
    }
    let raw: Vec<&[u8]> = bytes.split(|byte| *byte == b'|').collect();
    if raw.len() < MIN_FIELDS {
        return Err(IdCardError::Short);
    }
    let digits = parse_digits(&raw, today)?;
    let Ok(text) = str::from_utf8(bytes) else {
        return Err(IdCardError::Garbled(digits));
    };
    let text: String = text.nfc().collect();
    let mut fields = text.split('|').map(str::trim).skip(1);
    let mut next = || fields.next().unwrap_or_default();
    let (former, name, _, sex, residence, _) = (next(), next(), next(), next(), next(), next());
    if [name, sex, residence].into_iter().any(is_garbled) {
        return Err(IdCardError::Garbled(digits));
    }
    Ok(IdCardCode {
        former_number: parse_former_number(former)?,
        name: parse_name(name)?,
        sex: parse_sex(sex).ok_or(IdCardError::WrongField(IdCardField::Sex))?,
        residence: residence.to_owned(),
        personal_number: digits.personal_number,
        birth_date: digits.birth_date,
        issue_date: digits.issue_date,
        extra: fields.map(str::to_owned).collect(),
    })
}

/// Whether this can only be meant as an ID card: twelve digits, then a bar.
pub(crate) fn looks_like_id_card(bytes: &[u8]) -> bool {
    let bytes = trimmed(bytes);
    bytes.get(..12).is_some_and(|number| number.iter().all(u8::is_ascii_digit))
        && bytes.get(12) == Some(&b'|')
}

/// Without byte-order mark and what readers put at the ends.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'\0');
    let start = bytes.iter().position(|byte| !is_end(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_end(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

fn parse_digits(raw: &[&[u8]], today: Date) -> Result<IdCardDigits, IdCardError> {
    let field = |at: usize| {
        raw.get(at).and_then(|field| str::from_utf8(field).ok()).map(str::trim).unwrap_or_default()
    };
    let personal_number = PersonalNumber::parse(field(0)).map_err(|_| IdCardError::NotAnIdCard)?;
    let birth_date =
        BirthDate::parse(field(3)).ok_or(IdCardError::WrongField(IdCardField::BirthDate))?;
    let issue_date = parse_date(field(6)).ok_or(IdCardError::WrongField(IdCardField::IssueDate))?;
    if birth_date.is_after(issue_date) || issue_date > today {
        return Err(IdCardError::DatesOutOfOrder);
    }
    Ok(IdCardDigits { personal_number, birth_date, issue_date })
}

/// Signs of a reader that guessed the letters: replacement characters, question marks, and the
/// control characters that UTF-8 read as Latin-1 leaves behind.
fn is_garbled(text: &str) -> bool {
    text.chars().any(|c| c == '?' || c == char::REPLACEMENT_CHARACTER || c.is_control())
}

fn parse_former_number(text: &str) -> Result<Option<FormerNumber>, IdCardError> {
    if text.is_empty() {
        return Ok(None);
    }
    FormerNumber::parse(text).map(Some).ok_or(IdCardError::WrongField(IdCardField::FormerNumber))
}

fn parse_name(text: &str) -> Result<String, IdCardError> {
    let is_name =
        text.chars().any(char::is_alphabetic) && !text.chars().any(|c| c.is_ascii_digit());
    is_name.then(|| text.to_owned()).ok_or(IdCardError::WrongField(IdCardField::Name))
}

pub(crate) fn parse_sex(text: &str) -> Option<Sex> {
    match text.to_lowercase().as_str() {
        "nam" => Some(Sex::Male),
        "nữ" => Some(Sex::Female),
        _ => None,
    }
}

impl IdCardCode {
    /// What is odd about the number, if anything.
    #[must_use]
    pub fn warnings(&self) -> Vec<IdCardWarning> {
        let stated = PersonalNumberFacts::of(&self.personal_number);
        let odd = [
            (stated.birth_province.is_none(), IdCardWarning::UnknownProvince),
            (stated.sex != self.sex, IdCardWarning::SexDisagrees),
            (stated.birth_year != self.birth_date.year(), IdCardWarning::BirthYearDisagrees),
        ];
        odd.into_iter().filter_map(|(is_odd, warning)| is_odd.then_some(warning)).collect()
    }

    /// The facts as the rest of the kiosk knows them.
    #[must_use]
    pub fn facts(&self) -> CardFacts {
        CardFacts {
            personal_number: self.personal_number.clone(),
            name: self.name.clone(),
            birth_date: self.birth_date.day(),
            sex: Some(self.sex),
            residence: (!self.residence.is_empty()).then(|| self.residence.clone()),
            issue_date: Some(self.issue_date),
        }
    }

    /// How many fields came after the seventh.
    #[must_use]
    pub fn extra_fields(&self) -> usize {
        self.extra.len()
    }
}

impl fmt::Debug for IdCardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdCardCode")
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for IdCardDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdCardDigits")
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "id_card_tests.rs"]
mod tests;
