//! The description agrees with the server, and changes only on purpose.

use reqwest::Method;
use serde_json::Value;

use crate::rig::Rig;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/openapi.json");

/// `MOTCUA_GOLDEN=write cargo nextest run -p province` writes the file anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "the environment says whether to write the file")]
fn the_description_is_the_one_that_was_agreed() {
    if std::env::var("MOTCUA_GOLDEN").is_ok_and(|wish| wish == "write") {
        std::fs::write(GOLDEN, province::openapi()).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    assert_eq!(province::openapi(), golden);
}

#[tokio::test]
async fn every_described_way_exists_and_every_reference_leads_somewhere() {
    let rig = Rig::start().await;
    let served = rig.client.get(rig.url("/v1/openapi.json")).send().await.unwrap();
    let served: Value = served.json().await.unwrap();
    assert_eq!(served, serde_json::from_str::<Value>(&province::openapi()).unwrap());
    for (path, methods) in served["paths"].as_object().unwrap() {
        assert!(path.starts_with("/v1/"));
        for (method, operation) in methods.as_object().unwrap() {
            let url = rig.url(&path.replace("{upload}", "u").replace("{submission}", "s"));
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = rig.client.request(method.clone(), url).send().await.unwrap();
            let status = answer.status().as_u16();
            let known = operation["responses"].get(status.to_string()).is_some();
            let general = [400, 412, 415].contains(&status);
            assert!(known || general, "{method} {path} answers {status}");
            assert_ne!(status, 405, "{method} {path}");
        }
    }
    let text = served.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(served["components"]["schemas"].get(name).is_some(), "{name}");
    }
}
