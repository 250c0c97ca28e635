//! Receipts: the province's signed word that it holds a dossier with these digests.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::SubmissionId;
use ed25519_dalek::{
    Signature, Signer as _, SigningKey,
    pkcs8::{
        DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding,
    },
};
use wire::province::{DocumentDigest, Receipt, SignedReceipt};
use zeroize::Zeroizing;

use crate::{ReceiptKey, SealedDigest, keys::NotAKey};

/// Why a receipt is not believed. The sealed package stays until one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// Signed with a key this kiosk does not know.
    #[error("the receipt is signed with an unknown key")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the receipt's signature is wrong")]
    Signature,
    /// Signed, but not a receipt.
    #[error("the receipt cannot be read")]
    Malformed,
    /// About another submission.
    #[error("the receipt is about another submission")]
    OtherSubmission,
    /// About a package with other bytes.
    #[error("the receipt is about another package")]
    OtherPackage,
    /// The documents differ from those sent.
    #[error("the receipt lists other documents")]
    OtherDocuments,
}

/// Signs receipts: only the province holds one.
pub struct ReceiptSigner(SigningKey);

impl ReceiptSigner {
    /// Makes a signer from 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a PKCS#8 PEM file, such as `openssl genpkey -algorithm ed25519` writes.
    pub fn from_pem(pem: &str) -> Result<Self, NotAKey> {
        SigningKey::from_pkcs8_pem(pem).map(Self).map_err(|_| NotAKey::Signing)
    }

    /// PKCS#8 PEM, for the key file only.
    pub fn reveal(&self) -> Result<Zeroizing<String>, NotAKey> {
        // Without the public half: OpenSSL 3.0 does not read the form that carries it.
        let key = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        key.to_pkcs8_pem(LineEnding::LF).map_err(|_| NotAKey::Signing)
    }

    /// The public half.
    #[must_use]
    pub fn key(&self) -> ReceiptKey {
        ReceiptKey(self.0.verifying_key())
    }

    /// Signs a receipt.
    pub fn sign(&self, receipt: &Receipt) -> Result<SignedReceipt, ReceiptError> {
        let payload = serde_json::to_vec(receipt).map_err(|_| ReceiptError::Malformed)?;
        Ok(SignedReceipt {
            signature: BASE64_STANDARD.encode(self.0.sign(&payload).to_bytes()),
            payload: BASE64_STANDARD.encode(payload),
            key: self.key().id(),
        })
    }
}

impl std::fmt::Debug for ReceiptSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReceiptSigner({})", self.key().id())
    }
}

/// Believes a receipt only when one of `keys` signed it and it speaks of exactly what was sent.
pub fn verify(
    signed: &SignedReceipt,
    keys: &[ReceiptKey],
    expected: &SealedDigest,
    submission: &SubmissionId,
    documents: &[DocumentDigest],
) -> Result<Receipt, ReceiptError> {
    let key = keys.iter().find(|key| key.id() == signed.key).ok_or(ReceiptError::UnknownKey)?;
    let payload = BASE64_STANDARD.decode(&signed.payload).map_err(|_| ReceiptError::Malformed)?;
    let signature = BASE64_STANDARD
        .decode(&signed.signature)
        .ok()
        .and_then(|raw| Signature::from_slice(&raw).ok())
        .ok_or(ReceiptError::Signature)?;
    key.0.verify_strict(&payload, &signature).map_err(|_| ReceiptError::Signature)?;
    let receipt: Receipt = serde_json::from_slice(&payload).map_err(|_| ReceiptError::Malformed)?;
    if receipt.submission != *submission {
        return Err(ReceiptError::OtherSubmission);
    }
    if receipt.package_sha256 != expected.sha256 || receipt.package_bytes != expected.bytes {
        return Err(ReceiptError::OtherPackage);
    }
    if receipt.documents != documents {
        return Err(ReceiptError::OtherDocuments);
    }
    Ok(receipt)
}

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
