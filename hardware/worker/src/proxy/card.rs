//! A reader of chip cards in a worker.

use std::{borrow::Cow, io, time::Duration};

use hardware_api::{CardInfo, CardReader, CardStatus, DeviceError};

use crate::{Launch, message::CardCall, session::NoParts, supervisor::Supervisor};

/// What finding the service of the readers may take beyond the wait.
const SERVICE: Duration = Duration::from_secs(3);
/// A card that is powered down answers nothing.
const DISCONNECT: Duration = Duration::from_secs(2);

/// A reader of chip cards in a worker.
pub struct CardProxy(Supervisor);

impl CardProxy {
    /// Starts the worker; what it cannot do yet, its first calls wait for.
    ///
    /// # Errors
    /// When the system gives no thread to watch it.
    pub fn start(launch: Launch) -> io::Result<Self> {
        Supervisor::start(launch).map(Self)
    }
}

impl CardReader for CardProxy {
    fn status(&mut self, wait: Duration) -> Result<CardStatus, DeviceError> {
        self.0.call_within::<Result<_, _>>(CardCall::Status, wait, SERVICE, &mut NoParts)?
    }

    fn connect(&mut self, deadline: Duration) -> Result<CardInfo, DeviceError> {
        self.0.call::<Result<_, _>>(CardCall::Connect, deadline, &mut NoParts)?
    }

    fn transmit(&mut self, command: &[u8], deadline: Duration) -> Result<Vec<u8>, DeviceError> {
        let call = CardCall::Transmit(Cow::Borrowed(command));
        self.0.call::<Result<_, _>>(call, deadline, &mut NoParts)?
    }

    fn disconnect(&mut self) {
        // A worker that is gone holds no card.
        let _gone: Result<(), _> = self.0.call(CardCall::Disconnect, DISCONNECT, &mut NoParts);
    }
}
