//! What is left in the outbox's folder after a power cut, and what the next start makes of it.

use super::*;

fn waiting(name: &str) -> Waiting {
    Waiting {
        submission: name.into(),
        sealed: SealedDigest { sha256: "00".repeat(32), bytes: 3 },
        documents: vec![DocumentDigest { name: "a.pdf".into(), sha256: "11".repeat(32) }],
        upload: None,
    }
}

fn write(store: &Store, name: &str) {
    store
        .write_file(&name.into(), |mut file| io::Write::write_all(&mut file, b"abc"), || {})
        .unwrap();
}

#[test]
fn only_files_that_were_promised_survive_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for name in ["kept", "orphan", "delivered", "refused"] {
        write(&store, name);
    }
    fs::write(folder.path().join("half.part"), "ab").unwrap();
    for name in ["kept", "delivered", "refused"] {
        store.record(&waiting(name), "2026-11-21T00:00:00Z").unwrap();
    }
    store.settle(&"delivered".into(), State::Delivered, Some("{}")).unwrap();
    store.settle(&"refused".into(), State::Refused, None).unwrap();
    drop(store);

    let store = Store::open(folder.path()).unwrap();
    store.sweep().unwrap();
    let left = |name: &str| store.file(&name.into()).exists();
    assert_eq!(
        (left("kept"), left("orphan"), left("delivered"), left("refused")),
        (true, false, false, true)
    );
    assert!(!folder.path().join("half.part").exists());
    assert_eq!(store.waiting().unwrap(), [waiting("kept")]);
    assert_eq!(store.receipt(&"delivered".into()).unwrap().as_deref(), Some("{}"));
}

#[test]
fn the_uploads_address_is_remembered_and_a_submission_is_recorded_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.record(&waiting("one"), "2026-11-21T00:00:00Z").unwrap();
    assert!(store.record(&waiting("one"), "2026-11-21T00:00:01Z").is_err());
    let url = UploadUrl("https://province.example/v1/uploads/1".into());
    store.remember_upload(&"one".into(), &url).unwrap();
    assert_eq!(store.reopen().unwrap().waiting().unwrap()[0].upload, Some(url));
}
