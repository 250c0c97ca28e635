//! Which program is started for a device, and with which settings.

use std::{
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::{Class, frame::FrameError, message, news::Listener};

/// Name of the program.
pub const PROGRAM: &str = "device-worker";

/// The worker's program is not where it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{PROGRAM} is neither in {} nor in libexec/ beside it: install it there", folder.display())]
pub struct NoProgram {
    folder: PathBuf,
}

/// Finds the worker's program beside `executable`, or in the `libexec` folder there or one above.
///
/// # Errors
/// When it is in none of them.
pub fn program_beside(executable: &Path) -> Result<PathBuf, NoProgram> {
    let folder = executable.parent().unwrap_or(Path::new("."));
    let places = [PROGRAM, "libexec/device-worker", "../libexec/motcua/device-worker"];
    let found = places.iter().map(|place| folder.join(place)).find(|path| path.is_file());
    found.ok_or_else(|| NoProgram { folder: folder.to_owned() })
}

/// A device and the worker that is to hold it.
#[derive(Clone)]
pub struct Launch {
    pub(crate) class: Class,
    pub(crate) device: String,
    pub(crate) news: Listener,
    /// The settings as the worker gets them.
    pub(crate) settings: Zeroizing<Vec<u8>>,
    program: PathBuf,
    memory_mib: u64,
    pub(crate) healthy: Duration,
}

/// A worker that lived this long is healthy: what happens to it then is a first mishap.
const HEALTHY: Duration = Duration::from_secs(60);

impl Launch {
    /// A worker of `class` for the device that people know as `device`. `settings` goes to the
    /// worker in its first frame and stands in no list of processes.
    ///
    /// # Errors
    /// When the settings cannot be written down; no settings of ours are so.
    pub fn new(
        program: &Path,
        class: Class,
        device: &str,
        settings: &impl Serialize,
        news: Listener,
    ) -> Result<Self, FrameError> {
        Ok(Self {
            class,
            device: device.to_owned(),
            news,
            settings: message::encode(settings)?,
            program: program.to_owned(),
            memory_mib: class.memory_mib(),
            healthy: HEALTHY,
        })
    }

    /// Which kind of device.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// The device, as people know it.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Allows it another amount of memory than its class has.
    #[must_use]
    pub fn with_memory_mib(mut self, memory_mib: u64) -> Self {
        self.memory_mib = memory_mib;
        self
    }

    /// Takes a worker for healthy after another time than a minute: one that dies then is started
    /// again at once.
    #[must_use]
    pub fn with_healthy(mut self, healthy: Duration) -> Self {
        self.healthy = healthy;
        self
    }

    /// The command: a process group of its own, so that a signal for the kiosk's terminal does
    /// not reach it and whatever it starts can be killed with it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(self.class.name())
            .arg(self.memory_mib.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }
}
