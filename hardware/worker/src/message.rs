//! What stands in frames: the calls of each class, and how they become bytes and are wiped.

use std::{borrow::Cow, time::Duration};

use hardware_api::{PageHead, PaperSlip, ScanRequest, SignRequest};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{frame::FrameError, gap::Gap};

/// What a worker says of the settings: it can use them, and shut itself in but for these gaps; or
/// why not.
pub(crate) type Opened = Result<Vec<Gap>, String>;

/// A call with the time it may take.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order<C> {
    /// How long the driver may take.
    pub limit: Duration,
    /// What is to be done.
    pub call: C,
}

/// Calls to a printer; answered as `hardware_api::Printer` says.
#[derive(Debug, Serialize, Deserialize)]
pub enum PrinterCall<'a> {
    /// How it is.
    Status,
    /// Print this.
    Print(Cow<'a, PaperSlip>),
    /// What it told by itself.
    Told,
}

/// Calls to a scanner.
#[derive(Debug, Serialize, Deserialize)]
pub enum ScannerCall {
    /// How it is.
    Status,
    /// What it can do.
    Capabilities,
    /// Scan. Parts of pages come before the answer.
    Scan(ScanRequest),
}

/// A part of a page that is no samples; those come as raw frames in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageMark {
    /// A page begins.
    Begin(PageHead),
    /// It is whole.
    End,
}

/// Calls to a code reader.
#[derive(Debug, Serialize, Deserialize)]
pub enum CodeCall {
    /// What is seen next.
    Next,
    /// Nobody looks for a while.
    Rest,
    /// Whether it is there.
    IsThere,
}

/// Calls to a reader of chip cards.
#[derive(Serialize, Deserialize)]
pub enum CardCall<'a> {
    /// Whether a card is there.
    Status,
    /// Begin a session.
    Connect,
    /// Send a command.
    Transmit(Cow<'a, [u8]>),
    /// End the session.
    Disconnect,
}

/// Calls to a signing token.
#[derive(Debug, Serialize, Deserialize)]
pub enum TokenCall<'a> {
    /// Whether it is there.
    Status,
    /// Its certificates with keys.
    Identities,
    /// Its certificates of authorities.
    Authorities,
    /// Sign.
    Sign(Cow<'a, SignRequest>),
    /// How its modules stand.
    Modules,
}

/// A message as bytes, wiped when dropped: PINs and answers of cards are among them.
pub(crate) fn encode(message: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    // The size first: a buffer that grew would leave copies behind.
    let size = postcard::experimental::serialized_size(message).map_err(|_| FrameError::Message)?;
    let mut bytes = Zeroizing::new(vec![0; size]);
    postcard::to_slice(message, &mut bytes).map_err(|_| FrameError::Message)?;
    Ok(bytes)
}

/// A message from all of `bytes`.
///
/// # Errors
/// When they are no such message, or more than one.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FrameError> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        Ok(_) | Err(_) => Err(FrameError::Message),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hardware_api::{DeviceError, ScanEnd};

    use super::*;

    #[test]
    fn answers_come_back_as_they_were() {
        let silent = DeviceError::Silent { device: "tcp:x".into(), after: Duration::from_secs(3) };
        for answer in [Ok(ScanEnd::DoubleFeed), Err(silent)] {
            let bytes = encode(&answer).unwrap();
            assert_eq!(decode::<Result<ScanEnd, DeviceError>>(&bytes), Ok(answer));
        }
    }

    #[test]
    fn a_message_with_something_behind_it_is_none() {
        let mut bytes = encode(&Some(7_u32)).unwrap().to_vec();
        assert_eq!(decode::<Option<u32>>(&bytes), Ok(Some(7)));
        bytes.push(0);
        assert_eq!(decode::<Option<u32>>(&bytes), Err(FrameError::Message));
        assert_eq!(decode::<Option<u32>>(&[]), Err(FrameError::Message));
    }
}
