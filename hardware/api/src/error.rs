//! Why a call to a device did not come back with an answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Stopped a device call; named by what the caller can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DeviceError {
    /// The device is not there, or left. Caller: show it as missing and look again later.
    #[error("{device} is not connected")]
    Gone {
        /// Where it was expected, as configured.
        device: String,
    },
    /// No answer within the deadline. Caller: reset the device, then try once more.
    #[error("{device} did not answer within {after:?}")]
    Silent {
        /// Where it was expected, as configured.
        device: String,
        /// How long was waited.
        after: Duration,
    },
    /// Somebody else holds the device. Caller: try again later.
    #[error("{device} is in use")]
    Busy {
        /// Where it was expected, as configured.
        device: String,
    },
    /// It is there and will not do it. Caller: an operator must see to what it says.
    #[error("{device} refused: {why}")]
    Refused {
        /// Where it was expected, as configured.
        device: String,
        /// Its reason, without personal data.
        why: String,
    },
    /// It answered what the protocol does not allow. Caller: reset; report the model.
    #[error("{device} sent {got}, which its protocol does not allow")]
    Nonsense {
        /// Where it was expected, as configured.
        device: String,
        /// What was seen, shortened, without personal data.
        got: String,
    },
    /// The caller asked to stop, and it stopped.
    #[error("the call was cancelled")]
    Cancelled,
}
