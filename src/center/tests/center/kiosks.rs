//! What kiosks ask, and what they are told when they ask wrongly.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use wire::center::{Fields, TicketIssued};

use crate::hall::{Hall, MORNING};

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn the_same_wish_gets_the_same_ticket_even_after_a_restart() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    kiosk.draw(1, "ho-tich").await;
    let ticket = kiosk.draw(2, "ho-tich").await;
    assert_eq!((ticket.number.to_string().as_str(), ticket.ahead), ("A002", 1));
    let page = format!("https://motcua.example.vn/t/{}#MOTCUA1:T:", ticket.id);
    assert!(ticket.code.starts_with(&page) && ticket.code.ends_with(":A002"), "{}", ticket.code);
    assert_eq!(kiosk.draw(2, "ho-tich").await, ticket);

    let hall = Hall::open_in(hall.close().await).await;
    assert_eq!(hall.caller().draw(2, "ho-tich").await, ticket);
    assert_eq!(hall.caller().draw(3, "ho-tich").await.number.to_string(), "A003");
}

#[tokio::test]
async fn fields_tell_how_many_wait() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    for wish in 0..3 {
        kiosk.draw(wish, if wish == 0 { "dat-dai" } else { "ho-tich" }).await;
    }
    let fields: Fields = kiosk.get("/v1/fields").await.json().await.unwrap();
    let told: Vec<_> =
        fields.fields.iter().map(|f| (f.code.as_str(), f.letter, f.waiting)).collect();
    assert_eq!(told, [("ho-tich", 'A', 2), ("dat-dai", 'B', 1)]);
}

#[tokio::test]
async fn numbers_begin_anew_each_day_and_yesterday_is_over() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    let yesterday = kiosk.draw(1, "ho-tich").await;
    hall.set_clock(MORNING + DAY);
    let today = kiosk.draw(2, "ho-tich").await;
    assert_eq!(today.number, yesterday.number);
    assert_ne!(today.id, yesterday.id);
    assert_eq!(kiosk.get(&format!("/t/{}", yesterday.id)).await.status(), StatusCode::NOT_FOUND);
    // A clock that was put right again finds the day as it was left.
    hall.set_clock(MORNING);
    assert_eq!(kiosk.draw(3, "ho-tich").await.number.to_string(), "A002");
}

#[tokio::test]
async fn paper_is_reported_once_the_ticket_is_known() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    let ticket = kiosk.draw(1, "ho-tich").await;
    for (id, body, status) in [
        (ticket.id.as_str(), json!({"outcome": "printed"}), StatusCode::NO_CONTENT),
        (ticket.id.as_str(), json!({"outcome": "printed"}), StatusCode::NO_CONTENT),
        (ticket.id.as_str(), json!({"outcome": "shown-only"}), StatusCode::NO_CONTENT),
        (ticket.id.as_str(), json!({"outcome": "eaten"}), StatusCode::BAD_REQUEST),
        ("0000000000", json!({"outcome": "printed"}), StatusCode::NOT_FOUND),
        ("not-a-name", json!({"outcome": "printed"}), StatusCode::NOT_FOUND),
    ] {
        let answer = kiosk.json(&format!("/v1/tickets/{id}/paper"), body.clone()).await;
        assert_eq!(answer.status(), status, "{id} {body}");
    }
}

#[tokio::test]
async fn wrong_requests_are_answered_with_problems() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    let key = format!("{:032x}", 7);
    kiosk.draw(7, "ho-tich").await;
    let wish = |request: &str, kiosk: &str, field: &str| {
        json!({"request": request, "kiosk": kiosk, "field": field}).to_string()
    };
    let free = format!("{:032x}", 8);
    let json = "application/json";
    for (kind, body, status, problem) in [
        (json, wish(&free, "k", "hat-xoan"), 422, "unknown-field"),
        (json, wish("0123", "k", "ho-tich"), 422, "request-key"),
        (json, wish(&free.to_uppercase().replace('0', "G"), "k", "ho-tich"), 422, "request-key"),
        (json, wish(&free, "", "ho-tich"), 422, "kiosk"),
        (json, wish(&free, "ki ốt", "ho-tich"), 422, "kiosk"),
        (json, wish(&free, &"k".repeat(65), "ho-tich"), 422, "kiosk"),
        (json, wish(&key, "k", "dat-dai"), 409, "key-reused"),
        (json, "{".to_owned(), 400, "malformed"),
        (json, "{}".to_owned(), 400, "malformed"),
        (json, "[".repeat(15_000), 400, "malformed"),
        (json, wish(&free, &"k".repeat(20_000), "ho-tich"), 413, "too-large"),
        ("text/plain", wish(&free, "k", "ho-tich"), 415, "media-type"),
    ] {
        let request = kiosk.web.post(format!("{}/v1/tickets", kiosk.url));
        let request = request.header(header::CONTENT_TYPE, kind).body(body.clone());
        let answer = request.send().await.unwrap();
        let what = &body[..body.len().min(80)];
        assert_eq!(answer.status().as_u16(), status, "{what}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json", "{what}");
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["type"], format!("/problems/{problem}"), "{what}");
        let code = told["code"].as_str().unwrap();
        assert!(journal::Event::ALL.iter().any(|event| event.code() == code), "{code}");
    }
    let fields: Fields = kiosk.get("/v1/fields").await.json().await.unwrap();
    assert_eq!(fields.fields[0].waiting, 1, "a refused wish issues nothing");
}

#[tokio::test]
async fn members_added_by_newer_kiosks_are_ignored() {
    let hall = Hall::open().await;
    let wish = json!({
        "request": format!("{:032x}", 1), "kiosk": "k", "field": "ho-tich", "priority": "elderly"
    });
    let ticket: TicketIssued = hall.caller().json("/v1/tickets", wish).await.json().await.unwrap();
    assert_eq!(ticket.number.to_string(), "A001");
}

#[tokio::test]
async fn a_call_for_help_reaches_the_console_until_somebody_comes() {
    let hall = Hall::open().await;
    let officer = hall.caller().on_duty("quay3").await;
    let sees = async || officer.get("/console/live").await.text().await.unwrap();
    assert!(!sees().await.contains("ki-ot-7"));
    for _ in 0..2 {
        let answer = hall.caller().json("/v1/help", json!({"kiosk": "ki-ot-7"})).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(sees().await.matches("value=\"ki-ot-7\"").count(), 1, "one kiosk, one line");
    officer.form("/console/help", "kiosk=ki-ot-7").send().await.unwrap();
    assert!(!sees().await.contains("ki-ot-7"));
}
