//! Keys in the forms in which configuration files hold them.
//!
//! The sealing pair is an age X25519 pair (`age1…`, `AGE-SECRET-KEY-1…`), so that the stock
//! `age` tool can seal and open packages. The receipt key is Ed25519: 32 raw bytes in base64.

use std::{fmt, str::FromStr};

use age::secrecy::ExposeSecret as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A text is not a key of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAKey {
    /// Not an age recipient.
    #[error("a sealing key begins with age1")]
    Sealing,
    /// Not an age identity.
    #[error("an opening key begins with AGE-SECRET-KEY-1")]
    Opening,
    /// Not an Ed25519 public key.
    #[error("a receipt key is 32 bytes of Ed25519 in base64")]
    Receipt,
    /// Not an Ed25519 private key.
    #[error("a receipt signing key is an Ed25519 key in PKCS#8 PEM")]
    Signing,
}

/// To whom packages are sealed: the province's public key, `age1…`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealingKey(pub(crate) age::x25519::Recipient);

impl FromStr for SealingKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        text.trim().parse().map(Self).map_err(|_: &str| NotAKey::Sealing)
    }
}

impl fmt::Display for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Opens what was sealed to its [`SealingKey`]: only the province holds one.
pub struct OpeningKey(pub(crate) age::x25519::Identity);

impl OpeningKey {
    /// Makes a new key from the system's randomness.
    #[must_use]
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// The public half.
    #[must_use]
    pub fn sealing_key(&self) -> SealingKey {
        SealingKey(self.0.to_public())
    }

    /// `AGE-SECRET-KEY-1…`, for the key file only.
    #[must_use]
    pub fn reveal(&self) -> zeroize::Zeroizing<String> {
        zeroize::Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

impl FromStr for OpeningKey {
    type Err = NotAKey;

    /// Reads an age identity file: comments and one key.
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut keys = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let key = keys.next().ok_or(NotAKey::Opening)?;
        if keys.next().is_some() {
            return Err(NotAKey::Opening);
        }
        key.parse().map(Self).map_err(|_: &str| NotAKey::Opening)
    }
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpeningKey(***)")
    }
}

/// With which receipts are verified: base64 of 32 bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptKey(pub(crate) VerifyingKey);

impl ReceiptKey {
    /// The first 16 hex digits of SHA-256 over the raw key, as receipts name it.
    #[must_use]
    pub fn id(&self) -> String {
        let mut id = hex::encode(Sha256::digest(self.0.as_bytes()));
        id.truncate(16);
        id
    }
}

impl FromStr for ReceiptKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let raw = BASE64_STANDARD.decode(text.trim()).map_err(|_| NotAKey::Receipt)?;
        let raw: [u8; 32] = raw.try_into().map_err(|_| NotAKey::Receipt)?;
        let key = VerifyingKey::from_bytes(&raw).map_err(|_| NotAKey::Receipt)?;
        if key.is_weak() { Err(NotAKey::Receipt) } else { Ok(Self(key)) }
    }
}

impl fmt::Display for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0.as_bytes()))
    }
}

macro_rules! text_form {
    ($key:ty) => {
        impl TryFrom<String> for $key {
            type Error = NotAKey;

            fn try_from(text: String) -> Result<Self, NotAKey> {
                text.parse()
            }
        }

        impl From<$key> for String {
            fn from(key: $key) -> Self {
                key.to_string()
            }
        }

        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

text_form!(SealingKey);
text_form!(ReceiptKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let opening = OpeningKey::generate();
        let again: OpeningKey =
            format!("# province\n{}\n", opening.reveal().as_str()).parse().unwrap();
        assert_eq!(again.sealing_key(), opening.sealing_key());
        let sealing = opening.sealing_key();
        assert_eq!(sealing.to_string().parse(), Ok(sealing));
    }

    #[test]
    fn what_is_no_key_is_refused_and_secrets_are_not_shown() {
        for text in ["", "age1", "AGE-SECRET-KEY-1", "AAAA", "ssh-ed25519 AAAA"] {
            assert_eq!(text.parse::<SealingKey>(), Err(NotAKey::Sealing), "{text}");
            assert!(text.parse::<OpeningKey>().is_err(), "{text}");
            assert_eq!(text.parse::<ReceiptKey>(), Err(NotAKey::Receipt), "{text}");
        }
        // The identity element: every signature would verify under it.
        let weak = BASE64_STANDARD.encode([1, 0, 0, 0, 0, 0, 0, 0].repeat(4));
        assert_eq!(weak.parse::<ReceiptKey>(), Err(NotAKey::Receipt));
        assert_eq!(format!("{:?}", OpeningKey::generate()), "OpeningKey(***)");
    }
}
