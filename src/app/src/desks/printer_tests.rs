//! What the loop hears of a printer whose every answer is given.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, mpsc::Receiver},
};

use super::*;
use crate::event::{Event, inbox};

const OK: PrinterStatus =
    PrinterStatus { paper: Paper::Ok, cover: Cover::Closed, cutter: Cutter::Ok, online: true };
const OUT: PrinterStatus = PrinterStatus { paper: Paper::Out, online: false, ..OK };

/// Answers in turn; once there are no more, all is well and nothing is told.
#[derive(Clone, Default)]
struct Answers {
    status: Arc<Mutex<VecDeque<Result<PrinterStatus, DeviceError>>>>,
    told: Arc<Mutex<VecDeque<PrinterStatus>>>,
    printed: Arc<Mutex<VecDeque<Printed>>>,
}

impl Printer for Answers {
    fn status(&mut self, _deadline: Duration) -> Result<PrinterStatus, DeviceError> {
        self.status.lock().unwrap().pop_front().unwrap_or(Ok(OK))
    }

    fn print(&mut self, _slip: &PaperSlip, _deadline: Duration) -> Result<Printed, DeviceError> {
        Ok(self.printed.lock().unwrap().pop_front().unwrap_or(Printed::Whole))
    }

    fn told(&mut self) -> Result<Option<PrinterStatus>, DeviceError> {
        Ok(self.told.lock().unwrap().pop_front())
    }
}

fn news(events: &Receiver<Event>) -> Option<Shortcoming> {
    let event = events.recv_timeout(Duration::from_secs(10)).unwrap();
    let Event::World(WorldNews::Printer(shortcoming)) = event else { panic!("{event:?}") };
    shortcoming
}

fn paper(events: &Receiver<Event>) -> PrintOutcome {
    let event = events.recv_timeout(Duration::from_secs(10)).unwrap();
    let Event::Answer(VisitNo(7), Answer::Paper(outcome)) = event else { panic!("{event:?}") };
    outcome
}

#[test]
fn what_an_idle_printer_tells_is_on_the_screen_before_it_is_asked_again() {
    let (inbox, events) = inbox();
    let answers = Answers::default();
    let _desk = PrinterDesk::start(Some(Box::new(answers.clone())), inbox);
    assert_eq!(news(&events), None);
    // Whoever asks is lied to: only what is told can bring this.
    answers.told.lock().unwrap().push_back(OUT);
    assert_eq!(news(&events), Some(Shortcoming::NoPaper));
}

#[test]
fn a_printer_that_works_again_is_news_after_a_torn_ticket_though_it_never_seemed_broken() {
    let (inbox, events) = inbox();
    let answers = Answers::default();
    answers.printed.lock().unwrap().push_back(Printed::Broken(OUT));
    let desk = PrinterDesk::start(Some(Box::new(answers)), inbox);
    assert_eq!(news(&events), None);
    desk.print(VisitNo(7), PaperSlip { blocks: vec![] });
    assert_eq!(paper(&events), PrintOutcome::Failed(Shortcoming::NoPaper));
    assert_eq!(news(&events), None);
    desk.print(VisitNo(7), PaperSlip { blocks: vec![] });
    assert_eq!(paper(&events), PrintOutcome::Printed);
}

#[test]
fn each_state_has_its_own_code_for_staff() {
    let gone = DeviceError::Gone { device: "x".to_owned() };
    for (status, log) in [
        (Ok(OK), Log::PrinterReady),
        (Ok(OUT), Log::PrinterPaperOut),
        (Ok(PrinterStatus { paper: Paper::Low, ..OK }), Log::PrinterPaperLow),
        (Ok(PrinterStatus { paper: Paper::Jammed, ..OUT }), Log::PrinterJammed),
        (Ok(PrinterStatus { cover: Cover::Open, ..OUT }), Log::PrinterCoverOpen),
        (Ok(PrinterStatus { cutter: Cutter::Jammed, ..OUT }), Log::PrinterCutterJammed),
        (Ok(PrinterStatus { online: false, ..OK }), Log::PrinterGone),
        (Err(gone), Log::PrinterGone),
    ] {
        assert_eq!(log_of(&status), log, "{status:?}");
    }
}
