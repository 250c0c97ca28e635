//! PAdES B-B signatures (ETSI EN 319 142-1) in two steps, so that the key can live elsewhere.
//!
//! [`prepare`] appends an update with room for a signature and gives the bytes that the key must
//! sign; [`Prepared::finish`] puts the signature in. What was in the file before stays byte for
//! byte, so earlier signatures keep holding and a counter-signature is the same two steps again.
//!
//! Files whose structure cannot be followed with certainty are refused: a signature must not be
//! put under something that two readers could understand in two ways.

mod cms;
mod object;
mod signer;
mod source;
mod update;

use jiff::Timestamp;

pub use signer::{SignatureKind, SignerCertificate};

use update::Draft;

/// Why a file was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PadesError {
    /// The file cannot be followed. Caller: have it made anew.
    #[error("the file is no PDF whose structure can be followed: {at_fault}")]
    Damaged {
        /// The part that was at fault.
        at_fault: &'static str,
    },
    /// The file keeps its objects in compressed streams. Caller: have it saved without them.
    #[error("the file uses compressed cross-references, which this version does not sign")]
    Compressed,
    /// The file is encrypted. Caller: ask for it without a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// An earlier signer forbade changes. Caller: use the file as it is.
    #[error("an earlier signature forbids changes to the file")]
    Locked,
    /// The certificate or its chain cannot be read. Caller: choose another.
    #[error("the certificate cannot be read")]
    BadCertificate,
    /// Neither RSA nor ECDSA on P-256 or P-384. Caller: choose another certificate.
    #[error("the certificate's key is neither RSA nor on P-256 or P-384")]
    UnsupportedKey,
    /// Expired, or not valid yet. Caller: tell the holder.
    #[error("the certificate is not valid at the time of signing")]
    NotValidNow,
    /// What the token returned is no signature of this key's kind. Caller: sign again.
    #[error("the signature does not have the form that the key gives")]
    BadSignature,
    /// The signature with its certificates outgrew the room left for it. Caller: give a shorter
    /// chain.
    #[error("the certificates need more room than was left for them")]
    ChainTooLong,
}

/// A file with room for a signature, waiting for it.
#[derive(Clone)]
pub struct Prepared {
    draft: Draft,
    attributes: cms::SignedAttributes,
    signer: SignerCertificate,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prepared({} bytes)", self.draft.bytes.len())
    }
}

/// Appends an update with an invisible signature field on the first page. `time` goes into the
/// signature dictionary as the claimed time; it must lie in the certificate's validity.
pub fn prepare(
    pdf: &[u8],
    signer: &SignerCertificate,
    time: Timestamp,
) -> Result<Prepared, PadesError> {
    if !signer.is_valid_at(time) {
        return Err(PadesError::NotValidNow);
    }
    let draft = update::append_signature(pdf, signer.room_for_cms(), time)?;
    let (before, after) = draft.signed_parts().ok_or(PadesError::BadSignature)?;
    let digest = signer.kind().digest([before, after]);
    let attributes = cms::signed_attributes(&digest, signer)?;
    Ok(Prepared { draft, attributes, signer: signer.clone() })
}

impl Prepared {
    /// What the key signs, hashed as [`SignerCertificate::kind`] says: the signed attributes as
    /// DER.
    pub fn to_be_signed(&self) -> &[u8] {
        self.attributes.der()
    }

    /// Puts the signature in: PKCS#1 v1.5 as it comes for RSA, DER `SEQUENCE { r, s }` for ECDSA.
    ///
    /// Checks the form only. Whether the key belongs to the certificate is for the verifier.
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, PadesError> {
        if !self.signer.accepts(signature) {
            return Err(PadesError::BadSignature);
        }
        let cms = cms::signed_data(self.attributes, &self.signer, signature)?;
        self.draft.fill(&cms).ok_or(PadesError::ChainTooLong)
    }
}
