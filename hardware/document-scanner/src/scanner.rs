//! A SANE scanner behind the kiosk's trait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hardware_api::{
    BrokenPage, CapableScanner, DeviceError, DocumentScanner, Feeder, PageBuilder, ScanEnd,
    ScanPart, ScanRequest, ScannedPage, ScannerCapabilities, ScannerStatus, Source,
    StreamingScanner,
};

use crate::apply::{self, Refused};
use crate::ffi::{self, Cancel, Handle};
use crate::page::{NoPage, PageReader};
use crate::status::Status;
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
    let listed = ffi::devices().map_err(|status| status.stopped("SANE"))?;
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
        let handle = scanner.open_handle()?;
        scanner.keep_handle(handle);
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
            (if gone { Status::IoError } else { status }).stopped(&self.name)
        })
    }

    /// Keeps an open handle for the next use. A client of saned crashes when it uses a handle
    /// whose server died (libsane 1.2.1 reads an answer that never came), so it keeps none.
    fn keep_handle(&mut self, handle: Handle) {
        if !self.name.starts_with("net:") {
            self.handle = Some(handle);
        }
    }

    /// The handle that is kept from the last use, or a new one.
    fn take_handle(&mut self) -> Result<Handle, DeviceError> {
        self.handle.take().map_or_else(|| self.open_handle(), Ok)
    }

    /// Scans with a handle that stays open only when all went as a scan may go.
    fn scan_with(
        &mut self,
        mut handle: Handle,
        request: &ScanRequest,
        deadline: Duration,
        on_part: &mut dyn FnMut(ScanPart<'_>) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        let dpi = apply::apply(&mut handle, request).map_err(|why| self.refused(why))?;
        let mut pages = 0_usize;
        let end = loop {
            let watchdog = Watchdog::start(handle.canceller(), deadline);
            let is_over = || self.job.is_cancelled() || watchdog.is_late();
            let mut page = PageReader { handle: &mut handle, dpi, is_over: &is_over, on_part };
            let page = page.read();
            let late = watchdog.stop();
            match (page, request.source) {
                (Ok(()), _) if self.job.is_cancelled() => break ScanEnd::Cancelled,
                (Ok(()), Source::Flatbed) => break ScanEnd::Done,
                (Ok(()), Source::Feeder | Source::FeederBothSides) => pages += 1,
                (Err(NoPage::NotBegun(Status::NoDocs)), _) if pages > 0 => break ScanEnd::Done,
                (Err(why), _) => break self.ended(&why, late.then_some(deadline))?,
            }
        };
        handle.canceller().cancel();
        let two = end == ScanEnd::Jammed && apply::fed_two(&mut handle);
        self.keep_handle(handle);
        Ok(if two { ScanEnd::DoubleFeed } else { end })
    }

    /// What a page that did not come means for the scan; `late` is the deadline that passed.
    fn ended(&self, why: &NoPage, late: Option<Duration>) -> Result<ScanEnd, DeviceError> {
        let nonsense = |got: String| DeviceError::Nonsense { device: self.name.clone(), got };
        match (why, late) {
            _ if self.job.is_cancelled() => Ok(ScanEnd::Cancelled),
            (NoPage::Unwanted, _) => Ok(ScanEnd::Cancelled),
            (NoPage::NotBegun(Status::NoDocs), _) => Ok(ScanEnd::NoPaper),
            (NoPage::NotBegun(Status::DeviceBusy), _) => Ok(ScanEnd::Busy),
            (NoPage::NotBegun(Status::Jammed) | NoPage::BrokenOff(Status::Jammed), _) => {
                Ok(ScanEnd::Jammed)
            }
            (NoPage::NotBegun(Status::CoverOpen) | NoPage::BrokenOff(Status::CoverOpen), _) => {
                Ok(ScanEnd::CoverOpen)
            }
            (_, Some(after)) => Err(DeviceError::Silent { device: self.name.clone(), after }),
            // Somebody pressed the scanner's own button.
            (NoPage::NotBegun(Status::Cancelled) | NoPage::BrokenOff(Status::Cancelled), _) => {
                Ok(ScanEnd::Cancelled)
            }
            (NoPage::NotBegun(status) | NoPage::BrokenOff(status), _) => {
                Err(status.stopped(&self.name))
            }
            (NoPage::Short { got, expected }, _) => {
                Err(nonsense(format!("{got} of {expected} bytes of a page")))
            }
            (NoPage::Odd(got), _) => Err(nonsense((*got).to_owned())),
        }
    }

    fn refused(&self, why: Refused) -> DeviceError {
        match why {
            Refused::Status(status) => status.stopped(&self.name),
            Refused::Unfit(unfit) => {
                DeviceError::Refused { device: self.name.clone(), why: unfit.to_string() }
            }
        }
    }
}

impl DocumentScanner for SaneScanner {
    /// The deadline is not kept: nothing ends a call that asks SANE for options.
    fn status(&mut self, _deadline: Duration) -> Result<ScannerStatus, DeviceError> {
        // A handle that is kept says nothing of whether the scanner is still there: its options
        // are answered by the library. Only opening asks the scanner.
        self.handle = None;
        match self.open_handle() {
            Ok(mut handle) => {
                let feeder = apply::feeder(&mut handle).map_err(|why| why.stopped(&self.name))?;
                self.keep_handle(handle);
                Ok(ScannerStatus { feeder, ready: true })
            }
            Err(DeviceError::Busy { .. }) => {
                Ok(ScannerStatus { feeder: Feeder::Unknown, ready: false })
            }
            Err(error) => Err(error),
        }
    }

    fn scan(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        let mut builder = PageBuilder::default();
        let mut broken = false;
        let end = self.scan_parts(request, deadline, &mut |part| match builder.take(part) {
            Ok(Some(page)) => on_page(page),
            Ok(None) => true,
            Err(BrokenPage) => {
                broken = true;
                false
            }
        });
        if broken {
            let got = "a page that is none".to_owned();
            return Err(DeviceError::Nonsense { device: self.name.clone(), got });
        }
        end
    }
}

impl StreamingScanner for SaneScanner {
    fn scan_parts(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_part: &mut dyn FnMut(ScanPart<'_>) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        self.job.cancelled.store(false, Ordering::SeqCst);
        let was_kept = self.handle.is_some();
        let mut delivered = false;
        let mut deliver = |part: ScanPart<'_>| {
            delivered = true;
            on_part(part)
        };
        let handle = match self.take_handle() {
            Ok(handle) => handle,
            Err(DeviceError::Busy { .. }) => return Ok(ScanEnd::Busy),
            Err(error) => return Err(error),
        };
        self.job.set_current(Some(handle.canceller()));
        let mut end = self.scan_with(handle, request, deadline, &mut deliver);
        // A scanner that was switched off and on since its last job needs a new handle. So does
        // one whose last job hung and was cancelled: sane-airscan calls every setting invalid then.
        let is_stale = matches!(end, Err(DeviceError::Gone { .. } | DeviceError::Refused { .. }));
        if was_kept && !delivered && is_stale {
            match self.open_handle() {
                Ok(handle) => {
                    self.job.set_current(Some(handle.canceller()));
                    end = self.scan_with(handle, request, deadline, on_part);
                }
                Err(error) => end = Err(error),
            }
        }
        self.job.set_current(None);
        end
    }
}

impl CapableScanner for SaneScanner {
    /// The deadline is not kept, as in [`SaneScanner::status`].
    fn capabilities(&mut self, _deadline: Duration) -> Result<ScannerCapabilities, DeviceError> {
        let mut handle = self.take_handle()?;
        let able = apply::abilities(&mut handle).map_err(|why| why.stopped(&self.name))?;
        self.keep_handle(handle);
        Ok(able)
    }
}
