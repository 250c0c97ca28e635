//! One signature: log in, sign, log out.

use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use der::asn1::UintRef;
use der::{Encode, Sequence};
use hardware_api::{DeviceError, PinState, SignAlgorithm, SignError, SigningIdentity};
use sha2::{Digest, Sha256};

use crate::failure::{LoginFailure, lacks_mechanism};
use crate::module::Module;

/// DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2 note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// Bytes of each number in a P-256 signature.
const P256_BYTES: usize = 32;

/// Signs with the key of `identity` on the token in `slot`, leaving the session logged out.
pub(crate) fn make(
    module: &Module,
    slot: Slot,
    session: &Session,
    identity: &SigningIdentity,
    pin: &str,
    message: &[u8],
) -> Result<Vec<u8>, SignError> {
    let attempt = Attempt { module, slot, session, pin: AuthPin::new(pin.into()) };
    attempt.log_in()?;
    let _log_out = LogOut(session);
    let key = attempt.private_key(&identity.id)?;
    let raw = attempt.sign(key, identity.algorithm, message)?;
    match identity.algorithm {
        SignAlgorithm::RsaPkcs1Sha256 => Ok(raw),
        SignAlgorithm::EcdsaP256Sha256 => Ok(der_of_raw(&raw).ok_or_else(|| {
            let got = format!("{} bytes as a P-256 signature", raw.len());
            DeviceError::Nonsense { device: module.name(), got }
        })?),
    }
}

/// Logs out when dropped, on every way out.
struct LogOut<'a>(&'a Session);

impl Drop for LogOut<'_> {
    fn drop(&mut self) {
        // A pulled token has forgotten the login by itself, and closing the session ends it too.
        let _ = self.0.logout();
    }
}

/// What one signature needs. The PIN is wiped when this is dropped.
struct Attempt<'a> {
    module: &'a Module,
    slot: Slot,
    session: &'a Session,
    pin: AuthPin,
}

impl Attempt<'_> {
    fn log_in(&self) -> Result<(), SignError> {
        let login = || self.session.login(UserType::User, Some(&self.pin));
        match login() {
            Ok(()) => Ok(()),
            Err(error) if LoginFailure::of(&error) == LoginFailure::AlreadyLoggedIn => {
                // Whoever did that, this PIN has not been checked yet.
                self.session.logout().map_err(self.module.failed())?;
                login().map_err(|error| self.refused(error))
            }
            Err(error) => Err(self.refused(error)),
        }
    }

    fn refused(&self, error: Error) -> SignError {
        match LoginFailure::of(&error) {
            LoginFailure::Locked => SignError::Locked,
            LoginFailure::WrongPin => match self.module.pin_state(self.slot) {
                Ok(PinState::Locked) => SignError::Locked,
                // Many cards raise no flag before the last try but one.
                Ok(PinState::Fresh) => SignError::WrongPin(PinState::CountLow),
                Ok(state) => SignError::WrongPin(state),
                Err(gone) => gone.into(),
            },
            LoginFailure::AlreadyLoggedIn | LoginFailure::Other => {
                self.module.failed()(error).into()
            }
        }
    }

    fn private_key(&self, id: &[u8]) -> Result<ObjectHandle, DeviceError> {
        let template = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id.to_vec())];
        let keys = self.session.find_objects(&template).map_err(self.module.failed())?;
        keys.first().copied().ok_or_else(|| DeviceError::Nonsense {
            device: self.module.name(),
            got: "a certificate without its key".into(),
        })
    }

    /// Lets the token hash if it can, else hashes here.
    fn sign(
        &self,
        key: ObjectHandle,
        algorithm: SignAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, SignError> {
        let digest = Sha256::digest(message);
        let (hashing, plain, prepared) = match algorithm {
            SignAlgorithm::RsaPkcs1Sha256 => (
                Mechanism::Sha256RsaPkcs,
                Mechanism::RsaPkcs,
                [&SHA256_DIGEST_INFO, digest.as_slice()].concat(),
            ),
            SignAlgorithm::EcdsaP256Sha256 => {
                (Mechanism::EcdsaSha256, Mechanism::Ecdsa, digest.to_vec())
            }
        };
        let always = self.asks_each_time(key);
        match self.sign_with(&hashing, key, message, always) {
            Err(Failure::Operation(error)) if lacks_mechanism(&error) => {
                self.sign_with(&plain, key, &prepared, always)
            }
            other => other,
        }
        .map_err(|failure| match failure {
            Failure::Login(error) => self.refused(error),
            Failure::Operation(error) => self.module.failed()(error).into(),
        })
    }

    /// Whether the key wants the PIN again inside each operation. Keys for qualified signatures
    /// do; a token that does not know the attribute does not.
    fn asks_each_time(&self, key: ObjectHandle) -> bool {
        self.session
            .get_attributes(key, &[AttributeType::AlwaysAuthenticate])
            .is_ok_and(|found| found.contains(&Attribute::AlwaysAuthenticate(true)))
    }

    fn sign_with(
        &self,
        mechanism: &Mechanism<'_>,
        key: ObjectHandle,
        data: &[u8],
        pin_again: bool,
    ) -> Result<Vec<u8>, Failure> {
        if !pin_again {
            return self.session.sign(mechanism, key, data).map_err(Failure::Operation);
        }
        // The second login must stand between the operation's start and its data.
        self.session.sign_init(mechanism, key).map_err(Failure::Operation)?;
        self.session.login(UserType::ContextSpecific, Some(&self.pin)).map_err(Failure::Login)?;
        self.session.sign_update(data).map_err(Failure::Operation)?;
        self.session.sign_final().map_err(Failure::Operation)
    }
}

/// Where signing stopped.
enum Failure {
    Login(Error),
    Operation(Error),
}

/// RFC 3279, 2.2.3.
#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// PKCS#11 gives r and s side by side, certificates' verifiers want them as DER.
fn der_of_raw(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(P256_BYTES).filter(|(_, s)| s.len() == P256_BYTES)?;
    let signature = EcdsaSignature { r: UintRef::new(r).ok()?, s: UintRef::new(s).ok()? };
    signature.to_der().ok()
}

#[cfg(test)]
mod tests {
    use der::asn1::{Null, ObjectIdentifier, OctetStringRef};
    use der::{Decode, Sequence};

    use super::*;

    #[derive(Sequence)]
    struct Algorithm {
        oid: ObjectIdentifier,
        parameters: Null,
    }

    #[derive(Sequence)]
    struct DigestInfo<'a> {
        algorithm: Algorithm,
        digest: OctetStringRef<'a>,
    }

    #[test]
    fn the_prefix_announces_a_sha_256_digest() {
        let digest = [7; 32];
        let whole = [&SHA256_DIGEST_INFO[..], &digest].concat();
        let read = DigestInfo::from_der(&whole).unwrap();
        assert_eq!(read.algorithm.oid.to_string(), "2.16.840.1.101.3.4.2.1");
        assert_eq!(read.digest.as_bytes(), digest);
    }

    #[test]
    fn numbers_become_shortest_positive_integers() {
        let mut raw = [0u8; 64];
        raw[30..32].copy_from_slice(&[0x01, 0x02]);
        raw[63] = 0x80;
        let der = der_of_raw(&raw).unwrap();
        assert_eq!(der, [0x30, 8, 2, 2, 0x01, 0x02, 2, 2, 0x00, 0x80]);
        assert_eq!(der_of_raw(&[1; 63]), None);
        assert_eq!(der_of_raw(&[1; 96]), None);
    }
}
