//! The workers that hold the drivers: which there are, and what is logged of them.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use app::Pace;
use journal::Event as Log;
use serde::Serialize;
use settings::{KioskSettings, PrinterPort};
use worker::{
    Class, FrameError, Gap, Launch, Listener, NoProgram, StopReason, WorkerEvent, WorkerNews,
};

/// A worker cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// Its program is missing. Caller: install it.
    #[error("could not find the program that holds the drivers")]
    Program(#[from] NoProgram),
    /// The system gives no threads or handles. Caller: raise the limits of the kiosk's user.
    #[error("could not watch the {class} worker")]
    System {
        /// Which class.
        class: Class,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Settings that cannot be handed over. Caller: shorten them.
    #[error("could not hand its settings to the {class} worker")]
    Settings {
        /// Which class.
        class: Class,
        /// Why.
        #[source]
        source: FrameError,
    },
    /// A worker does not start, or refuses its settings. Caller: mend them.
    #[error("could not use the {class} worker for {device}: {why}")]
    Unfit {
        /// Which class.
        class: Class,
        /// The device, as configured.
        device: String,
        /// What the worker said, or how it ended.
        why: StopReason,
    },
}

/// Where the workers' program is, beside the program that asks.
///
/// # Errors
/// When it is not there.
pub fn worker_program() -> Result<PathBuf, WorkerError> {
    Ok(worker::program_beside(&std::env::current_exe().unwrap_or_default())?)
}

/// A worker that cannot shut itself in as it should: the kernel lacks something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfined {
    /// Which class.
    pub class: Class,
    /// The device, as configured.
    pub device: String,
    /// What it cannot shut; never empty.
    pub gaps: Vec<Gap>,
}

impl fmt::Display for Unconfined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.class, self.device, in_words(&self.gaps))
    }
}

fn in_words(gaps: &[Gap]) -> String {
    gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Starts every worker that the settings name, has it look at its settings and shut itself in, and
/// ends it. Tells which could not do so fully.
///
/// # Errors
/// When one of them does not start or refuses.
pub fn check_workers(
    settings: &KioskSettings,
    program: &Path,
) -> Result<Vec<Unconfined>, WorkerError> {
    let Workers { printer, scanner, codes, card, token } =
        Workers::of(settings, program, Pace::default().healthy)?;
    let single = [printer, scanner, card, token];
    let mut unconfined = vec![];
    for launch in single.into_iter().flatten().chain(codes) {
        let (class, device) = (launch.class(), launch.device().to_owned());
        match worker::check(&launch) {
            Ok(gaps) if gaps.is_empty() => {}
            Ok(gaps) => unconfined.push(Unconfined { class, device, gaps }),
            Err(why) => return Err(WorkerError::Unfit { class, device, why }),
        }
    }
    Ok(unconfined)
}

/// One worker for each device. What it learns is the section of its class and no more.
pub(crate) struct Workers {
    pub(crate) printer: Option<Launch>,
    pub(crate) scanner: Option<Launch>,
    pub(crate) codes: Vec<Launch>,
    pub(crate) card: Option<Launch>,
    pub(crate) token: Option<Launch>,
}

impl Workers {
    pub(crate) fn of(
        settings: &KioskSettings,
        program: &Path,
        healthy: Duration,
    ) -> Result<Self, WorkerError> {
        let KioskSettings { printer, scanner, codes, card, token, .. } = settings;
        let has_printer = printer.port != PrinterPort::None;
        let launch = Launcher { program, healthy, news: Arc::new(log) };
        let readers = codes.readers.iter();
        Ok(Self {
            printer: launch.of(has_printer, Class::Printer, &printer.port.to_string(), printer)?,
            scanner: launch.of(!scanner.name.is_empty(), Class::Scanner, &scanner.name, scanner)?,
            codes: readers
                .filter_map(|port| {
                    launch.of(true, Class::Code, &port.to_string(), port).transpose()
                })
                .collect::<Result<_, _>>()?,
            card: launch.of(!card.reader.is_empty(), Class::Card, &card.reader, card)?,
            token: launch.of(!token.modules.is_empty(), Class::Token, "signing token", token)?,
        })
    }
}

struct Launcher<'a> {
    program: &'a Path,
    healthy: Duration,
    news: Listener,
}

impl Launcher<'_> {
    fn of(
        &self,
        wanted: bool,
        class: Class,
        device: &str,
        section: &impl Serialize,
    ) -> Result<Option<Launch>, WorkerError> {
        let launch = || {
            let launch = Launch::new(self.program, class, device, section, Arc::clone(&self.news));
            launch.map(|it| it.with_healthy(self.healthy))
        };
        wanted.then(launch).transpose().map_err(|source| WorkerError::Settings { class, source })
    }
}

fn log(news: WorkerNews) {
    let WorkerNews { class, device, what } = news;
    match what {
        WorkerEvent::Stopped { why: StopReason::Refused(why), .. } => {
            journal::record!(Log::WorkerRefused, %class, device, why);
        }
        WorkerEvent::Stopped { why, complaints, again_in } => {
            journal::record!(Log::WorkerStopped, %class, device, %why, complaints, ?again_in);
        }
        WorkerEvent::Unconfined { gaps } => {
            let gaps = in_words(&gaps);
            journal::record!(Log::WorkerUnconfined, %class, device, gaps);
        }
        WorkerEvent::Back { after } => {
            journal::record!(Log::WorkerBack, %class, device, ?after);
        }
    }
}
