//! The province's private keys: made once, readable by their owner only.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use intake::{OpeningKey, ReceiptKey, ReceiptSigner, SealingKey, keys::NotAKey};
use serde::Serialize;

use crate::config::KeyFiles;

/// File name of the key that opens packages.
pub const OPENING_FILE: &str = "opening.key";
/// File name of the key that signs receipts.
pub const RECEIPT_FILE: &str = "receipt.pem";

/// What kiosks must know, as their configuration holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicKeys {
    /// To whom kiosks seal.
    pub sealing: SealingKey,
    /// With which kiosks verify receipts.
    pub receipt: ReceiptKey,
}

/// A key cannot be used or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A file cannot be read or written; an existing key is never written over.
    #[error("could not open key file {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("key file {0} may be read by others: chmod 600")]
    Open(PathBuf),
    /// It holds no key of its kind.
    #[error("key file {path} holds no such key")]
    Form {
        /// Which.
        path: PathBuf,
        /// Which kind was due.
        #[source]
        source: NotAKey,
    },
    /// The system gave no random bytes.
    #[error("no random bytes for a key")]
    Random,
}

/// Makes both keys in `folder` (created where missing) and returns their public halves.
pub fn generate(folder: &Path) -> Result<PublicKeys, KeyError> {
    let file = |path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::File { path, source }
    };
    fs::create_dir_all(folder).map_err(file(folder))?;
    let opening = OpeningKey::generate();
    let mut seed = zeroize::Zeroizing::new([0_u8; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|_| KeyError::Random)?;
    let signer = ReceiptSigner::from_seed(&seed);

    let path = folder.join(OPENING_FILE);
    let public = format!("# public key: {}\n", opening.sealing_key());
    write_secret(&path, &[&public, opening.reveal().as_str(), "\n"]).map_err(file(&path))?;
    let path = folder.join(RECEIPT_FILE);
    let pem = signer.reveal().map_err(|source| KeyError::Form { path: path.clone(), source })?;
    write_secret(&path, &[pem.as_str()]).map_err(file(&path))?;
    Ok(PublicKeys { sealing: opening.sealing_key(), receipt: signer.key() })
}

/// Reads both keys.
pub fn load(files: &KeyFiles) -> Result<(OpeningKey, ReceiptSigner), KeyError> {
    let form = |path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::Form { path, source }
    };
    let opening = read_secret(&files.opening)?.parse().map_err(form(&files.opening))?;
    let pem = read_secret(&files.receipt)?;
    let signer = ReceiptSigner::from_pem(&pem).map_err(form(&files.receipt))?;
    Ok((opening, signer))
}

fn write_secret(path: &Path, parts: &[&str]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    for part in parts {
        file.write_all(part.as_bytes())?;
    }
    file.sync_all()
}

fn read_secret(path: &Path) -> Result<zeroize::Zeroizing<String>, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::Open(path.to_owned()));
    }
    fs::read_to_string(path).map(zeroize::Zeroizing::new).map_err(failed)
}
