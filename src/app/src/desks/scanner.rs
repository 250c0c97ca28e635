//! The scanner's desk: scans, checks each page as it comes, keeps what is good enough.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use documents::page::{PageCheck, Pixels, RawPage};
use domain::{
    screen::{PageVerdict, PageView, Picture, ScanTrouble},
    visit::{Answer, ScanEnded, ScanNo, VisitNo, WorldNews},
};
use hardware_api::{DeviceError, Pixels as Samples, ScanEnd, ScannedPage, Source};
use journal::Event as Log;

use super::{ScannerDevice, spawn};
use crate::{Pace, event::Inbox, pages::PageStore};

#[cfg(test)]
#[path = "scanner_tests.rs"]
mod tests;

/// Longest wait for a status.
const STATUS_DEADLINE: Duration = Duration::from_secs(3);
/// Longest wait for one page.
const PAGE_DEADLINE: Duration = Duration::from_secs(60);
/// Longest side of the picture on the screen, in pixels.
const PREVIEW: u16 = 480;

/// One scan of one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Job {
    visit: VisitNo,
    scan: ScanNo,
}

/// The scan whose pages somebody waits for. A scan that was given up may take its time to end;
/// what comes of it meanwhile is nobody's.
#[derive(Clone, Default)]
struct Wanted(Arc<Mutex<Option<Job>>>);

impl Wanted {
    fn set(&self, job: Option<Job>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    fn is(&self, job: Job) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) == Some(job)
    }
}

pub(crate) struct ScannerDesk {
    jobs: SyncSender<Job>,
    wanted: Wanted,
    cancel: Option<Arc<dyn Fn() + Send + Sync>>,
    inbox: Inbox,
}

impl ScannerDesk {
    pub(super) fn start(
        device: Option<ScannerDevice>,
        pace: Pace,
        pages: PageStore,
        inbox: Inbox,
    ) -> Self {
        let (jobs, waiting) = sync_channel(1);
        let cancel = device.as_ref().map(|device| Arc::clone(&device.cancel));
        let wanted = Wanted::default();
        if let Some(device) = device {
            let (wanted, inbox) = (wanted.clone(), inbox.clone());
            let desk = Desk { device, pace, pages, wanted, inbox, ready: None };
            spawn("scanner", move || desk.work(&waiting));
        }
        Self { jobs, wanted, cancel, inbox }
    }

    /// Begins a scan; one before it that has not ended is over for its citizen.
    pub(crate) fn scan(&self, visit: VisitNo, scan: ScanNo) {
        let job = Job { visit, scan };
        self.wanted.set(Some(job));
        if self.jobs.try_send(job).is_err() {
            // One still ends and one waits behind it, or there is no scanner at all.
            let trouble =
                if self.cancel.is_some() { ScanTrouble::Busy } else { ScanTrouble::NoScanner };
            let ended = Answer::ScanEnded(scan, ScanEnded::Trouble(trouble));
            self.inbox.offer(crate::Event::Answer(visit, ended));
        }
    }

    /// Ends the scan that runs or waits.
    pub(crate) fn cancel(&self) {
        self.wanted.set(None);
        if let Some(cancel) = &self.cancel {
            cancel();
        }
    }
}

struct Desk {
    device: ScannerDevice,
    pace: Pace,
    pages: PageStore,
    wanted: Wanted,
    inbox: Inbox,
    ready: Option<bool>,
}

impl Desk {
    fn work(mut self, jobs: &Receiver<Job>) {
        loop {
            if !self.tell() {
                return;
            }
            let watch = if self.ready == Some(true) { self.pace.scanner } else { self.pace.lost };
            match jobs.recv_timeout(watch) {
                Ok(job) => {
                    // One that was gone is asked again: a scan that nobody answers lasts longer.
                    if self.ready == Some(false) && !self.tell() {
                        return;
                    }
                    // A wish that was given up, or outlived its visit, moves no paper.
                    let wanted = self.wanted.is(job) && self.pages.is_for(job.visit);
                    let ended = match self.ready {
                        _ if !wanted => ScanEnded::Done,
                        Some(false) => ScanEnded::Trouble(ScanTrouble::NoScanner),
                        Some(true) | None => self.scan(job),
                    };
                    if !self.inbox.answer(job.visit, Answer::ScanEnded(job.scan, ended)) {
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

    fn scan(&mut self, job: Job) -> ScanEnded {
        let Self { device, pages, wanted, inbox, .. } = self;
        let both_sides = device.request.source == Source::FeederBothSides;
        let (mut came, mut unfit) = (0_usize, false);
        let end = device.scanner.scan(&device.request, PAGE_DEADLINE, &mut |page| {
            came += 1;
            if !wanted.is(job) {
                return false;
            }
            match take(job, &page, both_sides && came.is_multiple_of(2), pages) {
                Taken::Kept(answer) => inbox.answer(job.visit, answer),
                Taken::EmptyBack => true,
                Taken::Unfit => {
                    unfit = true;
                    false
                }
                Taken::TooLate => false,
            }
        });
        match end {
            _ if unfit => {
                journal::record!(Log::ScannerFailed, error = "a page that fits no document");
                ScanEnded::Trouble(ScanTrouble::Unreadable)
            }
            // The stack is empty, and that is not news to whoever laid it in.
            Ok(ScanEnd::NoPaper) if came > 0 => ScanEnded::Done,
            Ok(end) => ended(end),
            Err(DeviceError::Cancelled) => ScanEnded::Done,
            Err(error) => ScanEnded::Trouble(trouble(&error)),
        }
    }
}

/// What the citizen is told of an end, and staff of what they can mend.
fn ended(end: ScanEnd) -> ScanEnded {
    let (trouble, log) = match end {
        ScanEnd::Done | ScanEnd::Cancelled => return ScanEnded::Done,
        ScanEnd::NoPaper => return ScanEnded::Trouble(ScanTrouble::NoPaper),
        ScanEnd::Jammed => (ScanTrouble::Jammed, Log::ScannerJammed),
        ScanEnd::DoubleFeed => (ScanTrouble::DoubleFeed, Log::ScannerDoubleFeed),
        ScanEnd::CoverOpen => (ScanTrouble::CoverOpen, Log::ScannerCoverOpen),
        ScanEnd::Busy => (ScanTrouble::Busy, Log::ScannerBusy),
    };
    journal::record!(log);
    ScanEnded::Trouble(trouble)
}

fn trouble(error: &DeviceError) -> ScanTrouble {
    let (trouble, log) = match error {
        DeviceError::Busy { .. } => (ScanTrouble::Busy, Log::ScannerBusy),
        DeviceError::Nonsense { .. } => (ScanTrouble::Unreadable, Log::ScannerFailed),
        DeviceError::Refused { .. } => (ScanTrouble::NoScanner, Log::ScannerRefused),
        DeviceError::Gone { .. } | DeviceError::Silent { .. } | DeviceError::Cancelled | _ => {
            (ScanTrouble::NoScanner, Log::ScannerFailed)
        }
    };
    journal::record!(log, %error);
    trouble
}

/// What became of a page.
enum Taken {
    Kept(Answer),
    /// Nobody wrote on the back of the sheet.
    EmptyBack,
    /// No document could hold it.
    Unfit,
    /// Its visit has ended.
    TooLate,
}

/// Checks, encodes and keeps one page.
fn take(job: Job, page: &ScannedPage, at_back: bool, pages: &PageStore) -> Taken {
    let pixels = match &page.pixels {
        Samples::Rgb(samples) => Pixels::Rgb(samples),
        Samples::Grey(samples) => Pixels::Grey(samples),
    };
    let Ok(raw) = RawPage::new(page.width, page.height, page.dpi, pixels) else {
        return Taken::Unfit;
    };
    let verdict = match raw.check() {
        PageCheck::Good => PageVerdict::Good,
        PageCheck::Blank if at_back => return Taken::EmptyBack,
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
    let Ok(jpeg) = raw.encode() else { return Taken::Unfit };
    match pages.keep(job.visit, jpeg, page.dpi) {
        Some(id) => Taken::Kept(Answer::Page(job.scan, id, PageView { picture, verdict })),
        None => Taken::TooLate,
    }
}
