//! tus 1.0 over HTTP: core, creation, creation-with-upload, checksum, termination, expiration.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::SubmissionId;
use intake::{
    manifest::is_hex,
    upload::tus::{Checksum, number, read_metadata},
};

use super::{Announced, Upload, append};
use crate::{Province, failure::Failure, random};

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const VERSION: &str = "1.0.0";
const PIECE: &str = "application/offset+octet-stream";
/// Most characters of `Upload-Metadata`.
const METADATA_MOST: usize = 4096;

/// `OPTIONS /v1/uploads`: what is offered.
pub(crate) async fn offer(State(province): State<Arc<Province>>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(
        TUS_EXTENSION,
        HeaderValue::from_static("creation,creation-with-upload,checksum,termination,expiration"),
    );
    headers.insert(TUS_CHECKSUM_ALGORITHM, HeaderValue::from_static("sha256,sha1"));
    headers.insert(TUS_MAX_SIZE, province.config.limits.package_bytes.into());
    response
}

/// `POST /v1/uploads`: announces an upload, perhaps with its first bytes.
pub(crate) async fn create(
    State(province): State<Arc<Province>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    tus(begin(&province, &headers, body).await)
}

/// `HEAD /v1/uploads/{upload}`: how far it came.
pub(crate) async fn head(
    State(province): State<Arc<Province>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = same_version(&headers).and_then(|()| find(&province, &id));
    tus(found.map(|upload| {
        let mut response = progress(&province, &upload, StatusCode::OK);
        response.headers_mut().insert(UPLOAD_LENGTH, upload.announced.length.into());
        response
    }))
}

/// `PATCH /v1/uploads/{upload}`: the next bytes.
pub(crate) async fn patch(
    State(province): State<Arc<Province>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    tus(go_on(&province, &id, &headers, body).await)
}

/// `DELETE /v1/uploads/{upload}`: gives it up.
pub(crate) async fn terminate(
    State(province): State<Arc<Province>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    tus(give_up(&province, &id, &headers))
}

/// `POST /v1/uploads/{upload}` with `X-HTTP-Method-Override`, for clients that know no `PATCH`.
pub(crate) async fn override_method(
    State(province): State<Arc<Province>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let method = headers.get("x-http-method-override").and_then(|v| v.to_str().ok());
    match method {
        Some("PATCH") => tus(go_on(&province, &id, &headers, body).await),
        Some("DELETE") => tus(give_up(&province, &id, &headers)),
        Some(_) | None => tus(Err(Failure::BadRequest("X-HTTP-Method-Override"))),
    }
}

async fn begin(
    province: &Arc<Province>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    same_version(headers)?;
    let announced = announced(province, headers)?;
    let known = province.store.received_sha256(&announced.submission).await?;
    if known.is_some_and(|known| known != announced.sha256) {
        return Err(Failure::OtherContent);
    }
    let with_upload = is_piece(headers);
    let checksum = if with_upload { checksum(headers)? } else { None };
    let id = random::hex_128()?;
    let upload = province.uploads.create(id, announced)?.ok_or(Failure::TooMany)?;
    if with_upload {
        let uploads = Arc::clone(&province.uploads);
        // A first piece that was cut short leaves an upload that can be continued.
        append::append(uploads, Arc::clone(&upload), 0, body, checksum).await?;
    }
    let mut response = progress(province, &upload, StatusCode::CREATED);
    let location = format!("/v1/uploads/{}", upload.id);
    let location = HeaderValue::from_str(&location).map_err(|_| Failure::Storage)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

fn announced(province: &Province, headers: &HeaderMap) -> Result<Announced, Failure> {
    if headers.contains_key("upload-defer-length") {
        return Err(Failure::BadRequest("Upload-Defer-Length is not offered"));
    }
    let length = number(headers, "upload-length").ok_or(Failure::BadRequest("Upload-Length"))?;
    if length == 0 {
        return Err(Failure::BadRequest("an empty upload is no package"));
    }
    if length > province.config.limits.package_bytes {
        return Err(Failure::TooLarge);
    }
    let metadata = headers
        .get("upload-metadata")
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.len() <= METADATA_MOST)
        .and_then(read_metadata)
        .ok_or(Failure::BadRequest("Upload-Metadata"))?;
    let value = |key: &str| metadata.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    let hex = |key, digits| value(key).filter(|text| is_hex(text, digits));
    Ok(Announced {
        length,
        submission: SubmissionId(
            hex("submission", 32).ok_or(Failure::BadRequest("Upload-Metadata: submission"))?,
        ),
        kiosk: value("kiosk").ok_or(Failure::BadRequest("Upload-Metadata: kiosk"))?.as_str().into(),
        sha256: hex("sha256", 64).ok_or(Failure::BadRequest("Upload-Metadata: sha256"))?,
        created_at: province.clock.now(),
        settled: false,
    })
}

async fn go_on(
    province: &Arc<Province>,
    id: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    same_version(headers)?;
    if !is_piece(headers) {
        return Err(Failure::MediaType);
    }
    let upload = find(province, id)?;
    let from = number(headers, "upload-offset").ok_or(Failure::BadRequest("Upload-Offset"))?;
    let checksum = checksum(headers)?;
    let coming = number(headers, header::CONTENT_LENGTH.as_str()).unwrap_or(0);
    if from.saturating_add(coming) > upload.announced.length {
        return Err(Failure::TooLarge);
    }
    let uploads = Arc::clone(&province.uploads);
    append::append(uploads, Arc::clone(&upload), from, body, checksum).await?;
    Ok(progress(province, &upload, StatusCode::NO_CONTENT))
}

fn give_up(province: &Province, id: &str, headers: &HeaderMap) -> Result<Response, Failure> {
    same_version(headers)?;
    let upload = find(province, id)?;
    // What is being written or verified is not pulled away under the writer.
    let Ok(_guard) = upload.writing.try_lock() else { return Err(Failure::Locked) };
    if upload.is_waiting() {
        return Err(Failure::Locked);
    }
    province.uploads.remove(&upload.id)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn find(province: &Province, id: &str) -> Result<Arc<Upload>, Failure> {
    let upload = province.uploads.get(id).ok_or(Failure::NotFound)?;
    let expired = province.uploads.expires_at(&upload) <= province.clock.now();
    if expired && !upload.is_waiting() { Err(Failure::NotFound) } else { Ok(upload) }
}

fn same_version(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get(TUS_RESUMABLE) {
        Some(version) if version == VERSION => Ok(()),
        Some(_) | None => Err(Failure::OtherVersion),
    }
}

fn is_piece(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == PIECE)
}

fn checksum(headers: &HeaderMap) -> Result<Option<append::Expected>, Failure> {
    let Some(text) = headers.get("upload-checksum") else { return Ok(None) };
    text.to_str()
        .ok()
        .and_then(Checksum::read)
        .and_then(append::Expected::new)
        .map(Some)
        .ok_or(Failure::BadRequest("Upload-Checksum"))
}

fn progress(province: &Province, upload: &Upload, status: StatusCode) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, upload.offset().into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let expires = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&province.uploads.expires_at(upload));
    if let Some(expires) = expires.ok().and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(UPLOAD_EXPIRES, expires);
    }
    response
}

/// Every answer of the protocol names its version.
fn tus(result: Result<Response, Failure>) -> Response {
    let mut response = result.into_response();
    response.headers_mut().insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    if response.status() == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    }
    response
}
