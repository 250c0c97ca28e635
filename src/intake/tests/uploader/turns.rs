//! Every turn a delivery can take.

use std::{
    collections::VecDeque,
    io::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, Response},
};
use intake::{ReceiptAnswer, UploadError, UploadMetadata, UploadUrl, Uploader, upload::Trouble};

const CONTENT: &[u8] = b"a sealed package";

/// What the server answers, in order: method it expects, status, headers, body.
type Answer = (Method, u16, &'static [(&'static str, &'static str)], &'static str);

#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    heard: Arc<Mutex<Vec<String>>>,
    /// What came as `Upload-Checksum` with each piece.
    checksums: Arc<Mutex<Vec<String>>>,
}

async fn play(State(script): State<Script>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts.headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned()
    };
    if parts.method == Method::PATCH {
        script.checksums.lock().unwrap().push(header("upload-checksum"));
    }
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    script.heard.lock().unwrap().push(format!(
        "{} {} {} {}",
        parts.method,
        parts.uri.path(),
        header("upload-offset"),
        body.len(),
    ));
    let (method, status, headers, body) =
        script.answers.lock().unwrap().pop_front().expect("an answer is left");
    assert_eq!(parts.method, method);
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).unwrap()
}

/// A server, an uploader for it, and the URL of an upload that began earlier.
async fn server(answers: &[Answer]) -> (Script, Uploader, UploadUrl) {
    let script = Script::default();
    script.answers.lock().unwrap().extend(answers.iter().cloned());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().fallback(play).with_state(script.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let endpoint = format!("http://{address}/v1/uploads").parse().unwrap();
    let earlier = UploadUrl(format!("http://{address}/v1/uploads/u"));
    (script, Uploader::new(reqwest::Client::new(), endpoint), earlier)
}

fn metadata() -> UploadMetadata {
    UploadMetadata { submission: "s".into(), kiosk: "k".into(), sha256: "d".into() }
}

/// Delivers a file; returns the outcome, the URLs to remember and what the server heard.
async fn deliver(answers: &[Answer], known: bool) -> (Result<(), UploadError>, usize, Vec<String>) {
    let (script, uploader, earlier) = server(answers).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(CONTENT).unwrap();
    let metadata = metadata();
    let known = known.then_some(earlier);
    let mut remembered = 0;
    let result = uploader.deliver(file.path(), &metadata, known, |_| remembered += 1).await;
    assert_eq!(script.answers.lock().unwrap().len(), 0, "the whole script was played");
    let heard = script.heard.lock().unwrap().clone();
    (result, remembered, heard)
}

const CREATED: Answer = (Method::POST, 201, &[("location", "/v1/uploads/u")], "");
const NO_OFFER: Answer = (Method::OPTIONS, 204, &[], "");
const AT_0: Answer = (Method::HEAD, 200, &[("upload-offset", "0")], "");
const AT_9: Answer = (Method::HEAD, 200, &[("upload-offset", "9")], "");
const GONE: Answer = (Method::HEAD, 404, &[], "");
const ARRIVED: Answer = (Method::PATCH, 204, &[("upload-offset", "16")], "");
const PROBLEM: &[(&str, &str)] = &[("content-type", "application/problem+json")];
const WHY: &str = r#"{"type":"/p","title":"t","status":422,"code":"INT-007"}"#;

#[tokio::test]
async fn a_new_package_is_created_remembered_and_sent() {
    let (result, remembered, heard) = deliver(&[CREATED, AT_0, NO_OFFER, ARRIVED], false).await;
    result.unwrap();
    assert_eq!(remembered, 1);
    assert_eq!(heard.last().unwrap(), "PATCH /v1/uploads/u 0 16");
}

#[tokio::test]
async fn a_known_upload_goes_on_where_it_stopped() {
    let (result, remembered, heard) = deliver(&[AT_9, NO_OFFER, ARRIVED], true).await;
    result.unwrap();
    assert_eq!(remembered, 0);
    assert_eq!(heard.last().unwrap(), "PATCH /v1/uploads/u 9 7");
}

#[tokio::test]
async fn what_arrived_before_is_not_sent_again() {
    let whole: Answer = (Method::HEAD, 200, &[("upload-offset", "16")], "");
    deliver(&[whole, NO_OFFER], true).await.0.unwrap();
}

#[tokio::test]
async fn an_upload_that_is_gone_is_begun_anew() {
    for status in [404, 410] {
        let gone: Answer = (Method::HEAD, status, &[], "");
        let (result, remembered, _) =
            deliver(&[gone, CREATED, AT_0, NO_OFFER, ARRIVED], true).await;
        result.unwrap();
        assert_eq!(remembered, 1);
    }
}

#[tokio::test]
async fn another_offset_or_a_damaged_piece_is_asked_about_and_sent_again() {
    for status in [409, 460] {
        let surprise: Answer = (Method::PATCH, status, &[], "");
        let script = [AT_0, NO_OFFER, surprise, AT_9, ARRIVED];
        let (result, _, heard) = deliver(&script, true).await;
        result.unwrap();
        assert_eq!(heard.last().unwrap(), "PATCH /v1/uploads/u 9 7");
    }
}

#[tokio::test]
async fn a_server_that_never_settles_is_given_up_for_now() {
    let script: Vec<Answer> = std::iter::repeat_n([CREATED, GONE], 5).flatten().collect();
    let (result, remembered, _) = deliver(&script, false).await;
    assert!(matches!(result, Err(UploadError::StartAnew)));
    assert_eq!(remembered, 5);
}

#[tokio::test]
async fn an_upload_longer_than_the_file_is_not_this_file() {
    let far: Answer = (Method::HEAD, 200, &[("upload-offset", "17")], "");
    deliver(&[far, CREATED, AT_0, NO_OFFER, ARRIVED], true).await.0.unwrap();
}

#[tokio::test]
async fn trouble_that_passes_says_when_to_come_again() {
    for (status, headers, expected) in [
        (423, &[("retry-after", "2")][..], Some(Duration::from_secs(2))),
        (429, &[("retry-after", "30")][..], Some(Duration::from_secs(30))),
        (500, &[][..], None),
        (503, &[("retry-after", "soon")][..], None),
        // Not ours: a proxy's page.
        (403, &[("content-type", "text/html")][..], None),
    ] {
        let (result, ..) = deliver(&[(Method::HEAD, status, headers, "")], true).await;
        let Err(UploadError::Later { after, cause: Trouble::Busy(told) }) = result else {
            panic!("{status}: {result:?}");
        };
        assert_eq!((after, told), (expected, status));
    }
}

#[tokio::test]
async fn a_refusal_is_handed_to_a_person_with_its_code() {
    for status in [400, 409, 413, 422] {
        let (result, ..) = deliver(&[(Method::POST, status, PROBLEM, WHY)], false).await;
        let Err(UploadError::Refused(problem)) = result else { panic!("{status}: {result:?}") };
        assert_eq!(problem.code, "INT-007");
    }
}

#[tokio::test]
async fn answers_outside_the_protocol_are_not_believed() {
    let elsewhere: Answer =
        (Method::POST, 201, &[("location", "http://192.0.2.1/v1/uploads/u")], "");
    let nowhere: Answer = (Method::POST, 201, &[], "");
    let no_offset: Answer = (Method::HEAD, 200, &[], "");
    for script in [&[elsewhere][..], &[nowhere][..], &[CREATED, no_offset][..]] {
        let (result, ..) = deliver(script, false).await;
        let cause = Trouble::Protocol("");
        assert!(
            matches!(&result, Err(UploadError::Later { cause: found, .. })
                if std::mem::discriminant(found) == std::mem::discriminant(&cause)),
            "{result:?}"
        );
    }
}

#[tokio::test]
async fn nobody_at_the_other_end_is_trouble_that_passes() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{port}/v1/uploads").parse().unwrap();
    let uploader = Uploader::new(reqwest::Client::new(), endpoint);
    let result = uploader.fetch_receipt(&"s".into()).await;
    assert!(matches!(result, Err(UploadError::Later { cause: Trouble::Network(_), .. })));
}

#[tokio::test]
async fn a_receipt_is_ready_or_not_yet_or_unknown_or_refused() {
    let receipt = r#"{"payload":"cA==","signature":"cw==","key":"k"}"#;
    let (script, uploader, _) = server(&[
        (Method::GET, 200, &[("content-type", "application/json")], receipt),
        (Method::GET, 202, &[], ""),
        (Method::GET, 404, &[], ""),
        (Method::GET, 422, PROBLEM, WHY),
        (Method::GET, 503, PROBLEM, WHY),
    ])
    .await;
    let submission = "00ff".into();
    let ask = || uploader.fetch_receipt(&submission);
    assert!(matches!(ask().await.unwrap(), ReceiptAnswer::Ready(r) if r.key == "k"));
    assert_eq!(ask().await.unwrap(), ReceiptAnswer::NotYet);
    assert_eq!(ask().await.unwrap(), ReceiptAnswer::Unknown);
    assert!(matches!(ask().await.unwrap(), ReceiptAnswer::Refused(p) if p.code == "INT-007"));
    assert!(matches!(ask().await, Err(UploadError::Later { .. })));
    assert_eq!(script.heard.lock().unwrap()[0], "GET /v1/submissions/00ff/receipt - 0");
}

#[tokio::test]
async fn checksums_go_along_where_they_are_offered() {
    let offer: Answer = (
        Method::OPTIONS,
        204,
        &[("tus-extension", "checksum"), ("tus-checksum-algorithm", "sha1,sha256")],
        "",
    );
    // As openssl says: `printf 'a sealed package' | openssl dgst -sha256 -binary | base64`.
    let checksum = "sha256 5UcFzuh+b6pSU0JanyaVETLPX1KMlOhLKNAeCm/yCYM=";
    for (offer, sent) in [(offer, checksum), (NO_OFFER, "-")] {
        let (script, uploader, url) = server(&[AT_0, offer, ARRIVED]).await;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(CONTENT).unwrap();
        uploader.deliver(file.path(), &metadata(), Some(url), |_| ()).await.unwrap();
        assert_eq!(*script.checksums.lock().unwrap(), [sent]);
    }
}
