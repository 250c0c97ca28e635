//! What PC/SC's error codes mean to the caller.

use pcsc::Error;

/// Whose trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// pcscd ended or does not run: everything asked of it before is void.
    Service,
    /// The reader was unplugged.
    Reader,
    /// The card was pulled, or another program reset it: the session is over.
    Card,
    /// Another program has the card.
    Shared,
    /// The card or the reader did what it must not, or left in the middle of a command: only a
    /// look at the reader tells.
    Unclear,
}

impl Trouble {
    pub(crate) fn of(error: Error) -> Self {
        if matches!(
            error,
            Error::NoService
                | Error::ServiceStopped
                | Error::CommError
                | Error::InvalidHandle
                | Error::Shutdown
                | Error::SystemCancelled
        ) {
            Self::Service
        } else if matches!(
            error,
            Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable
        ) {
            Self::Reader
        } else if matches!(error, Error::RemovedCard | Error::NoSmartcard | Error::ResetCard) {
            Self::Card
        } else if matches!(error, Error::SharingViolation) {
            Self::Shared
        } else {
            Self::Unclear
        }
    }
}
