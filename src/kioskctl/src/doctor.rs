//! The morning readiness report: every part is tried at the same time, each with a deadline, so
//! that one that hangs costs its own row and not the report.

mod devices;
mod pdf;
mod readiness;
mod report;
mod services;

use std::{
    fs,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use journal::Event;
use readiness::{Readiness, Row, State};

use crate::{
    arguments::Doctor,
    failure::Failure,
    fleet::Fleet,
    output::{self, Output},
    printer, scanner,
};

/// How long the whole examination may take.
const ALL: Duration = Duration::from_secs(30);

pub(crate) fn run(command: &Doctor, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let report = examine(fleet);
    out.say(report::text(&report, output::columns()).trim_end(), &report)?;
    if let Some(file) = &command.pdf {
        fs::write(file, pdf::write(&report)?).map_err(scanner::unwritten(file))?;
    }
    if command.print {
        printer::print(&report::slip(&report), fleet, out)?;
    }
    match report.rows.iter().find(|row| row.state == State::Broken) {
        // Its code and what to do about it stand in the report.
        Some(first) => Err(Failure::NotReady(first.part)),
        None => Ok(()),
    }
}

fn examine(fleet: &Fleet) -> Readiness {
    let settings = fleet.settings();
    let waiting = [
        begin("printer", Event::PrinterGone, devices::printer(fleet)),
        begin("scanner", Event::ScannerGone, devices::scanner(fleet)),
        begin("codes", Event::CodeReaderGone, devices::codes(fleet)),
        begin("card", Event::CardReaderGone, devices::card(fleet)),
        begin("token", Event::TokenFailed, devices::token(fleet)),
        begin("drivers", Event::WorkerStopped, devices::confinement(fleet)),
        begin("center", Event::CenterUnreachable, services::center(settings)),
        begin("province", Event::ProvinceUnreachable, services::province(settings)),
        begin("outbox", Event::OutboxFailed, services::outbox(settings)),
        begin("disk", Event::StorageUnusable, services::disk(settings)),
    ];
    let end = Instant::now() + ALL;
    let rows = waiting.into_iter().map(|examination| examination.row(end)).collect();
    Readiness { kiosk: settings.kiosk.id.to_string(), at: fleet.now(), rows }
}

/// What looks at one part.
type Look = Box<dyn FnOnce() -> Row + Send>;

struct Examination {
    part: &'static str,
    /// What to call it when it does not answer.
    silent: Event,
    row: Receiver<Row>,
}

fn begin(part: &'static str, silent: Event, look: Look) -> Examination {
    let (tell, row) = mpsc::channel();
    // Nobody may be waiting any more; and a thread that cannot start is a row that never comes.
    let _row_missing = thread::Builder::new().spawn(move || tell.send(look()));
    Examination { part, silent, row }
}

impl Examination {
    fn row(self, end: Instant) -> Row {
        let left = end.saturating_duration_since(Instant::now());
        self.row.recv_timeout(left).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => {
                let late = format!("no answer within {} seconds", ALL.as_secs());
                Row::event(self.part, self.silent).because(late)
            }
            RecvTimeoutError::Disconnected => Row::event(self.part, Event::CheckBroken),
        })
    }
}
