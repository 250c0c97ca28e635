//! The configuration of one province, read once.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use domain::Bilingual;
use serde::Deserialize;

/// Everything that can be set. Unknown keys are refused; `config/province.example.toml` shows
/// every key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvinceConfig {
    /// Electronic identification code of the receiving agency, such as `H40.16`: begins every
    /// dossier code.
    pub agency: AgencyCode,
    /// Name of the province or agency, for the head of the officers' pages.
    pub name: Bilingual,
    /// Where the binary listens.
    pub listen: SocketAddr,
    /// How browsers reach the officers' pages.
    #[serde(default)]
    pub reached_by: ReachedBy,
    /// Database, documents and unfinished uploads.
    pub data_dir: PathBuf,
    /// Folder of the catalogue's TOML files.
    pub catalogue_dir: PathBuf,
    /// Private keys, made by `province keygen`.
    pub keys: KeyFiles,
    /// Bounds.
    #[serde(default)]
    pub limits: Limits,
    /// Who may log in.
    #[serde(default)]
    pub officers: Vec<Officer>,
}

/// How browsers reach the officers' pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReachedBy {
    /// Through a proxy that speaks TLS: session cookies are marked `Secure`.
    #[default]
    Https,
    /// Directly, on this machine only: for the lab.
    Http,
}

/// Where the private keys are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFiles {
    /// The age identity that opens packages.
    pub opening: PathBuf,
    /// The Ed25519 key (PKCS#8 PEM) that signs receipts.
    pub receipt: PathBuf,
}

/// Bounds on what kiosks can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest sealed package in bytes.
    pub package_bytes: u64,
    /// Most uploads at once that are on their way or not verified yet.
    pub unfinished_uploads: usize,
    /// Hours after which an unfinished upload is dropped.
    pub upload_hours: u32,
    /// Packages verified at once.
    pub verifiers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            package_bytes: 512 << 20,
            unfinished_uploads: 2000,
            upload_hours: 7 * 24,
            verifiers: 2,
        }
    }
}

/// Most bytes of an officer's account.
pub(crate) const ACCOUNT_MOST: usize = 64;

/// An officer's account.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// What is typed at log-in, in any case; lower case here.
    pub account: String,
    /// Full name, as the history shows it.
    pub name: String,
    /// Argon2id hash, made by `province hash-password`.
    pub password: String,
}

impl fmt::Debug for Officer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Officer({})", self.account)
    }
}

/// An electronic identification code of an agency: a letter with two digits and up to four
/// groups of one to three digits, such as `H40.16`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AgencyCode(String);

impl AgencyCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("could not read {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML of this form.
    #[error("could not understand {path}")]
    Form {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// An account is not as it is looked for at log-in.
    #[error("account {0} must be lower case, without spaces around it, of 1 to 64 bytes")]
    AccountName(String),
    /// An account stands twice, or its password is not an Argon2 hash.
    #[error("account {0} is there twice or its password is not a hash of `province hash-password`")]
    Account(String),
}

/// A text is not an agency's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an agency code is a letter, two digits and groups of digits, such as H40.16")]
pub struct NotAnAgencyCode;

impl TryFrom<String> for AgencyCode {
    type Error = NotAnAgencyCode;

    fn try_from(text: String) -> Result<Self, NotAnAgencyCode> {
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let mut parts = text.split('.');
        let head = parts.next().unwrap_or_default();
        let head_right = head.starts_with(|c: char| c.is_ascii_uppercase())
            && head.len() == 3
            && digits(head.get(1..).unwrap_or_default(), 2);
        let groups: Vec<&str> = parts.collect();
        if head_right && groups.len() <= 4 && groups.iter().all(|group| digits(group, 3)) {
            Ok(Self(text))
        } else {
            Err(NotAnAgencyCode)
        }
    }
}

impl ProvinceConfig {
    /// Reads a file; relative paths in it start at its folder.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text).map_err(|source| ConfigError::Form {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for inside in [
            &mut config.data_dir,
            &mut config.catalogue_dir,
            &mut config.keys.opening,
            &mut config.keys.receipt,
        ] {
            *inside = folder.join(&*inside);
        }
        config.check()?;
        Ok(config)
    }

    /// Checks what types alone cannot hold.
    pub fn check(&self) -> Result<(), ConfigError> {
        for (at, officer) in self.officers.iter().enumerate() {
            let name = &officer.account;
            let looked_for = name.trim().to_lowercase();
            if name.is_empty() || name.len() > ACCOUNT_MOST || *name != looked_for {
                return Err(ConfigError::AccountName(name.clone()));
            }
            let twice = self.officers.iter().take(at).any(|o| o.account == officer.account);
            if twice || argon2::PasswordHash::new(&officer.password).is_err() {
                return Err(ConfigError::Account(officer.account.clone()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_written_as_it_is_looked_for() {
        let text = include_str!("../../../config/province.example.toml");
        let mut config: ProvinceConfig = toml::from_str(text).unwrap();
        let password = crate::password::hash("mot-cua-lien-thong").unwrap();
        for (account, right) in
            [("lan", true), ("đặng.an", true), ("Lan", false), (" lan", false), ("", false)]
        {
            let (account, name) = (account.to_owned(), "Trần Thị Lan".to_owned());
            let refused = ConfigError::AccountName(account.clone()).to_string();
            config.officers = vec![Officer { account, name, password: password.clone() }];
            let checked = config.check().map_err(|error| error.to_string());
            assert_eq!(checked, if right { Ok(()) } else { Err(refused) });
        }
    }

    #[test]
    fn only_codes_of_agencies_begin_dossier_codes() {
        for text in ["H40", "H40.16", "G09.20", "H26.105.01", "H40.1.22.333.4"] {
            assert_eq!(AgencyCode::try_from(text.to_owned()).unwrap().as_str(), text);
        }
        for text in ["", "h40.16", "H4", "H401", "H40.", "H40.1234", "H40.1.1.1.1.1", "H40-16"] {
            assert!(AgencyCode::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
