//! Readers of chip cards, with contacts or without.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::DeviceError;

/// A reader with at most one card, spoken to in APDUs. What they mean is not its business.
pub trait CardReader: Send {
    /// Whether a card is there. Waits up to `wait` for that to change since the last answer;
    /// zero asks without waiting.
    fn status(&mut self, wait: Duration) -> Result<CardStatus, DeviceError>;

    /// Powers the card and begins a session with it, ending any session before.
    fn connect(&mut self, deadline: Duration) -> Result<CardInfo, DeviceError>;

    /// Sends one command and gives the answer with its status word. A card that was pulled is
    /// [`DeviceError::Gone`]; then the session is over.
    fn transmit(&mut self, command: &[u8], deadline: Duration) -> Result<Vec<u8>, DeviceError>;

    /// Ends the session and powers the card down. Without a session nothing happens.
    fn disconnect(&mut self);
}

/// Whether a card is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardStatus {
    /// No reader is connected, or the service that owns it is down.
    NoReader,
    /// A reader without a card.
    Empty,
    /// A card is on or in the reader.
    Present,
}

/// What a session's card is, before any command.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardInfo {
    /// Its answer to reset; a contactless card's is made up by the reader.
    pub atr: Vec<u8>,
    /// Whether it is spoken to by radio.
    pub contactless: bool,
    /// Most bytes that reader and driver pass in one answer, status word included.
    pub max_response: usize,
}

impl fmt::Debug for CardInfo {
    /// Leaves out the answer to reset: some cards carry a number of their own in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardInfo")
            .field("contactless", &self.contactless)
            .field("max_response", &self.max_response)
            .finish_non_exhaustive()
    }
}
