//! libsane through `dlopen`: the twelve calls of the SANE 1.x interface that a scan needs.
//!
//! The only file with `unsafe`. What leaves it is copied and owned; what enters it is checked
//! against the backend's own description of the option.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use raw::{Functions, RawDescriptor, RawParameters, RawRange};

mod raw;

/// An answer of libsane that is not `GOOD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Unsupported,
    Cancelled,
    DeviceBusy,
    Invalid,
    EndOfFile,
    Jammed,
    NoDocs,
    CoverOpen,
    IoError,
    NoMemory,
    AccessDenied,
    /// A number that the standard does not have.
    Unknown(c_int),
    /// libsane itself is missing or too old.
    NoLibrary,
}

/// An option as the backend describes it, copied.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Descriptor {
    pub index: c_int,
    pub name: String,
    pub kind: Kind,
    pub unit: Unit,
    pub settable: bool,
    pub constraint: Constraint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Fixed,
    Text,
    /// Buttons, groups and arrays, which no scan needs.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Pixel,
    Millimetre,
    Other,
}

/// Allowed values; words are raw (`Fixed` has 16 bits after the point).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constraint {
    None,
    Range { min: i32, max: i32, quant: i32 },
    Words(Vec<i32>),
    Texts(Vec<String>),
}

/// What a set value changed elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    ThisAlone,
    OtherOptions,
}

/// The shape of the frame that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    pub format: Format,
    pub last_frame: bool,
    pub bytes_per_line: usize,
    pub pixels_per_line: usize,
    /// `None` for hand-held and endless scanners.
    pub lines: Option<usize>,
    pub depth: c_int,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Grey,
    Rgb,
    Red,
    Green,
    Blue,
}

/// A scanner as libsane lists it.
pub(crate) struct Listed {
    pub name: String,
    pub vendor: String,
    pub model: String,
}

/// An open scanner.
pub(crate) struct Handle {
    raw: *mut c_void,
    functions: Functions,
    slot: Arc<Mutex<Option<Running>>>,
}

/// Ends what an open scanner is doing, from any thread.
#[derive(Clone)]
pub(crate) struct Cancel(Arc<Mutex<Option<Running>>>);

struct Running {
    raw: *mut c_void,
    cancel: unsafe extern "C" fn(*mut c_void),
}

// SAFETY: SANE allows a handle to be used from any thread, one call at a time; the global lock
// sees to that.
unsafe impl Send for Handle {}
// SAFETY: `sane_cancel` is the call that the standard allows at any time from anywhere.
unsafe impl Send for Running {}

/// libsane's state in this process.
struct Sane {
    functions: Functions,
    open: usize,
}

static SANE: Mutex<Option<Sane>> = Mutex::new(None);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `call` while no other thread is in libsane, which is started first if it is not.
fn with_sane<T>(call: impl FnOnce(&mut Sane) -> Result<T, Status>) -> Result<T, Status> {
    let mut sane = lock(&SANE);
    if let Some(sane) = sane.as_mut() {
        return call(sane);
    }
    let functions = Functions::load().ok_or(Status::NoLibrary)?;
    functions.start_library()?;
    call(sane.insert(Sane { functions, open: 0 }))
}

impl Sane {
    /// Backends remember which scanners they saw: starting over finds what was plugged in since.
    fn start_over(&mut self) -> Result<(), Status> {
        if self.open == 0 {
            // SAFETY: no handle is open, and the lock is held.
            unsafe { (self.functions.exit)() };
            self.functions.start_library()?;
        }
        Ok(())
    }

    fn open(&mut self, name: &CStr) -> Result<*mut c_void, Status> {
        let mut raw = ptr::null_mut();
        // SAFETY: a terminated name and a place for the handle.
        check(unsafe { (self.functions.open)(name.as_ptr(), &raw mut raw) })?;
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
        check(unsafe { (sane.functions.get_devices)(&raw mut next, 0) })?;
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

impl Handle {
    /// Opens a scanner by its SANE name.
    pub(crate) fn open(name: &str) -> Result<Self, Status> {
        let name = CString::new(name).map_err(|_| Status::Invalid)?;
        with_sane(|sane| {
            let raw = sane.open(&name).or_else(|_| {
                sane.start_over()?;
                sane.open(&name)
            })?;
            let functions = sane.functions;
            let slot = Arc::new(Mutex::new(Some(Running { raw, cancel: functions.cancel })));
            Ok(Self { raw, functions, slot })
        })
    }

    /// A way to end what this handle does.
    pub(crate) fn canceller(&self) -> Cancel {
        Cancel(Arc::clone(&self.slot))
    }

    /// All options that have a name, in the backend's order.
    pub(crate) fn descriptors(&mut self) -> Vec<Descriptor> {
        let mut count: c_int = 0;
        let asked = self.control(0, GET, (&raw mut count).cast());
        let count = if asked.is_ok() { count } else { 0 };
        (1..count).filter_map(|index| self.descriptor(index)).collect()
    }

    fn descriptor(&mut self, index: c_int) -> Option<Descriptor> {
        let _turn = lock(&SANE);
        // SAFETY: the handle is open; the answer is null or valid until the next call under this
        // lock.
        let raw = unsafe { (self.functions.get_option_descriptor)(self.raw, index).as_ref() }?;
        Descriptor::copy(index, raw).filter(|option| !option.name.is_empty())
    }

    /// The value of a one-word option.
    pub(crate) fn word(&mut self, option: &Descriptor) -> Result<i32, Status> {
        let mut word: c_int = 0;
        self.check_kind(option, &[Kind::Bool, Kind::Int, Kind::Fixed])?;
        self.control(option.index, GET, (&raw mut word).cast())?;
        Ok(word)
    }

    /// Sets a one-word option.
    pub(crate) fn set_word(&mut self, option: &Descriptor, word: i32) -> Result<Changed, Status> {
        let mut word: c_int = word;
        self.check_kind(option, &[Kind::Bool, Kind::Int, Kind::Fixed])?;
        self.control(option.index, SET, (&raw mut word).cast())
    }

    /// Sets a text option.
    pub(crate) fn set_text(&mut self, option: &Descriptor, text: &str) -> Result<Changed, Status> {
        self.check_kind(option, &[Kind::Text])?;
        let room = {
            let _turn = lock(&SANE);
            // SAFETY: as in `descriptor`.
            let raw =
                unsafe { (self.functions.get_option_descriptor)(self.raw, option.index).as_ref() };
            raw.and_then(|raw| usize::try_from(raw.size).ok()).ok_or(Status::Invalid)?
        };
        if text.len() >= room || text.contains('\0') {
            return Err(Status::Invalid);
        }
        // The backend may write back up to its own size.
        let mut buffer = text.as_bytes().to_vec();
        buffer.resize(room, 0);
        self.control(option.index, SET, buffer.as_mut_ptr().cast())
    }

    /// Options come and go as others are set: look again before a pointer is handed over.
    fn check_kind(&mut self, option: &Descriptor, kinds: &[Kind]) -> Result<(), Status> {
        let now = self.descriptor(option.index).ok_or(Status::Invalid)?;
        if kinds.contains(&now.kind) { Ok(()) } else { Err(Status::Invalid) }
    }

    fn control(
        &mut self,
        index: c_int,
        action: c_int,
        value: *mut c_void,
    ) -> Result<Changed, Status> {
        let _turn = lock(&SANE);
        let mut info: c_int = 0;
        // SAFETY: the callers pass a value of the kind and size that the option has.
        let code = unsafe {
            (self.functions.control_option)(self.raw, index, action, value, &raw mut info)
        };
        check(code)?;
        let reload = info & INFO_RELOAD_OPTIONS != 0;
        Ok(if reload { Changed::OtherOptions } else { Changed::ThisAlone })
    }

    /// Begins a frame.
    pub(crate) fn start(&mut self) -> Result<(), Status> {
        let _turn = lock(&SANE);
        // SAFETY: the handle is open.
        check(unsafe { (self.functions.start)(self.raw) })
    }

    /// The shape of the frame; exact after `start`.
    pub(crate) fn parameters(&mut self) -> Result<Parameters, Status> {
        let mut raw = RawParameters::default();
        let _turn = lock(&SANE);
        // SAFETY: the handle is open and `raw` is the standard's struct.
        check(unsafe { (self.functions.get_parameters)(self.raw, &raw mut raw) })?;
        Parameters::copy(&raw)
    }

    /// Reads some bytes of the frame.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Status> {
        let room = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
        let mut count: c_int = 0;
        let _turn = lock(&SANE);
        // SAFETY: `room` is not more than the buffer has.
        check(unsafe {
            (self.functions.read)(self.raw, buffer.as_mut_ptr(), room, &raw mut count)
        })?;
        Ok(usize::try_from(count).unwrap_or(0).min(buffer.len()))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // From here on nobody can cancel a handle that is no more.
        *lock(&self.slot) = None;
        let mut sane = lock(&SANE);
        // SAFETY: closed exactly once, and cancelled before as the standard wants.
        unsafe {
            (self.functions.cancel)(self.raw);
            (self.functions.close)(self.raw);
        }
        if let Some(sane) = sane.as_mut() {
            sane.open = sane.open.saturating_sub(1);
        }
    }
}

impl Cancel {
    /// Asks the backend to stop. Does not wait for a turn: the call to be ended has it.
    pub(crate) fn cancel(&self) {
        if let Some(running) = lock(&self.0).as_ref() {
            // SAFETY: the handle is open while it stands in the slot.
            unsafe { (running.cancel)(running.raw) };
        }
    }
}

const GET: c_int = 0;
const SET: c_int = 1;
const INFO_RELOAD_OPTIONS: c_int = 2;
const CAP_SOFT_SELECT: c_int = 1;
const CAP_INACTIVE: c_int = 32;
const WORD_BYTES: c_int = 4;

fn check(code: c_int) -> Result<(), Status> {
    Err(match code {
        0 => return Ok(()),
        1 => Status::Unsupported,
        2 => Status::Cancelled,
        3 => Status::DeviceBusy,
        4 => Status::Invalid,
        5 => Status::EndOfFile,
        6 => Status::Jammed,
        7 => Status::NoDocs,
        8 => Status::CoverOpen,
        9 => Status::IoError,
        10 => Status::NoMemory,
        11 => Status::AccessDenied,
        code => Status::Unknown(code),
    })
}

/// A terminated text of libsane's, copied; null is empty.
fn text(raw: *const c_char) -> String {
    if raw.is_null() {
        return String::new();
    }
    // SAFETY: not null, and texts of libsane are terminated.
    unsafe { CStr::from_ptr(raw) }.to_string_lossy().into_owned()
}

impl Descriptor {
    fn copy(index: c_int, raw: &RawDescriptor) -> Option<Self> {
        let kind = match (raw.kind, raw.size) {
            (0, WORD_BYTES) => Kind::Bool,
            (1, WORD_BYTES) => Kind::Int,
            (2, WORD_BYTES) => Kind::Fixed,
            (3, _) => Kind::Text,
            _ => Kind::Other,
        };
        let unit = match raw.unit {
            1 => Unit::Pixel,
            3 => Unit::Millimetre,
            _ => Unit::Other,
        };
        let selectable = raw.capabilities & CAP_SOFT_SELECT != 0;
        let settable = selectable && raw.capabilities & CAP_INACTIVE == 0;
        let constraint = Constraint::copy(raw)?;
        Some(Self { index, name: text(raw.name), kind, unit, settable, constraint })
    }
}

impl Constraint {
    fn copy(raw: &RawDescriptor) -> Option<Self> {
        if raw.constraint_kind != 0 && raw.constraint.is_null() {
            return None;
        }
        Some(match raw.constraint_kind {
            1 => {
                // SAFETY: this kind points to a range.
                let range = unsafe { &*raw.constraint.cast::<RawRange>() };
                Self::Range { min: range.min, max: range.max, quant: range.quant }
            }
            2 => {
                let words = raw.constraint.cast::<c_int>();
                // SAFETY: this kind points to words, the first of which counts the others.
                let count = usize::try_from(unsafe { *words }).ok()?;
                // SAFETY: as above.
                Self::Words((1..=count).map(|at| unsafe { *words.add(at) }).collect())
            }
            3 => {
                let mut next = raw.constraint.cast::<*const c_char>();
                let mut texts = Vec::new();
                // SAFETY: this kind points to texts, ended by a null pointer.
                while let Some(one) = unsafe { next.as_ref() }.filter(|one| !one.is_null()) {
                    texts.push(text(*one));
                    // SAFETY: not yet past the null entry.
                    next = unsafe { next.add(1) };
                }
                Self::Texts(texts)
            }
            _ => Self::None,
        })
    }
}

impl Parameters {
    fn copy(raw: &RawParameters) -> Result<Self, Status> {
        let format = match raw.format {
            0 => Format::Grey,
            1 => Format::Rgb,
            2 => Format::Red,
            3 => Format::Green,
            4 => Format::Blue,
            _ => return Err(Status::Unsupported),
        };
        let size = |value: c_int| usize::try_from(value).map_err(|_| Status::Invalid);
        Ok(Self {
            format,
            last_frame: raw.last_frame != 0,
            bytes_per_line: size(raw.bytes_per_line)?,
            pixels_per_line: size(raw.pixels_per_line)?,
            lines: usize::try_from(raw.lines).ok(),
            depth: raw.depth,
        })
    }
}
