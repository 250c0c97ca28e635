//! The printer's desk: prints, and watches paper and lid while idle. Models that tell changes by
//! themselves are listened to, so that an opened lid is on the screen at once; all are asked now
//! and then.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use domain::{
    screen::Shortcoming,
    visit::{Answer, PrintOutcome, VisitNo, WorldNews},
};
use hardware_api::{Cover, Cutter, DeviceError, Paper, PaperSlip, Printed, Printer, PrinterStatus};
use journal::Event as Log;

use super::spawn;
use crate::event::Inbox;

/// How often an idle printer is listened to, without a question.
const LISTEN: Duration = Duration::from_millis(200);
/// After listening so often in vain, an idle printer is asked how it is: every two seconds.
const LISTENS: u32 = 10;
/// Longest wait for a status.
const STATUS_DEADLINE: Duration = Duration::from_millis(800);
/// Longest wait for a whole slip: a full ticket at 19,200 baud with a stall in between.
const PRINT_DEADLINE: Duration = Duration::from_secs(20);
/// Slips that may wait; a citizen can ask for one at a time.
const ROOM: usize = 4;

pub(crate) struct PrinterDesk {
    jobs: SyncSender<(VisitNo, PaperSlip)>,
    inbox: Inbox,
}

impl PrinterDesk {
    pub(super) fn start(printer: Option<Box<dyn Printer>>, inbox: Inbox) -> Self {
        let (jobs, waiting) = sync_channel(ROOM);
        let out = inbox.clone();
        match printer {
            Some(printer) => spawn("printer", move || work(printer, &waiting, &out)),
            None => spawn("printer", move || refuse(&waiting, &out)),
        }
        Self { jobs, inbox }
    }

    pub(crate) fn print(&self, visit: VisitNo, slip: PaperSlip) {
        if self.jobs.try_send((visit, slip)).is_err() {
            let outcome = PrintOutcome::Failed(Shortcoming::NoPrinter);
            self.inbox.offer(crate::Event::Answer(visit, Answer::Paper(outcome)));
        }
    }
}

/// Without a printer every slip is answered at once.
fn refuse(jobs: &Receiver<(VisitNo, PaperSlip)>, inbox: &Inbox) {
    inbox.world(WorldNews::Printer(Some(Shortcoming::NoPrinter)));
    while let Ok((visit, _)) = jobs.recv() {
        inbox.answer(visit, Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPrinter)));
    }
}

fn work(printer: Box<dyn Printer>, jobs: &Receiver<(VisitNo, PaperSlip)>, inbox: &Inbox) {
    let mut work = Work { printer, inbox, last: None };
    while work.ask() && work.listen(jobs) {}
}

/// Printer and desk at work. What returns a `bool` says `false` when the loop has ended.
struct Work<'a> {
    printer: Box<dyn Printer>,
    inbox: &'a Inbox,
    /// What staff and screen were told last; changes are told once.
    last: Option<Log>,
}

impl Work<'_> {
    fn ask(&mut self) -> bool {
        let status = self.printer.status(STATUS_DEADLINE);
        self.tell(&status)
    }

    /// Prints what is wanted, and hears what the printer tells by itself, until it should be
    /// asked again.
    fn listen(&mut self, jobs: &Receiver<(VisitNo, PaperSlip)>) -> bool {
        for _ in 0..LISTENS {
            match jobs.recv_timeout(LISTEN) {
                Ok((visit, slip)) => return self.print(visit, &slip),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {}
            }
            match self.printer.told() {
                Ok(None) => {}
                Ok(Some(status)) => {
                    if !self.tell(&Ok(status)) {
                        return false;
                    }
                }
                // Asking opens the line anew, and tells if that is in vain.
                Err(_) => return true,
            }
        }
        true
    }

    fn print(&mut self, visit: VisitNo, slip: &PaperSlip) -> bool {
        let outcome = outcome(&self.printer.print(slip, PRINT_DEADLINE));
        if let PrintOutcome::Failed(_) = outcome {
            journal::record!(Log::TicketNotPrinted);
            // That it works again is news even if it never said that it did not.
            self.last = None;
        }
        self.inbox.answer(visit, Answer::Paper(outcome))
    }

    fn tell(&mut self, status: &Result<PrinterStatus, DeviceError>) -> bool {
        let log = log_of(status);
        if self.last == Some(log) {
            return true;
        }
        self.last = Some(log);
        journal::record!(log);
        let shortcoming = status.as_ref().map_or(Some(Shortcoming::NoPrinter), |s| shortcoming(*s));
        self.inbox.world(WorldNews::Printer(shortcoming))
    }
}

/// What staff is told of a status.
fn log_of(status: &Result<PrinterStatus, DeviceError>) -> Log {
    match status {
        Err(_) => Log::PrinterGone,
        Ok(status) if status.cover == Cover::Open => Log::PrinterCoverOpen,
        Ok(status) if status.cutter == Cutter::Jammed => Log::PrinterCutterJammed,
        Ok(status) => match status.paper {
            Paper::Out => Log::PrinterPaperOut,
            Paper::Jammed => Log::PrinterJammed,
            Paper::Ok | Paper::Low if !status.online => Log::PrinterGone,
            Paper::Low => Log::PrinterPaperLow,
            Paper::Ok => Log::PrinterReady,
        },
    }
}

fn outcome(printed: &Result<Printed, DeviceError>) -> PrintOutcome {
    match printed {
        Ok(Printed::Whole) => PrintOutcome::Printed,
        Ok(Printed::Broken(status)) => {
            PrintOutcome::Failed(shortcoming(*status).unwrap_or(Shortcoming::NoPrinter))
        }
        Err(_) => PrintOutcome::Failed(Shortcoming::NoPrinter),
    }
}

/// What of a status a citizen must know. Paper that is low still prints.
fn shortcoming(status: PrinterStatus) -> Option<Shortcoming> {
    if status.can_print() {
        None
    } else if status.paper == Paper::Out {
        Some(Shortcoming::NoPaper)
    } else {
        Some(Shortcoming::NoPrinter)
    }
}

#[cfg(test)]
#[path = "printer_tests.rs"]
mod tests;
