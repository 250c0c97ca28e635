//! Questions and answers on an open line.

use std::time::{Duration, Instant};

use hardware_api::{Cover, Cutter, Paper, PrinterStatus};
use transport::{Connect, Port, PortError};

use super::STALL;
use crate::model::Model;
use crate::protocol::{
    Answer, Answers, Report, TELL_CHANGES, automatic_report, real_time_request, status_of,
};

/// Why a conversation ended early.
#[derive(Debug)]
pub(super) enum Stop {
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

/// What proves that all data were worked off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The answer to `GS r`.
    AfterData,
    /// This name, coming back.
    Process([u8; 4]),
}

/// An open line and what is on its way over it.
pub(super) struct Line {
    port: Box<dyn Port>,
    answers: Answers,
    /// Whether the answer to a real-time request is on its way.
    awaited: bool,
}

impl Line {
    /// Opens the line; a model that tells changes by itself is asked to.
    pub(super) fn open(
        connect: &dyn Connect,
        model: &Model,
        until: Instant,
    ) -> Result<Self, PortError> {
        let mut port = connect.connect(until)?;
        // A serial line keeps answers that came for somebody else.
        port.discard();
        if model.automatic_status {
            port.write_all(TELL_CHANGES, until)?;
        }
        Ok(Self { port, answers: Answers::new(model.status_form), awaited: false })
    }

    /// Begins anew: what is on its way is for an earlier call.
    pub(super) fn forget_answers(&mut self) {
        self.port.discard();
        self.answers.forget();
        self.awaited = false;
    }

    pub(super) fn send(&mut self, bytes: &[u8], until: Instant) -> Result<(), PortError> {
        self.port.write_all(bytes, until)
    }

    /// Asks the printer how it is.
    pub(super) fn ask_status(
        &mut self,
        model: &Model,
        until: Instant,
    ) -> Result<PrinterStatus, Stop> {
        self.settle(until)?;
        let mut report = Report::default();
        for kind in &model.real_time_status {
            self.request(*kind, until)?;
            // Reports that were not asked for may come first; those asked for tell all.
            while !report.note(*kind, self.next_answer(until)?) {}
        }
        Ok(status_of(report))
    }

    /// Waits for the proof. While nothing comes, the printer is asked how it is, one request
    /// after the other: a stopped one says so here.
    pub(super) fn wait_for(
        &mut self,
        proof: Proof,
        model: &Model,
        until: Instant,
    ) -> Result<(), Stop> {
        let mut report = Report::default();
        let mut kinds = model.real_time_status.iter().copied();
        let mut asked = None;
        loop {
            let answer = match self.next_answer(until.min(Instant::now() + STALL)) {
                Ok(answer) => answer,
                Err(Stop::Line(PortError::TimedOut { .. })) if Instant::now() < until => {
                    // A slow line may still hold our data; then the answer comes behind it.
                    if !self.awaited {
                        report = Report::default();
                        kinds = model.real_time_status.iter().copied();
                        asked = kinds.next();
                        self.request(asked.unwrap_or(1), until)?;
                    }
                    continue;
                }
                Err(stop) => return Err(stop),
            };
            match answer {
                Answer::AfterData if proof == Proof::AfterData => return Ok(()),
                Answer::Process(name) if proof == Proof::Process(name) => return Ok(()),
                // A proof that an earlier job asked for.
                Answer::AfterData | Answer::Process(_) => {}
                Answer::Automatic(bytes) => no_trouble(automatic_report(bytes))?,
                Answer::RealTime(_) | Answer::Whole(_) => {
                    if let Some(kind) = asked.take() {
                        report.note(kind, answer);
                    }
                    asked = kinds.next();
                    match asked {
                        Some(kind) => self.request(kind, until)?,
                        None => no_trouble(status_of(report))?,
                    }
                }
            }
        }
    }

    /// The last thing that the printer told by itself, without waiting for more.
    pub(super) fn told(&mut self, model: &Model) -> Result<Option<PrinterStatus>, Stop> {
        let now = Instant::now() + Duration::from_millis(1);
        let mut told = None;
        loop {
            match self.next_answer(now) {
                Ok(Answer::Automatic(report)) if model.automatic_status => {
                    told = Some(automatic_report(report));
                }
                Ok(_) => {}
                Err(Stop::Line(PortError::TimedOut { .. })) => return Ok(told),
                Err(stop) => return Err(stop),
            }
        }
    }

    /// Looks for trouble where no question may be asked: in reports that came unasked, and in
    /// what the line itself tells.
    pub(super) fn look_for_trouble(&mut self, model: &Model) -> Result<(), Stop> {
        self.told(model)?.map_or(Ok(()), no_trouble)?;
        let paper_empty = model.usb_tells_paper
            && self.port.class_status().is_some_and(|status| status.paper_empty);
        if paper_empty {
            return Err(Stop::Trouble(PrinterStatus {
                paper: Paper::Out,
                cover: Cover::Closed,
                cutter: Cutter::Ok,
                online: false,
            }));
        }
        Ok(())
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
        self.port.write_all(&real_time_request(kind), until)?;
        self.awaited = true;
        Ok(())
    }

    fn next_answer(&mut self, until: Instant) -> Result<Answer, Stop> {
        let mut byte = [0];
        loop {
            self.port.read(&mut byte, until)?;
            let [byte] = byte;
            if let Some(answer) = self.answers.push(byte).map_err(Stop::Nonsense)? {
                self.awaited &= !matches!(answer, Answer::RealTime(_) | Answer::Whole(_));
                return Ok(answer);
            }
        }
    }
}

/// Stops where the printer could not print.
pub(super) fn no_trouble(status: PrinterStatus) -> Result<(), Stop> {
    if status.can_print() { Ok(()) } else { Err(Stop::Trouble(status)) }
}
