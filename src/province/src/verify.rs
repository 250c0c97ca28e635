//! Turns finished uploads into dossiers, a bounded number at a time.
//!
//! Every step can be cut off and is then done again from the start: the bytes of an upload are
//! deleted only after the dossier (or the refusal) is durable, and a submission becomes a
//! dossier once because the database says so.

use std::{
    fs::File,
    io::{self, Read as _},
    sync::Arc,
    time::Duration,
};

use domain::Bilingual;
use intake::{
    Manifest, OpenError, SealedDigest,
    digest::HashingReader,
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

/// After trouble with the storage a package waits so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// How every PDF begins.
const PDF: &[u8; 5] = b"%PDF-";

/// What verification found.
enum Verdict {
    /// All is right; the documents wait for their names.
    Right(Box<Manifest>, Vec<Passing>),
    /// The bytes are not those that were announced: they must be sent again.
    Damaged,
    /// It will never be taken.
    Refused(String),
}

/// Takes ids of finished uploads until the channel closes.
pub(crate) async fn work(province: Arc<Province>, queue: Arc<Mutex<mpsc::Receiver<String>>>) {
    loop {
        let next = queue.lock().await.recv().await;
        let Some(id) = next else { return };
        while let Err(error) = process(&province, &id).await {
            journal::record!(Event::IntakeStorageFailed, upload = id, error = %error);
            tokio::time::sleep(PATIENCE).await;
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

async fn process(province: &Arc<Province>, id: &str) -> Result<(), Again> {
    let Some(upload) = province.uploads.get(id) else { return Ok(()) };
    let _guard = upload.writing.lock().await;
    if !upload.is_waiting() {
        return Ok(());
    }
    let announced = &upload.announced;
    if province.store.received_sha256(&announced.submission).await?
        == Some(announced.sha256.clone())
    {
        province.uploads.settle(&upload)?;
        return Ok(());
    }
    let (this, of) = (Arc::clone(province), Arc::clone(&upload));
    let verdict = spawn_blocking(move || inspect(&this, &of)).await;
    match verdict.unwrap_or_else(|gone| Err(io::Error::other(gone)))? {
        Verdict::Right(manifest, documents) => keep(province, &upload, &manifest, documents).await,
        Verdict::Damaged => {
            journal::record!(Event::IntakeDamaged, submission = %announced.submission);
            Ok(province.uploads.remove(id)?)
        }
        Verdict::Refused(why) => refuse(province, &upload, &why).await,
    }
}

/// Opens the package, writing documents under passing names while their digests are computed.
fn inspect(province: &Province, upload: &Upload) -> io::Result<Verdict> {
    let announced = &upload.announced;
    let mut sealed = HashingReader::new(File::open(province.uploads.part(&upload.id))?);
    let limits =
        Limits { package_bytes: province.config.limits.package_bytes, ..Limits::default() };
    let (mut documents, mut all_pdf) = (Vec::new(), true);
    let opened = open_into(&mut sealed, &province.opening, limits, |entry, content| {
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
    io::copy(&mut sealed, &mut io::sink())?;
    if sealed.digest().sha256 != announced.sha256 {
        return Ok(Verdict::Damaged);
    }
    let manifest = match opened {
        Ok(manifest) => manifest,
        Err(error) => return Ok(Verdict::Refused(error.to_string())),
    };
    if manifest.submission != announced.submission || manifest.kiosk != announced.kiosk {
        let why = "the package is of another submission or kiosk than announced";
        return Ok(Verdict::Refused(why.to_owned()));
    }
    if !all_pdf {
        return Ok(Verdict::Refused("a document is not a PDF".to_owned()));
    }
    if province.procedure_name(&manifest.procedure).is_none() {
        let why = "the procedure is not in the catalogue in this version";
        return Ok(Verdict::Refused(why.to_owned()));
    }
    for document in &documents {
        province.blobs.keep(document)?;
    }
    Ok(Verdict::Right(Box::new(manifest), documents))
}

async fn keep(
    province: &Province,
    upload: &Upload,
    manifest: &Manifest,
    documents: Vec<Passing>,
) -> Result<(), Again> {
    drop(documents);
    let announced = &upload.announced;
    let sealed = SealedDigest { sha256: announced.sha256.clone(), bytes: announced.length };
    let unnamed =
        Bilingual::new(manifest.procedure.code.as_str(), manifest.procedure.code.as_str());
    let arrival = Arrival {
        manifest,
        sealed: &sealed,
        procedure: province.procedure_name(&manifest.procedure).unwrap_or(&unnamed),
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
