//! The scanner's desk: scans, checks each page as it comes, keeps what is good enough.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use documents::page::{PageCheck, Pixels, RawPage};
use domain::{
    screen::{PageVerdict, PageView, Picture, ScanTrouble},
    visit::{Answer, ScanEnded, VisitNo, WorldNews},
};
use hardware_api::{DeviceError, DocumentScanner, Pixels as Samples, ScanEnd, ScannedPage};
use journal::Event as Log;

use super::{ScannerDevice, spawn};
use crate::{event::Inbox, pages::PageStore};

/// How often an idle scanner is asked how it is.
const WATCH: Duration = Duration::from_secs(5);
/// Longest wait for a status.
const STATUS_DEADLINE: Duration = Duration::from_secs(3);
/// Longest wait for one page.
const PAGE_DEADLINE: Duration = Duration::from_secs(60);
/// Longest side of the picture on the screen, in pixels.
const PREVIEW: u16 = 480;

pub(crate) struct ScannerDesk {
    jobs: SyncSender<VisitNo>,
    cancel: Option<Arc<dyn Fn() + Send + Sync>>,
    inbox: Inbox,
}

impl ScannerDesk {
    pub(super) fn start(device: Option<ScannerDevice>, pages: PageStore, inbox: Inbox) -> Self {
        let (jobs, waiting) = sync_channel(1);
        let cancel = device.as_ref().map(|device| Arc::clone(&device.cancel));
        if let Some(device) = device {
            let desk = Desk { device, pages, inbox: inbox.clone(), ready: None };
            spawn("scanner", move || desk.work(&waiting));
        }
        Self { jobs, cancel, inbox }
    }

    pub(crate) fn scan(&self, visit: VisitNo) {
        if self.jobs.try_send(visit).is_err() {
            let ended = ScanEnded::Trouble(ScanTrouble::NoScanner);
            self.inbox.offer(crate::Event::Answer(visit, Answer::ScanEnded(ended)));
        }
    }

    pub(crate) fn cancel(&self) {
        if let Some(cancel) = &self.cancel {
            cancel();
        }
    }
}

struct Desk {
    device: ScannerDevice,
    pages: PageStore,
    inbox: Inbox,
    ready: Option<bool>,
}

impl Desk {
    fn work(mut self, jobs: &Receiver<VisitNo>) {
        loop {
            if !self.tell() {
                return;
            }
            match jobs.recv_timeout(WATCH) {
                // A wish that outlived its visit moves no paper.
                Ok(visit) if !self.pages.is_for(visit) => {}
                Ok(visit) => {
                    let ended = self.scan(visit);
                    if !self.inbox.answer(visit, Answer::ScanEnded(ended)) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Tells whether the scanner is there, when that changed.
    fn tell(&mut self) -> bool {
        let ready = self.device.scanner.status(STATUS_DEADLINE).is_ok_and(|status| status.ready);
        if self.ready == Some(ready) {
            return true;
        }
        self.ready = Some(ready);
        journal::record!(if ready { Log::ScannerReady } else { Log::ScannerGone });
        self.inbox.world(WorldNews::Scanner(ready))
    }

    fn scan(&mut self, visit: VisitNo) -> ScanEnded {
        let mut came = 0_usize;
        let (pages, inbox) = (&self.pages, &self.inbox);
        let mut on_page = |page: ScannedPage| {
            came += 1;
            match take(visit, &page, pages) {
                Some(answer) => inbox.answer(visit, answer),
                None => pages.is_for(visit),
            }
        };
        let scanner: &mut dyn DocumentScanner = self.device.scanner.as_mut();
        let end = scanner.scan(&self.device.request, PAGE_DEADLINE, &mut on_page);
        match end {
            Ok(ScanEnd::Done | ScanEnd::Cancelled) => ScanEnded::Done,
            Ok(ScanEnd::NoPaper) if came > 0 => ScanEnded::Done,
            Ok(ScanEnd::NoPaper) => ScanEnded::Trouble(ScanTrouble::NoPaper),
            Ok(ScanEnd::Jammed) => {
                journal::record!(Log::ScannerJammed);
                ScanEnded::Trouble(ScanTrouble::Jammed)
            }
            Ok(ScanEnd::CoverOpen) => {
                journal::record!(Log::ScannerCoverOpen);
                ScanEnded::Trouble(ScanTrouble::CoverOpen)
            }
            Ok(ScanEnd::Busy) | Err(DeviceError::Busy { .. }) => {
                ScanEnded::Trouble(ScanTrouble::Busy)
            }
            Err(_) => ScanEnded::Trouble(ScanTrouble::NoScanner),
        }
    }
}

/// Checks, encodes and keeps one page. `None` for a page no document could hold, or whose visit
/// has ended.
fn take(visit: VisitNo, page: &ScannedPage, pages: &PageStore) -> Option<Answer> {
    let pixels = match &page.pixels {
        Samples::Rgb(samples) => Pixels::Rgb(samples),
        Samples::Grey(samples) => Pixels::Grey(samples),
    };
    let raw = RawPage::new(page.width, page.height, page.dpi, pixels).ok()?;
    let verdict = match raw.check() {
        PageCheck::Good => PageVerdict::Good,
        PageCheck::Blank => PageVerdict::Blank,
        PageCheck::TooDark => PageVerdict::Dark,
        PageCheck::Blurred => PageVerdict::Blurred,
    };
    let small = raw.preview(PREVIEW);
    let picture = Picture {
        width: small.width_px.into(),
        height: small.height_px.into(),
        rgb: small.rgb.into(),
    };
    let id = pages.keep(visit, raw.encode().ok()?, page.dpi)?;
    Some(Answer::Page(id, PageView { picture, verdict }))
}
