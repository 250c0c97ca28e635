//! libsane's own types and calls, as sane.h (SANE 1.x) has them.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use libloading::Library;

use crate::status::Status;

const LIBRARY: &str = "libsane.so.1";

#[repr(C)]
pub(super) struct RawDevice {
    pub(super) name: *const c_char,
    pub(super) vendor: *const c_char,
    pub(super) model: *const c_char,
    pub(super) kind: *const c_char,
}

#[repr(C)]
pub(super) struct RawRange {
    pub(super) min: c_int,
    pub(super) max: c_int,
    pub(super) quant: c_int,
}

#[repr(C)]
pub(super) struct RawDescriptor {
    pub(super) name: *const c_char,
    pub(super) title: *const c_char,
    pub(super) description: *const c_char,
    pub(super) kind: c_int,
    pub(super) unit: c_int,
    pub(super) size: c_int,
    pub(super) capabilities: c_int,
    pub(super) constraint_kind: c_int,
    pub(super) constraint: *const c_void,
}

#[repr(C)]
#[derive(Default)]
pub(super) struct RawParameters {
    pub(super) format: c_int,
    pub(super) last_frame: c_int,
    pub(super) bytes_per_line: c_int,
    pub(super) pixels_per_line: c_int,
    pub(super) lines: c_int,
    pub(super) depth: c_int,
}

type Authorise = Option<unsafe extern "C" fn(*const c_char, *mut c_char, *mut c_char)>;

#[derive(Clone, Copy)]
pub(super) struct Functions {
    pub(super) init: unsafe extern "C" fn(*mut c_int, Authorise) -> c_int,
    pub(super) exit: unsafe extern "C" fn(),
    pub(super) get_devices: unsafe extern "C" fn(*mut *const *const RawDevice, c_int) -> c_int,
    pub(super) open: unsafe extern "C" fn(*const c_char, *mut *mut c_void) -> c_int,
    pub(super) close: unsafe extern "C" fn(*mut c_void),
    pub(super) get_option_descriptor:
        unsafe extern "C" fn(*mut c_void, c_int) -> *const RawDescriptor,
    pub(super) control_option:
        unsafe extern "C" fn(*mut c_void, c_int, c_int, *mut c_void, *mut c_int) -> c_int,
    pub(super) get_parameters: unsafe extern "C" fn(*mut c_void, *mut RawParameters) -> c_int,
    pub(super) start: unsafe extern "C" fn(*mut c_void) -> c_int,
    pub(super) read: unsafe extern "C" fn(*mut c_void, *mut u8, c_int, *mut c_int) -> c_int,
    pub(super) cancel: unsafe extern "C" fn(*mut c_void),
}

impl Functions {
    /// Loads libsane; `None` when it is not installed or lacks a call.
    pub(super) fn load() -> Option<Self> {
        // SAFETY: libsane's initialisers are those of a plain C library. It is leaked, so that
        // the functions taken from it stay valid for the process's life.
        let library = Box::leak(Box::new(unsafe { Library::new(LIBRARY) }.ok()?));
        macro_rules! symbol {
            ($name:literal) => {
                // SAFETY: the types of `Functions` are those of sane.h, version 1.
                *unsafe { library.get($name.to_bytes_with_nul()) }.ok()?
            };
        }
        Some(Self {
            init: symbol!(c"sane_init"),
            exit: symbol!(c"sane_exit"),
            get_devices: symbol!(c"sane_get_devices"),
            open: symbol!(c"sane_open"),
            close: symbol!(c"sane_close"),
            get_option_descriptor: symbol!(c"sane_get_option_descriptor"),
            control_option: symbol!(c"sane_control_option"),
            get_parameters: symbol!(c"sane_get_parameters"),
            start: symbol!(c"sane_start"),
            read: symbol!(c"sane_read"),
            cancel: symbol!(c"sane_cancel"),
        })
    }

    /// Has libsane read its configuration.
    pub(super) fn start_library(&self) -> Result<(), Status> {
        // SAFETY: both arguments may be null.
        Status::check(unsafe { (self.init)(ptr::null_mut(), None) })
    }
}
