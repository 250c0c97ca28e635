//! What is told of workers to whoever keeps the log.

use std::{fmt, io, sync::Arc, time::Duration};

use crate::{Class, Gap, frame::FrameError};

/// Takes news; called from the supervisor's thread.
pub type Listener = Arc<dyn Fn(WorkerNews) + Send + Sync>;

/// Something happened to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerNews {
    /// Which kind of device.
    pub class: Class,
    /// Where it is attached, as configured.
    pub device: String,
    /// What happened.
    pub what: WorkerEvent,
}

/// What happened to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerEvent {
    /// It stopped or was killed.
    Stopped {
        /// Why.
        why: StopReason,
        /// Lines it had written to its error output. What they say may be personal and is not
        /// kept.
        complaints: u64,
        /// After which pause it is started again.
        again_in: Duration,
    },
    /// It works, and could not shut itself in as it should.
    Unconfined {
        /// What it could not shut.
        gaps: Vec<Gap>,
    },
    /// It works again.
    Back {
        /// How long it was away.
        after: Duration,
    },
}

/// Why a worker is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// It could not be started.
    NotStarted(io::ErrorKind),
    /// It did not introduce itself in time.
    NoHello,
    /// It cannot use the settings it was given.
    Refused(String),
    /// It did not answer in time, and was killed.
    Silent {
        /// How long was waited.
        after: Duration,
    },
    /// It wrote what is no frame, and was killed.
    Garbage(FrameError),
    /// It ended by itself, with this code.
    Ended(i32),
    /// A signal ended it.
    Signal(i32),
    /// Its device came back as another file, which only a new worker may open. No mishap.
    Moved,
    /// It closed its pipe; how it ended is not known.
    Closed,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(kind) => write!(f, "it could not be started: {kind}"),
            Self::NoHello => f.write_str("it did not introduce itself"),
            Self::Refused(why) => write!(f, "it cannot use the settings: {why}"),
            Self::Silent { after } => write!(f, "it did not answer within {after:?}"),
            Self::Garbage(error) => write!(f, "it sent {error}"),
            Self::Ended(code) => write!(f, "it ended with code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal} ended it"),
            Self::Moved => f.write_str("its device is another file now"),
            Self::Closed => f.write_str("it closed its pipe"),
        }
    }
}
