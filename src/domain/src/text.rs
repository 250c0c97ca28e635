//! Words in two languages, and Vietnamese text made comparable.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese, with which every visit begins.
    #[default]
    Vi,
    /// English.
    En,
}

/// The same words in Vietnamese and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Vietnamese, NFC.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Pairs the two wordings.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The wording in `language`.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

/// A text that opens something, such as what a slip's code says: never shown in logs.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Concealed(pub String);

impl std::fmt::Debug for Concealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl std::ops::Deref for Concealed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Concealed {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Concealed {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Normal form C: how Vietnamese is kept everywhere inside motcua.
#[must_use]
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Letters without tones and marks, lower case, `đ` as `d`, runs of white space as one space:
/// what two wordings have in common when a citizen types without tones.
///
/// ```
/// assert_eq!(domain::text::fold("  Đăng ký  KẾT HÔN "), "dang ky ket hon");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
        for letter in letters.flat_map(char::to_lowercase) {
            folded.push(if letter == 'đ' { 'd' } else { letter });
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_tones_whether_they_came_composed_or_not() {
        for (text, expected) in [
            ("Nguyễn Thị Ánh", "nguyen thi anh"),
            ("Nguye\u{302}\u{303}n", "nguyen"),
            ("Đ\u{111}", "dd"),
            ("Quầy\tsố 5", "quay so 5"),
            ("", ""),
        ] {
            assert_eq!(fold(text), expected);
        }
    }
}
