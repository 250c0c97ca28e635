//! One series of signatures: log in, sign each message, log out.

use std::time::{Duration, Instant};

use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use hardware_api::{DeviceError, LastTry, PinState, SignAlgorithm, SignError, SignRequest};

use crate::failure::{LoginFailure, lacks_mechanism};
use crate::mechanism;
use crate::module::Module;

/// How long a reader needs to notice that its card is gone.
const NOTICE: Duration = Duration::from_secs(2);

/// Signs all messages with the key on the token in `slot`, leaving the session logged out.
pub(crate) fn make(
    module: &Module,
    slot: Slot,
    session: &Session,
    request: &SignRequest,
) -> Result<Vec<Vec<u8>>, SignError> {
    let pin = AuthPin::new(request.pin.reveal().into());
    let series = Series { module, slot, session, pin };
    let signed = series.run(request);
    let Err(SignError::Device(error)) = &signed else { return signed };
    // Modules have many words for a token that was pulled; the slot tells.
    let gone = matches!(error, DeviceError::Gone { .. });
    if gone || matches!(error, DeviceError::Nonsense { .. }) && left(module, slot) {
        return Err(SignError::Left);
    }
    signed
}

/// Whether the token is out of its slot. Readers notice that a moment after a command failed.
fn left(module: &Module, slot: Slot) -> bool {
    let until = Instant::now() + NOTICE;
    while module.is_occupied(slot) {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(NOTICE / 20);
    }
    true
}

/// Logs out when dropped, on every way out.
struct LogOut<'a>(&'a Session);

impl Drop for LogOut<'_> {
    fn drop(&mut self) {
        // A pulled token has forgotten the login by itself, and closing the session ends it too.
        let _ = self.0.logout();
    }
}

/// What a series needs. The PIN is wiped when this is dropped.
struct Series<'a> {
    module: &'a Module,
    slot: Slot,
    session: &'a Session,
    pin: AuthPin,
}

impl Series<'_> {
    fn run(&self, request: &SignRequest) -> Result<Vec<Vec<u8>>, SignError> {
        self.dare(request.last_try)?;
        self.log_in()?;
        let _log_out = LogOut(self.session);
        let algorithm = request.identity.algorithm;
        let key = self.private_key(&request.identity.id)?;
        let always = self.asks_each_time(key);
        let sign = |message: &Vec<u8>| self.sign(key, algorithm, message, always);
        request.messages.iter().map(sign).collect()
    }

    /// A wrong PIN must not lock the token of somebody who was not asked.
    fn dare(&self, last_try: LastTry) -> Result<(), SignError> {
        match (self.module.pin_state(self.slot)?, last_try) {
            (PinState::Locked, _) => Err(SignError::Locked),
            (PinState::FinalTry, LastTry::Refuse) => Err(SignError::LastTry),
            (PinState::FinalTry, LastTry::Confirmed)
            | (PinState::Fresh | PinState::CountLow, _) => Ok(()),
        }
    }

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

    /// Whether the key wants the PIN again inside each operation. Keys for qualified signatures
    /// do; a token that does not know the attribute does not.
    fn asks_each_time(&self, key: ObjectHandle) -> bool {
        self.session
            .get_attributes(key, &[AttributeType::AlwaysAuthenticate])
            .is_ok_and(|found| found.contains(&Attribute::AlwaysAuthenticate(true)))
    }

    /// Lets the token hash if it can, else hashes here.
    fn sign(
        &self,
        key: ObjectHandle,
        algorithm: SignAlgorithm,
        message: &[u8],
        always: bool,
    ) -> Result<Vec<u8>, SignError> {
        let raw = match self.sign_with(&mechanism::hashing(algorithm), key, message, always) {
            Err(Failure::Operation(error)) if lacks_mechanism(&error) => {
                let (plain, prepared) = mechanism::plain(algorithm, message);
                self.sign_with(&plain, key, &prepared, always)
            }
            other => other,
        }
        .map_err(|failure| match failure {
            Failure::Login(error) => self.refused(error),
            Failure::Operation(error) => self.module.failed()(error).into(),
        })?;
        let size = raw.len();
        mechanism::finished(algorithm, raw).ok_or_else(|| {
            let got = format!("{size} bytes as a signature");
            DeviceError::Nonsense { device: self.module.name(), got }.into()
        })
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
