//! The line to the printer: questions, answers and deadlines.

use std::time::{Duration, Instant};

use hardware_api::{DeviceError, Printed, PrinterStatus};
use transport::{Connect, Port, PortError};

use crate::model::{AfterData, Model};
use crate::protocol::{
    AFTER_DATA, Answer, Answers, CLEAR_BUFFER, Job, Report, automatic_report, real_time_request,
    status_of,
};

/// How long the line may stand still before the printer's own reports are looked at.
const STALL: Duration = Duration::from_millis(300);
/// How long the printer is given to forget an interrupted job.
const CLEARING: Duration = Duration::from_millis(200);

/// Why a conversation ended early.
#[derive(Debug)]
enum Stop {
    /// The line failed.
    Line(PortError),
    /// The printer sent what it cannot mean.
    Nonsense(u8),
    /// The printer reported trouble on paper.
    Trouble(PrinterStatus),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Line(error)
    }
}

/// A printer's line, opened when first needed and again after it was lost.
pub(crate) struct Link {
    connect: Box<dyn Connect>,
    port: Option<Box<dyn Port>>,
    answers: Answers,
    /// Whether the answer to a real-time request is on its way.
    awaited: bool,
    /// What an interrupted job left in the printer.
    left_behind: Option<LeftBehind>,
}

/// A job that ended in the middle.
#[derive(Debug, Clone, Copy)]
struct LeftBehind {
    /// Bytes the printer still takes for the rest of a torn command.
    owed: usize,
}

impl Link {
    pub(crate) fn new(connect: Box<dyn Connect>) -> Self {
        Self { connect, port: None, answers: Answers::default(), awaited: false, left_behind: None }
    }

    /// Asks the printer how it is.
    pub(crate) fn status(
        &mut self,
        model: &Model,
        deadline: Duration,
    ) -> Result<PrinterStatus, DeviceError> {
        let until = Instant::now() + deadline;
        let asked = self.fresh_status(model, until);
        asked.map_err(|stop| self.give_up(stop, deadline))
    }

    /// Prints a job, watching the printer before, during and after.
    pub(crate) fn print(
        &mut self,
        model: &Model,
        job: &Job,
        deadline: Duration,
    ) -> Result<Printed, DeviceError> {
        let until = Instant::now() + deadline;
        match self.fresh_status(model, until) {
            Ok(status) if status.can_print() => {}
            Ok(status) => return Ok(Printed::Broken(status)),
            Err(stop) => return Err(self.give_up(stop, deadline)),
        }
        let printed = self.send(job, until).and_then(|()| self.confirm(model, until));
        match printed {
            Ok(status) if status.can_print() => {
                self.left_behind = None;
                Ok(Printed::Whole)
            }
            Ok(status) | Err(Stop::Trouble(status)) => {
                self.clear(model);
                Ok(Printed::Broken(status))
            }
            Err(stop) => {
                self.clear(model);
                Err(self.give_up(stop, deadline))
            }
        }
    }

    /// Asks on a line that works: one that was lost since the last call is opened again.
    fn fresh_status(&mut self, model: &Model, until: Instant) -> Result<PrinterStatus, Stop> {
        if let Some(port) = &mut self.port {
            port.discard();
            (self.answers, self.awaited) = (Answers::default(), false);
            // A connection may have died without a word; half the time is left for a new one.
            let now = Instant::now();
            let half = now + until.saturating_duration_since(now) / 2;
            match self.ask_status(model, half) {
                Err(Stop::Line(PortError::Gone { .. } | PortError::TimedOut { .. })) => {}
                other => return other,
            }
            self.port = None;
        }
        (self.answers, self.awaited) = (Answers::default(), false);
        let mut port = self.connect.connect(until)?;
        // A serial line keeps answers that came for somebody else.
        port.discard();
        self.port = Some(port);
        self.ask_status(model, until)
    }

    fn ask_status(&mut self, model: &Model, until: Instant) -> Result<PrinterStatus, Stop> {
        self.settle(until)?;
        let mut report = Report::default();
        for kind in &model.real_time_status {
            self.request(*kind, until)?;
            let answer = loop {
                // Reports that were not asked for may come first; those asked for tell all.
                if let Answer::RealTime(answer) = self.next_answer(until)? {
                    break answer;
                }
            };
            report.note(*kind, answer);
        }
        Ok(status_of(report))
    }

    /// Waits for answers to requests that were sent while the printer was busy. An answer does
    /// not tell which request it is for, so there is never more than one on its way.
    fn settle(&mut self, until: Instant) -> Result<(), Stop> {
        while self.awaited {
            self.next_answer(until)?;
        }
        Ok(())
    }

    fn request(&mut self, kind: u8, until: Instant) -> Result<(), Stop> {
        self.port()?.write_all(&real_time_request(kind), until)?;
        self.awaited = true;
        Ok(())
    }

    /// Sends all pieces, first tidying up what an interrupted job left behind.
    fn send(&mut self, job: &Job, until: Instant) -> Result<(), Stop> {
        if let Some(LeftBehind { owed }) = self.left_behind {
            // A printer that lost power meanwhile ignores the zeros; one that did not ends its
            // torn picture with blank dots. Then what was printed is cut from what follows.
            self.send_piece(&vec![0; owed], until)?;
            self.left_behind = Some(LeftBehind { owed: 0 });
            self.send_piece(&job.cut, until)?;
        }
        self.left_behind = Some(LeftBehind { owed: 0 });
        for piece in &job.pieces {
            self.send_piece(piece, until)?;
        }
        Ok(())
    }

    fn send_piece(&mut self, piece: &[u8], until: Instant) -> Result<(), Stop> {
        let mut rest = piece;
        loop {
            let pause = until.min(Instant::now() + STALL);
            let error = match self.port()?.write_all(rest, pause) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let PortError::TimedOut { sent, .. } = error else { return Err(error.into()) };
            rest = rest.get(sent..).unwrap_or_default();
            let owed = if rest.len() == piece.len() { 0 } else { rest.len() };
            self.left_behind = Some(LeftBehind { owed });
            // No question may be put into a torn command, but reports may have come unasked.
            self.look_at_reports()?;
            if Instant::now() >= until {
                return Err(error.into());
            }
        }
    }

    /// Reads reports that are there, without waiting for more.
    fn look_at_reports(&mut self) -> Result<(), Stop> {
        let now = Instant::now() + Duration::from_millis(1);
        loop {
            match self.next_answer(now) {
                Ok(Answer::Automatic(report)) => trouble(automatic_report(report))?,
                Ok(Answer::RealTime(_) | Answer::AfterData) => {}
                Err(Stop::Line(PortError::TimedOut { .. })) => return Ok(()),
                Err(stop) => return Err(stop),
            }
        }
    }

    /// Waits until the printer has worked off all data, then asks how it is.
    fn confirm(&mut self, model: &Model, until: Instant) -> Result<PrinterStatus, Stop> {
        match model.after_data {
            AfterData::DleEot => {}
            AfterData::GsR => {
                self.port()?.write_all(AFTER_DATA, until)?;
                self.wait_for_end(model, until)?;
            }
        }
        self.ask_status(model, until)
    }

    /// Waits for the answer behind the data. While nothing comes, the printer is asked how it is,
    /// one request after the other: a stopped one says so here.
    fn wait_for_end(&mut self, model: &Model, until: Instant) -> Result<(), Stop> {
        let mut report = Report::default();
        let mut kinds = model.real_time_status.iter().copied();
        let mut asked = None;
        loop {
            match self.next_answer(until.min(Instant::now() + STALL)) {
                Ok(Answer::AfterData) => return Ok(()),
                Ok(Answer::Automatic(bytes)) => trouble(automatic_report(bytes))?,
                Ok(Answer::RealTime(answer)) => {
                    if let Some(kind) = asked.take() {
                        report.note(kind, answer);
                    }
                    asked = kinds.next();
                    match asked {
                        Some(kind) => self.request(kind, until)?,
                        None => trouble(status_of(report))?,
                    }
                }
                Err(Stop::Line(PortError::TimedOut { .. })) if Instant::now() < until => {
                    // A slow line may still hold our data; then the answer comes behind it.
                    if !self.awaited {
                        report = Report::default();
                        kinds = model.real_time_status.iter().copied();
                        asked = kinds.next();
                        self.request(asked.unwrap_or(1), until)?;
                    }
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    fn next_answer(&mut self, until: Instant) -> Result<Answer, Stop> {
        let mut byte = [0];
        loop {
            self.port()?.read(&mut byte, until)?;
            let [byte] = byte;
            if let Some(answer) = self.answers.push(byte).map_err(Stop::Nonsense)? {
                self.awaited &= !matches!(answer, Answer::RealTime(_));
                return Ok(answer);
            }
        }
    }

    fn port(&mut self) -> Result<&mut dyn Port, PortError> {
        match &mut self.port {
            Some(port) => Ok(port.as_mut()),
            None => Err(PortError::Gone {
                device: self.connect.device().to_owned(),
                cause: std::io::ErrorKind::NotConnected,
            }),
        }
    }

    /// Has the printer forget what it did not print, so that it does not come out later.
    fn clear(&mut self, model: &Model) {
        let until = Instant::now() + CLEARING;
        let torn = self.left_behind.is_some_and(|left| left.owed > 0);
        if model.clears_buffer && !torn {
            // Best effort: a printer that is gone has forgotten anyway.
            let _ = self.port().and_then(|port| port.write_all(CLEAR_BUFFER, until));
        }
    }

    /// Turns what stopped a conversation into what the caller can do, and drops the line.
    fn give_up(&mut self, stop: Stop, after: Duration) -> DeviceError {
        self.port = None;
        let device = self.connect.device().to_owned();
        match stop {
            Stop::Nonsense(byte) => {
                DeviceError::Nonsense { device, got: format!("byte {byte:02x}") }
            }
            Stop::Trouble(_) | Stop::Line(PortError::TimedOut { .. }) => {
                DeviceError::Silent { device, after }
            }
            Stop::Line(PortError::Busy { .. }) => DeviceError::Busy { device },
            Stop::Line(PortError::Deviated { did, .. }) => {
                DeviceError::Nonsense { device, got: did }
            }
            Stop::Line(PortError::Gone { .. } | _) => DeviceError::Gone { device },
        }
    }
}

fn trouble(status: PrinterStatus) -> Result<(), Stop> {
    if status.can_print() { Ok(()) } else { Err(Stop::Trouble(status)) }
}
