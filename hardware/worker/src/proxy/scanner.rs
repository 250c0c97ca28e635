//! A scanner in a worker. Its pages come as they are scanned and are put together here.

use std::{io, sync::Arc, time::Duration};

use hardware_api::{
    CapableScanner, DeviceError, DocumentScanner, PageBuilder, ScanEnd, ScanPart, ScanRequest,
    ScannedPage, ScannerCapabilities, ScannerStatus, StreamingScanner,
};

use crate::{
    Launch,
    frame::FrameError,
    message::{self, PageMark, ScannerCall},
    session::{Flow, NoParts, Parts, Running},
    supervisor::Supervisor,
};

/// A scanner in a worker.
pub struct ScannerProxy(Supervisor);

/// Ends a running scan from another thread.
#[derive(Clone)]
pub struct ScanCanceller(Arc<Running>);

impl ScanCanceller {
    /// Asks the running scan to end with [`ScanEnd::Cancelled`]; without one it does nothing. A
    /// worker that does not listen is killed some seconds later.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

impl ScannerProxy {
    /// Starts the worker; what it cannot do yet, its first calls wait for.
    ///
    /// # Errors
    /// When the system gives no thread to watch it.
    pub fn start(launch: Launch) -> io::Result<Self> {
        Supervisor::start(launch).map(Self)
    }

    /// A way to end a scan while it runs.
    #[must_use]
    pub fn canceller(&self) -> ScanCanceller {
        ScanCanceller(self.0.running())
    }
}

impl DocumentScanner for ScannerProxy {
    fn status(&mut self, deadline: Duration) -> Result<ScannerStatus, DeviceError> {
        self.0.call::<Result<_, _>>(ScannerCall::Status, deadline, &mut NoParts)?
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
            Err(_) => {
                broken = true;
                false
            }
        });
        if broken {
            let got = "pieces that make no page".to_owned();
            return Err(DeviceError::Nonsense { device: self.0.device(), got });
        }
        end
    }
}

impl StreamingScanner for ScannerProxy {
    fn scan_parts(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_part: &mut dyn FnMut(ScanPart<'_>) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        let running = self.0.running();
        let mut parts = Pages { on_part };
        let end = self.0.call::<Result<_, _>>(ScannerCall::Scan(*request), deadline, &mut parts);
        match end {
            // It was told to stop and went on until it was killed: it has stopped now.
            Err(_) if running.was_cancelled() => Ok(ScanEnd::Cancelled),
            end => end?,
        }
    }
}

impl CapableScanner for ScannerProxy {
    fn capabilities(&mut self, deadline: Duration) -> Result<ScannerCapabilities, DeviceError> {
        self.0.call::<Result<_, _>>(ScannerCall::Capabilities, deadline, &mut NoParts)?
    }
}

struct Pages<'a> {
    on_part: &'a mut dyn FnMut(ScanPart<'_>) -> bool,
}

impl Pages<'_> {
    fn pass(&mut self, part: ScanPart<'_>, flow: Flow) -> Flow {
        if (self.on_part)(part) { flow } else { Flow::Cancel }
    }
}

impl Parts for Pages<'_> {
    fn part(&mut self, body: &[u8]) -> Result<Flow, FrameError> {
        Ok(match message::decode(body)? {
            PageMark::Begin(head) => self.pass(ScanPart::Begin(head), Flow::On),
            // The deadline is one page's.
            PageMark::End => self.pass(ScanPart::End, Flow::Anew),
        })
    }

    fn bulk(&mut self, samples: &[u8]) -> Result<Flow, FrameError> {
        Ok(self.pass(ScanPart::Samples(samples), Flow::On))
    }
}
