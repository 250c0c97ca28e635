//! The card reader by settings, and whom its chips are to be signed by.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use app::CardDevice;
use identity::{
    chip::{TrustError, TrustStore},
    ecard::{Profile, ProfileError},
};
use settings::Card;
use worker::CardProxy;

/// A certificate of an issuer of chips, or a profile of e-cards, cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerFileError {
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
    #[error("could not take an issuer of ID cards from {}", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: TrustError,
    },
    /// A profile of e-cards. Caller: mend it.
    #[error("could not take a profile of e-cards from {}", path.display())]
    Profile {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: ProfileError,
    },
}

/// The reader in its worker, with what the settings say of chips.
pub(crate) fn device(reader: CardProxy, settings: &Card) -> Result<CardDevice, IssuerFileError> {
    let (trust, ecards) = (issuers(&settings.trust)?, profiles(&settings.ecards)?);
    Ok(CardDevice { reader: Box::new(reader), trust, ecards })
}

/// The store of all certificates in these files and folders.
///
/// # Errors
/// The first file that cannot be used, by its name: a kiosk that believed fewer issuers than its
/// operator thinks would call genuine cards unknown.
pub fn issuers(paths: &[PathBuf]) -> Result<TrustStore, IssuerFileError> {
    let mut store = TrustStore::default();
    for path in paths {
        let wrap = |source| IssuerFileError::Unreadable { path: path.clone(), source };
        for path in files(path).map_err(wrap)? {
            let wrap = |source| IssuerFileError::Unreadable { path: path.clone(), source };
            let file = fs::read(&path).map_err(wrap)?;
            store
                .add(&file)
                .map_err(|source| IssuerFileError::Unusable { path: path.clone(), source })?;
        }
    }
    Ok(store)
}

/// The profiles in these files and folders.
fn profiles(paths: &[PathBuf]) -> Result<Vec<Profile>, IssuerFileError> {
    let mut profiles = vec![];
    for path in paths {
        let wrap = |source| IssuerFileError::Unreadable { path: path.clone(), source };
        for path in files(path).map_err(wrap)? {
            let wrap = |source| IssuerFileError::Unreadable { path: path.clone(), source };
            let text = fs::read_to_string(&path).map_err(wrap)?;
            let wrap = |source| IssuerFileError::Profile { path: path.clone(), source };
            profiles.push(Profile::parse(&text).map_err(wrap)?);
        }
    }
    Ok(profiles)
}

/// The file itself, or what lies in the folder, in the order of names.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files: Vec<_> = entries.collect::<Result<_, _>>()?;
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(issuers(&[folder.path().to_owned()]).unwrap().is_empty());
        fs::write(folder.path().join("country.pem"), "no certificate").unwrap();
        for path in [folder.path().to_owned(), folder.path().join("nowhere.der")] {
            let error = issuers(&[path]).unwrap_err().to_string();
            assert!(error.contains("country.pem") || error.contains("nowhere.der"), "{error}");
        }
    }
}
