//! From a sealed package to a dossier with a receipt, exactly once.

use std::time::Duration;

use ::intake::{OpeningKey, ReceiptAnswer, UploadError, digest::sha256_hex};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::rig::{PROCEDURE, Rig, Sealed, seal, submission};

const PDF: &[u8] = b"%PDF-1.4 a paper";

#[tokio::test]
async fn a_sealed_package_becomes_a_dossier_whose_receipt_verifies() {
    let rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), PDF);
    let ReceiptAnswer::Ready(signed) = rig.deliver(&sealed).await else { panic!() };
    let receipt = rig.verify(&sealed, &signed);
    assert_eq!(receipt.dossier.as_str(), "H40.16-20261121-0000001");
    // Nothing of the upload is left, the document is there under its digest.
    let parts = std::fs::read_dir(rig.path("data/uploads")).unwrap();
    let parts = parts.filter(|e| e.as_ref().unwrap().path().extension().unwrap() == "part");
    assert_eq!(parts.count(), 0);
    let sha256 = &sealed.manifest.documents[0].sha256;
    let blob = rig.path("data/documents").join(&sha256[..2]).join(sha256);
    assert_eq!(std::fs::read(blob).unwrap(), PDF);
}

#[tokio::test]
async fn codes_count_up_and_begin_again_at_midnight_in_vietnam() {
    let rig = Rig::start().await;
    let mut codes = Vec::new();
    for (n, hours) in [(1, 0), (2, 15), (3, 1), (4, 1)] {
        rig.pass(Duration::from_secs(hours * 3600));
        let sealed = rig.seal(&submission(n), PDF);
        let ReceiptAnswer::Ready(signed) = rig.deliver(&sealed).await else { panic!() };
        codes.push(rig.verify(&sealed, &signed).dossier.0);
    }
    let expected = ["21-0000001", "21-0000002", "22-0000001", "22-0000002"];
    assert_eq!(codes, expected.map(|end| format!("H40.16-202611{end}")));
}

#[tokio::test]
async fn the_same_package_again_is_the_same_dossier() {
    let rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), PDF);
    let first = rig.deliver(&sealed).await;
    assert!(matches!(first, ReceiptAnswer::Ready(_)));
    assert_eq!(rig.deliver(&sealed).await, first);
    assert_eq!(rig.count("SELECT count(*) FROM dossiers").await, 1);
}

#[tokio::test]
async fn uploads_of_one_package_at_the_same_time_make_one_dossier() {
    let rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), PDF);
    let answers = tokio::join!(rig.deliver(&sealed), rig.deliver(&sealed), rig.deliver(&sealed));
    assert_eq!((&answers.0, &answers.1), (&answers.1, &answers.2));
    assert_eq!(rig.count("SELECT count(*) FROM dossiers").await, 1);
}

#[tokio::test]
async fn another_package_under_the_same_name_is_refused_before_it_is_sent() {
    let rig = Rig::start().await;
    let first = rig.seal(&submission(1), PDF);
    let ReceiptAnswer::Ready(receipt) = rig.deliver(&first).await else { panic!() };
    let second = rig.seal(&submission(1), b"%PDF-1.4 another paper");
    let refused = rig.uploader().create(&second.metadata(), 100).await;
    assert!(matches!(refused, Err(UploadError::Refused(p)) if p.kind == "/problems/other-content"));
    assert_eq!(rig.settled(&first).await, ReceiptAnswer::Ready(receipt));
}

#[tokio::test]
async fn of_two_packages_with_one_name_the_first_to_be_whole_stays() {
    let rig = Rig::start().await;
    let (first, second) = (rig.seal(&submission(1), PDF), rig.seal(&submission(1), b"%PDF-2"));
    // Both are announced before either is whole.
    let uploader = rig.uploader();
    let file = rig.path("second");
    std::fs::write(&file, &second.bytes).unwrap();
    let url = uploader.create(&second.metadata(), second.digest.bytes).await.unwrap();
    let ReceiptAnswer::Ready(receipt) = rig.deliver(&first).await else { panic!() };
    uploader.deliver(&file, &second.metadata(), Some(url), |_| ()).await.unwrap();
    assert_eq!(rig.settled(&second).await, ReceiptAnswer::Ready(receipt));
    let refused = "SELECT count(*) FROM refusals";
    while rig.count(refused).await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(rig.count("SELECT count(*) FROM dossiers").await, 1);
}

#[tokio::test]
async fn a_package_that_can_never_be_taken_is_refused_with_its_reason() {
    let rig = Rig::start().await;
    let mut unsealed = rig.seal(&submission(1), PDF);
    unsealed.bytes = b"no age file, but what was announced".to_vec();
    unsealed.digest.sha256 = sha256_hex(&unsealed.bytes);
    let mut misnamed = rig.seal(&submission(2), PDF);
    misnamed.manifest.submission = submission(3).as_str().into();
    let cases: Vec<(Sealed, &str)> = vec![
        (unsealed, "the package is not sealed or is damaged"),
        (misnamed, "the package is of another submission or kiosk than announced"),
        (rig.seal(&submission(4), b"MZ"), "a document is not a PDF"),
        (rig.seal(&submission(5), b"MZ no PDF either"), "a document is not a PDF"),
        (
            rig.seal_changed(&submission(6), PDF, |m| m.procedure.code = "9.999999".into()),
            "the procedure is not in the catalogue in this version",
        ),
    ];
    for (sealed, expected) in cases {
        let ReceiptAnswer::Refused(problem) = rig.deliver(&sealed).await else {
            panic!("{expected}")
        };
        assert_eq!((problem.detail.as_deref(), problem.code.as_str()), (Some(expected), "INT-007"));
    }
    assert_eq!(rig.count("SELECT count(*) FROM dossiers").await, 0);
    let kept = std::fs::read_dir(rig.path("data/documents")).unwrap();
    assert_eq!(kept.count(), 1, "only the folder for passing files");
}

#[tokio::test]
async fn a_refusal_does_not_stand_in_the_way_of_the_right_package() {
    let rig = Rig::start().await;
    let wrong = rig.seal(&submission(1), b"MZ");
    assert!(matches!(rig.deliver(&wrong).await, ReceiptAnswer::Refused(_)));
    let right = rig.seal(&submission(1), PDF);
    assert!(matches!(rig.deliver(&right).await, ReceiptAnswer::Ready(_)));
}

#[tokio::test]
async fn an_upload_damaged_on_its_way_is_forgotten_so_that_it_is_sent_again() {
    let rig = Rig::start().await;
    let mut sealed = rig.seal(&submission(1), PDF);
    let right = sealed.bytes.clone();
    *sealed.bytes.last_mut().unwrap() ^= 1;
    assert_eq!(rig.deliver(&sealed).await, ReceiptAnswer::Unknown);
    sealed.bytes = right;
    assert!(matches!(rig.deliver(&sealed).await, ReceiptAnswer::Ready(_)));
}

#[tokio::test]
async fn what_was_whole_when_the_power_went_is_verified_after_the_start() {
    let mut rig = Rig::prepare("");
    let sealed = rig.seal(&submission(1), PDF);
    std::fs::create_dir_all(rig.path("data/uploads")).unwrap();
    let id = "0123456789abcdef0123456789abcdef";
    let announced = serde_json::json!({
        "length": sealed.digest.bytes, "submission": sealed.manifest.submission,
        "kiosk": "kiosk-1", "sha256": sealed.digest.sha256, "created_at": "2026-11-21T00:00:00Z",
    });
    rig.write(&format!("data/uploads/{id}.json"), &announced.to_string());
    std::fs::write(rig.path(&format!("data/uploads/{id}.part")), &sealed.bytes).unwrap();
    rig.write("data/uploads/torn.json", "{\"length\":");
    rig.run().await;
    assert!(matches!(rig.settled(&sealed).await, ReceiptAnswer::Ready(_)));
    // And a receipt outlives a restart.
    rig.stop().await;
    rig.run().await;
    assert!(matches!(rig.settled(&sealed).await, ReceiptAnswer::Ready(_)));
}

#[tokio::test]
async fn what_is_sealed_to_another_key_is_kept_until_the_province_has_that_key() {
    let mut rig = Rig::start_with("limits = { verifiers = 1 }").await;
    let (own, other) = (rig.keys.clone(), OpeningKey::generate());
    let mut keys = own.clone();
    keys.sealing = other.sealing_key();
    let foreign = seal(&keys, &submission(1), PDF, |_| ());
    let file = rig.path("foreign");
    std::fs::write(&file, &foreign.bytes).unwrap();
    rig.uploader().deliver(&file, &foreign.metadata(), None, |_| ()).await.unwrap();
    // Once the next one is a dossier, this one was looked at.
    assert!(matches!(rig.deliver(&rig.seal(&submission(2), PDF)).await, ReceiptAnswer::Ready(_)));
    let answer = rig.uploader().fetch_receipt(&foreign.manifest.submission).await.unwrap();
    assert_eq!(answer, ReceiptAnswer::NotYet);
    rig.stop().await;
    rig.write("opening.key", &other.reveal());
    rig.run().await;
    assert!(matches!(rig.settled(&foreign).await, ReceiptAnswer::Ready(_)));
    assert_eq!(rig.count("SELECT count(*) FROM refusals").await, 0);
}

#[tokio::test]
async fn a_dossier_begun_under_a_replaced_edition_is_taken_under_its_words() {
    let mut rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), PDF);
    rig.stop().await;
    let newer = PROCEDURE.replace("2025-07-01", "2026-11-20").replace("khai sinh", "mới");
    rig.write("catalogue/1.001193.toml", &newer);
    rig.run().await;
    assert!(matches!(rig.deliver(&sealed).await, ReceiptAnswer::Ready(_)));
    let named = "SELECT count(*) FROM dossiers WHERE procedure_vi = 'Thủ tục đăng ký khai sinh'";
    assert_eq!(rig.count(named).await, 1);
}

#[tokio::test]
async fn a_client_that_goes_away_with_the_last_byte_still_gets_its_receipt() {
    let rig = Rig::start().await;
    for (n, chunked) in [(1, true), (2, false), (3, false)] {
        let sealed = rig.seal(&submission(n), PDF);
        let uploader = rig.uploader();
        let url = uploader.create(&sealed.metadata(), sealed.digest.bytes).await.unwrap();
        let bytes = &sealed.bytes;
        // A chunked body without its end was cut short, although all bytes are there.
        let framing = if chunked {
            format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", bytes.len())
        } else {
            format!("content-length: {}\r\n\r\n", bytes.len())
        };
        let head = format!(
            "PATCH {} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
             content-type: application/offset+octet-stream\r\n{framing}",
            url.0.strip_prefix(&rig.url("")).unwrap(),
        );
        let mut line = TcpStream::connect(rig.address()).await.unwrap();
        line.write_all(&[head.as_bytes(), bytes].concat()).await.unwrap();
        drop(line);
        let mut answer = ReceiptAnswer::Unknown;
        while answer == ReceiptAnswer::Unknown {
            tokio::time::sleep(Duration::from_millis(10)).await;
            answer = rig.settled(&sealed).await;
        }
        assert!(matches!(answer, ReceiptAnswer::Ready(_)), "package {n}");
    }
}
