//! Turns finished uploads into dossiers, a bounded number at a time.
//!
//! Every step can be cut off and is then done again from the start: the bytes of an upload are
//! deleted only after the dossier (or the refusal) is durable, and a submission becomes a
//! dossier once because the database says so.

use std::{
    fs::File,
    io::{self, Read as _},
    sync::Arc,
};

use domain::catalogue::Procedure;
use intake::{
    Manifest, OpenError, SealedDigest,
    package::{Limits, open_into},
};
use journal::Event;
use tokio::{
    sync::{Mutex, mpsc},
    task::spawn_blocking,
};

use crate::{
    Province,
    blobs::Passing,
    store::{Arrival, Received},
    uploads::Upload,
};

/// How every PDF begins.
const PDF: &[u8; 5] = b"%PDF-";

/// Whole uploads on their way to the verifiers.
pub(crate) type Queue = Mutex<mpsc::UnboundedReceiver<Arc<Upload>>>;

/// What verification found.
enum Verdict {
    /// All is right; the documents wait for their names.
    Right(Box<Manifest>, Vec<Passing>),
    /// The bytes are gone or not those that were announced: they must be sent again.
    Damaged,
    /// Sealed well, but not to the key we hold. The wrong key may be ours.
    OtherKey,
    /// It will never be taken.
    Refused(String),
}

/// Takes whole uploads until the queue closes.
pub(crate) async fn work(province: Arc<Province>, queue: Arc<Queue>) {
    loop {
        let next = queue.lock().await.recv().await;
        let Some(upload) = next else { return };
        if let Err(error) = process(&province, &upload).await {
            journal::record!(Event::IntakeStorageFailed, upload = upload.id, error = %error);
            // Behind the others: what cannot be read must not keep a verifier for itself.
            upload.try_again();
        }
    }
}

/// Storage failed: the package is tried again.
#[derive(Debug, thiserror::Error)]
enum Again {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
}

async fn process(province: &Arc<Province>, upload: &Arc<Upload>) -> Result<(), Again> {
    let _guard = upload.writing.lock().await;
    if !upload.is_waiting() {
        return Ok(());
    }
    let announced = &upload.announced;
    if province.store.received_sha256(&announced.submission).await?
        == Some(announced.sha256.clone())
    {
        return Ok(province.uploads.settle(upload)?);
    }
    let (this, of) = (Arc::clone(province), Arc::clone(upload));
    let verdict = spawn_blocking(move || inspect(&this, &of)).await;
    match verdict.unwrap_or_else(|gone| Err(io::Error::other(gone)))? {
        Verdict::Right(manifest, documents) => keep(province, upload, &manifest, documents).await,
        Verdict::Damaged => {
            journal::record!(Event::IntakeDamaged, submission = %announced.submission);
            Ok(province.uploads.remove(&upload.id)?)
        }
        Verdict::OtherKey => {
            upload.set_aside();
            journal::record!(Event::IntakeOtherKey, submission = %announced.submission);
            Ok(())
        }
        Verdict::Refused(why) => refuse(province, upload, &why).await,
    }
}

/// Opens the package, writing documents under passing names while their digests are computed.
fn inspect(province: &Province, upload: &Upload) -> io::Result<Verdict> {
    let announced = &upload.announced;
    let path = province.uploads.part(&upload.id);
    let sealed = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Verdict::Damaged),
        sealed => sealed?,
    };
    let limits =
        Limits { package_bytes: province.config.limits.package_bytes, ..Limits::default() };
    let (mut documents, mut all_pdf) = (Vec::new(), true);
    let opened = open_into(sealed, &province.opening, limits, |entry, content| {
        let mut begin = [0; PDF.len()];
        // Too short is no PDF either; a failing reader is seen by `open_into`.
        all_pdf &= content.read_exact(&mut begin).is_ok();
        all_pdf &= begin == *PDF;
        let tag = format!("{}-{}", upload.id, documents.len());
        let mut whole = begin.as_slice().chain(content);
        documents.push(province.blobs.write(&tag, &entry.sha256, &mut whole)?);
        Ok(())
    });
    if let Err(OpenError::Keep(error)) = opened {
        return Err(error);
    }
    // What was proven and opens needs no second look; what does not open may be spoilt by now.
    let is_sound = upload.is_proven() && opened.is_ok();
    if !is_sound && SealedDigest::of(File::open(path)?)?.sha256 != announced.sha256 {
        return Ok(Verdict::Damaged);
    }
    let manifest = match opened {
        Ok(manifest) => manifest,
        Err(OpenError::OtherKey) => return Ok(Verdict::OtherKey),
        Err(error) => return Ok(Verdict::Refused(error.to_string())),
    };
    if manifest.submission != announced.submission || manifest.kiosk != announced.kiosk {
        let why = "the package is of another submission or kiosk than announced";
        return Ok(Verdict::Refused(why.to_owned()));
    }
    if !all_pdf {
        return Ok(Verdict::Refused("a document is not a PDF".to_owned()));
    }
    Ok(Verdict::Right(Box::new(manifest), documents))
}

async fn keep(
    province: &Arc<Province>,
    upload: &Upload,
    manifest: &Manifest,
    documents: Vec<Passing>,
) -> Result<(), Again> {
    let procedure = province.catalogue.procedure(&province.store, &manifest.procedure).await?;
    let Some(Procedure { name, .. }) = procedure else {
        let why = "the procedure is not in the catalogue in this version";
        return refuse(province, upload, why).await;
    };
    let this = Arc::clone(province);
    let name_all = move || documents.iter().try_for_each(|document| this.blobs.keep(document));
    spawn_blocking(name_all).await.unwrap_or_else(|gone| Err(io::Error::other(gone)))?;
    let announced = &upload.announced;
    let sealed = SealedDigest { sha256: announced.sha256.clone(), bytes: announced.length };
    let arrival = Arrival {
        manifest,
        sealed: &sealed,
        procedure: &name,
        agency: province.config.agency.as_str(),
        now: province.clock.now(),
    };
    match province.store.receive(&arrival, |receipt| province.signer.sign(receipt)).await? {
        Received::Stored(code) => {
            journal::record!(Event::IntakeStored, submission = %manifest.submission, dossier = %code);
        }
        Received::Already => {}
        Received::OtherContent => {
            let why = "another package was already received under this submission";
            return refuse(province, upload, why).await;
        }
    }
    Ok(province.uploads.settle(upload)?)
}

async fn refuse(province: &Province, upload: &Upload, why: &str) -> Result<(), Again> {
    let announced = &upload.announced;
    journal::record!(Event::IntakePackageRefused, submission = %announced.submission, why);
    let now = province.clock.now();
    province.store.refuse(&announced.submission, &announced.sha256, why, now).await?;
    Ok(province.uploads.settle(upload)?)
}
