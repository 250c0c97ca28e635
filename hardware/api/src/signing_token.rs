//! Signing tokens: smart cards and USB tokens that hold a citizen's key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::DeviceError;

/// A token with certificates and keys behind a PIN.
pub trait SigningToken: Send {
    /// Whether a token is there, and how its PIN stands.
    fn status(&mut self) -> Result<TokenStatus, DeviceError>;

    /// The certificates that have a private key on the token. No PIN needed.
    fn identities(&mut self) -> Result<Vec<SigningIdentity>, DeviceError>;

    /// Certificates of authorities that the token carries beside them, DER: a help for building a
    /// chain, no reason to trust anything.
    fn authorities(&mut self) -> Result<Vec<Vec<u8>>, DeviceError>;

    /// One signature for each message, in their order. The PIN is used for this call only, and
    /// after a signature that fails no further one is tried.
    fn sign(&mut self, request: &SignRequest) -> Result<Vec<Vec<u8>>, SignError>;

    /// The installed modules, through which tokens of their makers are reached, and how each
    /// stands. Asks no token.
    fn modules(&mut self) -> Result<Vec<ModuleReport>, DeviceError>;
}

/// Whether a token is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenStatus {
    /// None.
    Absent,
    /// Present.
    Present(PinState),
}

/// How the PIN stands (`CKF_USER_PIN_*` of PKCS#11, which tells of the last try and has no number
/// of tries).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningIdentity {
    /// `CKA_ID` of key and certificate.
    pub id: Vec<u8>,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Which signature the key makes.
    pub algorithm: SignAlgorithm,
    /// The holder's common name, as the certificate has it.
    pub holder: String,
    /// The issuer's organisation, or its common name, for showing only: never to judge trust by.
    pub issuer: String,
    /// Last moment of the certificate's validity.
    pub valid_until: Timestamp,
    /// What the certificate says the key is for.
    pub purpose: KeyPurpose,
}

impl std::fmt::Debug for SigningIdentity {
    /// Says neither who the holder is nor what the certificate holds: both are personal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningIdentity({:?})", self.algorithm)
    }
}

/// What a certificate says its key is for (RFC 5280, 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyPurpose {
    /// Declarations of will: `nonRepudiation` is among the uses.
    Commitment,
    /// Any signature, such as a login: no more than `digitalSignature`, or nothing said.
    Any,
}

/// Which signature the key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignAlgorithm {
    /// RSASSA-PKCS1-v1_5 over SHA-256; the signature as PKCS#1 gives it.
    RsaPkcs1Sha256,
    /// ECDSA on P-256 over SHA-256; the signature as DER `SEQUENCE { r, s }`.
    EcdsaP256Sha256,
    /// ECDSA on P-384 over SHA-384; the signature as DER `SEQUENCE { r, s }`.
    EcdsaP384Sha384,
}

/// What is to be signed, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignRequest {
    /// Whose key.
    pub identity: SigningIdentity,
    /// The PIN.
    pub pin: Pin,
    /// Whether the PIN may be tried when it is the last time.
    pub last_try: LastTry,
    /// The messages, each hashed by the call as the algorithm says.
    pub messages: Vec<Vec<u8>>,
}

/// A PIN: wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    /// As typed.
    #[must_use]
    pub fn new(digits: &str) -> Self {
        Self(digits.to_owned())
    }

    /// For the token alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Whether the PIN may be tried when a wrong one would lock the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LastTry {
    /// No: nobody has asked the citizen.
    Refuse,
    /// Yes: the citizen knows, and wants it.
    Confirmed,
}

/// An installed module and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleReport {
    /// Its file, as configured.
    pub module: String,
    /// How it stands.
    pub state: ModuleState,
}

/// How a module stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleState {
    /// Being tried; what comes out is known within seconds.
    Trying,
    /// In use.
    Usable,
    /// Left out for now; it is tried again later.
    LeftOut(ModuleFault),
}

/// Why a module is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleFault {
    /// There is no such file, or it is no PKCS#11 module for this machine.
    NotLoaded,
    /// It crashed.
    Crashed,
    /// It did not come back in time.
    Silent,
    /// It refused to work, or answered what the standard does not allow.
    Nonsense,
}

/// Why a signature was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SignError {
    /// The PIN was wrong. Caller: ask again, showing the state.
    #[error("the token refused the PIN")]
    WrongPin(PinState),
    /// One more wrong PIN locks the token, and nobody confirmed that it may be tried. The PIN
    /// did not reach the token. Caller: ask the citizen.
    #[error("the token has one try left, which nobody confirmed")]
    LastTry,
    /// The token is locked. Caller: tell the citizen to see the token's issuer.
    #[error("the token is locked")]
    Locked,
    /// The token was pulled. Caller: ask for it again.
    #[error("the token was taken out before all was signed")]
    Left,
    /// The token did not work.
    #[error("the token did not sign")]
    Device(#[from] DeviceError),
}
