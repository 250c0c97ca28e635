//! Why a fake could not be set up.

use std::io;
use std::path::{Path, PathBuf};

/// Stopped a fake from being set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// A socket could not be opened. Caller: choose another address.
    #[error("could not listen on {address}")]
    Listen {
        /// Where.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// A file or link could not be made. Caller: choose another folder.
    #[error("could not make {path}")]
    Make {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system gave no pseudo-terminal. Caller: end other programs.
    #[error("could not open a pseudo-terminal")]
    Terminal(#[source] io::Error),
}

impl SimulatorError {
    pub(crate) fn make(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Make { path, source }
    }
}
