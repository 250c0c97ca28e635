//! Why the lab cannot go on. The lab is a tool: its only caller is a person at a terminal.

use std::{io, path::PathBuf, time::Duration};

/// The lab stops.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// A file or port. Caller: free it or name another.
    #[error("could not use {what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A simulated device.
    #[error("could not start the simulated devices")]
    Simulator(#[from] simulator::SimulatorError),
    /// The province.
    #[error("could not start the province")]
    Province(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The center.
    #[error("could not start the center")]
    Center(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The kiosk.
    #[error("could not start the kiosk")]
    Kiosk(#[from] kiosk::StartError),
    /// The outbox.
    #[error("could not open the outbox")]
    Outbox(#[from] app::outbox::OutboxError),
    /// The screen.
    #[error("could not draw")]
    Screen(#[from] slint::PlatformError),
    /// A page that a visit waited for did not come.
    #[error("waited {waited:?} for {what}, but the screen shows {page}")]
    Waited {
        /// For what.
        what: String,
        /// How long.
        waited: Duration,
        /// What stands there instead.
        page: String,
    },
    /// Something to be touched is not on the screen.
    #[error("nothing on the screen is called {label:?}")]
    NoSuchButton {
        /// What was looked for.
        label: String,
    },
    /// A picture.
    #[error("could not write {}", path.display())]
    Picture {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: png::EncodingError,
    },
    /// It was told to end.
    #[error("ended before its time")]
    Stopped,
    /// A package made by the visit does not open.
    #[error("could not open the sealed package")]
    Package(#[from] intake::OpenError),
}

impl LabError {
    /// Names what an input or output error was about.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
