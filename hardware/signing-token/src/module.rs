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
    /// What was last seen; `None` when it must be looked at anew.
    seen: Option<Seen>,
}

/// Tokens as of the last look. Asking a card how its PIN stands takes 200 ms, and OpenSC 0.23
/// waits for itself for ever when the card is pulled meanwhile. So a kiosk that asks every second
/// must not touch a card that has not moved.
#[derive(Debug)]
struct Seen {
    occupied: Vec<Slot>,
    ready: Vec<Ready>,
}

/// A token that its issuer has made ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub(crate) slot: Slot,
    pub(crate) pin: PinState,
}

/// Most events taken from a module at once; more cannot have gathered between two looks.
const MAX_EVENTS: usize = 64;

impl Module {
    pub(crate) fn load(path: &Path) -> Result<Self, DeviceError> {
        let failed = |error: Error| device_error(&path.display().to_string(), &error);
        let context = Pkcs11::new(path).map_err(failed)?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(error)),
        }
        Ok(Self { path: path.to_owned(), context, seen: None })
    }

    /// Asks the module about itself.
    pub(crate) fn describe(&self) -> Result<(), DeviceError> {
        self.context.get_library_info().map(drop).map_err(self.failed())
    }

    /// How the module is called in errors.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Turns an error of one of this module's calls into ours.
    pub(crate) fn failed(&self) -> impl Fn(Error) -> DeviceError + '_ {
        |error| device_error(&self.name(), &error)
    }

    /// The tokens present.
    pub(crate) fn tokens(&mut self) -> Result<Vec<Ready>, DeviceError> {
        let moved = self.has_events();
        let occupied = self.context.get_slots_with_token().map_err(self.failed())?;
        if let Some(seen) = self.seen.as_ref().filter(|it| !moved && it.occupied == occupied) {
            return Ok(seen.ready.clone());
        }
        self.seen = None;
        let mut ready = Vec::new();
        for &slot in &occupied {
            match self.info(slot) {
                Ok(info) if info.token_initialized() => {
                    ready.push(Ready { slot, pin: pin_state(&info) });
                }
                // Not ready, or pulled between the two calls.
                Ok(_) | Err(DeviceError::Gone { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.seen = Some(Seen { occupied, ready: ready.clone() });
        Ok(ready)
    }

    /// Looks anew next time, because a PIN was tried.
    pub(crate) fn forget(&mut self) {
        self.seen = None;
    }

    /// Whether a token came or went, possibly both. Modules without events have none.
    fn has_events(&self) -> bool {
        let events = std::iter::from_fn(|| self.context.get_slot_event().ok().flatten());
        events.take(MAX_EVENTS).count() > 0
    }

    pub(crate) fn found(&mut self) -> Vec<Found> {
        let tokens = self.tokens().unwrap_or_default();
        let infos = tokens.into_iter().filter_map(|token| self.info(token.slot).ok());
        infos
            .map(|info| Found {
                module: self.path.clone(),
                label: domain::text::nfc(info.label().trim()),
                model: format!("{} {}", info.manufacturer_id().trim(), info.model().trim()),
            })
            .collect()
    }

    /// Asks the token itself.
    pub(crate) fn pin_state(&self, slot: Slot) -> Result<PinState, DeviceError> {
        self.info(slot).map(|info| pin_state(&info))
    }

    /// Whether a token is in the slot, without asking the token.
    pub(crate) fn is_occupied(&self, slot: Slot) -> bool {
        self.context.get_slots_with_token().is_ok_and(|occupied| occupied.contains(&slot))
    }

    pub(crate) fn session(&self, slot: Slot) -> Result<Session, DeviceError> {
        self.context.open_ro_session(slot).map_err(self.failed())
    }

    fn info(&self, slot: Slot) -> Result<TokenInfo, DeviceError> {
        self.context.get_token_info(slot).map_err(self.failed())
    }
}

fn pin_state(info: &TokenInfo) -> PinState {
    if info.user_pin_locked() {
        PinState::Locked
    } else if info.user_pin_final_try() {
        PinState::FinalTry
    } else if info.user_pin_count_low() {
        PinState::CountLow
    } else {
        PinState::Fresh
    }
}
