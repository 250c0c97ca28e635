//! Who may press keys.

use reqwest::{StatusCode, header};

use crate::hall::{Hall, MORNING, PASSWORD};

#[tokio::test]
async fn a_session_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let hall = Hall::open().await;
    let answer = hall.caller().log_in("quay1", PASSWORD).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("quay1"));
}

#[tokio::test]
async fn wrong_names_and_passwords_are_refused_alike() {
    let hall = Hall::open().await;
    for (login, password) in [("quay1", "wrong"), ("nobody", PASSWORD), ("", ""), ("quay1", "")] {
        let answer = hall.caller().log_in(login, password).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{login}");
        assert!(answer.headers().get(header::SET_COOKIE).is_none());
        assert!(answer.text().await.unwrap().contains("không đúng"), "{login}");
    }
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_waits_a_minute() {
    let hall = Hall::open().await;
    let caller = hall.caller();
    for _ in 0..5 {
        assert_eq!(caller.log_in("quay1", "wrong").await.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = caller.log_in("quay1", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "60");
    assert_eq!(
        caller.log_in("quay2", PASSWORD).await.status(),
        StatusCode::SEE_OTHER,
        "others may"
    );
    hall.set_clock(MORNING + 61);
    assert_eq!(caller.log_in("quay1", PASSWORD).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_address_cannot_try_many_names() {
    let hall = Hall::open().await;
    let caller = hall.caller();
    let mut refused = 0;
    for name in 0..30 {
        let answer = caller.log_in(&format!("name{name}"), "guess").await;
        refused += u32::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 10);
}

#[tokio::test]
async fn keys_need_a_session_that_has_not_ended() {
    let hall = Hall::open().await;
    hall.caller().draw(1, "ho-tich").await;
    assert_eq!(hall.caller().next(None).await, Err(StatusCode::UNAUTHORIZED));
    let officer = hall.caller().on_duty("quay1").await;
    let leaving = hall.caller().on_duty("quay1").await;
    leaving.form("/console/logout", "").send().await.unwrap();
    assert_eq!(leaving.next(None).await, Err(StatusCode::UNAUTHORIZED));
    assert_eq!(officer.next(None).await.unwrap().unwrap().to_string(), "A001");
    hall.set_clock(MORNING + 12 * 3600 + 1);
    assert_eq!(officer.next(None).await, Err(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let hall = Hall::open().await;
    hall.caller().draw(1, "ho-tich").await;
    let officer = hall.caller().on_duty("quay1").await;
    let own = officer.form("/console/next", "open=").build().unwrap();
    for (origin, status) in [
        (None, StatusCode::FORBIDDEN),
        (Some("null"), StatusCode::FORBIDDEN),
        (Some("https://evil.example"), StatusCode::FORBIDDEN),
        (Some("https://motcua.example.vn.evil.example"), StatusCode::FORBIDDEN),
        (Some("https://motcua.example.vn"), StatusCode::OK),
    ] {
        let mut request = own.try_clone().unwrap();
        request.headers_mut().remove(header::ORIGIN);
        if let Some(origin) = origin {
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        }
        let answer = officer.web.execute(request).await.unwrap();
        assert_eq!(answer.status(), status, "{origin:?}");
    }
}
