//! Whom to believe: certificates of countries that sign their signers (CSCA).

use x509_cert::{
    Certificate,
    der::{Decode as _, DecodePem as _},
};

use super::passive;

/// Certificates of issuers, as an operator put them together. Empty by default: then every
/// issuer is unknown, and no chip gets further than [`domain::Evidence::ChipIntegrity`].
#[derive(Clone, Default)]
pub struct TrustStore {
    pub(super) issuers: Vec<Certificate>,
}

/// A file holds no certificates that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not a certificate. Caller: name the file.
    #[error("not an X.509 certificate")]
    NotACertificate,
    /// A certificate that may not sign others. Caller: name the file.
    #[error("the certificate may not sign others")]
    NotAnIssuer,
}

impl TrustStore {
    /// Adds every certificate of a PEM bundle, or the one of a DER file.
    pub fn add(&mut self, file: &[u8]) -> Result<(), TrustError> {
        let found = match Certificate::from_der(file) {
            Ok(certificate) => vec![certificate],
            Err(_) => bundle(file).ok_or(TrustError::NotACertificate)?,
        };
        if !found.iter().all(passive::may_issue) {
            return Err(TrustError::NotAnIssuer);
        }
        self.issuers.extend(found);
        Ok(())
    }

    /// How many issuers are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.issuers.len()
    }

    /// Whether no issuer is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.issuers.is_empty()
    }
}

/// The certificates of a PEM bundle, at least one. What stands between them is for people.
fn bundle(file: &[u8]) -> Option<Vec<Certificate>> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = str::from_utf8(file).ok()?;
    let mut found = Vec::new();
    for block in text.split_inclusive(END) {
        let Some(start) = block.find("-----BEGIN ") else {
            continue;
        };
        found.push(Certificate::from_pem(block.get(start..)?).ok()?);
    }
    (!found.is_empty()).then_some(found)
}

impl std::fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrustStore({} issuers)", self.issuers.len())
    }
}
