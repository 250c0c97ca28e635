//! Frames: what goes over the pipe between the kiosk and a worker. Pure.
//!
//! | bytes | hold |
//! |---|---|
//! | 0–1 | `mw` |
//! | 2 | [`VERSION`] |
//! | 3 | [`Kind`] |
//! | 4–7 | number of the call, little endian; 0 belongs to none |
//! | 8–11 | length of the body, little endian |
//! | 12… | the body: `postcard` of a message, or raw samples |
//!
//! Either side ends the conversation at the first frame that is not so: a pipe cannot lose or
//! swap bytes, so a peer that sends such a frame is broken.

/// Version of frames and messages. Kiosk and worker are installed together; a difference means
/// that an installation was torn.
pub const VERSION: u8 = 2;

/// Bytes of a frame before its body.
pub const HEADER_BYTES: usize = 12;

const MAGIC: [u8; 2] = *b"mw";

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Worker: I am here. Body: the name of the class.
    Hello,
    /// Kiosk: the settings of the device.
    Open,
    /// Worker: the settings can be used, or why not.
    Opened,
    /// Kiosk: do this.
    Call,
    /// Kiosk: stop doing it.
    Cancel,
    /// Worker: something on the way to the answer.
    Part,
    /// Worker: samples on the way to the answer.
    Bulk,
    /// Worker: the answer.
    Answer,
    /// Kiosk: are you there?
    Ping,
    /// Worker: yes.
    Pong,
}

/// A frame that cannot be. The peer is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// It does not begin like a frame.
    #[error("bytes that are no frame")]
    NoFrame,
    /// It has another version.
    #[error("a frame of version {0}")]
    Version(u8),
    /// Its kind is not known.
    #[error("a frame of the unknown kind {0}")]
    Kind(u8),
    /// It announces more than such a frame may have.
    #[error("a frame of {0} bytes")]
    TooLong(u32),
    /// Its body is no message, or comes at the wrong time.
    #[error("a message that does not fit")]
    Message,
}

/// The first bytes of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub kind: Kind,
    /// Which call it belongs to.
    pub call: u32,
    /// Bytes of the body.
    pub length: u32,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Hello,
        Self::Open,
        Self::Opened,
        Self::Call,
        Self::Cancel,
        Self::Part,
        Self::Bulk,
        Self::Answer,
        Self::Ping,
        Self::Pong,
    ];

    const fn code(self) -> u8 {
        match self {
            Self::Hello => 0,
            Self::Open => 1,
            Self::Opened => 2,
            Self::Call => 3,
            Self::Cancel => 4,
            Self::Part => 5,
            Self::Bulk => 6,
            Self::Answer => 7,
            Self::Ping => 8,
            Self::Pong => 9,
        }
    }

    /// The longest body of such a frame.
    #[must_use]
    pub const fn most_bytes(self) -> u32 {
        match self {
            Self::Hello | Self::Cancel | Self::Ping | Self::Pong => 64,
            Self::Open | Self::Opened | Self::Part => 64 << 10,
            Self::Bulk => 1 << 20,
            // A code reader's longest code and a camera's picture fit, and dossiers to be signed.
            Self::Call | Self::Answer => 4 << 20,
        }
    }
}

impl Header {
    /// Reads the first bytes of a frame.
    ///
    /// # Errors
    /// When no frame begins so.
    pub fn parse(bytes: [u8; HEADER_BYTES]) -> Result<Self, FrameError> {
        let [m, w, version, kind, c0, c1, c2, c3, l0, l1, l2, l3] = bytes;
        if [m, w] != MAGIC {
            return Err(FrameError::NoFrame);
        }
        if version != VERSION {
            return Err(FrameError::Version(version));
        }
        let known = Kind::ALL.into_iter().find(|known| known.code() == kind);
        let kind = known.ok_or(FrameError::Kind(kind))?;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        if length > kind.most_bytes() {
            return Err(FrameError::TooLong(length));
        }
        Ok(Self { kind, call: u32::from_le_bytes([c0, c1, c2, c3]), length })
    }

    /// The first bytes of a frame.
    #[must_use]
    pub const fn bytes(self) -> [u8; HEADER_BYTES] {
        let ([m, w], kind) = (MAGIC, self.kind.code());
        let [c0, c1, c2, c3] = self.call.to_le_bytes();
        let [l0, l1, l2, l3] = self.length.to_le_bytes();
        [m, w, VERSION, kind, c0, c1, c2, c3, l0, l1, l2, l3]
    }

    /// Bytes of the body, as lengths are counted in memory.
    #[must_use]
    pub fn body_bytes(self) -> usize {
        usize::try_from(self.length).unwrap_or(usize::MAX)
    }
}

/// A whole frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its first bytes.
    pub header: Header,
    /// The rest.
    pub body: &'a [u8],
}

impl std::fmt::Debug for Frame<'_> {
    /// Leaves out the body: there may be a PIN or a person in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.header.fmt(f)
    }
}

/// The first frame in `bytes` and what comes behind it; `None` while it is not whole.
///
/// # Errors
/// When no frame begins so.
pub fn decode(bytes: &[u8]) -> Result<Option<(Frame<'_>, &[u8])>, FrameError> {
    let Some((first, rest)) = bytes.split_first_chunk() else { return Ok(None) };
    let header = Header::parse(*first)?;
    let Some((body, rest)) = rest.split_at_checked(header.body_bytes()) else { return Ok(None) };
    Ok(Some((Frame { header, body }, rest)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(kind: Kind, call: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        [&Header { kind, call, length }.bytes()[..], body].concat()
    }

    #[test]
    fn every_kind_comes_back_as_it_was_and_only_when_it_is_whole() {
        for kind in Kind::ALL {
            let bytes = [frame(kind, 7, b"body"), frame(Kind::Ping, 8, b"")].concat();
            let (first, rest) = decode(&bytes).unwrap().unwrap();
            assert_eq!((first.header.kind, first.header.call), (kind, 7));
            assert_eq!(first.body, b"body");
            assert_eq!(decode(rest).unwrap().unwrap().0.header.kind, Kind::Ping);
            for cut in 0..HEADER_BYTES + 4 {
                assert_eq!(decode(&bytes[..cut]), Ok(None), "{kind:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_frame_is_told_from_a_torn_one() {
        let good = frame(Kind::Bulk, 1, b"");
        let spoil = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        for (bytes, error) in [
            (spoil(0, b'x'), FrameError::NoFrame),
            (spoil(2, VERSION + 1), FrameError::Version(VERSION + 1)),
            (spoil(3, 10), FrameError::Kind(10)),
            (spoil(11, 1), FrameError::TooLong(1 << 24)),
        ] {
            assert_eq!(decode(&bytes), Err(error));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_upset_the_decoder(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(Some((frame, rest))) = decode(&bytes) {
                let whole = [&frame.header.bytes()[..], frame.body, rest].concat();
                prop_assert_eq!(whole, bytes);
            }
        }
    }
}
