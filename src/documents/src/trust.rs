//! Whether a citizen's certificate can be trusted now: a chain of signatures up to a configured
//! root, built by keys and never by names, and what the lists of revoked certificates say.
//!
//! Names only narrow the search. Two authorities of one name with different keys are two
//! authorities, and only the one whose key made the signature counts.

use std::time::Duration;

use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, ExtendedKeyUsageValidator,
    KeyPurposeIdIter, OwnedCertRevocationList, RevocationCheckDepth, RevocationOptions,
    RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath, aws_lc_rs,
};

/// Roots, certificates below them, and lists of revoked ones.
#[derive(Default)]
pub struct TrustStore {
    roots: Vec<TrustAnchor<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
    lists: Vec<CertRevocationList<'static>>,
}

/// A file of the trust store cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Not a certificate that can stand for an authority. Caller: replace it.
    #[error("a root is no certificate of an authority")]
    BadRoot,
    /// Not a list of revoked certificates, or of a kind that is not understood. Caller: replace
    /// it.
    #[error("a list of revoked certificates cannot be read")]
    BadList,
}

/// A certificate that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The certificates between the signer's and the root, from below, DER.
    pub chain: Vec<Vec<u8>>,
    /// What is known of revocation.
    pub revocation: Revocation,
}

/// What is known of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Present lists of the issuers cover the whole chain and name none of it.
    NotRevoked,
    /// A list is missing or too old: nobody here knows.
    Unknown,
}

/// Why a certificate must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// Its time is over, or that of its authority. Caller: tell the holder to renew it.
    #[error("the certificate has expired")]
    Expired,
    /// Its time has not come. Caller: tell the holder; look at the machine's clock.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// It was revoked. Caller: tell the holder to see its issuer.
    #[error("the certificate was revoked")]
    Revoked,
    /// No chain of signatures leads to a root. Caller: refuse it.
    #[error("no configured root stands behind the certificate")]
    Untrusted,
    /// It cannot be read, or says what is not understood. Caller: refuse it.
    #[error("the certificate cannot be followed")]
    Unreadable,
}

impl std::fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (roots, below, lists) = (&self.roots, &self.intermediates, &self.lists);
        write!(f, "TrustStore({} roots, {} below, {} lists)", roots.len(), below.len(), lists.len())
    }
}

impl TrustStore {
    /// All DER. Without a root nothing is trusted; an intermediate that cannot be read helps
    /// nobody and harms nobody.
    pub fn new(
        roots: &[Vec<u8>],
        intermediates: Vec<Vec<u8>>,
        lists: &[Vec<u8>],
    ) -> Result<Self, TrustError> {
        let root = |der: &Vec<u8>| {
            let certificate = CertificateDer::from_slice(der);
            webpki::anchor_from_trusted_cert(&certificate)
                .map(|anchor| anchor.to_owned())
                .map_err(|_| TrustError::BadRoot)
        };
        let list = |der: &Vec<u8>| {
            OwnedCertRevocationList::from_der(der)
                .map(CertRevocationList::from)
                .map_err(|_| TrustError::BadList)
        };
        Ok(Self {
            roots: roots.iter().map(root).collect::<Result<_, _>>()?,
            intermediates: intermediates.into_iter().map(CertificateDer::from).collect(),
            lists: lists.iter().map(list).collect::<Result<_, _>>()?,
        })
    }

    /// Whether there is no root, so that nothing is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// Judges a signer's certificate at `now`. `beside` are certificates that came with it, as
    /// from a token: they help to find the chain and are trusted for nothing else.
    pub fn judge(
        &self,
        certificate: &[u8],
        beside: &[Vec<u8>],
        now: Timestamp,
    ) -> Result<Trusted, Distrust> {
        let seconds = u64::try_from(now.as_second()).map_err(|_| Distrust::NotYetValid)?;
        let below: Vec<CertificateDer<'_>> = self
            .intermediates
            .iter()
            .map(|known| CertificateDer::from_slice(known))
            .chain(beside.iter().map(|der| CertificateDer::from_slice(der)))
            .collect();
        Case {
            store: self,
            certificate: CertificateDer::from_slice(certificate),
            below,
            now: UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        }
        .judge()
    }
}

/// Whether the key in `certificate` (DER) made `signature` over `message`: RSA of 2,048 to 8,192
/// bits with PKCS#1 v1.5 and SHA-256, or ECDSA (DER) on P-256 with SHA-256 or on P-384 with
/// SHA-384, whichever the key is for. Says nothing of whether the certificate may be trusted.
#[must_use]
pub fn is_signed_by(certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let certificate = CertificateDer::from_slice(certificate);
    let Ok(signer) = EndEntityCert::try_from(&certificate) else { return false };
    let algorithms = [
        aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
        aws_lc_rs::ECDSA_P256_SHA256,
        aws_lc_rs::ECDSA_P384_SHA384,
    ];
    // An algorithm that does not fit the key verifies nothing.
    algorithms
        .into_iter()
        .any(|algorithm| signer.verify_signature(algorithm, message, signature).is_ok())
}

/// One certificate before the store.
struct Case<'a> {
    store: &'a TrustStore,
    certificate: CertificateDer<'a>,
    below: Vec<CertificateDer<'a>>,
    now: UnixTime,
}

impl Case<'_> {
    fn judge(&self) -> Result<Trusted, Distrust> {
        let chain = self.chain(None)?;
        let mut present = Vec::new();
        for list in &self.store.lists {
            // A list out of date still tells who was revoked; only its silence means nothing.
            match self.listed(&[list], UnknownStatusPolicy::Allow, ExpirationPolicy::Ignore) {
                Err(Distrust::Revoked) => return Err(Distrust::Revoked),
                // Of another authority of this name, or forged: it says nothing.
                Err(_) => continue,
                Ok(_) => {}
            }
            let fresh = UnknownStatusPolicy::Allow;
            if self.listed(&[list], fresh, ExpirationPolicy::Enforce).is_ok() {
                present.push(list);
            }
        }
        match self.listed(&present, UnknownStatusPolicy::Deny, ExpirationPolicy::Enforce) {
            Ok(chain) => Ok(Trusted { chain, revocation: Revocation::NotRevoked }),
            Err(_) => Ok(Trusted { chain, revocation: Revocation::Unknown }),
        }
    }

    /// The chain with every certificate of it held against the lists.
    fn listed(
        &self,
        lists: &[&CertRevocationList<'_>],
        unknown: UnknownStatusPolicy,
        old: ExpirationPolicy,
    ) -> Result<Vec<Vec<u8>>, Distrust> {
        let builder = RevocationOptionsBuilder::new(lists).map_err(|_| Distrust::Untrusted)?;
        let builder = builder.with_depth(RevocationCheckDepth::Chain);
        self.chain(Some(builder.with_status_policy(unknown).with_expiration_policy(old).build()))
    }

    fn chain(&self, revocation: Option<RevocationOptions<'_>>) -> Result<Vec<Vec<u8>>, Distrust> {
        let signer = EndEntityCert::try_from(&self.certificate).map_err(|e| distrust(&e))?;
        let path = signer
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &self.store.roots,
                &self.below,
                self.now,
                AnyPurpose,
                revocation,
                None,
            )
            .map_err(|e| distrust(&e))?;
        Ok(between(&path))
    }
}

fn between(path: &VerifiedPath<'_>) -> Vec<Vec<u8>> {
    path.intermediate_certificates().map(|certificate| certificate.der().to_vec()).collect()
}

/// Extended purposes are those of networks and mail; for a signature on a document the key usage
/// counts, which whoever lists the certificates of a token looks at.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

fn distrust(error: &Error) -> Distrust {
    if matches!(error, Error::CertExpired { .. }) {
        Distrust::Expired
    } else if matches!(error, Error::CertNotValidYet { .. }) {
        Distrust::NotYetValid
    } else if matches!(error, Error::CertRevoked) {
        Distrust::Revoked
    } else if is_about_form(error) {
        Distrust::Unreadable
    } else {
        Distrust::Untrusted
    }
}

/// The certificate is not made as it should, whoever made it.
fn is_about_form(error: &Error) -> bool {
    matches!(
        error,
        Error::BadDer
            | Error::BadDerTime
            | Error::TrailingData(_)
            | Error::InvalidCertValidity
            | Error::UnsupportedCertVersion
            | Error::MalformedExtensions
            | Error::ExtensionValueInvalid
            | Error::UnsupportedCriticalExtension
    )
}
