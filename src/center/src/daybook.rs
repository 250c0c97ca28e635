//! The queue's memory: one file per day, appended and fsynced before anybody is told.
//!
//! Each line is JSON, `{"hash":"…","body":…}`, where the hash is SHA-256 over the hash of the
//! line before (64 zeros for the first) and the bytes of the body: a line that was changed,
//! dropped or moved breaks the chain. The first body says format, version, center and day; every
//! other one holds the changes of one fsync, so that what a power cut tears is torn as a whole.
//!
//! A file that does not end in a line feed lost power while it was written: nobody was told of
//! that line, and it is cut off. Anything else that does not fit refuses to open: someone has to
//! look.

#[cfg(test)]
mod tests;

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use domain::{
    CenterId,
    queue::{Change, Contradiction, Queue},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const FORMAT: &str = "motcua-daybook";
const VERSION: u32 = 1;
const HEAD: &str = r#"{"hash":""#;
const MIDDLE: &str = r#"","body":"#;
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The open daybook of one day.
#[derive(Debug)]
pub struct Daybook {
    file: File,
    path: PathBuf,
    last: String,
}

/// What opening a daybook found.
#[derive(Debug)]
pub struct Opened {
    /// The book, ready to be written on.
    pub book: Daybook,
    /// The queue it tells of.
    pub queue: Queue,
    /// Bytes of a torn last line that were cut off.
    pub torn: usize,
}

/// Why a daybook cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DaybookError {
    /// Another program holds the folder.
    #[error("another center already runs on {0}")]
    Held(PathBuf),
    /// Reading or writing failed.
    #[error("could not {what} {path}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A line was changed, dropped or moved.
    #[error("{path} line {line}: the chain of hashes is broken; restore the file from its copy")]
    Chain {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The file is not a daybook of this center and day in a known version.
    #[error("{path} is not a daybook of this center, day and version")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The chain holds, yet what it says cannot be.
    #[error("{path} line {line} cannot be replayed")]
    Replay {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What cannot be.
        #[source]
        source: Contradiction,
    },
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    format: String,
    version: u32,
    center: CenterId,
    day: Date,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    changes: T,
}

/// Keeps other programs away from the folder for as long as it lives.
#[derive(Debug)]
pub struct Hold {
    _lock: File,
}

impl Hold {
    /// Makes the folder when it is missing and takes it for this program alone.
    pub fn take(folder: &Path) -> Result<Self, DaybookError> {
        std::fs::create_dir_all(folder).map_err(failed("make folder", folder))?;
        let path = folder.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(failed("open", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(std::fs::TryLockError::WouldBlock) => Err(DaybookError::Held(folder.to_owned())),
            Err(std::fs::TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
        }
    }
}

impl Daybook {
    /// Opens the book of `day` in `folder`, or begins it.
    pub fn open(folder: &Path, center: &CenterId, day: Date) -> Result<Opened, DaybookError> {
        let path = folder.join(format!("queue-{day}.jsonl"));
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = file.map_err(failed("open", &path))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed("read", &path))?;
        let whole = text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at.saturating_add(1));
        let torn = text.len().saturating_sub(whole);
        text.truncate(whole);
        if torn > 0 {
            let length = u64::try_from(whole).unwrap_or(0);
            file.set_len(length).map_err(failed("cut the torn end off", &path))?;
            file.sync_all().map_err(failed("sync", &path))?;
        }
        file.seek(SeekFrom::End(0)).map_err(failed("seek in", &path))?;
        let mut book = Self { file, path, last: NO_HASH.to_owned() };
        let title = Title { format: FORMAT.into(), version: VERSION, center: center.clone(), day };
        let queue = if text.is_empty() {
            book.write(&title)?;
            // The name of a new file is only safe once its folder is on disk too.
            File::open(folder).and_then(|f| f.sync_all()).map_err(failed("sync folder", folder))?;
            Queue::new(day)
        } else {
            book.replay(&text, &title)?
        };
        Ok(Opened { book, queue, torn })
    }

    /// Appends the changes of one group and returns once they are on disk. After an error nothing
    /// may be promised from this book any more.
    pub fn append(&mut self, changes: &[Change]) -> Result<(), DaybookError> {
        self.write(&Entry { changes })
    }

    fn write(&mut self, body: &impl Serialize) -> Result<(), DaybookError> {
        let body = serde_json::to_string(body).map_err(io::Error::from);
        let body = body.map_err(failed("encode a line of", &self.path))?;
        let hash = chained(&self.last, &body);
        let line = format!("{HEAD}{hash}{MIDDLE}{body}}}\n");
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(failed("append to", &self.path))?;
        self.last = hash;
        Ok(())
    }

    /// From now on the disk refuses every line.
    #[cfg(test)]
    pub fn fail_from_now_on(&mut self) {
        self.file = File::open(&self.path).unwrap();
    }

    fn replay(&mut self, text: &[u8], expected: &Title) -> Result<Queue, DaybookError> {
        let mut queue = Queue::new(expected.day);
        for (line, bytes) in (1..).zip(text.split_inclusive(|b| *b == b'\n')) {
            let chain = || DaybookError::Chain { path: self.path.clone(), line };
            let (hash, body) = parts(bytes).ok_or_else(chain)?;
            if chained(&self.last, body) != hash {
                return Err(chain());
            }
            let foreign = || DaybookError::Foreign { path: self.path.clone() };
            if line == 1 {
                let title: Title = serde_json::from_str(body).map_err(|_| foreign())?;
                if title != *expected {
                    return Err(foreign());
                }
            } else {
                let entry: Entry<Vec<Change>> =
                    serde_json::from_str(body).map_err(|_| foreign())?;
                for change in &entry.changes {
                    let replay =
                        |source| DaybookError::Replay { path: self.path.clone(), line, source };
                    queue.apply(change).map_err(replay)?;
                }
            }
            self.last = hash.to_owned();
        }
        Ok(queue)
    }
}

fn parts(line: &[u8]) -> Option<(&str, &str)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix("}\n")?.strip_prefix(HEAD)?;
    let (hash, rest) = line.split_at_checked(NO_HASH.len())?;
    Some((hash, rest.strip_prefix(MIDDLE)?))
}

fn chained(last: &str, body: &str) -> String {
    hex::encode(Sha256::new().chain_update(last).chain_update(body).finalize())
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DaybookError {
    let path = path.to_owned();
    move |source| DaybookError::Io { what, path, source }
}
