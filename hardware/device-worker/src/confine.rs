//! What a worker may touch: less than the kiosk, and only what its device needs.
//!
//! First, before any library is loaded: it dies with the kiosk, leaves no core dump, gets no
//! rights by starting programs, and has a bound for its memory. Then, when its settings are known,
//! a filter of system calls shuts the network (`sockets`), and Landlock the files and devices
//! (`files`, `nodes`). A kernel that can less confines less: the worker works all the same, says
//! which [`Gap`] there is, and the kiosk logs it.

mod files;
mod needs;
mod nodes;
mod sockets;

use std::io;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use worker::{Gap, host::Walls};

pub use needs::{Needs, card, code, printer, scanner, token};
use nodes::Let;

/// Files a driver may have open at once; libraries leak them.
const OPEN_FILES: u64 = 256;

/// Limits that hold for whatever is loaded later.
pub fn before_anything(memory_mib: u64) -> io::Result<()> {
    // The pipe tells it too, but not to a worker that is stopped.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // A core would hold PINs and pages.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Core, most(0))?;
    setrlimit(Resource::As, most(memory_mib.saturating_mul(1 << 20)))?;
    setrlimit(Resource::Nofile, most(OPEN_FILES))?;
    Ok(())
}

/// A worker that has shut itself in.
pub struct Confined {
    gaps: Vec<Gap>,
    devices: Let,
}

/// Shuts everything but what the device needs. To be called while there is one thread.
pub fn before_use(needs: &Needs) -> Confined {
    let devices = Let::find(&needs.devices);
    // Files last: the filter is put in by a system call that needs none.
    let mut gaps = sockets::shut(&needs.sockets);
    gaps.extend(files::shut(needs, &devices));
    gaps.sort();
    Confined { gaps, devices }
}

impl Walls for Confined {
    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    fn device_moved(&self) -> bool {
        self.devices.moved()
    }
}
