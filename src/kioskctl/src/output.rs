//! Words for people, JSON for programs.

use std::io::{self, Write as _};

use serde::Serialize;

use crate::failure::Failure;

/// Where answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// One JSON object a line instead of words.
    pub(crate) json: bool,
}

impl Output {
    /// Says one thing in both forms.
    pub(crate) fn say(self, words: &str, data: &impl Serialize) -> Result<(), Failure> {
        if self.json { line(data) } else { Ok(writeln!(io::stdout(), "{words}")?) }
    }
}

/// One JSON object on a line of its own.
pub(crate) fn line(data: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, data)?;
    Ok(out.write_all(b"\n")?)
}
