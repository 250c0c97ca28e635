//! Uploads on the disk: what tus clients create, continue and finish.
//!
//! An upload is two files: `<id>.json` says what was announced, `<id>.part` holds the bytes, and
//! the length of the latter is the offset. Bytes under a checksum are written behind a mark
//! (`<id>.mark`, the offset before them) and count only once the checksum was right: after a
//! crash they are cut off again. Nothing here is fsynced: a kiosk keeps its package until it has
//! a receipt, and what a receipt speaks of is durable elsewhere. A power cut may take bytes back,
//! and the client goes on from the offset it is then told; what it left wrong inside a file is
//! found by its digest before anything is stored.
//!
//! A finished upload stays known without its bytes until it expires, so that a client that
//! missed the last answer learns that everything arrived.

mod append;
pub(crate) mod http;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use domain::{KioskId, SubmissionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;

/// What was announced, as kept beside the bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announced {
    pub(crate) length: u64,
    pub(crate) submission: SubmissionId,
    pub(crate) kiosk: KioskId,
    pub(crate) sha256: String,
    pub(crate) created_at: Timestamp,
    /// Whether everything was done with it and its bytes are gone.
    #[serde(default)]
    pub(crate) settled: bool,
}

/// One upload.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) announced: Announced,
    offset: AtomicU64,
    settled: AtomicBool,
    /// With the verifiers, or set aside by them until the next start.
    queued: AtomicBool,
    /// Whole, but sealed to another key than ours: nothing can be done with it now.
    aside: AtomicBool,
    /// Its digest was seen to be the announced one while it came.
    proven: AtomicBool,
    /// Held by the one request that writes, and while the package is verified.
    pub(crate) writing: Arc<tokio::sync::Mutex<()>>,
}

impl Upload {
    /// Bytes that count.
    pub(crate) fn offset(&self) -> u64 {
        self.offset.load(Ordering::Acquire)
    }

    /// Whether all bytes are there and nothing was done with them yet.
    pub(crate) fn is_waiting(&self) -> bool {
        self.offset() == self.announced.length && !self.is_settled()
    }

    /// Verification could not be done: it is queued again with the next look at all.
    pub(crate) fn try_again(&self) {
        self.queued.store(false, Ordering::Release);
    }

    /// It stays queued, so that only the next start looks again, perhaps with the right key.
    pub(crate) fn set_aside(&self) {
        self.aside.store(true, Ordering::Release);
    }

    /// Whether its digest needs no second look: all of it came in one piece, under its checksum.
    pub(crate) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Acquire)
    }

    /// Whether its bytes may yet become a dossier.
    fn is_hopeful(&self) -> bool {
        self.is_waiting() && !self.aside.load(Ordering::Acquire)
    }

    fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Acquire)
    }
}

/// All uploads.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PathBuf,
    known: Mutex<HashMap<String, Arc<Upload>>>,
    most_unsettled: usize,
    lifetime: SignedDuration,
    /// To the verifiers. Unbounded, because it never holds more than `known`.
    finished: UnboundedSender<Arc<Upload>>,
}

impl Uploads {
    /// Opens the folder: whatever a crash left is cut back to what counts.
    pub(crate) fn open(
        folder: PathBuf,
        most_unsettled: usize,
        lifetime: SignedDuration,
        finished: UnboundedSender<Arc<Upload>>,
    ) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let mut known = HashMap::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "json")
                && let Some(upload) = restore(&path)?
            {
                known.insert(upload.id.clone(), Arc::new(upload));
            }
        }
        Ok(Self { folder, known: Mutex::new(known), most_unsettled, lifetime, finished })
    }

    /// Keeps a new upload, or `None` when too many are on their way or not verified yet.
    pub(crate) fn create(
        &self,
        id: String,
        announced: Announced,
    ) -> io::Result<Option<Arc<Upload>>> {
        let unsettled = self.locked().values().filter(|upload| !upload.is_settled()).count();
        if unsettled >= self.most_unsettled {
            return Ok(None);
        }
        fs::File::create_new(self.part(&id))?;
        write_announced(&self.folder, &id, &announced)?;
        let upload = Arc::new(Upload {
            id: id.clone(),
            announced,
            offset: AtomicU64::new(0),
            settled: AtomicBool::new(false),
            queued: AtomicBool::new(false),
            aside: AtomicBool::new(false),
            proven: AtomicBool::new(false),
            writing: Arc::default(),
        });
        self.locked().insert(id, Arc::clone(&upload));
        Ok(Some(upload))
    }

    /// An upload by its id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Upload>> {
        self.locked().get(id).cloned()
    }

    /// Where the bytes of an upload are.
    pub(crate) fn part(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }

    fn mark(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.mark"))
    }

    /// Forgets an upload and its bytes.
    pub(crate) fn remove(&self, id: &str) -> io::Result<()> {
        self.locked().remove(id);
        for path in [self.part(id), self.mark(id), self.folder.join(format!("{id}.json"))] {
            remove_if_there(&path)?;
        }
        Ok(())
    }

    /// Notes that a finished upload needs nothing more, and deletes its bytes.
    pub(crate) fn settle(&self, upload: &Upload) -> io::Result<()> {
        let announced = Announced { settled: true, ..upload.announced.clone() };
        write_announced(&self.folder, &upload.id, &announced)?;
        upload.settled.store(true, Ordering::Release);
        remove_if_there(&self.part(&upload.id))
    }

    /// Whether a whole package of this submission waits to be verified.
    pub(crate) fn has_waiting(&self, submission: &SubmissionId) -> bool {
        self.locked().values().any(|u| u.announced.submission == *submission && u.is_waiting())
    }

    /// Hands a whole upload to the verifiers, unless they have it.
    pub(crate) fn queue(&self, upload: &Arc<Upload>) {
        if upload.is_waiting() && !upload.queued.swap(true, Ordering::AcqRel) {
            // Closed only while stopping: the next start finds it on the disk.
            let _stopping = self.finished.send(Arc::clone(upload));
        }
    }

    /// Hands over all whole ones that the verifiers do not have.
    pub(crate) fn queue_all(&self) {
        self.locked().values().for_each(|upload| self.queue(upload));
    }

    /// When an upload is dropped.
    pub(crate) fn expires_at(&self, upload: &Upload) -> Timestamp {
        let at = upload.announced.created_at;
        at.checked_add(self.lifetime).unwrap_or(Timestamp::MAX)
    }

    /// Drops what has expired; never a package that waits to be verified. One that was set aside
    /// goes too: its kiosk has the package until there is a receipt, and sends it again.
    pub(crate) fn sweep(&self, now: Timestamp) -> io::Result<()> {
        let old = |upload: &Arc<Upload>| !upload.is_hopeful() && self.expires_at(upload) <= now;
        let ids: Vec<String> =
            self.locked().values().filter(|u| old(u)).map(|u| u.id.clone()).collect();
        ids.iter().try_for_each(|id| self.remove(id))
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Arc<Upload>>> {
        // The map is whole after every statement: a panic elsewhere does not spoil it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_announced(folder: &Path, id: &str, announced: &Announced) -> io::Result<()> {
    let passing = folder.join(format!("{id}.new"));
    fs::write(&passing, serde_json::to_vec(announced)?)?;
    fs::rename(&passing, folder.join(format!("{id}.json")))
}

/// Reads an upload back. One that cannot be read was torn by a power cut and is dropped: its
/// client is told that it is gone and begins anew.
fn restore(path: &Path) -> io::Result<Option<Upload>> {
    let (part, mark) = (path.with_extension("part"), path.with_extension("mark"));
    let announced = fs::read(path).ok().and_then(|b| serde_json::from_slice::<Announced>(&b).ok());
    let id = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
    let (Some(announced), Some(id)) = (announced, id) else {
        remove_if_there(path)?;
        remove_if_there(&part)?;
        return Ok(None);
    };
    if let Ok(text) = fs::read_to_string(&mark) {
        // Torn marks count as the beginning.
        let counts = text.trim_end_matches('.').parse().unwrap_or(0);
        let file = fs::OpenOptions::new().write(true).open(&part)?;
        file.set_len(file.metadata()?.len().min(counts))?;
        fs::remove_file(&mark)?;
    }
    let offset = match (announced.settled, fs::metadata(&part)) {
        (true, _) => announced.length,
        (false, Ok(metadata)) => metadata.len(),
        (false, Err(_)) => {
            remove_if_there(path)?;
            return Ok(None);
        }
    };
    Ok(Some(Upload {
        id,
        settled: AtomicBool::new(announced.settled),
        queued: AtomicBool::new(false),
        aside: AtomicBool::new(false),
        proven: AtomicBool::new(false),
        announced,
        offset: AtomicU64::new(offset),
        writing: Arc::default(),
    }))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
