//! What opens a chip: something that only who holds the card can read off it.

use std::fmt;

use domain::PersonalNumber;
use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::mrz::Mrz;

/// What opens a chip.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Access {
    /// The card access number; enough for chips that speak PACE.
    Can(Can),
    /// What the machine-readable lines say; also opens chips that know only the older BAC.
    Mrz(MrzKey),
}

/// The card access number. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Can([u8; Can::DIGITS]);

/// The part of the machine-readable lines that opens a chip. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MrzKey {
    // Document number, birth and expiry, each with its check digit (ICAO 9303-11, 4.3.2).
    information: Vec<u8>,
}

impl Can {
    const DIGITS: usize = 6;

    /// Takes six ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; Self::DIGITS] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// Vietnamese cards print no access number of their own: it is the last six digits of the
    /// personal number, so the printed code is enough to open the chip.
    #[must_use]
    pub fn of(number: &PersonalNumber) -> Option<Self> {
        Self::parse(number.digits().get(6..)?)
    }

    pub(super) fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl MrzKey {
    /// From the lines themselves.
    #[must_use]
    pub fn of_mrz(mrz: &Mrz) -> Self {
        Self::of_fields(mrz.document_number(), mrz.birth().digits(), mrz.expiry().digits())
    }

    /// From what is printed on a Vietnamese card: its document number is the last nine digits of
    /// the personal number; a card without expiry carries 31/12/2099 there.
    #[must_use]
    pub fn of_card(number: &PersonalNumber, birth: Date, expiry: Date) -> Self {
        let document = number.digits().get(3..).unwrap_or_default();
        Self::of_fields(document, &six_digits(birth), &six_digits(expiry))
    }

    #[cfg(test)]
    pub(super) fn of_printed(document: &str, birth: &str, expiry: &str) -> Self {
        let six = |date: &str| date.as_bytes().try_into().unwrap();
        Self::of_fields(document, &six(birth), &six(expiry))
    }

    fn of_fields(document: &str, birth: &[u8; 6], expiry: &[u8; 6]) -> Self {
        let mut information = Vec::with_capacity(24);
        let document = format!("{document:<<9}");
        for field in [document.as_bytes(), birth.as_slice(), expiry.as_slice()] {
            information.extend_from_slice(field);
            information.push(crate::mrz::check_digit(field));
        }
        Self { information }
    }

    pub(super) fn information(&self) -> &[u8] {
        &self.information
    }
}

fn six_digits(date: Date) -> [u8; 6] {
    let pair = |number: u8| [b'0' + number / 10 % 10, b'0' + number % 10];
    let year = u8::try_from(date.year().rem_euclid(100)).unwrap_or_default();
    let month = u8::try_from(date.month()).unwrap_or_default();
    let day = u8::try_from(date.day()).unwrap_or_default();
    let [[a, b], [c, d], [e, f]] = [pair(year), pair(month), pair(day)];
    [a, b, c, d, e, f]
}

impl fmt::Debug for Can {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for MrzKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> PersonalNumber {
        PersonalNumber::parse("001099000001").unwrap()
    }

    #[test]
    fn the_access_number_ends_the_personal_number() {
        assert_eq!(Can::of(&number()).unwrap().digits(), b"000001");
        for text in ["", "12345", "1234567", "12345x", "١٢٣"] {
            assert_eq!(Can::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_printed_dates_and_number_make_the_key_of_the_lines() {
        let key =
            MrzKey::of_card(&number(), Date::constant(1999, 1, 15), Date::constant(2039, 1, 15));
        assert_eq!(key.information(), b"099000001799011553901153");
    }

    #[test]
    fn keys_stay_hidden() {
        let access = Access::Can(Can::of(&number()).unwrap());
        assert_eq!(format!("{access:?}"), "Can(***)");
    }
}
