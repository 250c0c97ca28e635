//! A SANE scanner behind the kiosk's trait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hardware_api::{
    DeviceError, DocumentScanner, ScanEnd, ScanRequest, ScannedPage, ScannerStatus, Source,
};

use crate::ffi::{self, Cancel, Handle, Status};
use crate::page::{NoPage, read_page};
use crate::settings::{self, Refused};
use crate::watchdog::Watchdog;

/// A scanner that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name to open it by, `airscan:e0:Office`.
    pub name: String,
    /// Its maker.
    pub vendor: String,
    /// Its model.
    pub model: String,
}

/// Lists the scanners that SANE knows, local and in the network. Looking around in the network
/// takes seconds.
///
/// # Errors
/// When libsane is not installed.
pub fn list() -> Result<Vec<Found>, DeviceError> {
    let listed = ffi::devices().map_err(|status| device_error("SANE", status))?;
    let found = |one: ffi::Listed| Found { name: one.name, vendor: one.vendor, model: one.model };
    Ok(listed.into_iter().map(found).collect())
}

/// A scanner, opened by its SANE name.
pub struct SaneScanner {
    name: String,
    handle: Option<Handle>,
    job: Arc<Job>,
}

/// Ends a running scan from another thread.
#[derive(Clone)]
pub struct Canceller(Arc<Job>);

/// What a scan and its canceller share.
#[derive(Default)]
struct Job {
    // Backends may end a cancelled scan as if it were whole: remember who wanted it.
    cancelled: AtomicBool,
    current: Mutex<Option<Cancel>>,
}

impl Job {
    fn set_current(&self, cancel: Option<Cancel>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = cancel;
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

impl Canceller {
    /// Asks the running scan to end with [`ScanEnd::Cancelled`]; without one it does nothing.
    pub fn cancel(&self) {
        let current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(current) = current {
            self.0.cancelled.store(true, Ordering::SeqCst);
            current.cancel();
        }
    }
}

impl SaneScanner {
    /// Opens the scanner with this SANE name.
    ///
    /// # Errors
    /// When it is not there, or another program holds it.
    pub fn open(name: &str) -> Result<Self, DeviceError> {
        let mut scanner =
            Self { name: name.to_owned(), handle: None, job: Arc::new(Job::default()) };
        scanner.handle = Some(scanner.open_handle()?);
        Ok(scanner)
    }

    /// A way to end a scan while it runs.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(Arc::clone(&self.job))
    }

    fn open_handle(&self) -> Result<Handle, DeviceError> {
        Handle::open(&self.name).map_err(|status| {
            // "Invalid" said of a name means that nobody answers to it.
            let gone = status == Status::Invalid;
            device_error(&self.name, if gone { Status::IoError } else { status })
        })
    }

    /// Scans with a handle that stays open only when all went as a scan may go.
    fn scan_with(
        &mut self,
        mut handle: Handle,
        request: &ScanRequest,
        deadline: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        let dpi = settings::apply(&mut handle, request).map_err(|why| self.refused(&why))?;
        let mut pages = 0_usize;
        let end = loop {
            let watchdog = Watchdog::start(handle.canceller(), deadline);
            let page =
                read_page(&mut handle, dpi, &|| self.job.is_cancelled() || watchdog.is_late());
            let late = watchdog.stop();
            match page {
                Ok(_) if self.job.is_cancelled() => break ScanEnd::Cancelled,
                Ok(page) => match (on_page(page), request.source) {
                    (false, _) => break ScanEnd::Cancelled,
                    (true, Source::Flatbed) => break ScanEnd::Done,
                    (true, Source::Feeder) => pages += 1,
                },
                Err(NoPage::Status(Status::NoDocs)) if pages > 0 => break ScanEnd::Done,
                Err(why) => break self.ended(&why, late, deadline)?,
            }
        };
        handle.canceller().cancel();
        self.handle = Some(handle);
        Ok(end)
    }

    fn ended(&self, why: &NoPage, late: bool, deadline: Duration) -> Result<ScanEnd, DeviceError> {
        let device = || self.name.clone();
        match why {
            _ if self.job.is_cancelled() => Ok(ScanEnd::Cancelled),
            NoPage::Status(Status::NoDocs) => Ok(ScanEnd::NoPaper),
            NoPage::Status(Status::Jammed) => Ok(ScanEnd::Jammed),
            NoPage::Status(Status::CoverOpen) => Ok(ScanEnd::CoverOpen),
            NoPage::Status(Status::DeviceBusy) => Ok(ScanEnd::Busy),
            _ if late => Err(DeviceError::Silent { device: device(), after: deadline }),
            // Somebody pressed the scanner's own button.
            NoPage::Status(Status::Cancelled) => Ok(ScanEnd::Cancelled),
            NoPage::Status(status) => Err(device_error(&self.name, *status)),
            NoPage::Short { got, expected } => Err(DeviceError::Nonsense {
                device: device(),
                got: format!("{got} of {expected} bytes of a page"),
            }),
            NoPage::Odd(got) => {
                Err(DeviceError::Nonsense { device: device(), got: (*got).to_owned() })
            }
        }
    }

    fn refused(&self, why: &Refused) -> DeviceError {
        match why {
            Refused::Status(status) => device_error(&self.name, *status),
            Refused::NoSource => DeviceError::Nonsense {
                device: self.name.clone(),
                got: "a list of sources without the wanted one".to_owned(),
            },
        }
    }
}

impl DocumentScanner for SaneScanner {
    /// The deadline is not kept: nothing ends a call that asks SANE for options.
    fn status(&mut self, _deadline: Duration) -> Result<ScannerStatus, DeviceError> {
        let mut handle = match self.handle.take() {
            Some(handle) => handle,
            None => match self.open_handle() {
                Ok(handle) => handle,
                Err(DeviceError::Busy { .. }) => {
                    return Ok(ScannerStatus {
                        feeder: hardware_api::Feeder::Unknown,
                        ready: false,
                    });
                }
                Err(error) => return Err(error),
            },
        };
        let feeder = settings::feeder(&mut handle);
        self.handle = Some(handle);
        Ok(ScannerStatus { feeder, ready: true })
    }

    fn scan(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        self.job.cancelled.store(false, Ordering::SeqCst);
        let kept = self.handle.take();
        let was_kept = kept.is_some();
        let mut delivered = false;
        let mut deliver = |page| {
            delivered = true;
            on_page(page)
        };
        let handle = match kept {
            Some(handle) => handle,
            None => match self.open_handle() {
                Ok(handle) => handle,
                Err(DeviceError::Busy { .. }) => return Ok(ScanEnd::Busy),
                Err(error) => return Err(error),
            },
        };
        self.job.set_current(Some(handle.canceller()));
        let mut end = self.scan_with(handle, request, deadline, &mut deliver);
        // A scanner that was switched off and on since its last job needs a new handle.
        if was_kept && !delivered && matches!(end, Err(DeviceError::Gone { .. })) {
            let handle = self.open_handle()?;
            self.job.set_current(Some(handle.canceller()));
            end = self.scan_with(handle, request, deadline, on_page);
        }
        self.job.set_current(None);
        end
    }
}

fn device_error(device: &str, status: Status) -> DeviceError {
    let device = device.to_owned();
    match status {
        Status::DeviceBusy => DeviceError::Busy { device },
        Status::IoError => DeviceError::Gone { device },
        Status::NoLibrary => DeviceError::Gone { device: "libsane.so.1".to_owned() },
        Status::Cancelled => DeviceError::Cancelled,
        Status::Unsupported
        | Status::Invalid
        | Status::EndOfFile
        | Status::Jammed
        | Status::NoDocs
        | Status::CoverOpen
        | Status::NoMemory
        | Status::AccessDenied
        | Status::Unknown(_) => {
            DeviceError::Nonsense { device, got: format!("the SANE status {status:?}") }
        }
    }
}
