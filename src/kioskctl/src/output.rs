//! Words for people, JSON for programs. Answers go to standard output; what went wrong, what is
//! still going on and what is asked go to standard error.

use std::{
    io::{self, Write as _},
    os::fd::AsFd,
};

use rustix::termios::{isatty, tcgetwinsize};
use serde::Serialize;

use crate::failure::Failure;

/// A narrower terminal is not written for.
const NARROWEST: usize = 24;

/// Where answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// One JSON object a line instead of words.
    pub(crate) json: bool,
}

impl Output {
    /// Says one thing in both forms.
    pub(crate) fn say(self, words: &str, data: &impl Serialize) -> Result<(), Failure> {
        if self.json {
            return line(data);
        }
        let columns = columns();
        let lines = words.lines().map(|line| {
            let indent = line.chars().take_while(|c| *c == ' ').count() + 2;
            wrapped(line, columns, indent) + "\n"
        });
        raw(lines.collect::<String>().as_bytes())
    }

    /// A remark for a person, which is no answer.
    pub(crate) fn remark(self, words: &str) {
        if !self.json {
            let _nobody_reads = writeln!(io::stderr(), "{words}");
        }
    }

    /// What went wrong, once.
    pub(crate) fn complain(self, failure: &Failure) {
        let told = failure.told();
        let mut err = io::stderr().lock();
        let _nobody_reads = if self.json {
            serde_json::to_string(&told).map_or(Ok(()), |text| writeln!(err, "{text}"))
        } else {
            let code = told.code.map(|code| format!(" [{code}]")).unwrap_or_default();
            let columns = columns_of(&err);
            let mut text = wrapped(&format!("kioskctl: {}{code}", told.error), columns, 2);
            if let Some(remedy) = told.remedy {
                text = text + "\n" + &wrapped(&format!("  → {remedy}"), columns, 4);
            }
            writeln!(err, "{text}")
        };
    }
}

/// One JSON object on a line of its own.
pub(crate) fn line(data: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_vec(data).map_err(|error| Failure::Output(error.into()))?;
    text.push(b'\n');
    raw(&text)
}

/// Bytes as they are.
pub(crate) fn raw(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// How many columns there are to write into; without a terminal there is no end.
pub(crate) fn columns() -> usize {
    columns_of(&io::stdout())
}

fn columns_of(out: &impl AsFd) -> usize {
    if !isatty(out) {
        return usize::MAX;
    }
    let size = tcgetwinsize(out).map_or(0, |size| usize::from(size.ws_col));
    // A terminal that does not know its size says zero.
    if size == 0 { 80 } else { size.max(NARROWEST) }
}

/// Whether somebody watches what is written to standard error.
pub(crate) fn is_watched() -> bool {
    isatty(io::stderr())
}

/// Breaks words at spaces so that no line is wider than `columns`; all but the first are indented.
pub(crate) fn wrapped(words: &str, columns: usize, indent: usize) -> String {
    let mut text = String::new();
    let mut used = 0_usize;
    for (at, word) in words.split(' ').enumerate() {
        let width = word.chars().count();
        if at > 0 && used > indent && used.saturating_add(1 + width) > columns {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        } else if at > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += width;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_at_spaces_and_later_lines_indented() {
        assert_eq!(wrapped("  ok  printer   ready", usize::MAX, 4), "  ok  printer   ready");
        assert_eq!(wrapped("một hai ba bốn", 9, 2), "một hai\n  ba bốn");
        assert_eq!(wrapped("unbreakable-word and", 5, 2), "unbreakable-word\n  and");
    }
}
