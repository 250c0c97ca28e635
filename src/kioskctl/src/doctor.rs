//! The morning readiness report: every part is tried at the same time, each with a deadline, so
//! that one that hangs costs its own row and not the report.

mod devices;
mod readiness;
mod report;
mod services;

use std::{
    fs,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use readiness::{Readiness, Row, State};

use crate::{
    arguments::Doctor,
    failure::Failure,
    fleet::Fleet,
    output::{self, Output},
    printer,
};

/// How long the whole examination may take.
const ALL: Duration = Duration::from_secs(30);

pub(crate) fn run(command: &Doctor, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let report = examine(fleet)?;
    if out.json {
        output::line(&report)?;
    } else {
        out.say(report::text(&report).trim_end(), &report)?;
    }
    if let Some(file) = &command.pdf {
        fs::write(file, report::pdf(&report)?)?;
    }
    if command.print {
        printer::print(&report::slip(&report), fleet, out)?;
    }
    match report.worst() {
        State::Ready | State::NotSetUp | State::Attention => Ok(()),
        State::Broken => Err(Failure::Unfit("the kiosk is not ready".to_owned())),
    }
}

fn examine(fleet: &Fleet) -> Result<Readiness, Failure> {
    let settings = fleet.settings();
    let waiting = [
        begin("printer", devices::printer(fleet)),
        begin("scanner", devices::scanner(fleet)),
        begin("codes", devices::codes(fleet)),
        begin("card", devices::card(fleet)),
        begin("token", devices::token(fleet)),
        begin("center", services::center(settings)),
        begin("province", services::province(settings)),
        begin("outbox", services::outbox(settings)),
        begin("disk", services::disk(settings)),
    ];
    let end = Instant::now() + ALL;
    let rows = waiting.into_iter().map(|examination| examination.row(end)).collect();
    Ok(Readiness { kiosk: settings.kiosk.id.to_string(), at: fleet.now(), rows })
}

/// What looks at one part; `None` when the kiosk has no such part.
type Look = Option<Box<dyn FnOnce() -> Row + Send>>;

struct Examination {
    part: &'static str,
    row: Option<Receiver<Row>>,
}

fn begin(part: &'static str, look: Look) -> Examination {
    let row = look.map(|look| {
        let (tell, told) = mpsc::channel();
        // Nobody may be waiting any more; and a thread that cannot start is a row that never comes.
        let _row_missing = thread::Builder::new().spawn(move || tell.send(look()));
        told
    });
    Examination { part, row }
}

impl Examination {
    fn row(self, end: Instant) -> Row {
        let Some(row) = self.row else { return Row::not_set_up(self.part) };
        let left = end.saturating_duration_since(Instant::now());
        row.recv_timeout(left).unwrap_or_else(|_| {
            let sentence = format!("no answer within {} seconds", ALL.as_secs());
            Row::broken(self.part, sentence, "switch it off and on, then try again")
        })
    }
}
