//! What PKCS#11 return codes mean to the caller.

use cryptoki::error::{Error, RvError};
use hardware_api::DeviceError;

/// Names a failure by what the caller can do.
pub(crate) fn device_error(device: &str, error: &Error) -> DeviceError {
    let device = device.to_owned();
    let Error::Pkcs11(code, function) = error else {
        return if matches!(error, Error::LibraryLoading(_)) {
            DeviceError::Gone { device }
        } else {
            DeviceError::Nonsense { device, got: error.to_string() }
        };
    };
    if is_gone(*code) {
        DeviceError::Gone { device }
    } else if matches!(code, RvError::SessionCount | RvError::UserAnotherAlreadyLoggedIn) {
        DeviceError::Busy { device }
    } else if matches!(code, RvError::FunctionCanceled | RvError::FunctionRejected) {
        DeviceError::Cancelled
    } else {
        // The code's name; its description is a page of the specification.
        DeviceError::Nonsense { device, got: format!("{code:?} from {function}") }
    }
}

/// The token was pulled, before or during the call.
fn is_gone(code: RvError) -> bool {
    matches!(
        code,
        RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::DeviceRemoved
            | RvError::SlotIdInvalid
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed
    )
}

/// What a refused login means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginFailure {
    WrongPin,
    Locked,
    /// Somebody left this process logged in.
    AlreadyLoggedIn,
    Other,
}

impl LoginFailure {
    pub(crate) fn of(error: &Error) -> Self {
        let Error::Pkcs11(code, _) = error else {
            return Self::Other;
        };
        if matches!(code, RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange) {
            Self::WrongPin
        } else if matches!(code, RvError::PinLocked) {
            Self::Locked
        } else if matches!(code, RvError::UserAlreadyLoggedIn) {
            Self::AlreadyLoggedIn
        } else {
            Self::Other
        }
    }
}

/// The token or its driver lacks the mechanism; another may do.
pub(crate) fn lacks_mechanism(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::MechanismInvalid
                | RvError::MechanismParamInvalid
                | RvError::FunctionNotSupported,
            _
        )
    )
}
