//! Flatbed and feeder scanners through SANE, whichever backend serves them: USB, network, eSCL.
//!
//! libsane is loaded when it is first needed and belongs to the whole process: every call into it
//! waits for its turn, except the one that cancels. A page is delivered only when all its bytes
//! came, because a cancelled scan may end like a complete one.
//!
//! Each page has a deadline, after which the scan is cancelled. A backend may take its time to
//! obey (airscan: a quarter of a minute when the scanner falls silent) or never do: opening a
//! silent network scanner waits without an end, and so does a client of saned whose server died.
//! No thread can be freed from such a call, so this driver belongs in a process that can be
//! killed.
//!
//! What options mean is in [`options`], as functions over plain data.

mod apply;
#[expect(unsafe_code, reason = "the border to libsane; everything behind it is safe")]
mod ffi;
mod frame;
pub mod options;
mod page;
mod scanner;
mod status;
mod watchdog;

pub use scanner::{Canceller, Found, SaneScanner, list};
