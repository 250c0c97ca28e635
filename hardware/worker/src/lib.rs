//! Device workers: one killable process per device, spoken to in frames over pipes.
//!
//! Vendor libraries hang and crash, and some may not be linked into a free program. So each
//! driver lives in a process of its own (`device-worker`, the crate beside this one), and the
//! kiosk holds a proxy that implements the same trait of `hardware_api`.
//!
//! ```text
//! kiosk                                              device-worker CLASS
//! desk ─▶ proxy ─▶ supervisor ──── call, cancel ───▶ host ─▶ driver ─▶ device
//!                       ◀──── parts, bulk, answer ───┘
//! ```
//! [`frame`] and [`message`] say what stands on the pipe, `session` is one life of a worker, the
//! supervisor starts, watches, kills and starts again. [`host`] is the worker's side.

mod class;
pub mod frame;
mod gap;
pub mod host;
mod launch;
pub mod message;
mod news;
mod pipe;
mod process;
mod proxy;
mod session;
mod supervisor;

pub use class::{Class, NoClass};
pub use frame::FrameError;
pub use gap::Gap;
pub use launch::{Launch, NoProgram, PROGRAM, program_beside};
pub use news::{Listener, StopReason, WorkerEvent, WorkerNews};
pub use pipe::PipeError;
pub use proxy::{CardProxy, CodeProxy, PrinterProxy, ScanCanceller, ScannerProxy, TokenProxy};

/// Starts a worker, has it look at its settings and shut itself in, and ends it. Tells what it
/// could not shut.
///
/// # Errors
/// Why the worker does not run or cannot use the settings.
pub fn check(launch: &Launch) -> Result<Vec<Gap>, StopReason> {
    session::Session::start(launch).map(|(session, _)| session.gaps().to_vec())
}
