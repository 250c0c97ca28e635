//! Whose certificates may sign: the trust store from the files that the settings name.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use documents::trust::{TrustError, TrustStore};
use settings::Token;

/// Begins a block of a PEM file.
const BEGIN: &str = "-----BEGIN ";
/// Ends the text before a block's last line.
const END: &str = "-----END ";

/// A certificate or list cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustFileError {
    /// A file cannot be read. Caller: mend the path or the file.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what it should. Caller: replace it.
    #[error("could not use a root or a list of revoked certificates")]
    Unusable(#[from] TrustError),
}

/// The store that the settings describe.
pub(crate) fn store(settings: &Token) -> Result<TrustStore, TrustFileError> {
    let [roots, chain, revoked] =
        [&settings.roots, &settings.chain, &settings.revoked].map(|paths| all(paths));
    Ok(TrustStore::new(&roots?, chain?, &revoked?)?)
}

/// The DER of everything in these files and folders.
fn all(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, TrustFileError> {
    let mut found = Vec::new();
    for path in paths {
        let wrap = |source| TrustFileError::Unreadable { path: path.clone(), source };
        for file in files(path).map_err(wrap)? {
            found.extend(fs::read(&file).and_then(|bytes| blocks(&bytes)).map_err(wrap)?);
        }
    }
    Ok(found)
}

/// The file itself, or what lies in the folder, in the order of names.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        files.extend(file.is_file().then_some(file));
    }
    files.sort();
    Ok(files)
}

/// The blocks of a PEM file, whatever they are called; the whole of a DER file.
fn blocks(bytes: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.contains(BEGIN)) else {
        return Ok(vec![bytes.to_vec()]);
    };
    let mut found = Vec::new();
    for block in text.split(BEGIN).skip(1) {
        let (body, last) = block.split_once(END).ok_or(io::ErrorKind::UnexpectedEof)?;
        let last = last.lines().next().unwrap_or_default();
        let whole = format!("{BEGIN}{body}{END}{last}\n");
        let (_label, der) = der::pem::decode_vec(whole.as_bytes())
            .map_err(|error| io::Error::other(error.to_string()))?;
        found.push(der);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three bytes in two blocks, with words around them as authorities write them.
    const TWO: &str = "Root of something\n-----BEGIN X509 CRL-----\nAQID\n-----END X509 CRL-----\n\n\
        and\n-----BEGIN CERTIFICATE-----\nBAUG\n-----END CERTIFICATE-----\n";

    #[test]
    fn files_hold_one_thing_or_many_and_folders_hold_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("all")).unwrap();
        fs::write(path("all/a.pem"), TWO).unwrap();
        fs::write(path("all/b.der"), [0x30, 0x80, 0xFF]).unwrap();
        let found = all(&[path("all"), path("all/b.der")]).unwrap();
        let der = vec![0x30, 0x80, 0xFF];
        assert_eq!(found, [vec![1, 2, 3], vec![4, 5, 6], der.clone(), der]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("half.pem", "-----BEGIN X-----\nAQID\n"),
            ("bad.pem", "-----BEGIN X-----\n!\n-----END X-----\n"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            let error = all(std::slice::from_ref(&path)).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
        let missing = all(&[folder.path().join("nowhere.pem")]).unwrap_err();
        assert!(missing.to_string().contains("nowhere.pem"), "{missing}");
    }
}
