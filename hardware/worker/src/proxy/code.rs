//! A code reader in a worker.

use std::{io, time::Duration};

use hardware_api::{CodeReader, DeviceError, Sight};

use crate::{Launch, message::CodeCall, session::NoParts, supervisor::Supervisor};

/// Asking for no sight: a camera may have to let go of its stream first.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A code reader in a worker.
pub struct CodeProxy(Supervisor);

impl CodeProxy {
    /// Starts the worker; what it cannot do yet, its first calls wait for.
    ///
    /// # Errors
    /// When the system gives no thread to watch it.
    pub fn start(launch: Launch) -> io::Result<Self> {
        Supervisor::start(launch).map(Self)
    }
}

impl CodeReader for CodeProxy {
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError> {
        self.0.call_within::<Result<_, _>>(CodeCall::Next, wait, OPENING, &mut NoParts)?
    }

    fn rest(&mut self) {
        // A worker that is gone rests as well.
        let _gone: Result<(), _> = self.0.call(CodeCall::Rest, AT_ONCE, &mut NoParts);
    }

    fn is_there(&mut self) -> Result<(), DeviceError> {
        self.0.call::<Result<_, _>>(CodeCall::IsThere, AT_ONCE, &mut NoParts)?
    }
}

/// What a reader may take beyond the wait: a line or a camera is opened by its first call, and a
/// picture may be half way through its decoding.
const OPENING: Duration = Duration::from_secs(5);
