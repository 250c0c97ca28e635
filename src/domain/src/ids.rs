//! Identifiers. Each is its own type, so that one cannot stand where another is meant.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

name!(/// A group of procedures with its own ticket sequence, such as `ho-tich`.
    FieldCode);
name!(/// A national procedure code, such as `1.004873`.
    ProcedureCode);
name!(/// One kiosk of a province.
    KioskId);
name!(/// One center of a province.
    CenterId);
name!(/// A submission, named by the kiosk with 128 random bits in lower-case hex.
    SubmissionId);
name!(/// A dossier code: issued by the province, opaque to everyone else.
    DossierCode);

/// A number in a queue: the field's letter and the ordinal of the day, written `A001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketNo {
    /// Letter of the field, `A` to `Z`.
    pub letter: char,
    /// Ordinal of the day in that field, from 1.
    pub ordinal: u32,
}

/// A text is not a ticket number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a ticket number is a capital letter and three or more digits")]
pub struct NotATicketNo;

impl fmt::Display for TicketNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.letter, self.ordinal)
    }
}

impl std::str::FromStr for TicketNo {
    type Err = NotATicketNo;

    fn from_str(text: &str) -> Result<Self, NotATicketNo> {
        let mut rest = text.chars();
        let letter = rest.next().filter(char::is_ascii_uppercase).ok_or(NotATicketNo)?;
        let digits = rest.as_str();
        if digits.len() < 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotATicketNo);
        }
        let ordinal = digits.parse().map_err(|_| NotATicketNo)?;
        if ordinal == 0 { Err(NotATicketNo) } else { Ok(Self { letter, ordinal }) }
    }
}

impl Serialize for TicketNo {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TicketNo {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The number painted on a counter, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CounterNo(pub u16);

impl fmt::Display for CounterNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticket_numbers_are_read_as_they_are_written() {
        for text in ["A001", "B042", "Z999", "C1000"] {
            assert_eq!(text.parse::<TicketNo>().unwrap().to_string(), text);
        }
        for text in ["", "A", "A01", "a001", "A000", "A0x1", "ÁB001", "A99999999999"] {
            assert_eq!(text.parse::<TicketNo>(), Err(NotATicketNo), "{text}");
        }
    }
}
