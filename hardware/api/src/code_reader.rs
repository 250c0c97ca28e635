//! Readers of printed or displayed codes.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::DeviceError;

/// A gun on a serial line or keyboard port, or a camera with a decoder behind it.
pub trait CodeReader: Send {
    /// Waits for what comes next. `Ok(None)` when nothing came in time. The same code held in
    /// view is delivered once per presentation; views are given as often as the reader can and
    /// never hold a code up.
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError>;

    /// Nobody will ask for a while: a camera stops its stream and turns its lamp off. The next
    /// call to `next` wakes it.
    fn rest(&mut self);

    /// Whether the device is there, without waking it, at once. Codes that come meanwhile are
    /// nobody's and are dropped.
    fn is_there(&mut self) -> Result<(), DeviceError>;
}

/// What a reader saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sight {
    /// A code was read.
    Code(Seen),
    /// What stands before the camera now. Guns have none.
    View(View),
}

/// A code that was read: raw bytes, never a library's guess at text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The payload as it stood in the code.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Seen {
    /// Says only how long the code is: it may be somebody's ID card.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seen({} bytes)", self.bytes.len())
    }
}

/// A small grey picture of what the camera sees, for the screen, at most 480 pixels wide.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// One byte a pixel, row by row, 0 is black.
    pub luma: Vec<u8>,
    /// What would help, when no code can be read yet.
    pub hint: Option<Hint>,
}

impl fmt::Debug for View {
    /// Says nothing of the picture: there may be a face in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({} x {}, {:?})", self.width, self.height, self.hint)
    }
}

/// What a citizen can do so that the code is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hint {
    /// Hold it closer to the camera.
    Closer,
    /// Hold it straight before the camera.
    Tilt,
    /// Turn it so that the light is not mirrored.
    Glare,
    /// Keep it still.
    HoldStill,
}
