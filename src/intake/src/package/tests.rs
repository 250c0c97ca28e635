//! Packages that are whole, and packages that somebody has been at.

use std::io::{Cursor, Write as _};

use domain::{Evidence, Language, PersonalNumber};
use jiff::{Timestamp, civil::date};
use proptest::prelude::*;

use super::*;
use crate::{
    OpeningKey, SealedDigest,
    digest::sha256_hex,
    manifest::{Answer, Applicant, DocumentEntry, Manifest, ManifestFault, ProcedureVersion},
};

fn manifest(documents: &[Document]) -> Manifest {
    let entry = |d: &Document| DocumentEntry::describe(&d.name, "to-khai", 1, &d.bytes);
    Manifest {
        format: 1,
        submission: "00112233445566778899aabbccddeeff".into(),
        kiosk: "kiosk-1".into(),
        submitted_at: Timestamp::UNIX_EPOCH,
        procedure: ProcedureVersion {
            code: "1.001193".into(),
            valid_from: date(2025, 7, 1),
            edition: 1,
        },
        applicant: Applicant {
            personal_number: PersonalNumber::parse("001099000001").unwrap(),
            name: "Nguyễn Văn An".into(),
            birth_date: None,
            sex: None,
            residence: None,
            issue_date: None,
            evidence: Evidence::Typed,
        },
        language: Language::Vi,
        answers: vec![Answer { question: "name".into(), value: "Nguyễn Văn An".into() }],
        documents: documents.iter().map(entry).collect(),
        slip_secret_sha256: sha256_hex(b"secret"),
    }
}

fn documents() -> Vec<Document> {
    ["to-khai.pdf", "giay-chung-sinh.pdf"]
        .into_iter()
        .map(|name| Document { name: name.into(), bytes: name.repeat(5000).into_bytes() })
        .collect()
}

fn sealed(key: &OpeningKey) -> Vec<u8> {
    let mut out = Vec::new();
    let digest = seal(&manifest(&documents()), &documents(), &key.sealing_key(), &mut out).unwrap();
    assert_eq!(digest, SealedDigest::of(out.as_slice()).unwrap());
    out
}

/// Seals a tar whose entries are given, as somebody hostile would.
fn hostile(key: &OpeningKey, entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        // Written past the builder's own checks, which refuse paths that climb.
        let field = &mut header.as_old_mut().name;
        field[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len().try_into().unwrap());
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    age::encrypt(&key.0.to_public(), &tar.into_inner().unwrap()).unwrap()
}

fn json(manifest: &Manifest) -> Vec<u8> {
    serde_json::to_vec(manifest).unwrap()
}

#[test]
fn what_was_sealed_opens_with_its_key_and_no_other() {
    let key = OpeningKey::generate();
    let package = open(sealed(&key).as_slice(), &key).unwrap();
    assert_eq!(package.manifest, manifest(&documents()));
    assert_eq!(package.documents, documents());
    let other = open(sealed(&key).as_slice(), &OpeningKey::generate());
    assert!(matches!(other, Err(OpenError::OtherKey)));
}

#[test]
fn every_cut_and_every_changed_byte_is_noticed() {
    let key = OpeningKey::generate();
    let whole = sealed(&key);
    for at in (0..whole.len()).step_by(997) {
        let mut changed = whole.clone();
        changed[at] ^= 0x40;
        assert!(open(changed.as_slice(), &key).is_err(), "changed at {at}");
        assert!(open(&whole[..at], &key).is_err(), "cut at {at}");
    }
    let longer = [whole.as_slice(), b"more"].concat();
    assert!(open(longer.as_slice(), &key).is_err());
}

#[test]
fn files_that_do_not_belong_are_refused() {
    use tar::EntryType as Kind;
    let key = OpeningKey::generate();
    let document = Document { name: "a.pdf".into(), bytes: b"%PDF-1.4".to_vec() };
    let json = json(&manifest(std::slice::from_ref(&document)));
    let manifest_entry = ("manifest.json", Kind::Regular, json.as_slice());
    let pdf = document.bytes.as_slice();
    let cases: &[&[(&str, Kind, &[u8])]] = &[
        &[],
        &[("a.pdf", Kind::Regular, pdf), manifest_entry],
        &[manifest_entry],
        &[manifest_entry, ("../a.pdf", Kind::Regular, pdf)],
        &[manifest_entry, ("/etc/passwd", Kind::Regular, pdf)],
        &[manifest_entry, ("./a.pdf", Kind::Regular, pdf)],
        &[manifest_entry, ("a.pdf", Kind::Symlink, b"")],
        &[manifest_entry, ("a.pdf", Kind::Link, b"")],
        &[manifest_entry, ("a.pdf", Kind::Directory, b"")],
        &[manifest_entry, ("a.pdf", Kind::Regular, b"%PDF-1.5")],
        &[manifest_entry, ("a.pdf", Kind::Regular, b"%PDF-1.4 ")],
        &[manifest_entry, ("a.pdf", Kind::Regular, pdf), ("b.pdf", Kind::Regular, pdf)],
        &[manifest_entry, ("a.pdf", Kind::Regular, pdf), ("a.pdf", Kind::Regular, pdf)],
    ];
    for (at, entries) in cases.iter().enumerate() {
        assert!(open(hostile(&key, entries).as_slice(), &key).is_err(), "case {at}");
    }
    let right = hostile(&key, &[manifest_entry, ("a.pdf", Kind::Regular, pdf)]);
    assert!(open(right.as_slice(), &key).is_ok());
}

#[test]
fn a_manifest_that_breaks_a_rule_is_neither_sealed_nor_opened() {
    type Spoil = fn(&mut Manifest);
    let key = OpeningKey::generate();
    let cases: [(Spoil, ManifestFault); 8] = [
        (|m| m.format = 2, ManifestFault::Format),
        (|m| m.submission = "AA".into(), ManifestFault::Submission),
        (|m| m.slip_secret_sha256 = "x".into(), ManifestFault::Digest),
        (|m| m.documents[0].sha256.make_ascii_uppercase(), ManifestFault::Digest),
        (|m| m.documents[0].name = "../a.pdf".into(), ManifestFault::Name),
        (|m| m.documents[0].name = "a.exe".into(), ManifestFault::Name),
        (|m| m.documents[1].name = m.documents[0].name.clone(), ManifestFault::Twice),
        (|m| m.answers[0].value = "x".repeat(5000), ManifestFault::TooLarge),
    ];
    for (at, (spoil, fault)) in cases.into_iter().enumerate() {
        let mut spoiled = manifest(&documents());
        spoil(&mut spoiled);
        assert_eq!(spoiled.check(), Err(fault), "case {at}");
        assert!(seal(&spoiled, &documents(), &key.sealing_key(), Vec::new()).is_err());
        let json = json(&spoiled);
        let entries = [("manifest.json", tar::EntryType::Regular, json.as_slice())];
        let opened = open(hostile(&key, &entries).as_slice(), &key);
        assert!(matches!(opened, Err(OpenError::Manifest(found)) if found == fault), "case {at}");
    }
}

#[test]
fn a_document_other_than_described_is_not_sealed() {
    let key = OpeningKey::generate();
    let mut others = documents();
    others[1].bytes.push(0);
    let error = seal(&manifest(&documents()), &others, &key.sealing_key(), Vec::new());
    assert!(matches!(error, Err(SealError::Mismatch(1))));
    let fewer = seal(&manifest(&documents()), &others[..1], &key.sealing_key(), Vec::new());
    assert!(matches!(fewer, Err(SealError::Mismatch(1))));
}

#[test]
fn a_full_disk_is_told_as_such() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, from: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(from.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(from.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let key = OpeningKey::generate().sealing_key();
    let result = seal(&manifest(&documents()), &documents(), &key, Full(70_000));
    assert!(
        matches!(result, Err(SealError::Write(e)) if e.kind() == std::io::ErrorKind::StorageFull)
    );
}

#[test]
fn limits_hold_before_anything_is_kept() {
    let key = OpeningKey::generate();
    let whole = sealed(&key);
    for limits in [
        Limits { manifest_bytes: 10, ..Limits::default() },
        Limits { document_bytes: 10, ..Limits::default() },
        Limits { package_bytes: 10, ..Limits::default() },
    ] {
        let opened = open_into(whole.as_slice(), &key, limits, |_, _| unreachable!());
        assert!(matches!(opened, Err(OpenError::TooLarge)), "{limits:?}");
    }
}

#[test]
fn the_stock_tool_opens_ours_and_we_open_its() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = OpeningKey::generate();
    std::fs::write(path("key"), key.reveal().as_bytes()).unwrap();
    std::fs::write(path("ours.age"), sealed(&key)).unwrap();
    let run = |script: &str| {
        let mut command = std::process::Command::new("sh");
        let out = command.arg("-euc").arg(script).current_dir(folder.path()).output().unwrap();
        assert!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let list = run("age --decrypt -i key ours.age | tar -t");
    assert_eq!(list, "manifest.json\nto-khai.pdf\ngiay-chung-sinh.pdf\n");

    for document in documents() {
        std::fs::write(path(&document.name), document.bytes).unwrap();
    }
    let mut file = std::fs::File::create(path("manifest.json")).unwrap();
    file.write_all(&json(&manifest(&documents()))).unwrap();
    let recipient = key.sealing_key();
    run(&format!(
        "tar -c manifest.json to-khai.pdf giay-chung-sinh.pdf | age -r {recipient} -o theirs.age"
    ));
    let theirs = std::fs::File::open(path("theirs.age")).unwrap();
    assert_eq!(open(theirs, &key).unwrap().documents, documents());
}

#[test]
fn nothing_personal_is_shown_by_debug() {
    let shown = format!("{:?}", open(sealed_static().as_slice(), &static_key()).unwrap());
    for secret in ["Nguyễn", "001099000001", "name:"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn static_key() -> OpeningKey {
    "AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU".parse().unwrap()
}

fn sealed_static() -> Vec<u8> {
    sealed(&static_key())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let key = static_key();
        prop_assert!(open(Cursor::new(&bytes), &key).is_err());
        // The same bytes, sealed rightly: now the archive is what is wrong.
        let inside = age::encrypt(&key.0.to_public(), &bytes).unwrap();
        prop_assert!(open(inside.as_slice(), &key).is_err());
        // And as a manifest.
        let entries = [("manifest.json", tar::EntryType::Regular, bytes.as_slice())];
        prop_assert!(open(hostile(&key, &entries).as_slice(), &key).is_err());
    }

    #[test]
    fn a_changed_archive_never_opens_as_something_else(at in 0_usize..8192, bit in 0_u8..8) {
        let key = static_key();
        let document = Document { name: "a.pdf".into(), bytes: b"%PDF-1.4".repeat(100) };
        let json = json(&manifest(std::slice::from_ref(&document)));
        let mut tar = tar::Builder::new(Vec::new());
        for (name, bytes) in [("manifest.json", json.as_slice()), ("a.pdf", &document.bytes)] {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len().try_into().unwrap());
            tar.append_data(&mut header, name, bytes).unwrap();
        }
        let mut tar = tar.into_inner().unwrap();
        let at = at % tar.len();
        tar[at] ^= 1 << bit;
        let sealed = age::encrypt(&key.0.to_public(), &tar).unwrap();
        // Padding and some header fields carry no meaning; what opens must be what was meant.
        if let Ok(package) = open(sealed.as_slice(), &key) {
            prop_assert_eq!(package.documents, vec![document]);
        }
    }
}
