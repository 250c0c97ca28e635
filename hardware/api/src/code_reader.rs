//! Readers of printed or displayed codes.

use std::time::Duration;

use crate::DeviceError;

/// A gun on a serial line, or a camera with a decoder behind it.
pub trait CodeReader: Send {
    /// Waits for the next code. `Ok(None)` when none came in time. The same code held in view
    /// is delivered once per presentation.
    fn next(&mut self, wait: Duration) -> Result<Option<Seen>, DeviceError>;
}

/// A code that was read: raw bytes, never a library's guess at text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The payload as it stood in the code.
    pub bytes: Vec<u8>,
}
