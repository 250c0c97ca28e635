//! Writes the body of one request behind an upload.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::body::{Body, Bytes};
use futures_util::StreamExt as _;
use intake::upload::tus::Checksum;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use super::{Announced, Upload, Uploads, remove_if_there};
use crate::failure::Failure;

/// A line that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes gathered before the disk is asked.
const GATHER: usize = 256 << 10;

/// Appends `body` to `upload` and says the offset reached.
///
/// Runs in a task of its own: when the client goes away the handler is dropped, and what came
/// so far must still be counted or cut off, and what is whole must be verified.
pub(super) async fn append(
    uploads: Arc<Uploads>,
    upload: Arc<Upload>,
    from: u64,
    body: Body,
    checksum: Option<Expected>,
) -> Result<u64, Failure> {
    let Ok(guard) = Arc::clone(&upload.writing).try_lock_owned() else {
        return Err(Failure::Locked);
    };
    if upload.offset() != from {
        return Err(Failure::Offset);
    }
    let work = async move {
        let _guard = guard;
        let result = write(&uploads, &upload, body, checksum).await;
        uploads.queue(&upload);
        result
    };
    tokio::spawn(work).await.unwrap_or(Err(Failure::Storage))
}

/// A checksum of a kind that is offered.
#[derive(Debug)]
pub(super) enum Expected {
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Expected {
    /// Takes a checksum header; `None` when its algorithm is not offered.
    pub(super) fn new(checksum: Checksum) -> Option<Self> {
        match (checksum.algorithm.as_str(), checksum.digest.len()) {
            ("sha1", 20) => Some(Self::Sha1(Sha1::new(), checksum.digest)),
            ("sha256", 32) => Some(Self::Sha256(Sha256::new(), checksum.digest)),
            _ => None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
        }
    }

    /// Whether this is the digest that was announced for the whole.
    fn is_of_the_whole(&self, announced: &Announced) -> bool {
        matches!(self, Self::Sha256(_, digest) if hex::encode(digest) == announced.sha256)
    }

    fn matches(self) -> bool {
        match self {
            Self::Sha1(hash, expected) => hash.finalize().as_slice() == expected,
            Self::Sha256(hash, expected) => hash.finalize().as_slice() == expected,
        }
    }
}

/// The file and what waits to be written to it.
struct Ink {
    file: File,
    checksum: Option<Expected>,
    waiting: Vec<Bytes>,
    bytes: usize,
}

impl Ink {
    async fn flush(mut self) -> io::Result<Self> {
        let work = move || {
            for bytes in self.waiting.drain(..) {
                self.file.write_all(&bytes)?;
                if let Some(checksum) = &mut self.checksum {
                    checksum.update(&bytes);
                }
            }
            self.bytes = 0;
            Ok(self)
        };
        spawn_blocking(work).await.unwrap_or_else(|gone| Err(io::Error::other(gone)))
    }
}

async fn write(
    uploads: &Uploads,
    upload: &Upload,
    body: Body,
    checksum: Option<Expected>,
) -> Result<u64, Failure> {
    let from = upload.offset();
    let part = uploads.part(&upload.id);
    let mark = checksum.is_some().then(|| uploads.mark(&upload.id));
    if let Some(mark) = &mark {
        // The dot tells a whole mark from a torn one.
        fs::write(mark, format!("{from}."))?;
    }
    let file = OpenOptions::new().append(true).open(&part)?;
    // An earlier request may have failed after its bytes were written but before they counted.
    file.set_len(from)?;
    let proves_all =
        from == 0 && checksum.as_ref().is_some_and(|it| it.is_of_the_whole(&upload.announced));
    let result = receive(upload, file, from, body, checksum).await;
    let counts = match (&result, &mark) {
        (Ok(reached), _) => *reached,
        // Without a checksum every byte that arrived counts, with one only all of them.
        (Err((Failure::ClientGone, reached)), None) => *reached,
        (Err(_), _) => from,
    };
    if result.is_err() {
        OpenOptions::new().write(true).open(&part)?.set_len(counts)?;
    }
    if let Some(mark) = &mark {
        remove_if_there(mark)?;
    }
    if proves_all && result.as_ref().is_ok_and(|reached| *reached == upload.announced.length) {
        upload.proven.store(true, Ordering::Release);
    }
    upload.offset.store(counts, Ordering::Release);
    result.map_err(|(failure, _)| failure)
}

/// Writes until the body ends. A failure carries how far it came.
async fn receive(
    upload: &Upload,
    file: File,
    from: u64,
    body: Body,
    checksum: Option<Expected>,
) -> Result<u64, (Failure, u64)> {
    let mut reached = from;
    let mut ink = Ink { file, checksum, waiting: Vec::new(), bytes: 0 };
    let mut stream = body.into_data_stream();
    let failed = |error: io::Error| (Failure::from(error), from);
    loop {
        match tokio::time::timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(bytes))) => {
                reached += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                if reached > upload.announced.length {
                    return Err((Failure::TooLarge, from));
                }
                ink.bytes += bytes.len();
                ink.waiting.push(bytes);
                if ink.bytes >= GATHER {
                    ink = ink.flush().await.map_err(failed)?;
                }
            }
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => {
                ink.flush().await.map_err(failed)?;
                return Err((Failure::ClientGone, reached));
            }
        }
    }
    let ink = ink.flush().await.map_err(failed)?;
    if ink.checksum.is_some_and(|checksum| !checksum.matches()) {
        return Err((Failure::Checksum, from));
    }
    Ok(reached)
}
