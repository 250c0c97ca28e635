//! Codes in pictures: a few at the command line, thousands from a list.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    path::{Path, PathBuf},
    time::Instant,
};

use code_reader::{Frame, decode};
use serde::Serialize;

use crate::{
    failure::Failure,
    output::{self, Output},
};

/// Larger files are no pictures of codes.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// What one picture held.
#[derive(Serialize)]
struct Held<'a> {
    file: &'a Path,
    /// Payloads that are text.
    out: Vec<String>,
    /// Payloads that are not, in hexadecimal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bytes: Vec<String>,
    /// Microseconds of decoding, without reading the file.
    us: u128,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Prints the payloads of pictures. One that cannot be read keeps none of the others back.
pub(super) fn print(files: &[PathBuf], out: Output) -> Result<(), Failure> {
    let mut unread = vec![];
    for file in files {
        if out.json {
            unread.extend(print_line(file)?);
            continue;
        }
        match payloads(file) {
            Ok((payloads, _)) => {
                for payload in payloads {
                    output::raw(&[payload.as_slice(), b"\n"].concat())?;
                }
            }
            Err(failure) => unread.push(failure),
        }
    }
    all_read(unread, out)
}

/// One line for each picture of a list. One that cannot be read is a line that says so: a list of
/// thousands is not lost to one file.
pub(super) fn batch(list: &Path) -> Result<(), Failure> {
    let unreadable = |source| Failure::File { tried: "read", path: list.to_owned(), source };
    let lines: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).map_err(unreadable)?))
    };
    for line in lines.lines() {
        let line = line.map_err(unreadable)?;
        if !line.is_empty() {
            print_line(Path::new(&line))?;
        }
    }
    Ok(())
}

/// What failed is told one by one, the last by whoever ends the program.
fn all_read(mut unread: Vec<Failure>, out: Output) -> Result<(), Failure> {
    let Some(last) = unread.pop() else { return Ok(()) };
    unread.iter().for_each(|failure| out.complain(failure));
    Err(last)
}

fn print_line(file: &Path) -> Result<Option<Failure>, Failure> {
    let (mut held, mut failed) =
        (Held { file, out: vec![], bytes: vec![], us: 0, error: None }, None);
    match payloads(file) {
        Ok((payloads, us)) => {
            held.us = us;
            for payload in payloads {
                match String::from_utf8(payload) {
                    Ok(text) => held.out.push(text),
                    Err(other) => held.bytes.push(hexadecimal(other.as_bytes())),
                }
            }
        }
        Err(failure) => {
            held.error = Some(failure.sentence());
            failed = Some(failure);
        }
    }
    output::line(&held)?;
    Ok(failed)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn payloads(file: &Path) -> Result<(Vec<Vec<u8>>, u128), Failure> {
    let unreadable = |source| Failure::File { tried: "read", path: file.to_owned(), source };
    let not_a_picture = || Failure::NotAPicture(file.to_owned());
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    let size = opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(size).is_ok_and(|size| size > MAX_FILE_BYTES) {
        return Err(not_a_picture());
    }
    let frame = Frame::decode(&bytes).ok_or_else(not_a_picture)?;
    let luma = frame.luma().ok_or_else(not_a_picture)?;
    let started = Instant::now();
    let payloads = decode::read_still(&luma);
    Ok((payloads, started.elapsed().as_micros()))
}
