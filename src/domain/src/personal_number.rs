//! The 12-digit personal number (số định danh cá nhân), Decree 70/2024.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// Twelve digits: birth-registration province (3), century and sex (1), year (2), random (6).
/// There is no check digit. Kept as text, since leading zeros matter; masked when shown.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Zeroize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalNumber(String);

/// A text is not a personal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a personal number has exactly 12 digits")]
pub struct NotAPersonalNumber;

impl PersonalNumber {
    /// Takes exactly twelve ASCII digits.
    pub fn parse(text: &str) -> Result<Self, NotAPersonalNumber> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAPersonalNumber)
        }
    }

    /// All twelve digits: only for the sealed dossier and for asking the chip.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// What may stand on a screen, a slip or in a list: `001******001`.
    #[must_use]
    pub fn masked(&self) -> String {
        let head: String = self.0.chars().take(3).collect();
        let tail: String = self.0.chars().skip(9).collect();
        format!("{head}******{tail}")
    }

    /// The last four digits, the second factor of a look-up.
    #[must_use]
    pub fn last_four(&self) -> String {
        self.0.chars().skip(8).collect()
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for PersonalNumber {
    type Error = NotAPersonalNumber;

    fn try_from(text: String) -> Result<Self, NotAPersonalNumber> {
        Self::parse(&text)
    }
}

impl From<PersonalNumber> for String {
    fn from(number: PersonalNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_twelve_ascii_digits_are_a_personal_number() {
        assert!(PersonalNumber::parse("001099000001").is_ok());
        for text in ["", "00109900000", "0010990000011", "00109900000a", "00109900000１"] {
            assert_eq!(PersonalNumber::parse(text), Err(NotAPersonalNumber), "{text}");
        }
    }

    #[test]
    fn showing_a_personal_number_hides_its_middle() {
        let number = PersonalNumber::parse("079185000002").unwrap();
        assert_eq!(format!("{number:?} {}", number.last_four()), "079******002 0002");
    }
}
