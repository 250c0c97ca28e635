//! The desk with a scanner that does what it is told, step by step.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use hardware_api::{ColorMode, DocumentScanner, Feeder, ScanRequest, ScannerStatus};

use super::*;
use crate::Event;

/// What the scanner does next.
enum Step {
    /// Gives a page with writing on it, or an empty one.
    Page { written: bool },
    /// Ends the scan.
    End(Result<ScanEnd, DeviceError>),
}

struct Told {
    steps: Receiver<Step>,
    began: Arc<AtomicUsize>,
}

impl DocumentScanner for Told {
    fn status(&mut self, _: Duration) -> Result<ScannerStatus, DeviceError> {
        Ok(ScannerStatus { feeder: Feeder::Unknown, ready: true })
    }

    fn scan(
        &mut self,
        _: &ScanRequest,
        _: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError> {
        self.began.fetch_add(1, Ordering::SeqCst);
        loop {
            match self.steps.recv().unwrap() {
                Step::Page { written } if !on_page(page(written)) => return Ok(ScanEnd::Cancelled),
                Step::Page { .. } => {}
                Step::End(end) => return end,
            }
        }
    }
}

/// Half a page at 100 dpi, with lines of sharp ink or none.
fn page(written: bool) -> ScannedPage {
    let (width, height) = (400, 500);
    let ink = |at: usize| written && at / width % 25 < 4 && at % width % 6 < 3;
    let samples = (0..width * height).map(|at| if ink(at) { 20 } else { 250 }).collect();
    let (width, height) = (width.try_into().unwrap(), height.try_into().unwrap());
    ScannedPage { width, height, dpi: 100, pixels: Samples::Grey(samples) }
}

struct Stage {
    desk: ScannerDesk,
    steps: Sender<Step>,
    began: Arc<AtomicUsize>,
    events: Receiver<Event>,
}

const VISIT: VisitNo = VisitNo(1);

impl Stage {
    fn new(source: Source) -> Self {
        let (steps, told) = channel();
        let began = Arc::new(AtomicUsize::new(0));
        let device = ScannerDevice {
            scanner: Box::new(Told { steps: told, began: Arc::clone(&began) }),
            cancel: Arc::new(|| {}),
            request: ScanRequest { source, dpi: 100, color: ColorMode::Grey },
        };
        let (inbox, events) = crate::inbox();
        let desk = ScannerDesk::start(Some(device), Pace::default(), PageStore::new(VISIT), inbox);
        Self { desk, steps, began, events }
    }

    fn begin(&self, scan: u64) {
        self.desk.scan(VISIT, ScanNo(scan));
    }

    fn wait_for_scans(&self, count: usize) {
        while self.began.load(Ordering::SeqCst) < count {
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn tell(&self, step: Step) {
        self.steps.send(step).unwrap();
    }

    /// Pages that came before the next end, and that end.
    fn end(&self) -> (Vec<ScanNo>, ScanNo, ScanEnded) {
        let mut pages = Vec::new();
        loop {
            match self.events.recv_timeout(Duration::from_secs(20)).unwrap() {
                Event::Answer(VISIT, Answer::Page(scan, ..)) => pages.push(scan),
                Event::Answer(VISIT, Answer::ScanEnded(scan, ended)) => {
                    return (pages, scan, ended);
                }
                Event::World(_) => {}
                other @ (Event::Touch(_)
                | Event::Answer(..)
                | Event::View(_)
                | Event::Delivered(..)
                | Event::Stop) => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_a_given_up_scan_still_brings_goes_nowhere_and_its_end_is_its_own() {
    let stage = Stage::new(Source::Feeder);
    stage.begin(1);
    stage.wait_for_scans(1);
    stage.desk.cancel();
    stage.begin(2);
    stage.tell(Step::Page { written: true });
    assert_eq!(stage.end(), (vec![], ScanNo(1), ScanEnded::Done));
    stage.tell(Step::Page { written: true });
    stage.tell(Step::End(Ok(ScanEnd::Done)));
    assert_eq!(stage.end(), (vec![ScanNo(2)], ScanNo(2), ScanEnded::Done));
}

#[test]
fn a_scan_that_is_given_up_before_it_began_moves_no_paper() {
    let stage = Stage::new(Source::Feeder);
    stage.begin(1);
    stage.wait_for_scans(1);
    stage.begin(2);
    stage.begin(3);
    let busy = ScanEnded::Trouble(ScanTrouble::Busy);
    assert_eq!(stage.end(), (vec![], ScanNo(3), busy), "two are before it");
    stage.desk.cancel();
    stage.tell(Step::End(Ok(ScanEnd::Cancelled)));
    assert_eq!(stage.end(), (vec![], ScanNo(1), ScanEnded::Done));
    assert_eq!(stage.end(), (vec![], ScanNo(2), ScanEnded::Done));
    assert_eq!(stage.began.load(Ordering::SeqCst), 1);
}

#[test]
fn a_kiosk_without_a_scanner_says_so_at_once() {
    let (inbox, events) = crate::inbox();
    let desk = ScannerDesk::start(None, Pace::default(), PageStore::new(VISIT), inbox);
    desk.scan(VISIT, ScanNo(1));
    let event = events.recv_timeout(Duration::from_secs(20)).unwrap();
    let no_scanner = ScanEnded::Trouble(ScanTrouble::NoScanner);
    assert!(matches!(event, Event::Answer(VISIT, Answer::ScanEnded(ScanNo(1), ended))
        if ended == no_scanner));
}

#[test]
fn empty_backs_are_left_out_and_empty_fronts_are_not() {
    for (source, kept) in [(Source::FeederBothSides, 3), (Source::Feeder, 4)] {
        let stage = Stage::new(source);
        stage.begin(1);
        for written in [true, false, false, true] {
            stage.tell(Step::Page { written });
        }
        stage.tell(Step::End(Ok(ScanEnd::Done)));
        let (pages, _, ended) = stage.end();
        assert_eq!((pages.len(), ended), (kept, ScanEnded::Done), "{source:?}");
    }
}

#[test]
fn every_end_has_a_sentence_for_the_citizen() {
    use ScanTrouble::{Busy, CoverOpen, DoubleFeed, Jammed, NoPaper, NoScanner, Unreadable};
    let device = || "test:0".to_owned();
    let cases = [
        (Ok(ScanEnd::Done), None),
        (Ok(ScanEnd::Cancelled), None),
        (Ok(ScanEnd::NoPaper), Some(NoPaper)),
        (Ok(ScanEnd::Jammed), Some(Jammed)),
        (Ok(ScanEnd::DoubleFeed), Some(DoubleFeed)),
        (Ok(ScanEnd::CoverOpen), Some(CoverOpen)),
        (Ok(ScanEnd::Busy), Some(Busy)),
        (Err(DeviceError::Cancelled), None),
        (Err(DeviceError::Busy { device: device() }), Some(Busy)),
        (Err(DeviceError::Nonsense { device: device(), got: String::new() }), Some(Unreadable)),
        (Err(DeviceError::Refused { device: device(), why: String::new() }), Some(NoScanner)),
        (Err(DeviceError::Gone { device: device() }), Some(NoScanner)),
        (
            Err(DeviceError::Silent { device: device(), after: Duration::from_secs(5) }),
            Some(NoScanner),
        ),
    ];
    let stage = Stage::new(Source::Feeder);
    for (number, (end, trouble)) in (1..).zip(cases) {
        stage.begin(number);
        stage.tell(Step::End(end.clone()));
        let expected = trouble.map_or(ScanEnded::Done, ScanEnded::Trouble);
        assert_eq!(stage.end(), (vec![], ScanNo(number), expected), "{end:?}");
    }
}

#[test]
fn a_page_that_fits_no_document_or_no_visit_is_not_kept() {
    let nothing = ScannedPage { width: 0, height: 0, dpi: 100, pixels: Samples::Grey(vec![]) };
    let job = Job { visit: VISIT, scan: ScanNo(1) };
    assert!(matches!(take(job, &nothing, false, &PageStore::new(VISIT)), Taken::Unfit));
    let late = PageStore::new(VisitNo(2));
    assert!(matches!(take(job, &page(true), false, &late), Taken::TooLate));
}
