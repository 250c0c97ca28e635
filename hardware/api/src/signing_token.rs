//! Signing tokens: smart cards and USB tokens that hold a citizen's key.

use crate::DeviceError;

/// A token with certificates and keys behind a PIN.
pub trait SigningToken: Send {
    /// Whether a token is there, and how its PIN stands.
    fn status(&mut self) -> Result<TokenStatus, DeviceError>;

    /// The certificates that have a private key on the token. No PIN needed.
    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError>;

    /// Signs `message` (hashed by this call with SHA-256) with the key of `identity`. The PIN
    /// is used for this call only.
    fn sign(
        &mut self,
        identity: &SigningIdentity,
        pin: &str,
        message: &[u8],
    ) -> Result<Vec<u8>, SignError>;
}

/// Whether a token is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStatus {
    /// None.
    Absent,
    /// Present.
    Present(PinState),
}

/// How the PIN stands (`CKF_USER_PIN_*` of PKCS#11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// Nothing wrong so far.
    Fresh,
    /// At least one wrong PIN was given.
    CountLow,
    /// One more wrong PIN locks the token.
    FinalTry,
    /// Locked.
    Locked,
}

/// A certificate with its key on a token.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningIdentity {
    /// `CKA_ID` of key and certificate.
    pub id: Vec<u8>,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Which signature the key makes.
    pub algorithm: SignAlgorithm,
    /// The holder's common name, as the certificate has it.
    pub holder: String,
    /// The issuer's common name, for showing only: never to judge trust by.
    pub issuer: String,
}

impl std::fmt::Debug for SigningIdentity {
    /// Says neither who the holder is nor what the certificate holds: both are personal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningIdentity({:?})", self.algorithm)
    }
}

/// Which signature the key makes, both over SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignAlgorithm {
    /// RSASSA-PKCS1-v1_5; the signature as PKCS#1 gives it.
    RsaPkcs1Sha256,
    /// ECDSA on P-256; the signature as DER `SEQUENCE { r, s }`.
    EcdsaP256Sha256,
}

/// Why a signature was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The PIN was wrong. Caller: ask again, showing the state.
    #[error("the token refused the PIN")]
    WrongPin(PinState),
    /// The token is locked. Caller: tell the citizen to see the token's issuer.
    #[error("the token is locked")]
    Locked,
    /// The token did not work.
    #[error("the token did not sign")]
    Device(#[from] DeviceError),
}
