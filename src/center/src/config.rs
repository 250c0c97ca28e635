//! One center, as its operator describes it.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt, net::SocketAddr, path::PathBuf};

use domain::{Bilingual, CenterId, CounterNo, FieldCode, catalogue::Field};
use serde::{Deserialize, Serialize};

/// One center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CenterConfig {
    /// The center, as the province names it.
    pub id: CenterId,
    /// What its boards say on top.
    pub name: Bilingual,
    /// Where the `center` program listens.
    pub listen: SocketAddr,
    /// Where daybooks are kept; on a local disk, writable by this program alone.
    pub data_dir: PathBuf,
    /// How phones reach this center, such as `https://motcua.example.vn`. Without it the code on
    /// a ticket names the ticket only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// How officers' browsers reach the console.
    #[serde(default)]
    pub console: CookieTransport,
    /// The fields offered, in the order of the screen.
    pub fields: Vec<Field>,
    /// The counters.
    pub counters: Vec<Counter>,
    /// The officers.
    #[serde(default)]
    pub officers: Vec<Officer>,
}

/// How officers' browsers reach the console: decides whether the session cookie is `Secure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CookieTransport {
    /// Plain HTTP in the hall's own network.
    #[default]
    Http,
    /// HTTPS, ended by a proxy in front of this program.
    Https,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// The number painted on it.
    pub number: CounterNo,
    /// Its name.
    pub name: Bilingual,
    /// The fields it serves.
    pub fields: Vec<FieldCode>,
}

/// One officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Log-in name.
    pub login: String,
    /// Argon2 hash of the password, made by `center hash-password`.
    pub password: PasswordHash,
    /// The counter at which the officer sits.
    pub counter: CounterNo,
}

/// An argon2 hash in PHC form; never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

impl PasswordHash {
    fn is_usable(&self) -> bool {
        argon2::PasswordHash::new(&self.0).is_ok_and(|hash| {
            argon2::Algorithm::try_from(hash.algorithm).is_ok()
                && argon2::Params::try_from(&hash).is_ok()
                && hash.hash.is_some()
        })
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Not TOML, or not of this shape.
    #[error("it is not a center configuration: {0}")]
    Shape(String),
    /// Nothing to offer.
    #[error("it offers no field")]
    NoField,
    /// A field's letter is not `A` to `Z`.
    #[error("field {0}: the letter must be A to Z")]
    Letter(FieldCode),
    /// Two fields share a code or a letter.
    #[error("field {0}: another field has the same code or letter")]
    SameField(FieldCode),
    /// Two counters share a number.
    #[error("counter {0} comes twice")]
    SameCounter(CounterNo),
    /// A counter serves a field that is not offered.
    #[error("counter {counter} serves field {field}, which is not offered")]
    UnknownField {
        /// The counter.
        counter: CounterNo,
        /// The field.
        field: FieldCode,
    },
    /// A field no counter serves: its citizens would wait for ever.
    #[error("no counter serves field {0}")]
    Unserved(FieldCode),
    /// Two officers share a log-in name, or it is empty.
    #[error("officer {0}: log-in names must be present and distinct")]
    Login(String),
    /// An officer sits at no known counter.
    #[error("officer {0} sits at a counter that does not exist")]
    NoCounter(String),
    /// A password hash cannot be used.
    #[error("officer {0}: the password must be an argon2 hash made by `center hash-password`")]
    Password(String),
    /// The public address is no base for ticket pages.
    #[error("public_url must begin with http:// or https:// and have no query")]
    PublicUrl,
}

impl CenterConfig {
    /// Reads and checks a configuration file's text.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|error| ConfigError::Shape(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    /// Whether the parts fit together.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.check_fields()?;
        self.check_counters()?;
        self.check_officers()?;
        match &self.public_url {
            Some(url) if !is_base(url) => Err(ConfigError::PublicUrl),
            Some(_) | None => Ok(()),
        }
    }

    /// The counter with this number.
    #[must_use]
    pub fn counter(&self, number: CounterNo) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.number == number)
    }

    /// The field with this code.
    #[must_use]
    pub fn field(&self, code: &FieldCode) -> Option<&Field> {
        self.fields.iter().find(|field| field.code == *code)
    }

    fn check_fields(&self) -> Result<(), ConfigError> {
        if self.fields.is_empty() {
            return Err(ConfigError::NoField);
        }
        let (mut codes, mut letters) = (BTreeSet::new(), BTreeSet::new());
        for field in &self.fields {
            if !field.letter.is_ascii_uppercase() {
                return Err(ConfigError::Letter(field.code.clone()));
            }
            if !codes.insert(&field.code) || !letters.insert(field.letter) {
                return Err(ConfigError::SameField(field.code.clone()));
            }
            if !self.counters.iter().any(|counter| counter.fields.contains(&field.code)) {
                return Err(ConfigError::Unserved(field.code.clone()));
            }
        }
        Ok(())
    }

    fn check_counters(&self) -> Result<(), ConfigError> {
        let mut numbers = BTreeSet::new();
        for counter in &self.counters {
            if !numbers.insert(counter.number) {
                return Err(ConfigError::SameCounter(counter.number));
            }
            if let Some(field) = counter.fields.iter().find(|code| self.field(code).is_none()) {
                let counter = counter.number;
                return Err(ConfigError::UnknownField { counter, field: field.clone() });
            }
        }
        Ok(())
    }

    fn check_officers(&self) -> Result<(), ConfigError> {
        let mut logins = BTreeSet::new();
        for officer in &self.officers {
            let login = || officer.login.clone();
            if officer.login.trim().is_empty() || !logins.insert(&officer.login) {
                return Err(ConfigError::Login(login()));
            }
            if self.counter(officer.counter).is_none() {
                return Err(ConfigError::NoCounter(login()));
            }
            if !officer.password.is_usable() {
                return Err(ConfigError::Password(login()));
            }
        }
        Ok(())
    }
}

fn is_base(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['?', '#', ' ']))
}
