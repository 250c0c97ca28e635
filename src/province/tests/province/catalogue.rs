//! The catalogue and its editions.

use reqwest::StatusCode;
use wire::province::CatalogueEdition;

use crate::rig::{PROCEDURE, Rig};

async fn edition(rig: &Rig) -> CatalogueEdition {
    let answer = rig.client.get(rig.url("/v1/catalogue")).send().await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test]
async fn a_catalogue_is_sent_once_and_then_only_confirmed() {
    let rig = Rig::start().await;
    let first = rig.client.get(rig.url("/v1/catalogue")).send().await.unwrap();
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let catalogue: CatalogueEdition = first.json().await.unwrap();
    assert_eq!((catalogue.edition, catalogue.catalogue.procedures.len()), (1, 1));
    for (sent, expected) in [
        (etag.clone(), StatusCode::NOT_MODIFIED),
        (format!("W/{etag}"), StatusCode::NOT_MODIFIED),
        (format!("\"other\", {etag}"), StatusCode::NOT_MODIFIED),
        ("\"other\"".to_owned(), StatusCode::OK),
    ] {
        let request = rig.client.get(rig.url("/v1/catalogue")).header("if-none-match", &sent);
        assert_eq!(request.send().await.unwrap().status(), expected, "{sent}");
    }
}

#[tokio::test]
async fn every_change_gets_a_greater_edition_even_one_that_goes_back() {
    let mut rig = Rig::start().await;
    let dearer = PROCEDURE.replace("\"free\"", "\"fixed\", vnd = 8000");
    for (text, expected) in [(PROCEDURE, 1), (&dearer, 2), (PROCEDURE, 3), (PROCEDURE, 3)] {
        rig.stop().await;
        rig.write("catalogue/1.001193.toml", text);
        rig.run().await;
        assert_eq!(edition(&rig).await.edition, expected);
    }
}

#[test]
fn a_catalogue_that_contradicts_itself_is_refused() {
    let rig = Rig::prepare("");
    let read = || province::catalogue::read(&rig.path("catalogue"));
    assert!(read().is_ok());
    for (file, text) in [
        ("2.toml", PROCEDURE.to_owned()),
        ("2.toml", PROCEDURE.replace("ho-tich", "khong-co").replace("1.001193", "2")),
        ("2.toml", PROCEDURE.replace("legal_basis", "legal_basics")),
        ("2.toml", "code = ".to_owned()),
    ] {
        rig.write(&format!("catalogue/{file}"), &text);
        assert!(read().is_err(), "{text}");
    }
    let ended = PROCEDURE.replace("valid_from", "valid_until = \"2026-12-31\"\nvalid_from");
    rig.write("catalogue/1.001193.toml", &ended);
    rig.write("catalogue/2.toml", &PROCEDURE.replace("2025-07-01", "2027-01-01"));
    assert_eq!(read().unwrap().procedures.len(), 2);
}
