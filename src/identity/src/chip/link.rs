//! Where the bytes come from: whoever owns the reader implements this.

/// A card in a field, spoken to in whole commands. Deadlines are the implementer's.
pub trait ApduLink {
    /// The longest response this reader and its driver carry, status word included: 258 where
    /// extended length does not pass, 65,538 where everything does.
    fn max_response(&self) -> usize;

    /// Sends one command and returns the whole response with its status word.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError>;
}

/// No response came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The card left the field.
    #[error("the card left the reader")]
    CardLeft,
    /// The card is there and says nothing within the deadline.
    #[error("the card did not answer in time")]
    Silent,
    /// The reader or its service is gone.
    #[error("the card reader is gone")]
    ReaderGone,
}
