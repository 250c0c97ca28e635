//! The outbox: a dossier once confirmed is sealed, made durable, and carried to the province
//! exactly once, through any loss of power, network or process.
//!
//! What is durable after each [`Step`], and what a restart does about it:
//!
//! | killed after | on disk | at the next start |
//! |---|---|---|
//! | `Sealed` | an unnamed file | the file is swept away: the screen has promised nothing |
//! | `FileDurable` | a named file without a row | swept away, as above |
//! | `Recorded` | file and row: **the promise** | carried |
//! | `UploadCreated` | the upload's address | the upload goes on where it stopped |
//! | `Uploaded`, `ReceiptFetched`, `ReceiptVerified` | the same | asked for the receipt again |
//! | `Delivered` | the row says so | the file is deleted |
//! | `FileDeleted` | the row only | nothing |
//!
//! The province stores one dossier per submission, so sending twice stores once.

mod carrier;
mod keeper;
#[cfg(test)]
mod outbox_tests;
mod store;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
};

use domain::{
    KioskId,
    visit::{Answer, Submission, VisitNo},
};
use intake::{ReceiptKey, SealingKey};
use journal::Event as Log;
use reqwest::Url;

use crate::{Clock, Random, event::Inbox, pages::PageStore};
use carrier::Carrier;
use keeper::{Job, Keeper};
pub use store::{OutboxError, State, Store, Waiting};

/// What an outbox needs to know.
#[derive(Clone)]
pub struct OutboxParts {
    /// Where sealed dossiers wait.
    pub folder: PathBuf,
    /// The province's key, to which everything is sealed.
    pub sealing_key: SealingKey,
    /// The keys with which the province signs receipts.
    pub receipt_keys: Vec<ReceiptKey>,
    /// The province's upload address, `…/v1/uploads`.
    pub uploads: Url,
    /// Told after each step; tests stop the process in it.
    pub witness: Witness,
}

/// Told after each step.
pub type Witness = Arc<dyn Fn(Step) + Send + Sync>;

/// The steps between "submit" and "nothing left here".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The package is sealed into a file without a name.
    Sealed,
    /// The file has its name, and file and folder are on the disk.
    FileDurable,
    /// The row is committed: from here on the screen may say so.
    Recorded,
    /// The province gave an address for the upload, and it is kept.
    UploadCreated,
    /// All bytes are there.
    Uploaded,
    /// The receipt is here.
    ReceiptFetched,
    /// It is the province's, and speaks of what was sent.
    ReceiptVerified,
    /// The row says that the province holds the dossier.
    Delivered,
    /// The sealed file is gone.
    FileDeleted,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 9] = [
        Self::Sealed,
        Self::FileDurable,
        Self::Recorded,
        Self::UploadCreated,
        Self::Uploaded,
        Self::ReceiptFetched,
        Self::ReceiptVerified,
        Self::Delivered,
        Self::FileDeleted,
    ];
}

/// The desk of the outbox.
pub(crate) struct Outbox {
    jobs: SyncSender<Job>,
    attempt: Attempt,
    inbox: Inbox,
}

/// One try to keep a dossier: either given up or recorded, never both.
#[derive(Clone, Default)]
pub(crate) struct Attempt(Arc<AtomicU8>);

const OPEN: u8 = 0;
const GIVEN_UP: u8 = 1;
const RECORDING: u8 = 2;

impl Attempt {
    fn decide(&self, way: u8) -> bool {
        self.0.compare_exchange(OPEN, way, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// The visit gives up; `false` when the keeper is already recording.
    fn give_up(&self) -> bool {
        self.decide(GIVEN_UP)
    }

    /// The keeper begins to record; `false` when the visit gave up.
    fn begin_recording(&self) -> bool {
        self.decide(RECORDING)
    }

    fn is_given_up(&self) -> bool {
        self.0.load(Ordering::SeqCst) == GIVEN_UP
    }
}

impl Outbox {
    pub(crate) fn start(
        parts: OutboxParts,
        kiosk: KioskId,
        pages: PageStore,
        clock: Clock,
        random: Random,
        inbox: Inbox,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, OutboxError> {
        let store = Store::open(&parts.folder)?;
        store.sweep()?;
        let (bell, rung) = sync_channel(1);
        let carrier =
            Carrier::new(parts.clone(), kiosk.clone(), store.reopen()?, inbox.clone(), runtime);
        let keeper = Keeper { parts, kiosk, store, pages, clock, random, bell };
        let (jobs, waiting) = sync_channel::<Job>(1);
        let out = inbox.clone();
        spawn("outbox-keep", move || keeper.work(&waiting, &out));
        spawn("outbox-carry", move || carrier.work(&rung));
        Ok(Self { jobs, attempt: Attempt::default(), inbox })
    }

    /// Seals and keeps a dossier; the answer comes as an event.
    pub(crate) fn keep(&mut self, visit: VisitNo, submission: Submission) {
        self.attempt = Attempt::default();
        if self.jobs.try_send((visit, submission, self.attempt.clone())).is_err() {
            self.inbox.offer(crate::Event::Answer(visit, Answer::NotKept));
        }
    }

    /// Gives the present attempt up, unless it is about to be recorded.
    pub(crate) fn abandon(&self, visit: VisitNo) {
        if self.attempt.give_up() {
            self.inbox.offer(crate::Event::Answer(visit, Answer::NotKept));
        }
    }
}

fn spawn(name: &'static str, work: impl FnOnce() + Send + 'static) {
    if std::thread::Builder::new().name(name.to_owned()).spawn(work).is_err() {
        journal::record!(Log::EffectDropped, desk = name);
    }
}
