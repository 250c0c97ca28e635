//! Exactly-once calls: the promise no peer keeps under load.

use std::collections::BTreeSet;

use domain::TicketNo;
use reqwest::StatusCode;

use crate::hall::{Caller, Hall, daybook};

const TICKETS: u128 = 300;

/// Calls until nobody waits; every fifth key is pressed twice at once.
async fn call_everybody(officer: Caller) -> Vec<TicketNo> {
    let (mut called, mut open) = (Vec::new(), None);
    for press in 0.. {
        let answer = if press % 5 == 4 {
            match tokio::join!(officer.next(open), officer.next(open)) {
                (Ok(next), Err(refused)) | (Err(refused), Ok(next)) => {
                    assert_eq!(refused, StatusCode::CONFLICT);
                    next
                }
                // Both came through only when there was nothing to call and nothing to finish.
                (Ok(None), Ok(None)) => None,
                both => panic!("a double click gave {both:?}"),
            }
        } else {
            officer.next(open).await.unwrap()
        };
        let Some(number) = answer else { break };
        called.push(number);
        open = Some(number);
    }
    called
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_officers_hammering_next_call_everybody_exactly_once() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    let draws = (0..TICKETS).map(|wish| {
        let kiosk = kiosk.clone();
        let field = if wish % 3 == 0 { "dat-dai" } else { "ho-tich" };
        tokio::spawn(async move { kiosk.draw(wish, field).await.number })
    });
    let mut issued = BTreeSet::new();
    for draw in draws.collect::<Vec<_>>() {
        assert!(issued.insert(draw.await.unwrap()), "a number was issued twice");
    }
    let mut officers = Vec::new();
    for number in 1..=8 {
        officers.push(hall.caller().on_duty(&format!("quay{number}")).await);
    }
    let officers: Vec<_> = officers.into_iter().map(|o| tokio::spawn(call_everybody(o))).collect();
    let mut called = Vec::new();
    for officer in officers {
        called.extend(officer.await.unwrap());
    }
    assert_eq!(called.iter().copied().collect::<BTreeSet<_>>(), issued, "somebody was skipped");
    assert_eq!(called.len(), issued.len(), "somebody was called twice");

    let folder = hall.close().await;
    let book = daybook(folder.path());
    let numbers = |letter: char| {
        let called = book.iter().filter(|(what, _)| what == "called").map(|(_, number)| number);
        called.filter(move |number| number.letter == letter).map(|number| number.ordinal)
    };
    for letter in ['A', 'B'] {
        assert!(numbers(letter).is_sorted(), "field {letter} was not called in order of issue");
    }
    assert_eq!(book.iter().filter(|(what, _)| what == "done").count(), issued.len());
}

#[tokio::test]
async fn every_key_of_the_console_does_what_it_says() {
    let hall = Hall::open().await;
    let kiosk = hall.caller();
    for wish in 0..3 {
        kiosk.draw(wish, "ho-tich").await;
    }
    let officer = kiosk.on_duty("quay1").await;
    let second = kiosk.on_duty("quay2").await;
    let number = |text: &str| Ok(Some(text.parse::<TicketNo>().unwrap()));

    assert_eq!(officer.next(None).await, number("A001"));
    assert_eq!(officer.press("recall", "ticket=A001").await, number("A001"));
    assert_eq!(officer.press("absent", "ticket=A001").await, Ok(None));
    assert_eq!(officer.next(None).await, number("A002"));
    assert_eq!(second.press("call-again", "ticket=A001&open=").await, number("A001"));
    assert_eq!(second.press("done", "ticket=A001").await, Ok(None));
    for (key, body, status) in [
        ("next", "open=", StatusCode::CONFLICT),
        ("next", "open=A003", StatusCode::CONFLICT),
        ("done", "ticket=A003", StatusCode::CONFLICT),
        ("call-again", "ticket=A003&open=A002", StatusCode::CONFLICT),
        ("call-again", "ticket=A009&open=A002", StatusCode::NOT_FOUND),
        ("next", "open=nonsense", StatusCode::BAD_REQUEST),
        ("next", "", StatusCode::BAD_REQUEST),
        ("sing", "open=", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(officer.press(key, body).await, Err(status), "{key} {body}");
    }
    let folder = hall.close().await;
    let told: Vec<_> = daybook(folder.path()).iter().map(|(w, n)| format!("{w} {n}")).collect();
    assert_eq!(
        told[3..],
        ["called A001", "recalled A001", "absent A001", "called A002", "called A001", "done A001"]
    );
}
