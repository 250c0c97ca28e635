//! The way of one file, piece by piece, with every turn it can take.

use std::{io::SeekFrom, path::Path};

use reqwest::{Method, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use super::{
    PIECE_BYTES, PIECE_DEADLINE, UploadError, UploadMetadata, UploadUrl, Uploader,
    answer::{Asked, understand},
    network, protocol,
    tus::{self, Checksum},
};
use crate::digest::count;

/// Checksum did not match (tus): the piece is sent again.
const CHECKSUM_MISMATCH: u16 = 460;
/// How often an upload may surprise us (other offset, damaged piece, gone) in one delivery.
const SURPRISES: u32 = 5;

/// See [`Uploader::deliver`].
pub(super) async fn deliver(
    uploader: &Uploader,
    file: &Path,
    metadata: &UploadMetadata,
    mut known: Option<UploadUrl>,
    mut remember: impl FnMut(&UploadUrl),
) -> Result<(), UploadError> {
    let length = tokio::fs::metadata(file).await.map_err(UploadError::File)?.len();
    let mut last = protocol("an upload that never settles");
    for _ in 0..SURPRISES {
        let url = match known.take() {
            Some(url) => url,
            None => {
                let url = uploader.create(metadata, length).await?;
                remember(&url);
                url
            }
        };
        match resume(uploader, &url, file, length).await {
            Ok(Step::Arrived) => return Ok(()),
            Ok(Step::Surprised) => known = Some(url),
            Err(UploadError::StartAnew) => last = UploadError::StartAnew,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

enum Step {
    Arrived,
    Surprised,
}

async fn resume(
    uploader: &Uploader,
    url: &UploadUrl,
    file: &Path,
    length: u64,
) -> Result<Step, UploadError> {
    let from = uploader.offset(url).await?;
    if from > length {
        // Not this file: the outbox was restored from elsewhere.
        return Err(UploadError::StartAnew);
    }
    match pieces(uploader, url, file, from).await? {
        Some(offset) if offset == length => Ok(Step::Arrived),
        Some(_) | None => Ok(Step::Surprised),
    }
}

/// The offset at the end, or `None` when the province has another offset than we thought.
async fn pieces(
    uploader: &Uploader,
    url: &UploadUrl,
    file: &Path,
    from: u64,
) -> Result<Option<u64>, UploadError> {
    let checksums = uploader.offer().await?.sha256;
    let mut file = File::open(file).await.map_err(UploadError::File)?;
    file.seek(SeekFrom::Start(from)).await.map_err(UploadError::File)?;
    let mut offset = from;
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let mut next = (&mut file).take(count(PIECE_BYTES));
        next.read_to_end(&mut piece).await.map_err(UploadError::File)?;
        if piece.is_empty() {
            return Ok(Some(offset));
        }
        let end = offset + count(piece.len());
        let checksum = checksums.then(|| Checksum {
            algorithm: "sha256".to_owned(),
            digest: Sha256::digest(&piece).to_vec(),
        });
        if patch(uploader, url, offset, piece, checksum).await? != Some(end) {
            return Ok(None);
        }
        offset = end;
    }
}

/// Sends one piece. `None` when the province wants the offset asked anew.
async fn patch(
    uploader: &Uploader,
    url: &UploadUrl,
    offset: u64,
    piece: Vec<u8>,
    checksum: Option<Checksum>,
) -> Result<Option<u64>, UploadError> {
    let mut request = uploader
        .request(Method::PATCH, uploader.upload(url)?)
        .timeout(PIECE_DEADLINE)
        .header("Content-Type", "application/offset+octet-stream")
        .header("Upload-Offset", offset)
        .body(piece);
    if let Some(checksum) = checksum {
        request = request.header("Upload-Checksum", checksum.to_string());
    }
    let response = request.send().await.map_err(network)?;
    let status = response.status();
    if status == StatusCode::CONFLICT || status.as_u16() == CHECKSUM_MISMATCH {
        return Ok(None);
    }
    let response = understand(Ok(response), Asked::Upload).await?;
    let told = tus::number(response.headers(), "upload-offset");
    told.map(Some).ok_or(protocol("no Upload-Offset"))
}
