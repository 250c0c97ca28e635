//! Board, ticket page and the stream behind them.

use futures_util::StreamExt as _;
use reqwest::{StatusCode, header};

use crate::hall::{Hall, MORNING};

#[tokio::test]
async fn pages_allow_nothing_inline_and_nothing_foreign() {
    let hall = Hall::open().await;
    for path in ["/board", "/console", "/board?lang=en"] {
        let answer = hall.caller().get(path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let page = answer.text().await.unwrap();
        for forbidden in ["<style", "style=", "onclick", "http://", "https://"] {
            assert!(!page.contains(forbidden), "{path} has {forbidden}");
        }
        let links = page.split(['"']).filter(|part| part.starts_with("/assets/"));
        for link in links {
            let asset = hall.caller().get(link).await;
            assert_eq!(asset.status(), StatusCode::OK, "{link}");
            assert!(asset.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        }
    }
}

#[tokio::test]
async fn the_language_that_was_asked_for_is_kept() {
    let hall = Hall::open().await;
    let answer = hall.caller().get("/board?lang=en").await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("lang=en;"), "{cookie}");
    assert!(answer.text().await.unwrap().contains("NOW CALLING NUMBER"));
    let vietnamese = hall.caller().get("/board").await.text().await.unwrap();
    assert!(vietnamese.contains("MỜI CÔNG DÂN SỐ") && vietnamese.contains("08:00"));
}

#[tokio::test]
async fn a_ticket_page_follows_the_ticket() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    kiosk.draw(1, "ho-tich").await;
    let mine = kiosk.draw(2, "ho-tich").await;
    let sees = async || kiosk.get(&format!("/t/{}", mine.id)).await.text().await.unwrap();
    assert!(sees().await.contains("<strong>1</strong> người đang chờ phía trước"));
    let officer = kiosk.on_duty("quay5").await;
    let first = officer.next(None).await.unwrap();
    assert!(sees().await.contains("Sắp đến lượt"));
    assert_eq!(officer.next(first).await, Ok(Some(mine.number)));
    assert!(sees().await.contains("Mời Ông/Bà đến quầy số<strong>5</strong>"));
    officer.press("absent", &format!("ticket={}", mine.number)).await.unwrap();
    assert!(sees().await.contains("vắng mặt"));
    for unknown in ["0000000000", "x", "..%2f..%2fconsole"] {
        let answer = kiosk.get(&format!("/t/{unknown}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{unknown}");
    }
}

/// Reads the stream until an event `name` came; gives its data.
async fn hear(
    stream: &mut (impl futures_util::Stream<Item = String> + Unpin),
    name: &str,
) -> String {
    let heard = async {
        let mut text = String::new();
        loop {
            text.push_str(&stream.next().await.expect("the stream ended"));
            let event =
                text.split("\n\n").find(|event| event.starts_with(&format!("event: {name}\n")));
            if let Some(event) = event {
                return event.split_once("data: ").unwrap().1.to_owned();
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), heard).await.unwrap()
}

#[tokio::test]
async fn the_stream_tells_everything_first_and_then_what_happens() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    kiosk.draw(1, "ho-tich").await;
    let officer = kiosk.on_duty("quay4").await;
    let answer = kiosk.get("/v1/events").await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
    let stream = answer.bytes_stream();
    let stream = stream.map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap());
    let mut stream = Box::pin(stream);

    let all: wire::center::Resync =
        serde_json::from_str(&hear(&mut stream, "resync").await).unwrap();
    assert_eq!((all.fields[0].waiting, all.calls.len()), (1, 0));
    let number = officer.next(None).await.unwrap().unwrap();
    let call: wire::center::CallHeard =
        serde_json::from_str(&hear(&mut stream, "call").await).unwrap();
    assert_eq!((call.number, call.counter.0, call.at.as_second()), (number, 4, MORNING));
    hear(&mut stream, "beat").await;
    hall.set_clock(MORNING + 24 * 3600);
    let fresh: wire::center::Resync =
        serde_json::from_str(&hear(&mut stream, "resync").await).unwrap();
    assert_eq!(fresh.day, jiff::civil::date(2026, 11, 22));
}
