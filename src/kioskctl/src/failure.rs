//! Why a command of kioskctl did not do what was asked.

use std::{io, path::PathBuf};

use hardware_api::{DeviceError, SignError};

/// Stopped a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("could not use the settings")]
    Settings(#[from] kiosk::StartError),
    #[error("could not set up the devices")]
    Devices(#[from] kiosk::OpenError),
    #[error("could not start the devices")]
    Workers(#[from] kiosk::WorkerError),
    #[error("this kiosk has no {0} in its settings")]
    NotSetUp(&'static str),
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("could not read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no picture that can be read (PNG, JPEG or PGM)", .0.display())]
    NotAPicture(PathBuf),
    #[error("could not write")]
    Write(#[from] io::Error),
    #[error("could not encode the page")]
    Page(#[from] documents::page::PageError),
    #[error("could not write the PDF")]
    Pdf(#[from] documents::pdf::PdfError),
    #[error("could not write JSON")]
    Json(#[from] serde_json::Error),
    /// The command worked and what it looked at does not: the exit status says so.
    #[error("{0}")]
    Unfit(String),
}
