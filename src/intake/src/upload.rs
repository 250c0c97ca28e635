//! Kiosk side: carries a sealed file to the province in resumable steps (tus 1.0).
//!
//! Any tus server will do; where it offers SHA-256 checksums every piece carries one. Each
//! request has a deadline, and each error says what the caller can do about it.

mod answer;
mod deliver;
pub mod tus;

use std::{io, path::Path, time::Duration};

use domain::{KioskId, SubmissionId};
use reqwest::{Client, Method, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use wire::{Problem, province::SignedReceipt};

use answer::{Asked, understand};

/// Deadline of a request that carries no file.
const SHORT_DEADLINE: Duration = Duration::from_secs(20);
/// Deadline of one piece: at [`PIECE_BYTES`] this is a line of 28 kB/s.
const PIECE_DEADLINE: Duration = Duration::from_secs(150);
/// Bytes per request, and so the most that a broken line costs.
const PIECE_BYTES: usize = 4 << 20;

/// Where an upload continues. Kept in the outbox beside the sealed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UploadUrl(pub String);

/// What an upload says about itself before its first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadMetadata {
    /// Name of the submission.
    pub submission: SubmissionId,
    /// Where it was handed in.
    pub kiosk: KioskId,
    /// SHA-256 of the sealed file, lower-case hex.
    pub sha256: String,
}

/// An upload did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// Try again later, with the same URL.
    #[error("the province could not be reached or is busy")]
    Later {
        /// The earliest time, when the province named one.
        after: Option<Duration>,
        /// What happened.
        #[source]
        cause: Trouble,
    },
    /// The province no longer has this upload: create a new one.
    #[error("the upload is gone at the province")]
    StartAnew,
    /// The province will not take it, however often it is sent: a person must look.
    #[error("the province refuses the package ({code})", code = .0.code)]
    Refused(Problem),
    /// The sealed file cannot be read here.
    #[error("could not read the sealed file")]
    File(#[source] io::Error),
}

/// Why something must be tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No connection, or it broke, or the deadline passed.
    #[error("no answer")]
    Network(#[source] reqwest::Error),
    /// The province said that it cannot now.
    #[error("the province answered {0}")]
    Busy(u16),
    /// The answer is not what the protocol promises: the address may be wrong.
    #[error("the answer is not of the protocol: {0}")]
    Protocol(&'static str),
}

/// How a receipt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptAnswer {
    /// Here it is: verify it before believing it.
    Ready(SignedReceipt),
    /// The province has the package and is still checking it.
    NotYet,
    /// The province knows nothing of it: send it (again).
    Unknown,
    /// The province has it and will not take it: a person must look.
    Refused(Problem),
}

/// A tus client for one province.
#[derive(Debug)]
pub struct Uploader {
    client: Client,
    endpoint: Url,
    offer: OnceCell<tus::Offer>,
}

impl Uploader {
    /// Uploads to `endpoint`, such as `https://province.example/v1/uploads`.
    #[must_use]
    pub fn new(client: Client, mut endpoint: Url) -> Self {
        let bare = endpoint.path().trim_end_matches('/').to_owned();
        endpoint.set_path(&bare);
        Self { client, endpoint, offer: OnceCell::new() }
    }

    /// Announces a package of `length` bytes and learns where to send it.
    pub async fn create(
        &self,
        metadata: &UploadMetadata,
        length: u64,
    ) -> Result<UploadUrl, UploadError> {
        let described = tus::write_metadata(&[
            ("submission", metadata.submission.as_str()),
            ("kiosk", metadata.kiosk.as_str()),
            ("sha256", &metadata.sha256),
        ]);
        let request = self
            .request(Method::POST, self.endpoint.clone())
            .header("Upload-Length", length)
            .header("Upload-Metadata", described);
        let response = understand(request.send().await, Asked::Endpoint).await?;
        let location = response.headers().get("location").and_then(|v| v.to_str().ok());
        let url = location
            .and_then(|location| self.endpoint.join(location).ok())
            .ok_or(protocol("no Location"))?;
        self.own(url).map(|url| UploadUrl(url.into()))
    }

    /// How many bytes of the upload the province has.
    pub async fn offset(&self, url: &UploadUrl) -> Result<u64, UploadError> {
        let request = self.request(Method::HEAD, self.upload(url)?);
        let response = understand(request.send().await, Asked::Upload).await?;
        tus::number(response.headers(), "upload-offset").ok_or(protocol("no Upload-Offset"))
    }

    /// Asks for the receipt of a submission.
    pub async fn fetch_receipt(
        &self,
        submission: &SubmissionId,
    ) -> Result<ReceiptAnswer, UploadError> {
        let path = format!("submissions/{submission}/receipt");
        let url = self.endpoint.join(&path).map_err(|_| protocol("the address"))?;
        let request = self.client.get(url).timeout(SHORT_DEADLINE);
        let response = match understand(request.send().await, Asked::Upload).await {
            Ok(response) => response,
            Err(UploadError::StartAnew) => return Ok(ReceiptAnswer::Unknown),
            Err(UploadError::Refused(problem)) => return Ok(ReceiptAnswer::Refused(problem)),
            Err(error @ (UploadError::Later { .. } | UploadError::File(_))) => return Err(error),
        };
        if response.status() == reqwest::StatusCode::ACCEPTED {
            return Ok(ReceiptAnswer::NotYet);
        }
        response.json().await.map(ReceiptAnswer::Ready).map_err(network)
    }

    /// Brings `file` to the province, continuing `known` where there is one.
    ///
    /// `remember` is told every new upload URL before the first byte goes there, to be kept
    /// beside the file: after a power cut the upload goes on where it stopped.
    pub async fn deliver(
        &self,
        file: &Path,
        metadata: &UploadMetadata,
        known: Option<UploadUrl>,
        remember: impl FnMut(&UploadUrl),
    ) -> Result<(), UploadError> {
        deliver::deliver(self, file, metadata, known, remember).await
    }

    fn request(&self, method: Method, url: Url) -> reqwest::RequestBuilder {
        self.client.request(method, url).timeout(SHORT_DEADLINE).header("Tus-Resumable", "1.0.0")
    }

    fn upload(&self, url: &UploadUrl) -> Result<Url, UploadError> {
        // An upload begun under another address of the province is gone: its address was moved.
        let url = Url::parse(&url.0).map_err(|_| UploadError::StartAnew)?;
        self.own(url).map_err(|_| UploadError::StartAnew)
    }

    /// A package goes to the configured province and nowhere else, whatever an answer says.
    fn own(&self, url: Url) -> Result<Url, UploadError> {
        if url.origin() == self.endpoint.origin() {
            Ok(url)
        } else {
            Err(protocol("an upload URL of another origin"))
        }
    }

    async fn offer(&self) -> Result<tus::Offer, UploadError> {
        let ask = || async {
            let request =
                self.client.request(Method::OPTIONS, self.endpoint.clone()).timeout(SHORT_DEADLINE);
            let response = understand(request.send().await, Asked::Endpoint).await?;
            Ok(tus::Offer::read(response.headers()))
        };
        self.offer.get_or_try_init(ask).await.copied()
    }
}

fn protocol(what: &'static str) -> UploadError {
    UploadError::Later { after: None, cause: Trouble::Protocol(what) }
}

fn network(error: reqwest::Error) -> UploadError {
    UploadError::Later { after: None, cause: Trouble::Network(error.without_url()) }
}
