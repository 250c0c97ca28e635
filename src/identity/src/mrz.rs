//! The machine-readable lines of an ID card (ICAO 9303-5, size TD1: three lines of thirty).

use std::fmt;

use domain::{CardFacts, PersonalNumber, Sex};
use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{BirthDate, PersonalNumberFacts};

const LINE: usize = 30;

/// The lines of a card, with right check digits. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Mrz {
    document_number: String,
    personal_number: Option<PersonalNumber>,
    birth: MrzDate,
    #[zeroize(skip)]
    sex: Option<Sex>,
    expiry: MrzDate,
    name: String,
}

/// A date of the lines: six digits without a century, or filler where a part is not known.
#[derive(Clone, Copy, PartialEq, Eq, Zeroize)]
pub struct MrzDate([u8; 6]);

/// Why bytes are no lines of an ID card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MrzError {
    /// Not ninety characters of the alphabet of such lines.
    #[error("not three lines of thirty characters")]
    NotTd1,
    /// A check digit disagrees: misread or forged.
    #[error("a check digit of the machine-readable lines is wrong")]
    CheckDigit,
}

impl Mrz {
    /// Reads three lines of thirty, with or without ends of lines between them.
    pub fn parse(bytes: &[u8]) -> Result<Self, MrzError> {
        let text: Vec<u8> =
            bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        let is_mrz =
            |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'<';
        let text: &[u8; 3 * LINE] = text.as_slice().try_into().map_err(|_| MrzError::NotTd1)?;
        if !text.iter().all(is_mrz) {
            return Err(MrzError::NotTd1);
        }
        let text = str::from_utf8(text).map_err(|_| MrzError::NotTd1)?;
        let (first, rest) = text.split_at(LINE);
        let (second, third) = rest.split_at(LINE);
        check_digits(first, second)?;
        Self::of_lines(first, second, third).ok_or(MrzError::NotTd1)
    }

    fn of_lines(first: &str, second: &str, third: &str) -> Option<Self> {
        Some(Self {
            document_number: first.get(5..14)?.trim_end_matches('<').to_owned(),
            // The document number is only its last nine digits; the whole stands in the field
            // that ICAO leaves to the issuer.
            personal_number: PersonalNumber::parse(first.get(15..27)?).ok(),
            birth: MrzDate(second.as_bytes().get(..6)?.try_into().ok()?),
            sex: match second.as_bytes().get(7)? {
                b'M' => Some(Sex::Male),
                b'F' => Some(Sex::Female),
                _ => None,
            },
            expiry: MrzDate(second.as_bytes().get(8..14)?.try_into().ok()?),
            name: name_of(third),
        })
    }

    /// The document number without filler.
    #[must_use]
    pub fn document_number(&self) -> &str {
        &self.document_number
    }

    /// The personal number; none on a card that is not Vietnamese.
    #[must_use]
    pub fn personal_number(&self) -> Option<&PersonalNumber> {
        self.personal_number.as_ref()
    }

    /// The date of birth.
    #[must_use]
    pub fn birth(&self) -> MrzDate {
        self.birth
    }

    /// The sex, where the card states one.
    #[must_use]
    pub fn sex(&self) -> Option<Sex> {
        self.sex
    }

    /// The day of expiry; 31/12/99 on cards without one.
    #[must_use]
    pub fn expiry(&self) -> MrzDate {
        self.expiry
    }

    /// The name without tones: `NGUYEN VAN AN`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The facts as the rest of the kiosk knows them. The century of birth is the personal
    /// number's.
    #[must_use]
    pub fn facts(&self) -> Option<CardFacts> {
        let number = self.personal_number.clone()?;
        let year = PersonalNumberFacts::of(&number).birth_year;
        Some(CardFacts {
            birth_date: self.birth.in_century_of(year).and_then(BirthDate::day),
            personal_number: number,
            name: self.name.clone(),
            sex: self.sex,
            residence: None,
            issue_date: None,
        })
    }
}

impl MrzDate {
    /// The six characters.
    #[must_use]
    pub fn digits(&self) -> &[u8; 6] {
        &self.0
    }

    /// The date in the century of `year`; only the year where day or month are not known.
    #[must_use]
    pub fn in_century_of(self, year: i16) -> Option<BirthDate> {
        let text = str::from_utf8(&self.0).ok()?;
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i8>().ok();
        let year = year - year.rem_euclid(100) + i16::from(number(0..2)?);
        match (number(2..4), number(4..6)) {
            (Some(month), Some(day)) if month > 0 => {
                Date::new(year, month, day).ok().map(BirthDate::Day)
            }
            _ => Some(BirthDate::Year(year)),
        }
    }
}

/// The check digit of a field (ICAO 9303-3, 4.9), as a digit.
pub(crate) fn check_digit(field: &[u8]) -> u8 {
    let sum: u32 = field
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(byte, weight)| u32::from(value(*byte)) * weight)
        .sum();
    b'0' + u8::try_from(sum % 10).unwrap_or_default()
}

fn value(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        _ => 0,
    }
}

/// Checks number, birth, expiry and the digit over all of them. The digit at the end of the first
/// line is a habit of the issuer inside a free field and is let be.
fn check_digits(first: &str, second: &str) -> Result<(), MrzError> {
    let (first, second) = (first.as_bytes(), second.as_bytes());
    let piece = |line: &[u8], from: usize, to: usize| {
        line.get(from..to).map(<[u8]>::to_vec).unwrap_or_default()
    };
    let all =
        [piece(first, 5, 30), piece(second, 0, 7), piece(second, 8, 15), piece(second, 18, 29)]
            .concat();
    let checked = [
        (piece(first, 5, 14), first.get(14)),
        (piece(second, 0, 6), second.get(6)),
        (piece(second, 8, 14), second.get(14)),
        (all, second.get(29)),
    ];
    let is_right = |(field, digit): &(Vec<u8>, Option<&u8>)| {
        digit.is_some_and(|digit| check_digit(field) == *digit)
    };
    checked.iter().all(is_right).then_some(()).ok_or(MrzError::CheckDigit)
}

/// `NGUYEN<<VAN<AN<<<` to `NGUYEN VAN AN`.
fn name_of(line: &str) -> String {
    let parts: Vec<&str> = line.split('<').filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mrz")
            .field("personal_number", &self.personal_number)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MrzDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AN: &str = "IDVNM0990000017001099000001<<8\n\
                      9901155M3901153VNM<<<<<<<<<<<0\n\
                      NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<";
    const BINH: &str = "IDVNM1850000028079185000002<<8\
                        8507033F4507035VNM<<<<<<<<<<<0\
                        TRAN<<THI<BINH<<<<<<<<<<<<<<<<";

    #[test]
    fn the_lines_say_number_name_sex_and_dates() {
        let an = Mrz::parse(AN.as_bytes()).unwrap();
        assert_eq!((an.document_number(), an.name()), ("099000001", "NGUYEN VAN AN"));
        assert_eq!(an.personal_number().unwrap().digits(), "001099000001");
        let facts = an.facts().unwrap();
        assert_eq!(facts.birth_date, Some(Date::constant(1999, 1, 15)));
        assert_eq!(facts.sex, Some(Sex::Male));
        let binh = Mrz::parse(BINH.as_bytes()).unwrap().facts().unwrap();
        assert_eq!((binh.name.as_str(), binh.sex), ("TRAN THI BINH", Some(Sex::Female)));
        assert_eq!(binh.birth_date, Some(Date::constant(1985, 7, 3)));
    }

    #[test]
    fn each_digit_that_is_checked_counts() {
        let lines = AN.replace('\n', "");
        // Number, its digit, the free field; birth, expiry, their digits; the digit over all.
        for at in (5..15).chain(15..30).chain(30..37).chain(38..45).chain([59]) {
            let mut changed = lines.clone().into_bytes();
            changed[at] = if changed[at] == b'<' { b'1' } else { b'<' };
            if changed[at] == b'<' && lines.as_bytes()[at] == b'0' {
                changed[at] = b'4'; // filler counts as zero
            }
            assert_eq!(Mrz::parse(&changed), Err(MrzError::CheckDigit), "at {at}");
        }
    }

    #[test]
    fn what_has_another_form_is_no_card() {
        for text in ["", "IDVNM", &AN.to_lowercase(), &format!("{AN}<"), &AN.replace('7', "é")] {
            assert_eq!(Mrz::parse(text.as_bytes()), Err(MrzError::NotTd1), "{text}");
        }
    }

    #[test]
    fn a_date_may_lack_day_and_month() {
        let date = |digits: &[u8; 6]| MrzDate(*digits).in_century_of(1985);
        assert_eq!(date(b"850703"), Some(BirthDate::Day(Date::constant(1985, 7, 3))));
        assert_eq!(date(b"85<<<<"), Some(BirthDate::Year(1985)));
        assert_eq!(date(b"850000"), Some(BirthDate::Year(1985)));
        assert_eq!(date(b"850231"), None);
        assert_eq!(date(b"<<<<<<"), None);
    }

    #[test]
    fn nothing_of_the_lines_is_shown() {
        let shown = format!("{:?}", Mrz::parse(AN.as_bytes()).unwrap());
        assert!(!shown.contains("NGUYEN") && !shown.contains("990115"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_letters_are_borne(text in "[A-Z0-9<]{90}", noise in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Mrz::parse(text.as_bytes());
            let _ = Mrz::parse(&noise);
        }

        #[test]
        fn any_date_is_borne(digits in prop::array::uniform6(any::<u8>()), year in 0_i16..9000) {
            let _ = MrzDate(digits).in_century_of(year);
        }
    }
}
