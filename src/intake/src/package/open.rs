//! Province side: opens a package, believing nothing it says.

use std::io::{self, BufReader, Read};

use super::{Document, MANIFEST_NAME};
use crate::{
    OpeningKey,
    digest::HashingReader,
    manifest::{DocumentEntry, Manifest, ManifestFault},
};

/// How large a package may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the manifest.
    pub manifest_bytes: u64,
    /// Most bytes of one document.
    pub document_bytes: u64,
    /// Most bytes of all documents.
    pub package_bytes: u64,
}

impl Default for Limits {
    /// 1 MiB of manifest, 128 MiB per document, 512 MiB in all.
    fn default() -> Self {
        Self { manifest_bytes: 1 << 20, document_bytes: 128 << 20, package_bytes: 512 << 20 }
    }
}

/// A package could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Not sealed at all, cut short, or altered.
    #[error("the package is not sealed or is damaged")]
    NotSealed,
    /// Sealed well, but to another key.
    #[error("the package is sealed to another key")]
    OtherKey,
    /// Something in it breaks the rules of the format.
    #[error("the package breaks the format: {0}")]
    Malformed(&'static str),
    /// The manifest breaks a rule.
    #[error("the manifest breaks a rule")]
    Manifest(#[from] ManifestFault),
    /// A document is not what the manifest says.
    #[error("document {0} is not what the manifest says")]
    Digest(usize),
    /// Larger than the limits.
    #[error("the package is larger than allowed")]
    TooLarge,
    /// The documents could not be kept: try again later.
    #[error("could not keep the documents")]
    Keep(#[source] io::Error),
}

/// An opened package, whole in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Its documents, checked, in the manifest's order.
    pub documents: Vec<Document>,
}

/// Opens a package into memory within the usual [`Limits`].
pub fn open(reader: impl Read, key: &OpeningKey) -> Result<Package, OpenError> {
    let mut documents = Vec::new();
    let manifest = open_into(reader, key, Limits::default(), |entry, content| {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        documents.push(Document { name: entry.name.clone(), bytes });
        Ok(())
    })?;
    Ok(Package { manifest, documents })
}

/// Opens a package, handing each document to `keep` as it is read, so that memory stays flat.
///
/// `keep` must read the document to its end. Digests are compared after each document: what
/// was kept counts only once this function returns `Ok`.
pub fn open_into(
    reader: impl Read,
    key: &OpeningKey,
    limits: Limits,
    mut keep: impl FnMut(&DocumentEntry, &mut dyn Read) -> io::Result<()>,
) -> Result<Manifest, OpenError> {
    let decryptor = age::Decryptor::new_buffered(BufReader::with_capacity(1 << 16, reader))
        .map_err(|_| OpenError::NotSealed)?;
    let identities = std::iter::once::<&dyn age::Identity>(&key.0);
    let plain = decryptor.decrypt(identities).map_err(|error| {
        let other = matches!(error, age::DecryptError::NoMatchingKeys);
        if other { OpenError::OtherKey } else { OpenError::NotSealed }
    })?;
    // Paddings and headers come on top of the documents.
    let most = limits.package_bytes.saturating_add(limits.manifest_bytes).saturating_add(1 << 20);
    let mut tar = tar::Archive::new(plain.take(most));
    let mut entries = tar.entries().map_err(|_| OpenError::NotSealed)?;

    let first = entries.next().ok_or(OpenError::Malformed("no manifest"))?;
    let manifest = read_manifest(&mut first.map_err(broken)?, limits)?;
    let total = manifest.documents.iter().try_fold(0_u64, |sum, d| sum.checked_add(d.bytes));
    if total.is_none_or(|total| total > limits.package_bytes) {
        return Err(OpenError::TooLarge);
    }
    for (at, described) in manifest.documents.iter().enumerate() {
        if described.bytes > limits.document_bytes {
            return Err(OpenError::TooLarge);
        }
        let entry = entries.next().ok_or(OpenError::Malformed("a document is missing"))?;
        let mut entry = entry.map_err(broken)?;
        check_entry(&entry, &described.name)?;
        if entry.size() != described.bytes {
            return Err(OpenError::Digest(at));
        }
        let mut content = Watched { inner: HashingReader::new(&mut entry), broken: false };
        let kept = keep(described, &mut content);
        if content.broken {
            return Err(OpenError::NotSealed);
        }
        kept.map_err(OpenError::Keep)?;
        let found = content.inner.digest();
        if found.bytes != described.bytes || found.sha256 != described.sha256 {
            return Err(OpenError::Digest(at));
        }
    }
    if entries.next().is_some() {
        return Err(OpenError::Malformed("a file that the manifest does not know"));
    }
    expect_only_padding(tar.into_inner())?;
    Ok(manifest)
}

fn read_manifest(
    entry: &mut tar::Entry<'_, impl Read>,
    limits: Limits,
) -> Result<Manifest, OpenError> {
    check_entry(entry, MANIFEST_NAME)?;
    if entry.size() > limits.manifest_bytes {
        return Err(OpenError::TooLarge);
    }
    let mut json = Vec::new();
    entry.read_to_end(&mut json).map_err(broken)?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|_| OpenError::Malformed("manifest.json"))?;
    manifest.check()?;
    Ok(manifest)
}

/// A plain file with exactly the name that is due: no links, devices, paths or extensions.
fn check_entry(entry: &tar::Entry<'_, impl Read>, name: &str) -> Result<(), OpenError> {
    if entry.header().entry_type() != tar::EntryType::Regular {
        return Err(OpenError::Malformed("an entry that is not a plain file"));
    }
    if entry.path_bytes().as_ref() != name.as_bytes() {
        return Err(OpenError::Malformed("a file that the manifest does not know"));
    }
    Ok(())
}

/// Reads to the end, so that the last sealed block is authenticated too: an archive that ends
/// early inside a longer file would otherwise hide what follows.
fn expect_only_padding(mut rest: impl Read) -> Result<(), OpenError> {
    let mut block = [0_u8; 4096];
    loop {
        match rest.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(n) if block.iter().take(n).all(|b| *b == 0) => {}
            Ok(_) => return Err(OpenError::Malformed("bytes after the archive")),
            Err(_) => return Err(OpenError::NotSealed),
        }
    }
}

/// What fails while reading an opened package was damaged or cut short.
#[expect(clippy::needless_pass_by_value, reason = "stands in map_err")]
fn broken(error: io::Error) -> OpenError {
    if error.kind() == io::ErrorKind::UnexpectedEof || error.kind() == io::ErrorKind::InvalidData {
        OpenError::NotSealed
    } else {
        OpenError::Malformed("the archive")
    }
}

/// Remembers whether reading failed, to tell a broken package from a broken disk.
struct Watched<R> {
    inner: R,
    broken: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let result = self.inner.read(into);
        self.broken |= result.as_ref().is_err_and(|e| e.kind() != io::ErrorKind::Interrupted);
        result
    }
}
