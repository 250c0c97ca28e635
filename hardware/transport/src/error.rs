//! Why a line did not carry the bytes.

use std::io;

/// Stopped a transfer; named by what the caller can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PortError {
    /// Nothing is there, or it left. Caller: drop the port, connect again later.
    #[error("{device} is not connected ({cause})")]
    Gone {
        /// Where it was expected, as configured.
        device: String,
        /// What the operating system called it.
        cause: io::ErrorKind,
    },
    /// The deadline passed. Caller: ask the device what is wrong, or give up.
    #[error("{device} took {sent} bytes, then no more in time")]
    TimedOut {
        /// Where it was expected, as configured.
        device: String,
        /// Bytes taken by this call before it gave up; 0 for a read.
        sent: usize,
    },
    /// Somebody else holds the line. Caller: try again later.
    #[error("{device} is held by another program")]
    Busy {
        /// Where it was expected, as configured.
        device: String,
    },
    /// The device stopped a transfer and works again. Caller: what it took of the last bytes is
    /// not known, so begin the job anew.
    #[error("{device} stopped a transfer after {sent} bytes")]
    Halted {
        /// Where it is, as configured.
        device: String,
        /// Bytes that were surely taken by this call; there may have been more.
        sent: usize,
    },
    /// A replayed tape says otherwise. Only tests see this.
    #[error("{device}, step {step}: the tape has {expected}, the driver did {did}")]
    Deviated {
        /// The device named by the tape.
        device: String,
        /// Line of the tape, the head being 0.
        step: usize,
        /// What the tape has.
        expected: String,
        /// What the driver did.
        did: String,
    },
}

impl PortError {
    /// An error of the operating system on an open or opening line, after `sent` bytes.
    pub(crate) fn from_io(device: &str, cause: io::ErrorKind, sent: usize) -> Self {
        use io::ErrorKind::{AddrInUse, ResourceBusy, TimedOut, WouldBlock};
        let device = device.to_owned();
        if matches!(cause, TimedOut | WouldBlock) {
            Self::TimedOut { device, sent }
        } else if matches!(cause, ResourceBusy | AddrInUse) {
            Self::Busy { device }
        } else {
            Self::Gone { device, cause }
        }
    }
}
