//! Bytes with deadlines: what every driver that owns its protocol stands on.
//!
//! A [`Port`] is an open line to a device, a [`Connect`] knows how to open one again after the
//! device left. Nothing here waits without an end: each call takes the instant at which it gives
//! up. "Written" only means that the bytes left this program; a serial line, its kernel queue and
//! the device's own buffer still hold them. Only an answer of the device tells that they arrived,
//! so there is no `flush` (and `tcdrain` on a stalled line would never return).

mod error;
mod list;
mod serial;
mod tape;
mod tcp;
mod usb;

use std::time::{Duration, Instant};

pub use error::PortError;
pub use list::{UsbPrinter, list_serial_ports, list_usb_printers};
pub use serial::{Flow, Serial};
pub use tape::{Recording, Replay, Step, TapeError, TapeHead, What, read_tape};
pub use tcp::Tcp;
pub use usb::{Usb, UsbPick};

/// An open line to a device.
pub trait Port: Send {
    /// Waits for bytes and returns how many stand in `buffer`: at least one.
    ///
    /// # Errors
    /// [`PortError::TimedOut`] when none came before `deadline`; [`PortError::Gone`] when the
    /// device left.
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError>;

    /// Hands all of `data` to the line, continuing after short writes.
    ///
    /// # Errors
    /// [`PortError::TimedOut`] tells how many bytes were taken, so that the caller may ask the
    /// device what is wrong and go on behind them.
    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError>;

    /// Throws away what came and was not read, and, where the line can, what was written and has
    /// not been sent.
    fn discard(&mut self);

    /// What the line itself tells of the device, beside its data. Works while the device takes no
    /// data. `None` where the line has no such thing or the device does not answer.
    fn class_status(&mut self) -> Option<ClassStatus> {
        None
    }
}

/// What a USB printer tells on its control endpoint. Cheap ones say always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassStatus {
    /// No paper.
    pub paper_empty: bool,
    /// Online.
    pub selected: bool,
    /// Something else is wrong.
    pub error: bool,
}

/// Knows where a device is, and opens a line to it.
pub trait Connect: Send {
    /// The device as configured, for messages.
    fn device(&self) -> &str;

    /// Opens the line; a device that left and came back is opened by the next call.
    ///
    /// # Errors
    /// [`PortError::Gone`] when nothing is there, [`PortError::Busy`] when somebody else holds it.
    fn connect(&self, deadline: Instant) -> Result<Box<dyn Port>, PortError>;
}

/// Time left until `deadline`, or `None` once it has passed. Never less than a millisecond:
/// the socket calls below refuse zero or round it down to "for ever".
fn left_until(deadline: Instant) -> Option<Duration> {
    deadline
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
        .map(|left| left.max(Duration::from_millis(1)))
}
