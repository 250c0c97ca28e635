//! Which uploads expire, and which never.

use super::*;

const CREATED: Timestamp = Timestamp::UNIX_EPOCH;
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// An upload whose bytes are all there.
fn whole(uploads: &Uploads) -> Arc<Upload> {
    let announced = Announced {
        length: 3,
        submission: SubmissionId("ab".repeat(16)),
        kiosk: KioskId("ki-01".into()),
        sha256: String::new(),
        created_at: CREATED,
        settled: false,
    };
    let upload = uploads.create("one".into(), announced).unwrap().unwrap();
    fs::write(uploads.part("one"), b"abc").unwrap();
    upload.offset.store(3, Ordering::Release);
    upload
}

#[test]
fn what_waits_to_be_verified_never_expires_and_what_was_set_aside_does() {
    let folder = tempfile::tempdir().unwrap();
    let (finished, _queue) = tokio::sync::mpsc::unbounded_channel();
    let uploads = Uploads::open(folder.path().into(), 9, LIFETIME, finished).unwrap();
    let upload = whole(&uploads);
    let late = CREATED + LIFETIME;
    uploads.sweep(late).unwrap();
    assert!(uploads.get("one").is_some(), "a dossier may still come of it");

    upload.set_aside();
    uploads.sweep(late - SignedDuration::from_secs(1)).unwrap();
    assert!(uploads.get("one").is_some(), "too early");
    uploads.sweep(late).unwrap();
    assert!(uploads.get("one").is_none() && !uploads.part("one").exists());
}
