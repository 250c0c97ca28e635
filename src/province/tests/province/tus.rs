//! The upload protocol at its edges.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use intake::ReceiptAnswer;
use reqwest::{Method, Response, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::rig::{Rig, submission};

const PIECE: &str = "application/offset+octet-stream";

async fn ask(
    rig: &Rig,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Response {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = rig.client.request(method, rig.url(url)).body(body.to_vec());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn metadata() -> String {
    let pairs = [("submission", submission(1)), ("kiosk", "k".into()), ("sha256", "ab".repeat(32))];
    pairs.map(|(k, v)| format!("{k} {}", BASE64_STANDARD.encode(v))).join(",")
}

async fn create(rig: &Rig, length: &str) -> String {
    let headers =
        [("tus-resumable", "1.0.0"), ("upload-length", length), ("upload-metadata", &metadata())];
    let response = ask(rig, "POST", "/v1/uploads", &headers, b"").await;
    assert_eq!(response.status(), 201);
    response.headers()["location"].to_str().unwrap().to_owned()
}

async fn patch(rig: &Rig, url: &str, offset: &str, more: &[(&str, &str)], body: &[u8]) -> Response {
    let mut headers =
        vec![("tus-resumable", "1.0.0"), ("upload-offset", offset), ("content-type", PIECE)];
    headers.extend_from_slice(more);
    ask(rig, "PATCH", url, &headers, body).await
}

async fn offset(rig: &Rig, url: &str) -> Option<u64> {
    let response = ask(rig, "HEAD", url, &[("tus-resumable", "1.0.0")], b"").await;
    response.headers().get("upload-offset")?.to_str().unwrap().parse().ok()
}

#[tokio::test]
async fn the_offer_names_what_is_there() {
    let rig = Rig::start().await;
    let response = ask(&rig, "OPTIONS", "/v1/uploads", &[], b"").await;
    assert_eq!(response.status(), 204);
    let header = |name: &str| response.headers()[name].to_str().unwrap();
    assert_eq!(header("tus-version"), "1.0.0");
    assert_eq!(header("tus-checksum-algorithm"), "sha256,sha1");
    for extension in ["creation", "creation-with-upload", "checksum", "termination", "expiration"] {
        assert!(header("tus-extension").split(',').any(|word| word == extension), "{extension}");
    }
}

/// Method, path, headers, bytes of the body, and the status that is due.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], usize, u16);

#[tokio::test]
async fn what_breaks_the_protocol_is_told_with_a_problem() {
    let rig = Rig::start_with("limits = { package_bytes = 1000 }").await;
    let url = create(&rig, "100").await;
    let (ok, meta) = (("tus-resumable", "1.0.0"), metadata());
    let (meta, kind) = (("upload-metadata", meta.as_str()), ("content-type", PIECE));
    let (ten, at_0, at_5) =
        (("upload-length", "10"), ("upload-offset", "0"), ("upload-offset", "5"));
    let half = format!("submission {}", BASE64_STANDARD.encode(submission(1)));
    let new = "/v1/uploads";
    let cases: &[Case<'_>] = &[
        ("POST", new, &[ten, meta], 0, 412),
        ("POST", new, &[("tus-resumable", "0.2.2"), ten, meta], 0, 412),
        ("POST", new, &[ok, meta], 0, 400),
        ("POST", new, &[ok, ten], 0, 400),
        ("POST", new, &[ok, ten, ("upload-metadata", "submission ?")], 0, 400),
        ("POST", new, &[ok, ten, ("upload-metadata", &half)], 0, 400),
        ("POST", new, &[ok, meta, ("upload-length", "-1")], 0, 400),
        ("POST", new, &[ok, meta, ("upload-length", "0")], 0, 400),
        ("POST", new, &[ok, meta, ("upload-length", "1001")], 0, 413),
        ("POST", new, &[ok, meta, ("upload-defer-length", "1")], 0, 400),
        ("PATCH", &url, &[at_0, kind], 1, 412),
        ("PATCH", &url, &[ok, at_0], 1, 415),
        ("PATCH", &url, &[ok, kind], 1, 400),
        ("PATCH", &url, &[ok, kind, at_5], 1, 409),
        ("PATCH", &url, &[ok, kind, at_0], 101, 413),
        ("PATCH", &url, &[ok, kind, at_0, ("upload-checksum", "md5 AAAA")], 1, 400),
        ("PATCH", &url, &[ok, kind, at_0, ("upload-checksum", "sha256 AAAA")], 1, 400),
        ("PATCH", "/v1/uploads/nothing", &[ok, kind, at_0], 1, 404),
        ("PATCH", "/v1/uploads/..%2F..%2Fprovince.toml", &[ok, kind, at_0], 1, 404),
        ("DELETE", "/v1/uploads/nothing", &[ok], 0, 404),
        ("POST", &url, &[ok, ("x-http-method-override", "PUT")], 0, 400),
        ("PUT", &url, &[ok], 0, 405),
        ("GET", "/v1/nothing", &[], 0, 404),
    ];
    for (at, (method, path, headers, bytes, expected)) in cases.iter().enumerate() {
        let response = ask(&rig, method, path, headers, &vec![1; *bytes]).await;
        assert_eq!(response.status().as_u16(), *expected, "case {at}: {method} {path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "case {at}");
        let problem: wire::Problem = response.json().await.unwrap();
        assert_eq!(problem.status, *expected);
        assert!(problem.code.starts_with("INT-"), "case {at}");
    }
    assert_eq!(offset(&rig, &url).await, Some(0));
}

#[tokio::test]
async fn a_wrong_checksum_keeps_nothing_and_a_right_one_all() {
    let rig = Rig::start().await;
    let url = create(&rig, "30").await;
    let sha256 = format!("sha256 {}", BASE64_STANDARD.encode(Sha256::digest(b"0123456789")));
    let right = patch(&rig, &url, "0", &[("upload-checksum", &sha256)], b"0123456789").await;
    assert_eq!((right.status().as_u16(), offset(&rig, &url).await), (204, Some(10)));
    let wrong = patch(&rig, &url, "10", &[("upload-checksum", &sha256)], b"9876543210").await;
    assert_eq!((wrong.status().as_u16(), offset(&rig, &url).await), (460, Some(10)));
    let sha1 = "sha1 h6zsF82dzSCnFsws9nQXtxyKcBY="; // of 0123456789, by sha1sum
    let other = patch(&rig, &url, "10", &[("upload-checksum", sha1)], b"0123456789").await;
    assert_eq!((other.status().as_u16(), offset(&rig, &url).await), (204, Some(20)));
}

/// Begins a PATCH of ten bytes, sends four and holds the line.
#[tokio::test]
async fn a_piece_that_has_the_digest_announced_for_the_whole_does_not_vouch_for_what_follows() {
    let rig = Rig::start().await;
    let sealed = rig.seal(&submission(1), b"%PDF-1.7 a form");
    let (piece, rest) = sealed.bytes.split_at(100);
    let pairs = [
        ("submission", submission(1)),
        ("kiosk", sealed.manifest.kiosk.to_string()),
        ("sha256", hex::encode(Sha256::digest(piece))),
    ];
    let metadata = pairs.map(|(k, v)| format!("{k} {}", BASE64_STANDARD.encode(v))).join(",");
    let length = sealed.bytes.len().to_string();
    let announced =
        [("tus-resumable", "1.0.0"), ("upload-length", &*length), ("upload-metadata", &*metadata)];
    let response = ask(&rig, "POST", "/v1/uploads", &announced, b"").await;
    let url = response.headers()["location"].to_str().unwrap().to_owned();
    for (offset, bytes) in [("0", piece), ("100", rest)] {
        let checksum = format!("sha256 {}", BASE64_STANDARD.encode(Sha256::digest(bytes)));
        let more = [("upload-checksum", &*checksum)];
        assert_eq!(patch(&rig, &url, offset, &more, bytes).await.status(), 204);
    }
    assert_eq!(rig.settled(&sealed).await, ReceiptAnswer::Unknown, "it was damaged on its way");
}

async fn begin_patch(rig: &Rig, url: &str, more: &str) -> TcpStream {
    let mut line = TcpStream::connect(rig.address()).await.unwrap();
    let head = format!(
        "PATCH {url} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: {PIECE}\r\ncontent-length: 10\r\n{more}\r\n0123"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line
}

async fn until_locked(rig: &Rig, url: &str) {
    while patch(rig, url, "5", &[], b"").await.status() != StatusCode::LOCKED {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn until_free(rig: &Rig, url: &str) {
    while patch(rig, url, "9", &[], b"").await.status() == StatusCode::LOCKED {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn two_writers_at_once_are_kept_apart() {
    let rig = Rig::start().await;
    let url = create(&rig, "10").await;
    let line = begin_patch(&rig, &url, "").await;
    until_locked(&rig, &url).await;
    let second = patch(&rig, &url, "0", &[], b"0123456789").await;
    assert_eq!(
        (second.status().as_u16(), &second.headers()["retry-after"]),
        (423, &"2".parse().unwrap())
    );
    let terminate = ask(&rig, "DELETE", &url, &[("tus-resumable", "1.0.0")], b"").await;
    assert_eq!(terminate.status(), 423);
    drop(line);
    until_free(&rig, &url).await;
    assert_eq!(offset(&rig, &url).await, Some(4), "what came before the line broke counts");
    assert_eq!(patch(&rig, &url, "4", &[], b"456789").await.status(), 204);
}

#[tokio::test]
async fn a_line_that_stays_open_does_not_keep_the_province_from_stopping() {
    let mut rig = Rig::start().await;
    let url = create(&rig, "10").await;
    let line = begin_patch(&rig, &url, "").await;
    until_locked(&rig, &url).await;
    tokio::time::timeout(Duration::from_secs(20), rig.stop()).await.unwrap();
    drop(line);
}

#[tokio::test]
async fn under_a_checksum_half_a_piece_counts_for_nothing() {
    let rig = Rig::start().await;
    let url = create(&rig, "10").await;
    let checksum = format!("upload-checksum: sha256 {}\r\n", BASE64_STANDARD.encode([0; 32]));
    let line = begin_patch(&rig, &url, &checksum).await;
    until_locked(&rig, &url).await;
    drop(line);
    until_free(&rig, &url).await;
    assert_eq!(offset(&rig, &url).await, Some(0));
}

#[tokio::test]
async fn bytes_behind_a_mark_are_cut_off_after_a_crash() {
    let mut rig = Rig::start().await;
    let url = create(&rig, "10").await;
    patch(&rig, &url, "0", &[], b"0123").await;
    rig.stop().await;
    let id = url.rsplit('/').next().unwrap();
    // As if the power went while "4567" was written under a checksum.
    rig.write(&format!("data/uploads/{id}.part"), "01234567");
    rig.write(&format!("data/uploads/{id}.mark"), "4.");
    rig.run().await;
    assert_eq!(offset(&rig, &url).await, Some(4));
}

#[tokio::test]
async fn an_upload_survives_a_restart_and_then_its_time_passes() {
    let mut rig = Rig::start_with("limits = { upload_hours = 2 }").await;
    let url = create(&rig, "10").await;
    patch(&rig, &url, "0", &[], b"0123").await;
    rig.stop().await;
    rig.run().await;
    rig.pass(Duration::from_secs(7100));
    assert_eq!(offset(&rig, &url).await, Some(4));
    let expires = ask(&rig, "HEAD", &url, &[("tus-resumable", "1.0.0")], b"").await;
    assert_eq!(expires.headers()["upload-expires"], "Sat, 21 Nov 2026 03:00:00 GMT");
    rig.pass(Duration::from_secs(200));
    assert_eq!(offset(&rig, &url).await, None);
    rig.stop().await;
    rig.run().await;
    let folder = rig.path("data/uploads");
    while std::fs::read_dir(&folder).unwrap().count() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_terminated_upload_is_gone() {
    let rig = Rig::start().await;
    for method in ["DELETE", "POST"] {
        let url = create(&rig, "10").await;
        let headers = [("tus-resumable", "1.0.0"), ("x-http-method-override", "DELETE")];
        assert_eq!(ask(&rig, method, &url, &headers, b"").await.status(), 204);
        assert_eq!(offset(&rig, &url).await, None);
    }
    assert_eq!(std::fs::read_dir(rig.path("data/uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn the_first_bytes_may_come_with_the_announcement() {
    let rig = Rig::start().await;
    let meta = metadata();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", "10"),
        ("upload-metadata", &meta),
        ("content-type", PIECE),
    ];
    let response = ask(&rig, "POST", "/v1/uploads", &headers, b"0123").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["upload-offset"]),
        (201, &"4".parse().unwrap())
    );
}

#[tokio::test]
async fn only_so_many_uploads_may_be_unfinished() {
    let rig = Rig::start_with("limits = { unfinished_uploads = 2 }").await;
    let first = create(&rig, "10").await;
    create(&rig, "10").await;
    let meta = metadata();
    let headers =
        [("tus-resumable", "1.0.0"), ("upload-length", "10"), ("upload-metadata", meta.as_str())];
    assert_eq!(ask(&rig, "POST", "/v1/uploads", &headers, b"").await.status(), 429);
    ask(&rig, "DELETE", &first, &headers[..1], b"").await;
    assert_eq!(ask(&rig, "POST", "/v1/uploads", &headers, b"").await.status(), 201);
}
