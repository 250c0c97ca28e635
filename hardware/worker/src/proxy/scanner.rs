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

    fn scan_into(
        &self,
        request: &ScanRequest,
        deadline: Duration,
        parts: &mut dyn Parts,
    ) -> Result<ScanEnd, DeviceError> {
        let end = self.0.call::<Result<_, _>>(ScannerCall::Scan(*request), deadline, parts);
        match end {
            // It was told to stop and went on until it was killed: it has stopped now.
            Err(_) if self.0.running().was_cancelled() => Ok(ScanEnd::Cancelled),
            end => end?,
        }
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
        let mut pages = Pages { builder: PageBuilder::default(), broken: false, on_page };
        let end = self.scan_into(request, deadline, &mut pages);
        if pages.broken {
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
        self.scan_into(request, deadline, &mut Pieces { on_part, samples: Vec::new() })
    }
}

impl CapableScanner for ScannerProxy {
    fn capabilities(&mut self, deadline: Duration) -> Result<ScannerCapabilities, DeviceError> {
        self.0.call::<Result<_, _>>(ScannerCall::Capabilities, deadline, &mut NoParts)?
    }
}

/// What comes, put together: samples are read into the page they belong to.
struct Pages<'a> {
    builder: PageBuilder,
    broken: bool,
    on_page: &'a mut dyn FnMut(ScannedPage) -> bool,
}

impl Parts for Pages<'_> {
    fn part(&mut self, body: &[u8]) -> Result<Flow, FrameError> {
        let (part, flow) = mark(body)?;
        let goes_on = match self.builder.take(part) {
            Ok(Some(page)) => (self.on_page)(page),
            Ok(None) => true,
            Err(_) => {
                self.broken = true;
                false
            }
        };
        Ok(if goes_on { flow } else { Flow::Cancel })
    }

    fn room(&mut self, count: usize) -> Result<&mut [u8], FrameError> {
        // More than the page can have: no scanner does that, so the worker is broken.
        self.builder.room(count).map_err(|_| FrameError::Message)
    }

    fn filled(&mut self, count: usize) -> Flow {
        self.builder.filled(count);
        Flow::On
    }
}

/// What comes, passed on as it is.
struct Pieces<'a> {
    on_part: &'a mut dyn FnMut(ScanPart<'_>) -> bool,
    samples: Vec<u8>,
}

impl Parts for Pieces<'_> {
    fn part(&mut self, body: &[u8]) -> Result<Flow, FrameError> {
        let (part, flow) = mark(body)?;
        Ok(if (self.on_part)(part) { flow } else { Flow::Cancel })
    }

    fn room(&mut self, count: usize) -> Result<&mut [u8], FrameError> {
        self.samples.resize(count, 0);
        Ok(&mut self.samples)
    }

    fn filled(&mut self, _count: usize) -> Flow {
        if (self.on_part)(ScanPart::Samples(&self.samples)) { Flow::On } else { Flow::Cancel }
    }
}

fn mark(body: &[u8]) -> Result<(ScanPart<'static>, Flow), FrameError> {
    Ok(match message::decode(body)? {
        PageMark::Begin(head) => (ScanPart::Begin(head), Flow::On),
        // The deadline is one page's.
        PageMark::End => (ScanPart::End, Flow::Anew),
    })
}
