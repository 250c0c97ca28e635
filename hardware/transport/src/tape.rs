//! Real sessions as tapes: JSON lines at the border of bytes, recorded once, replayed as tests.
//!
//! The first line is the [`TapeHead`], each further line a [`Step`], such as
//! `{"ms":12,"what":"out","hex":"100401"}`. A tape holds everything the driver was told by its
//! line: bytes, that none came in time, that the line took no more, that it was gone.
//!
//! Bytes that came then are there at once when a tape is played; where none came, the driver's own
//! deadline is waited for, since it is part of what the driver does.

mod recording;
mod replay;

use serde::{Deserialize, Serialize};

pub use recording::Recording;
pub use replay::Replay;

use crate::ClassStatus;

/// What a tape is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapeHead {
    /// Maker and model.
    pub device: String,
    /// Its firmware, as its self-test prints it, or `unknown`.
    pub firmware: String,
    /// Day of the recording, ISO 8601.
    pub date: String,
    /// What was done, in one sentence.
    pub story: String,
}

/// Something that crossed the border.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Milliseconds since the recording began; for people, a replay does not look at them.
    pub ms: u64,
    /// What it was.
    pub what: What,
    /// Its bytes; none for what has none.
    #[serde(with = "hex::serde", rename = "hex", default, skip_serializing_if = "Vec::is_empty")]
    pub bytes: Vec<u8>,
}

/// What crossed the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The line was opened.
    Opened,
    /// Bytes of the device.
    In,
    /// Bytes of the driver.
    Out,
    /// No byte came before the driver's deadline.
    Silent,
    /// The line took no more before the driver's deadline.
    Stalled,
    /// The device stopped a transfer and works again.
    Halted,
    /// Nothing was there, or it left.
    Gone,
    /// Another program held it.
    Busy,
    /// What the line itself told of the device, one byte as USB has it; none if it told nothing.
    Class,
}

impl ClassStatus {
    pub(crate) fn to_byte(self) -> u8 {
        let bit = |set: bool, value: u8| if set { value } else { 0 };
        bit(self.paper_empty, 0x20) | bit(self.selected, 0x10) | bit(!self.error, 0x08)
    }

    pub(crate) fn from_byte(bits: u8) -> Self {
        Self { paper_empty: bits & 0x20 != 0, selected: bits & 0x10 != 0, error: bits & 0x08 == 0 }
    }
}

/// A text that is no tape.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TapeError {
    /// No lines at all.
    #[error("the tape is empty")]
    Empty,
    /// A line does not parse.
    #[error("line {line} of the tape is not understood")]
    Line {
        /// Its number, the head being 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
}

/// Reads a tape.
///
/// # Errors
/// When the text is no tape.
pub fn read_tape(text: &str) -> Result<(TapeHead, Vec<Step>), TapeError> {
    let failed = |line: usize| move |source| TapeError::Line { line, source };
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (at, head) = lines.next().ok_or(TapeError::Empty)?;
    let head = serde_json::from_str(head).map_err(failed(at + 1))?;
    let steps = lines
        .map(|(at, line)| serde_json::from_str(line).map_err(failed(at + 1)))
        .collect::<Result<_, _>>()?;
    Ok((head, steps))
}

#[cfg(test)]
mod tests;
