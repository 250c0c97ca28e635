//! libsane through `dlopen`: the twelve calls of the SANE 1.x interface that a scan needs.
//!
//! This file and those below it are the only ones with `unsafe`. What leaves them is copied and
//! owned; what enters is checked against the backend's own description of the option.

use std::ffi::{CString, c_int, c_void};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use library::{turn, with_sane};
use raw::{Functions, RawParameters};

use crate::frame::Parameters;
use crate::options::{Descriptor, Kind, Setting, Value};
use crate::status::Status;

mod describe;
mod library;
mod raw;

pub(crate) use library::{Listed, devices};

/// What a set value changed elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    ThisAlone,
    OtherOptions,
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    pub(crate) fn descriptors(&mut self) -> Result<Vec<Descriptor>, Status> {
        // The net backend refuses every value, and the count of options is one, until it was
        // asked for a descriptor after a change.
        self.descriptor(0);
        let mut count: c_int = 0;
        self.control(0, GET, (&raw mut count).cast())?;
        Ok((1..count).filter_map(|index| self.descriptor(index)).collect())
    }

    fn descriptor(&mut self, index: c_int) -> Option<Descriptor> {
        let _turn = turn();
        // SAFETY: the handle is open; the answer is null or valid until the next call under this
        // lock.
        let raw = unsafe { (self.functions.get_option_descriptor)(self.raw, index).as_ref() }?;
        describe::descriptor(index, raw).filter(|option| !option.name.is_empty())
    }

    /// The value of a one-word option.
    pub(crate) fn word(&mut self, option: &Descriptor) -> Result<i32, Status> {
        let mut word: c_int = 0;
        self.check_kind(option, &WORDS)?;
        self.control(option.index, GET, (&raw mut word).cast())?;
        Ok(word)
    }

    /// Sets an option.
    pub(crate) fn set(&mut self, setting: &Setting<'_>) -> Result<Changed, Status> {
        match &setting.value {
            Value::Word(word) => {
                let mut word: c_int = *word;
                self.check_kind(setting.option, &WORDS)?;
                self.control(setting.option.index, SET, (&raw mut word).cast())
            }
            Value::Text(text) => self.set_text(setting.option, text),
        }
    }

    fn set_text(&mut self, option: &Descriptor, text: &str) -> Result<Changed, Status> {
        self.check_kind(option, &[Kind::Text])?;
        let room = {
            let _turn = turn();
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
        let _turn = turn();
        let mut info: c_int = 0;
        // SAFETY: the callers pass a value of the kind and size that the option has.
        let code = unsafe {
            (self.functions.control_option)(self.raw, index, action, value, &raw mut info)
        };
        Status::check(code)?;
        let reload = info & INFO_RELOAD_OPTIONS != 0;
        Ok(if reload { Changed::OtherOptions } else { Changed::ThisAlone })
    }

    /// Begins a frame.
    pub(crate) fn start(&mut self) -> Result<(), Status> {
        let _turn = turn();
        // SAFETY: the handle is open.
        Status::check(unsafe { (self.functions.start)(self.raw) })
    }

    /// The shape of the frame; exact after `start`.
    pub(crate) fn parameters(&mut self) -> Result<Parameters, Status> {
        let mut raw = RawParameters::default();
        let _turn = turn();
        // SAFETY: the handle is open and `raw` is the standard's struct.
        Status::check(unsafe { (self.functions.get_parameters)(self.raw, &raw mut raw) })?;
        describe::parameters(&raw)
    }

    /// Reads some bytes of the frame.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Status> {
        let room = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
        let mut count: c_int = 0;
        let _turn = turn();
        // SAFETY: `room` is not more than the buffer has.
        Status::check(unsafe {
            (self.functions.read)(self.raw, buffer.as_mut_ptr(), room, &raw mut count)
        })?;
        Ok(usize::try_from(count).unwrap_or(0).min(buffer.len()))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // From here on nobody can cancel a handle that is no more.
        *lock(&self.slot) = None;
        let mut sane = turn();
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
const WORDS: [Kind; 3] = [Kind::Bool, Kind::Int, Kind::Fixed];
