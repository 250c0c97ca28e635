//! One PKCS#11 module: its tokens, how their PINs stand, sessions.

use std::path::{Path, PathBuf};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::Session;
use cryptoki::slot::{Slot, TokenInfo};
use hardware_api::{DeviceError, PinState};

use crate::Found;
use crate::failure::device_error;

/// A loaded module. It stays initialised until the process ends: other parts of the process may
/// use the same library, which has one state for all.
#[derive(Debug)]
pub(crate) struct Module {
    path: PathBuf,
    context: Pkcs11,
}

impl Module {
    pub(crate) fn load(path: &Path) -> Result<Self, DeviceError> {
        let failed = |error: Error| device_error(&path.display().to_string(), &error);
        let context = Pkcs11::new(path).map_err(failed)?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error)),
        }
        Ok(Self { path: path.to_owned(), context })
    }

    /// How the module is called in errors.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Turns an error of one of this module's calls into ours.
    pub(crate) fn failed(&self) -> impl Fn(Error) -> DeviceError + '_ {
        |error| device_error(&self.name(), &error)
    }

    /// Slots with a token that its issuer has made ready.
    pub(crate) fn slots(&self) -> Result<Vec<Slot>, DeviceError> {
        let mut ready = Vec::new();
        for slot in self.context.get_slots_with_token().map_err(self.failed())? {
            match self.info(slot) {
                Ok(info) if info.token_initialized() => ready.push(slot),
                // Not ready, or pulled between the two calls.
                Ok(_) | Err(DeviceError::Gone { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ready)
    }

    pub(crate) fn found(&self) -> Vec<Found> {
        let slots = self.slots().unwrap_or_default();
        let infos = slots.into_iter().filter_map(|slot| self.info(slot).ok());
        infos
            .map(|info| Found {
                module: self.path.clone(),
                label: domain::text::nfc(info.label().trim()),
                model: format!("{} {}", info.manufacturer_id().trim(), info.model().trim()),
            })
            .collect()
    }

    pub(crate) fn pin_state(&self, slot: Slot) -> Result<PinState, DeviceError> {
        let info = self.info(slot)?;
        Ok(if info.user_pin_locked() {
            PinState::Locked
        } else if info.user_pin_final_try() {
            PinState::FinalTry
        } else if info.user_pin_count_low() {
            PinState::CountLow
        } else {
            PinState::Fresh
        })
    }

    pub(crate) fn session(&self, slot: Slot) -> Result<Session, DeviceError> {
        self.context.open_ro_session(slot).map_err(self.failed())
    }

    fn info(&self, slot: Slot) -> Result<TokenInfo, DeviceError> {
        self.context.get_token_info(slot).map_err(self.failed())
    }
}
