//! libsane's state in this process: loaded once, one call at a time.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::describe::text;
use super::raw::Functions;
use crate::status::Status;

/// A scanner as libsane lists it.
pub(crate) struct Listed {
    pub name: String,
    pub vendor: String,
    pub model: String,
}

/// libsane, once it is loaded.
pub(super) struct Sane {
    pub(super) functions: Functions,
    pub(super) open: usize,
}

static SANE: Mutex<Option<Sane>> = Mutex::new(None);

/// Waits until no other thread is in libsane.
pub(super) fn turn() -> MutexGuard<'static, Option<Sane>> {
    SANE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `call` while no other thread is in libsane, which is started first if it is not.
pub(super) fn with_sane<T>(call: impl FnOnce(&mut Sane) -> Result<T, Status>) -> Result<T, Status> {
    let mut sane = turn();
    if let Some(sane) = sane.as_mut() {
        return call(sane);
    }
    let functions = Functions::load().ok_or(Status::NoLibrary)?;
    functions.start_library()?;
    call(sane.insert(Sane { functions, open: 0 }))
}

impl Sane {
    /// Backends remember which scanners they saw: starting over finds what was plugged in since.
    pub(super) fn start_over(&mut self) -> Result<(), Status> {
        if self.open == 0 {
            // SAFETY: no handle is open, and the lock is held.
            unsafe { (self.functions.exit)() };
            self.functions.start_library()?;
        }
        Ok(())
    }

    pub(super) fn open(&mut self, name: &CStr) -> Result<*mut c_void, Status> {
        let mut raw = ptr::null_mut();
        // SAFETY: a terminated name and a place for the handle.
        Status::check(unsafe { (self.functions.open)(name.as_ptr(), &raw mut raw) })?;
        self.open += 1;
        Ok(raw)
    }
}

/// Lists the scanners that all backends know, local and remote.
pub(crate) fn devices() -> Result<Vec<Listed>, Status> {
    with_sane(|sane| {
        sane.start_over()?;
        let mut next = ptr::null();
        // SAFETY: a place for the list, which stays valid until the next call under this lock.
        Status::check(unsafe { (sane.functions.get_devices)(&raw mut next, 0) })?;
        let mut found = Vec::new();
        // SAFETY: the list ends with a null pointer; its entries' texts are terminated.
        while let Some(device) = unsafe { next.as_ref().and_then(|entry| entry.as_ref()) } {
            found.push(Listed {
                name: text(device.name),
                vendor: text(device.vendor),
                model: text(device.model),
            });
            // SAFETY: not yet past the null entry.
            next = unsafe { next.add(1) };
        }
        Ok(found)
    })
}
