//! Look-ups and ratings.

use std::time::Duration;

use intake::ReceiptAnswer;
use serde_json::{Value, json};

use crate::rig::{Rig, submission};

async fn post(rig: &Rig, path: &str, body: &Value) -> (u16, Value) {
    let answer = rig.client.post(rig.url(path)).json(body).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

async fn look_up(rig: &Rig, code: &str, factor: Value) -> (u16, Value) {
    post(rig, "/v1/look-ups", &json!({ "code": code, "factor": factor })).await
}

/// A province with one dossier, and its code.
async fn with_dossier() -> (Rig, String) {
    let rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), b"%PDF-1.4");
    let ReceiptAnswer::Ready(signed) = rig.deliver(&sealed).await else { panic!() };
    let code = rig.verify(&sealed, &signed).dossier.0;
    (rig, code)
}

#[tokio::test]
async fn code_and_second_factor_tell_how_a_dossier_stands() {
    let (rig, code) = with_dossier().await;
    for (code, factor) in [
        (code.clone(), json!({ "last-four": "0001" })),
        (code.to_lowercase(), json!({ "last-four": "0001" })),
        (code.clone(), json!({ "slip-secret": "slip-secret" })),
        (submission(1), json!({ "slip-secret": "slip-secret" })),
        (submission(1), json!({ "last-four": "0001" })),
    ] {
        let (status, report) = look_up(&rig, &code, factor).await;
        assert_eq!((status, &report["status"]), (200, &json!(1)), "{code}");
        assert_eq!(report["procedure_name"]["vi"], "Thủ tục đăng ký khai sinh");
        assert_eq!(report["history"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_factor_are_answered_alike() {
    let (rig, code) = with_dossier().await;
    let wrong_factor = look_up(&rig, &code, json!({ "last-four": "9999" })).await;
    let wrong_secret = look_up(&rig, &code, json!({ "slip-secret": "" })).await;
    let wrong_code = look_up(&rig, "H40.16-20261121-0000099", json!({ "last-four": "0001" })).await;
    assert_eq!(wrong_factor.0, 404);
    assert_eq!(wrong_factor, wrong_secret);
    assert_eq!(wrong_factor, wrong_code);
}

#[tokio::test]
async fn after_five_wrong_answers_a_code_is_locked_whether_it_exists_or_not() {
    let (rig, code) = with_dossier().await;
    for code in [code.as_str(), "H40.16-20261121-0000099"] {
        for _ in 0..5 {
            assert_eq!(look_up(&rig, code, json!({ "last-four": "9999" })).await.0, 404);
        }
        assert_eq!(look_up(&rig, code, json!({ "last-four": "0001" })).await.0, 429);
    }
    rig.pass(Duration::from_secs(15 * 60));
    assert_eq!(look_up(&rig, &code, json!({ "last-four": "0001" })).await.0, 200);
}

#[tokio::test]
async fn what_is_not_a_look_up_is_refused_without_repeating_it() {
    let rig = Rig::start().await;
    for body in [json!({}), json!({ "code": "x", "factor": { "name": "Nguyễn" } }), json!(1)] {
        let (status, problem) = post(&rig, "/v1/look-ups", &body).await;
        assert_eq!((status, &problem["code"]), (400, &json!("INT-002")));
        assert!(!problem.to_string().contains("Nguyễn"));
    }
}

#[tokio::test]
async fn the_same_rating_counts_once() {
    let rig = Rig::start().await;
    for (request, rating, expected) in [
        ("a", "satisfied", 204),
        ("a", "dissatisfied", 204),
        ("b", "very-satisfied", 204),
        ("c", "excellent", 400),
        ("", "satisfied", 400),
    ] {
        let body =
            json!({ "request": request, "kiosk": "k", "submission": null, "rating": rating });
        assert_eq!(post(&rig, "/v1/ratings", &body).await.0, expected, "{request} {rating}");
    }
    assert_eq!(rig.count("SELECT count(*) FROM ratings").await, 2);
    assert_eq!(rig.count("SELECT count(*) FROM ratings WHERE rating = 'satisfied'").await, 1);
}
