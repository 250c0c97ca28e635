//! Every message as JSON, held against the files of `golden/`: what old peers still send must be
//! read, and what is written must not change by accident. `MOTCUA_WRITE_GOLDEN=1` writes them.

use std::{fs, path::Path};

use domain::{Bilingual, dossier::Status, screen::Rating};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Problem,
    center::{
        FieldQueue, Fields, HelpCall, PaperOutcome, PaperReport, TicketIssued, TicketRequest,
    },
    province::{
        DocumentDigest, DossierReport, LookUpFactor, LookUpRequest, RatingGiven, Receipt,
        SignedReceipt, StatusChange,
    },
};

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq>(name: &str, message: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.json"));
    let written = serde_json::to_string_pretty(message).unwrap() + "\n";
    if std::env::var_os("MOTCUA_WRITE_GOLDEN").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    assert_eq!(written, golden, "{name} is written differently");
    assert!(serde_json::from_str::<T>(&golden).unwrap() == *message, "{name} is read differently");
}

fn time() -> jiff::Timestamp {
    "2026-11-21T01:05:00Z".parse().unwrap()
}

#[test]
fn what_kiosk_and_center_say_has_not_changed() {
    let name = || Bilingual::new("Hộ tịch", "Civil status");
    let queue = FieldQueue { code: "ho-tich".into(), letter: 'A', name: name(), waiting: 3 };
    check("fields", &Fields { center: "lab".into(), name: name(), fields: vec![queue] });
    let request = "0123456789abcdef0123456789abcdef".to_owned();
    check(
        "ticket-request",
        &TicketRequest { request, kiosk: "k1".into(), field: "ho-tich".into() },
    );
    check(
        "ticket-issued",
        &TicketIssued {
            id: "t9w2ygps8z".into(),
            number: "A001".parse().unwrap(),
            field: "ho-tich".into(),
            issued_at: time(),
            ahead: 2,
            code: "MOTCUA1:T:lab:2026-11-21:A001".into(),
        },
    );
    check("paper-printed", &PaperReport { outcome: PaperOutcome::Printed });
    check("paper-shown-only", &PaperReport { outcome: PaperOutcome::ShownOnly });
    check("help-call", &HelpCall { kiosk: "k1".into() });
}

#[test]
fn what_kiosk_and_province_say_has_not_changed() {
    check(
        "receipt",
        &Receipt {
            submission: "ab".repeat(16).as_str().into(),
            dossier: "H40.16-20261121-0000001".into(),
            received_at: time(),
            package_sha256: "00".repeat(32),
            package_bytes: 4096,
            documents: vec![DocumentDigest { name: "to-khai.pdf".into(), sha256: "11".repeat(32) }],
        },
    );
    let (payload, signature) = ("e30=".to_owned(), "AAAA".to_owned());
    check("signed-receipt", &SignedReceipt { payload, signature, key: "0123456789abcdef".into() });
    for (name, factor) in [
        ("look-up-last-four", LookUpFactor::LastFour("0001".into())),
        ("look-up-slip", LookUpFactor::SlipSecret("5ecret".into())),
    ] {
        check(name, &LookUpRequest { code: "H40.16-20261121-0000001".into(), factor });
    }
    check(
        "dossier-report",
        &DossierReport {
            dossier: "H40.16-20261121-0000001".into(),
            procedure: "1.004873".into(),
            procedure_name: Bilingual::new("Xác nhận tình trạng hôn nhân", "Marital status"),
            status: Status::Refused,
            reason: Some("Thiếu tờ khai".into()),
            history: vec![StatusChange { at: time(), status: Status::New }],
        },
    );
    check(
        "rating-given",
        &RatingGiven {
            request: "0123456789abcdef0123456789abcdef".into(),
            kiosk: "k1".into(),
            submission: None,
            rating: Rating::VerySatisfied,
        },
    );
    check(
        "problem",
        &Problem {
            kind: "/problems/upload-offset".into(),
            title: "An upload went on at the wrong place".into(),
            status: 409,
            detail: None,
            code: "INT-004".into(),
        },
    );
}
