//! Kiosk side: streams a package to the province's public key.

use std::io::{self, Write};

use super::MANIFEST_NAME;
use crate::{
    SealedDigest, SealingKey,
    digest::{HashingWriter, count, sha256_hex},
    manifest::{Manifest, ManifestFault},
};

/// A document's file name and bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// File name as the manifest has it.
    pub name: String,
    /// The whole PDF.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// A package could not be sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The manifest breaks a rule: a mistake of the caller.
    #[error("the manifest cannot be sealed")]
    Manifest(#[from] ManifestFault),
    /// Manifest and documents do not belong together: a mistake of the caller.
    #[error("the manifest does not describe document {0}")]
    Mismatch(usize),
    /// The output took no more: a full or broken disk.
    #[error("could not write the sealed package")]
    Write(#[from] io::Error),
}

/// Seals `manifest` and `documents` to `recipient`, writing age-encrypted bytes to `out` as they
/// come. The caller makes `out` durable before promising anything to the citizen.
pub fn seal(
    manifest: &Manifest,
    documents: &[Document],
    recipient: &SealingKey,
    out: impl Write,
) -> Result<SealedDigest, SealError> {
    manifest.check()?;
    check_documents(manifest, documents)?;
    let json = serde_json::to_vec(manifest).map_err(io::Error::other)?;

    let recipients = std::iter::once::<&dyn age::Recipient>(&recipient.0);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
    let sealed = encryptor.wrap_output(HashingWriter::new(out))?;
    let mut tar = tar::Builder::new(sealed);
    let modified = u64::try_from(manifest.submitted_at.as_second()).unwrap_or(0);
    append(&mut tar, MANIFEST_NAME, &json, modified)?;
    for document in documents {
        append(&mut tar, &document.name, &document.bytes, modified)?;
    }
    let mut out = tar.into_inner()?.finish()?;
    out.flush()?;
    Ok(out.digest())
}

fn check_documents(manifest: &Manifest, documents: &[Document]) -> Result<(), SealError> {
    if manifest.documents.len() != documents.len() {
        return Err(SealError::Mismatch(documents.len().min(manifest.documents.len())));
    }
    for (at, (entry, document)) in manifest.documents.iter().zip(documents).enumerate() {
        let described = entry.name == document.name
            && entry.bytes == count(document.bytes.len())
            && entry.sha256 == sha256_hex(&document.bytes);
        if !described {
            return Err(SealError::Mismatch(at));
        }
    }
    Ok(())
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    bytes: &[u8],
    modified: u64,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(count(bytes.len()));
    header.set_mode(0o600);
    header.set_mtime(modified);
    tar.append_data(&mut header, name, bytes)
}
