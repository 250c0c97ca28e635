//! Carrying: upload, receipt, verify, record, delete; again until it is done.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use domain::{KioskId, SubmissionId, ids::DossierCode};
use intake::{ReceiptAnswer, UploadError, UploadMetadata, Uploader, upload::Trouble};
use journal::Event as Log;
use tokio::runtime::Handle;
use wire::{Problem, province::SignedReceipt};

use super::{OutboxError, OutboxParts, State, Step, Store, Waiting};
use crate::{event::Inbox, network};

/// First wait after a failed try; doubled up to the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Longest wait between tries.
const LAST_WAIT: Duration = Duration::from_secs(60);
/// How often the receipt is asked for while the province checks the package.
const RECEIPT_WAIT: Duration = Duration::from_millis(25);
/// How often it is asked for before the try counts as failed.
const RECEIPT_TRIES: u32 = 400;

pub(super) struct Carrier {
    parts: OutboxParts,
    kiosk: KioskId,
    store: Store,
    inbox: Inbox,
    runtime: Handle,
    uploader: Uploader,
}

/// How one try ended.
enum Carried {
    /// The province holds it.
    Delivered(DossierCode),
    /// The province will not take it.
    Refused(Problem),
    /// The province is out of reach, for this one as for all others: later.
    Later(Option<Duration>),
    /// Something is wrong with this one alone; the others go on.
    Stuck,
}

impl Carrier {
    pub(super) fn new(
        parts: OutboxParts,
        kiosk: KioskId,
        store: Store,
        inbox: Inbox,
        runtime: Handle,
    ) -> Self {
        let uploader = Uploader::new(network::client(), parts.uploads.clone());
        Self { parts, kiosk, store, inbox, runtime, uploader }
    }

    /// Carries until nobody rings any more.
    pub(super) fn work(self, bell: &Receiver<()>) {
        let mut wait = FIRST_WAIT;
        loop {
            let again = match self.round() {
                Ok(None) => {
                    wait = FIRST_WAIT;
                    LAST_WAIT
                }
                Ok(Some(asked)) => {
                    let now = asked.unwrap_or(wait).min(LAST_WAIT);
                    wait = (wait * 2).min(LAST_WAIT);
                    now
                }
                Err(error) => {
                    journal::record!(Log::OutboxFailed, %error);
                    LAST_WAIT
                }
            };
            match bell.recv_timeout(again) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Tries every waiting dossier once. `Some` when at least one must be tried again.
    fn round(&self) -> Result<Option<Option<Duration>>, OutboxError> {
        let mut again = None;
        for dossier in self.store.waiting()? {
            match self.runtime.block_on(self.carry(&dossier))? {
                Carried::Delivered(code) => {
                    let submission = dossier.submission.clone();
                    journal::record!(Log::DossierDelivered, submission = submission.as_str());
                    self.inbox.deliver(crate::Event::Delivered(submission, code));
                    self.store.delete_file(&dossier.submission)?;
                    (self.parts.witness)(Step::FileDeleted);
                }
                Carried::Refused(problem) => {
                    self.store.settle(&dossier.submission, State::Refused, None)?;
                    let submission = dossier.submission.as_str();
                    journal::record!(Log::DossierRefused, submission, problem = problem.code);
                }
                Carried::Later(after) => {
                    again = Some(after);
                    break;
                }
                Carried::Stuck => again = again.or(Some(None)),
            }
        }
        Ok(again)
    }

    async fn carry(&self, dossier: &Waiting) -> Result<Carried, OutboxError> {
        let mut kept = Ok(());
        let metadata = UploadMetadata {
            submission: dossier.submission.clone(),
            kiosk: self.kiosk.clone(),
            sha256: dossier.sealed.sha256.clone(),
        };
        // A process that died after the last byte asks for the receipt before sending again.
        if dossier.upload.is_some()
            && let Some(carried) = self.receipt(dossier, Patience::Once).await?
        {
            return Ok(carried);
        }
        let file = self.store.file(&dossier.submission);
        let remember = |url: &intake::UploadUrl| {
            kept = self.store.remember_upload(&dossier.submission, url);
            (self.parts.witness)(Step::UploadCreated);
        };
        let sent = self.uploader.deliver(&file, &metadata, dossier.upload.clone(), remember).await;
        kept?;
        match sent {
            Ok(()) => (self.parts.witness)(Step::Uploaded),
            Err(UploadError::Refused(problem)) => return Ok(Carried::Refused(problem)),
            Err(UploadError::Later { after, .. }) => return Ok(Carried::Later(after)),
            Err(UploadError::File(error)) => {
                let submission = dossier.submission.as_str();
                journal::record!(Log::OutboxFailed, submission, %error);
                return Ok(Carried::Stuck);
            }
            Err(_) => return Ok(Carried::Stuck),
        }
        let carried = self.receipt(dossier, Patience::Long).await?;
        // The province took all bytes and says nothing: others may fare better.
        Ok(carried.unwrap_or(Carried::Stuck))
    }

    /// Asks for the receipt. `None` when the province has none (yet).
    async fn receipt(
        &self,
        dossier: &Waiting,
        patience: Patience,
    ) -> Result<Option<Carried>, OutboxError> {
        for _ in 0..patience.tries() {
            match self.uploader.fetch_receipt(&dossier.submission).await {
                Ok(ReceiptAnswer::Ready(signed)) => {
                    return self.believe(dossier, &signed).map(Some);
                }
                Ok(ReceiptAnswer::Refused(problem)) => return Ok(Some(Carried::Refused(problem))),
                Ok(ReceiptAnswer::Unknown) => return Ok(None),
                Ok(ReceiptAnswer::NotYet) => tokio::time::sleep(RECEIPT_WAIT).await,
                Err(UploadError::Later { cause: Trouble::Busy(_), .. }) => {
                    return Ok(Some(Carried::Stuck));
                }
                Err(UploadError::Later { after, .. }) => return Ok(Some(Carried::Later(after))),
                Err(_) => return Ok(None),
            }
        }
        // It has all bytes and is still at it: ask later, and send nothing again.
        Ok(Some(Carried::Stuck))
    }

    /// Deletes nothing before the receipt is the province's and speaks of what was sent.
    fn believe(&self, dossier: &Waiting, signed: &SignedReceipt) -> Result<Carried, OutboxError> {
        (self.parts.witness)(Step::ReceiptFetched);
        let Waiting { submission, sealed, documents, .. } = dossier;
        let keys = &self.parts.receipt_keys;
        let receipt = match intake::verify(signed, keys, sealed, submission, documents) {
            Ok(receipt) => receipt,
            Err(error) => {
                journal::record!(Log::ReceiptRefused, submission = submission.as_str(), %error);
                return Ok(Carried::Stuck);
            }
        };
        (self.parts.witness)(Step::ReceiptVerified);
        self.settle(submission, signed)?;
        Ok(Carried::Delivered(receipt.dossier))
    }

    fn settle(&self, submission: &SubmissionId, signed: &SignedReceipt) -> Result<(), OutboxError> {
        let text = serde_json::to_string(signed).map_err(std::io::Error::other)?;
        self.store.settle(submission, State::Delivered, Some(&text))?;
        (self.parts.witness)(Step::Delivered);
        Ok(())
    }
}

/// How long to wait for a receipt.
#[derive(Clone, Copy)]
enum Patience {
    Once,
    Long,
}

impl Patience {
    fn tries(self) -> u32 {
        match self {
            Self::Once => 1,
            Self::Long => RECEIPT_TRIES,
        }
    }
}
