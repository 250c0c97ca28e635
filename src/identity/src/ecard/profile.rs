//! Profiles of e-cards, from an operator's file to values.

use std::collections::BTreeMap;

use domain::Bilingual;
use serde::Deserialize;

/// How a kind of e-card is known and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What people call it.
    pub name: Bilingual,
    /// Its answer to reset, none for any byte.
    atr: Option<Vec<Option<u8>>>,
    /// The application that it has.
    pub(super) application: Option<Vec<u8>>,
    /// The file about its holder.
    pub(super) file: Vec<u8>,
    pub(super) layout: Layout,
    /// A tag, or a position from 0.
    pub(super) fields: BTreeMap<Field, u32>,
}

/// How the file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// Objects inside one with this tag.
    Tlv { inside: u32 },
    /// Parts of a text.
    Text { separator: char },
}

/// What can be taken from an e-card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Field {
    PersonalNumber,
    Name,
    BirthDate,
    Sex,
    Residence,
    IssueDate,
}

/// A profile cannot be used. Caller: name the file; the operator mends it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not TOML, an unknown or a missing key.
    #[error("the profile of an e-card is not written as it must be")]
    Syntax(#[from] toml::de::Error),
    /// A value that is no hexadecimal number of whole bytes.
    #[error("{key} must be bytes in hexadecimal, such as 3B 81")]
    NotHex {
        /// Which key.
        key: &'static str,
    },
    /// Neither `atr` nor `application` is given.
    #[error("an e-card must be known by atr, application or both")]
    KnownByNothing,
    /// The file's name is not two bytes long.
    #[error("file must be two bytes in hexadecimal, such as 0101")]
    NotAFile,
    /// The application's name is not 5 to 16 bytes long.
    #[error("application must be 5 to 16 bytes in hexadecimal")]
    NotAnApplication,
    /// A field's place is no tag or number.
    #[error("fields.{field} must be {expected}")]
    NotAPlace {
        /// Which field.
        field: String,
        /// What is expected.
        expected: &'static str,
    },
    /// Without number and name nobody is identified.
    #[error("fields must have personal-number and name")]
    NobodyNamed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Bilingual,
    atr: Option<String>,
    application: Option<String>,
    file: String,
    layout: WrittenLayout,
    fields: BTreeMap<Field, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
enum WrittenLayout {
    Tlv { inside: String },
    Text { separator: char },
}

impl Profile {
    /// Reads a profile as `config/ecards/example.toml` explains it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let written: Written = toml::from_str(text)?;
        let atr = written.atr.as_deref().map(pattern).transpose()?;
        let application =
            written.application.as_deref().map(|hex| bytes(hex, "application")).transpose()?;
        if atr.is_none() && application.is_none() {
            return Err(ProfileError::KnownByNothing);
        }
        if application.as_ref().is_some_and(|name| !(5..=16).contains(&name.len())) {
            return Err(ProfileError::NotAnApplication);
        }
        let file = bytes(&written.file, "file")?;
        if file.len() != 2 {
            return Err(ProfileError::NotAFile);
        }
        let layout = match written.layout {
            WrittenLayout::Tlv { inside } => {
                let inside = tag(&inside).ok_or(ProfileError::NotHex { key: "layout.inside" })?;
                Layout::Tlv { inside }
            }
            WrittenLayout::Text { separator } => Layout::Text { separator },
        };
        let fields = places(written.fields, &layout)?;
        Ok(Self { name: written.name, atr, application, file, layout, fields })
    }

    /// Whether a card with this answer to reset may be of this kind.
    pub(super) fn has_answer(&self, atr: &[u8]) -> bool {
        self.atr.as_ref().is_none_or(|pattern| {
            pattern.len() == atr.len()
                && pattern.iter().zip(atr).all(|(want, is)| want.is_none_or(|want| want == *is))
        })
    }
}

fn places(
    written: BTreeMap<Field, String>,
    layout: &Layout,
) -> Result<BTreeMap<Field, u32>, ProfileError> {
    let mut fields = BTreeMap::new();
    for (field, place) in written {
        let (number, expected) = match layout {
            Layout::Tlv { .. } => (tag(&place), "a tag in hexadecimal, such as 5F20"),
            Layout::Text { .. } => (place.parse().ok(), "the number of a part, from 0"),
        };
        let wrong = || ProfileError::NotAPlace { field: format!("{field:?}"), expected };
        fields.insert(field, number.ok_or_else(wrong)?);
    }
    if [Field::PersonalNumber, Field::Name].iter().any(|field| !fields.contains_key(field)) {
        return Err(ProfileError::NobodyNamed);
    }
    Ok(fields)
}

fn pattern(hex: &str) -> Result<Vec<Option<u8>>, ProfileError> {
    let wrong = ProfileError::NotHex { key: "atr" };
    let byte = |pair: &str| match pair {
        "??" => Some(None),
        pair => one(pair).map(Some),
    };
    pairs(hex).map(|pair| pair.and_then(byte)).collect::<Option<_>>().ok_or(wrong)
}

fn bytes(hex: &str, key: &'static str) -> Result<Vec<u8>, ProfileError> {
    let read: Option<Vec<u8>> = pairs(hex).map(|pair| pair.and_then(one)).collect();
    read.filter(|bytes| !bytes.is_empty()).ok_or(ProfileError::NotHex { key })
}

/// A tag of one to three bytes.
fn tag(hex: &str) -> Option<u32> {
    let bytes = bytes(hex, "tag").ok().filter(|bytes| bytes.len() <= 3)?;
    Some(bytes.iter().fold(0, |tag, byte| tag << 8 | u32::from(*byte)))
}

/// Pairs of characters, spaces left out; none for half a pair.
fn pairs(hex: &str) -> impl Iterator<Item = Option<&str>> {
    hex.split_whitespace()
        .flat_map(|word| (0..word.len()).step_by(2).map(move |at| word.get(at..at + 2)))
}

fn one(pair: &str) -> Option<u8> {
    let is_hex = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
}
