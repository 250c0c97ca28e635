//! Trying a module in a process that may die of it.
//!
//! Modules are other people's code, and some crash or block while they start. Each is therefore
//! first driven through everything that a look at a token asks of it, in a child of its own.
//! Only one that came through is loaded beside the others.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use hardware_api::{DeviceError, ModuleFault};

use crate::identity;
use crate::module::Module;

/// What the child ends with. Unusual numbers, because a module may end the process itself.
const USABLE: u8 = 81;
const NOT_LOADED: u8 = 82;
const NONSENSE: u8 = 83;
/// What a Rust program ends with after a panic: the module's answer could not be dealt with.
const PANICKED: i32 = 101;

/// A child ends by itself after this time, should whoever started it be gone.
const LONGEST_PROBE: Duration = Duration::from_secs(60);

/// How modules are tried.
#[derive(Debug, Clone)]
pub struct Prober {
    program: PathBuf,
    arguments: Vec<OsString>,
    deadline: Duration,
    pause: Duration,
}

impl Prober {
    /// `program` is started with `arguments` and the module's path, and must call [`probe`]:
    /// `token-probe`, or a program that has this crate in it anyway. OpenSC needs two seconds on
    /// a slow machine with a card in the reader; a module that needs more than ten is no use at a
    /// kiosk.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(Into::into).collect(),
            deadline: Duration::from_secs(10),
            pause: Duration::from_secs(10),
        }
    }

    /// How long a module has, and how long it rests after its first failure; each further
    /// failure doubles the rest.
    #[must_use]
    pub fn patient(self, deadline: Duration, pause: Duration) -> Self {
        Self { deadline, pause, ..self }
    }

    pub(crate) fn first_pause(&self) -> Duration {
        self.pause
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    pub(crate) fn start(&self, module: &Path, now: Instant) -> Result<Probe, ModuleFault> {
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .arg(module)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            // Then nothing can be tried, and what is not tried is not loaded.
            .map_err(|_| ModuleFault::NotLoaded)?;
        Ok(Probe { child, until: now + self.deadline })
    }
}

/// A module being tried. Ends its process when dropped.
#[derive(Debug)]
pub(crate) struct Probe {
    child: Child,
    until: Instant,
}

impl Probe {
    /// What came out; `None` while that is open.
    pub(crate) fn verdict(&mut self, now: Instant) -> Option<Result<(), ModuleFault>> {
        match self.child.try_wait() {
            Ok(Some(status)) => Some(verdict(status)),
            Ok(None) if now < self.until => None,
            Ok(None) | Err(_) => Some(Err(ModuleFault::Silent)),
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // Both fail only when it has ended, which is what they are for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn verdict(status: ExitStatus) -> Result<(), ModuleFault> {
    let code = status.code();
    let is = |expected: u8| code == Some(i32::from(expected));
    if is(USABLE) {
        Ok(())
    } else if is(NOT_LOADED) {
        Err(ModuleFault::NotLoaded)
    } else if is(NONSENSE) || code == Some(PANICKED) {
        Err(ModuleFault::Nonsense)
    } else {
        // By a signal, or the module ended the process, which a worker would not survive either.
        debug_assert!(code.is_some() || status.signal().is_some(), "{status}");
        Err(ModuleFault::Crashed)
    }
}

/// The child's side: tries the module and tells by the exit code. Call it from `main` and from
/// nowhere else, as it may crash or never return.
#[must_use]
pub fn probe(path: &Path) -> ExitCode {
    // Without the thread the parent's deadline still holds.
    let _watchdog = std::thread::Builder::new().spawn(|| {
        std::thread::sleep(LONGEST_PROBE);
        std::process::abort();
    });
    ExitCode::from(match look_through(path) {
        Ok(()) => USABLE,
        Err(DeviceError::Gone { .. }) => NOT_LOADED,
        Err(_) => NONSENSE,
    })
}

/// Asks the module all that a worker asks while nobody types a PIN.
fn look_through(path: &Path) -> Result<(), DeviceError> {
    let mut module = Module::load(path)?;
    module.describe()?;
    for token in module.tokens()? {
        // Whether this very token works is no question of the module; surviving it is.
        let _ = identity::all(&module, token.slot);
        let _ = identity::authorities(&module, token.slot);
    }
    Ok(())
}
