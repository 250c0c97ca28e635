//! What a personal number states about its holder, and the numbers that came before it.

use std::fmt;

use domain::{PersonalNumber, Sex};

use crate::provinces::birth_province;

/// What the first six digits of a personal number state. None of it may turn a citizen away:
/// whoever had sex or date of birth corrected may hold an odd number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PersonalNumberFacts {
    /// The province where the birth was registered; none for births abroad.
    pub birth_province: Option<&'static str>,
    /// The sex.
    pub sex: Sex,
    /// The year of birth, 1900 to 2399.
    pub birth_year: i16,
}

impl PersonalNumberFacts {
    /// Reads the number.
    #[must_use]
    pub fn of(number: &PersonalNumber) -> Self {
        let digits = number.digits();
        let digit = |at: usize| digits.as_bytes().get(at).map_or(0, |b| b.saturating_sub(b'0'));
        let (century, tens, ones) = (i16::from(digit(3) / 2), digit(4), digit(5));
        Self {
            birth_province: digits.get(..3).and_then(birth_province),
            sex: if digit(3) % 2 == 0 { Sex::Male } else { Sex::Female },
            birth_year: 1900 + century * 100 + i16::from(tens) * 10 + i16::from(ones),
        }
    }
}

/// A number of the citizen before the personal number: nine digits, or twelve of the first
/// machine-readable cards. `Debug` is masked.
#[derive(Clone, PartialEq, Eq)]
pub struct FormerNumber(String);

impl FormerNumber {
    /// Accepts nine or twelve ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (is_digits(text, 9) || is_digits(text, 12)).then(|| Self(text.to_owned()))
    }

    /// All digits. Personal data.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FormerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Whether `text` is exactly `length` ASCII digits.
pub(crate) fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_states_province_sex_and_year() {
        let cases = [
            ("001099000001", Some("Hà Nội"), Sex::Male, 1999),
            ("079185000002", Some("Thành phố Hồ Chí Minh"), Sex::Female, 1985),
            ("066204000003", Some("Đắk Lắk"), Sex::Male, 2004),
            ("001324000004", Some("Hà Nội"), Sex::Female, 2024),
            ("200901000005", None, Sex::Female, 2301),
        ];
        for (text, province, sex, year) in cases {
            let facts = PersonalNumberFacts::of(&PersonalNumber::parse(text).unwrap());
            assert_eq!(facts.birth_province, province, "{text}");
            assert_eq!((facts.sex, facts.birth_year), (sex, year), "{text}");
        }
    }

    #[test]
    fn a_former_number_has_nine_or_twelve_digits_and_stays_hidden() {
        for (text, right) in [
            ("012345678", true),
            ("001099000001", true),
            ("", false),
            ("0123456789", false),
            ("01234567x", false),
        ] {
            assert_eq!(FormerNumber::parse(text).is_some(), right, "{text}");
        }
        assert_eq!(format!("{:?}", FormerNumber::parse("012345678").unwrap()), "***");
    }
}
