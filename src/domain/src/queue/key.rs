//! Names of wishes and of tickets: random, so that nobody can guess a neighbour's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names one wish for a number: 32 lower-case hex digits, drawn by the kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestKey(String);

/// Names one ticket in addresses: 10 letters and digits, drawn by the center.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketId(String);

/// A text is not such a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {0}")]
pub struct NotAKey(&'static str);

impl RequestKey {
    /// Takes exactly 32 lower-case hex digits.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 32 && digits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAKey("request key"))
        }
    }
}

impl TicketId {
    /// Digits and lower-case letters without `i l o u`, which are misread or misheard.
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// The name made of ten random bytes: 50 bits of them.
    #[must_use]
    pub fn from_random(bytes: [u8; 10]) -> Self {
        let letter = |byte: u8| Self::ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'0');
        Self(bytes.into_iter().map(|byte| char::from(letter(byte))).collect())
    }

    /// Takes exactly ten letters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let letters = text.bytes().all(|b| Self::ALPHABET.contains(&b));
        if text.len() == 10 && letters {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAKey("ticket name"))
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RequestKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        Self::parse(&text)
    }
}

impl From<RequestKey> for String {
    fn from(key: RequestKey) -> Self {
        key.0
    }
}

impl TryFrom<String> for TicketId {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        Self::parse(&text)
    }
}

impl From<TicketId> for String {
    fn from(id: TicketId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_key_is_32_lower_case_hex_digits() {
        assert!(RequestKey::parse("0123456789abcdef0123456789abcdef").is_ok());
        for text in
            ["", "0123", "0123456789ABCDEF0123456789ABCDEF", "g123456789abcdef0123456789abcdef"]
        {
            assert!(RequestKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn random_bytes_make_a_well_formed_ticket_name() {
        let id = TicketId::from_random([0, 31, 32, 63, 255, 1, 2, 3, 4, 5]);
        assert_eq!(id.as_str(), "0z0zz12345");
        assert_eq!(TicketId::parse(id.as_str()), Ok(id));
        for text in ["", "0z0zz1234", "0z0zz1234I", "0z0zz1234/", "0z0zz123456"] {
            assert!(TicketId::parse(text).is_err(), "{text}");
        }
    }
}
