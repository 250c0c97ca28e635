//! Delivers a sealed file to a tus endpoint as a kiosk does, and waits for the receipt.
//!
//! ```text
//! deliver FILE ENDPOINT SUBMISSION KIOSK [--no-receipt] [URL]
//! ```
//! Goes on at URL where there is one. Prints each new upload URL, then the receipt as JSON.

use std::{error::Error, path::PathBuf, time::Duration};

use intake::{ReceiptAnswer, SealedDigest, UploadMetadata, UploadUrl, Uploader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, endpoint, submission, kiosk, rest @ ..] = arguments.as_slice() else {
        return Err("usage: deliver FILE ENDPOINT SUBMISSION KIOSK [--no-receipt] [URL]".into());
    };
    let file = PathBuf::from(file);
    let sealed = SealedDigest::of(std::fs::File::open(&file)?)?;
    let metadata = UploadMetadata {
        submission: submission.as_str().into(),
        kiosk: kiosk.as_str().into(),
        sha256: sealed.sha256,
    };
    let uploader = Uploader::new(reqwest::Client::new(), endpoint.parse()?);
    let known = rest.iter().find(|word| word.starts_with("http")).cloned().map(UploadUrl);
    uploader.deliver(&file, &metadata, known, |url| eprintln!("{}", url.0)).await?;
    if rest.iter().any(|word| word == "--no-receipt") {
        return Ok(());
    }
    loop {
        match uploader.fetch_receipt(&metadata.submission).await? {
            ReceiptAnswer::Ready(receipt) => {
                eprintln!("{}", serde_json::to_string(&receipt)?);
                return Ok(());
            }
            ReceiptAnswer::NotYet => tokio::time::sleep(Duration::from_millis(100)).await,
            ReceiptAnswer::Unknown => return Err("the province knows nothing of it".into()),
            ReceiptAnswer::Refused(problem) => return Err(problem.code.into()),
        }
    }
}
