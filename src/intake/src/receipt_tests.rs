//! Receipts that hold, and every way in which one must not.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn signer() -> ReceiptSigner {
    ReceiptSigner::from_seed(&[7; 32])
}

fn documents() -> Vec<DocumentDigest> {
    vec![DocumentDigest { name: "to-khai.pdf".into(), sha256: "ab".repeat(32) }]
}

fn sealed() -> SealedDigest {
    SealedDigest { sha256: "cd".repeat(32), bytes: 1234 }
}

fn receipt() -> Receipt {
    Receipt {
        submission: "s".into(),
        dossier: "H40.16-20261121-0000001".into(),
        received_at: Timestamp::UNIX_EPOCH,
        package_sha256: sealed().sha256,
        package_bytes: sealed().bytes,
        documents: documents(),
    }
}

fn judge(signed: &SignedReceipt) -> Result<Receipt, ReceiptError> {
    let other = ReceiptSigner::from_seed(&[9; 32]).key();
    verify(signed, &[other, signer().key()], &sealed(), &"s".into(), &documents())
}

#[test]
fn a_receipt_about_exactly_what_was_sent_is_believed() {
    assert_eq!(judge(&signer().sign(&receipt()).unwrap()), Ok(receipt()));
}

#[test]
fn a_receipt_about_anything_else_is_not() {
    type Change = fn(&mut Receipt);
    let cases: [(Change, ReceiptError); 6] = [
        (|r| r.submission = "t".into(), ReceiptError::OtherSubmission),
        (|r| r.package_sha256 = "ce".repeat(32), ReceiptError::OtherPackage),
        (|r| r.package_bytes += 1, ReceiptError::OtherPackage),
        (|r| r.documents.clear(), ReceiptError::OtherDocuments),
        (|r| r.documents[0].sha256 = "ac".repeat(32), ReceiptError::OtherDocuments),
        (|r| r.documents.push(r.documents[0].clone()), ReceiptError::OtherDocuments),
    ];
    for (at, (change, expected)) in cases.into_iter().enumerate() {
        let mut changed = receipt();
        change(&mut changed);
        assert_eq!(judge(&signer().sign(&changed).unwrap()), Err(expected), "case {at}");
    }
}

#[test]
fn only_a_known_key_counts_and_only_its_own_signature() {
    let stranger = ReceiptSigner::from_seed(&[8; 32]);
    let foreign = stranger.sign(&receipt()).unwrap();
    assert_eq!(judge(&foreign), Err(ReceiptError::UnknownKey));
    let renamed = SignedReceipt { key: signer().key().id(), ..foreign };
    assert_eq!(judge(&renamed), Err(ReceiptError::Signature));
    let nothing = SignedReceipt { payload: "e30=".into(), ..signer().sign(&receipt()).unwrap() };
    assert_eq!(judge(&nothing), Err(ReceiptError::Signature));
}

#[test]
fn members_added_later_do_not_disturb_an_older_kiosk() {
    let mut value = serde_json::to_value(receipt()).unwrap();
    value["later"] = true.into();
    let payload = serde_json::to_vec(&value).unwrap();
    let signed = SignedReceipt {
        signature: BASE64_STANDARD.encode(signer().0.sign(&payload).to_bytes()),
        payload: BASE64_STANDARD.encode(payload),
        key: signer().key().id(),
    };
    assert_eq!(judge(&signed), Ok(receipt()));
}

#[test]
fn openssl_verifies_what_we_sign() {
    let folder = tempfile::tempdir().unwrap();
    let signed = signer().sign(&receipt()).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("key.pem", signer().reveal().unwrap().as_bytes());
    write("payload", &BASE64_STANDARD.decode(&signed.payload).unwrap());
    write("signature", &BASE64_STANDARD.decode(&signed.signature).unwrap());
    let out = std::process::Command::new("openssl")
        .args(["pkeyutl", "-verify", "-rawin", "-in", "payload", "-sigfile", "signature"])
        .args(["-inkey", "key.pem"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let again = ReceiptSigner::from_pem(&signer().reveal().unwrap()).unwrap();
    assert_eq!(again.key(), signer().key());
}

proptest! {
    #[test]
    fn any_three_texts_are_refused_without_a_panic(payload: String, signature: String, key: String) {
        let judged = judge(&SignedReceipt { payload, signature, key });
        prop_assert!(judged.is_err());
    }

    #[test]
    fn one_changed_character_is_noticed(at in 0_usize..600, to in "[A-Za-z0-9+/]") {
        let right = signer().sign(&receipt()).unwrap();
        let mut wrong = right.clone();
        let field = if at % 2 == 0 { &mut wrong.payload } else { &mut wrong.signature };
        let at = at / 2 % field.len();
        field.replace_range(at..=at, &to);
        prop_assert!(wrong == right || judge(&wrong).is_err());
    }
}
