//! The answers of libsane that are not `GOOD`.

use std::fmt;

use hardware_api::DeviceError;

/// An answer of libsane that is not `GOOD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Unsupported,
    Cancelled,
    DeviceBusy,
    Invalid,
    EndOfFile,
    Jammed,
    NoDocs,
    CoverOpen,
    IoError,
    NoMemory,
    AccessDenied,
    /// A number that the standard does not have.
    Unknown(i32),
    /// libsane itself is missing or too old.
    NoLibrary,
}

impl Status {
    /// Understands the number that a call of libsane returned.
    pub(crate) fn check(code: i32) -> Result<(), Self> {
        Err(match code {
            0 => return Ok(()),
            1 => Self::Unsupported,
            2 => Self::Cancelled,
            3 => Self::DeviceBusy,
            4 => Self::Invalid,
            5 => Self::EndOfFile,
            6 => Self::Jammed,
            7 => Self::NoDocs,
            8 => Self::CoverOpen,
            9 => Self::IoError,
            10 => Self::NoMemory,
            11 => Self::AccessDenied,
            code => Self::Unknown(code),
        })
    }

    /// What stopped a call to `device`.
    pub(crate) fn stopped(self, device: &str) -> DeviceError {
        let device = device.to_owned();
        match self {
            Self::DeviceBusy => DeviceError::Busy { device },
            Self::IoError => DeviceError::Gone { device },
            Self::NoLibrary => DeviceError::Gone { device: "libsane.so.1".to_owned() },
            Self::Cancelled => DeviceError::Cancelled,
            Self::Unsupported | Self::Invalid | Self::NoMemory | Self::AccessDenied => {
                DeviceError::Refused { device, why: self.to_string() }
            }
            Self::EndOfFile | Self::Jammed | Self::NoDocs | Self::CoverOpen | Self::Unknown(_) => {
                DeviceError::Nonsense { device, got: self.to_string() }
            }
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsupported => "it cannot do what was asked",
            Self::Cancelled => "the scan was cancelled",
            Self::DeviceBusy => "it is busy",
            Self::Invalid => "a value that it offered is invalid",
            Self::EndOfFile => "an end where none can be",
            Self::Jammed => "a jam where no paper moves",
            Self::NoDocs => "an empty feeder where no paper moves",
            Self::CoverOpen => "an open cover where no paper moves",
            Self::IoError => "it is not connected",
            Self::NoMemory => "there is not enough memory",
            Self::AccessDenied => "this user may not use it",
            Self::Unknown(code) => return write!(f, "the unknown SANE status {code}"),
            Self::NoLibrary => "libsane is not installed",
        })
    }
}
