//! The headers of tus 1.0, read and written; pure, and shared with the province.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::header::HeaderMap;

/// What a server offers beyond the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offer {
    /// Takes SHA-256 checksums.
    pub sha256: bool,
}

impl Offer {
    /// Reads the answer to `OPTIONS`.
    #[must_use]
    pub fn read(headers: &HeaderMap) -> Self {
        let lists = |name: &str, wanted: &str| {
            headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .any(|word| word.trim().eq_ignore_ascii_case(wanted))
        };
        Self {
            sha256: lists("tus-extension", "checksum") && lists("tus-checksum-algorithm", "sha256"),
        }
    }
}

/// A decimal header, when it is there once and is one.
#[must_use]
pub fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let mut values = headers.get_all(name).iter();
    let text = values.next()?.to_str().ok()?;
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if plain && values.next().is_none() { text.parse().ok() } else { None }
}

/// A checksum as `Upload-Checksum` carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// Name of the algorithm, lower case.
    pub algorithm: String,
    /// The digest.
    pub digest: Vec<u8>,
}

impl Checksum {
    /// Reads `sha256 <base64>`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (algorithm, digest) = text.split_once(' ')?;
        let named = !algorithm.is_empty() && algorithm.bytes().all(|b| b.is_ascii_alphanumeric());
        let digest = BASE64_STANDARD.decode(digest.trim()).ok()?;
        named.then(|| Self { algorithm: algorithm.to_ascii_lowercase(), digest })
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.algorithm, BASE64_STANDARD.encode(&self.digest))
    }
}

/// `Upload-Metadata` of key and value pairs.
#[must_use]
pub fn write_metadata(pairs: &[(&str, &str)]) -> String {
    let words: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key} {}", BASE64_STANDARD.encode(value)))
        .collect();
    words.join(",")
}

/// Reads `Upload-Metadata`: keys with text values; a key alone has an empty value. `None` when
/// a key stands twice or a value is neither base64 nor UTF-8.
#[must_use]
pub fn read_metadata(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let (key, value) = word.split_once(' ').unwrap_or((word, ""));
        let value = String::from_utf8(BASE64_STANDARD.decode(value.trim()).ok()?).ok()?;
        if pairs.iter().any(|(known, _)| known == key) {
            return None;
        }
        pairs.push((key.to_owned(), value));
    }
    Some(pairs)
}

#[cfg(test)]
#[path = "tus_tests.rs"]
mod tests;
