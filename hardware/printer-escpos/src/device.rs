//! The printer behind its line: what is asked when, and what an interrupted job leaves behind.

mod line;

use std::time::{Duration, Instant};

use hardware_api::{DeviceError, Printed, PrinterStatus};
use transport::{Connect, PortError};

use crate::model::{AfterData, Model};
use crate::protocol::{AFTER_DATA, CLEAR_BUFFER, Job, process_name, process_request};
use line::{Line, Proof, Stop, no_trouble};

/// How long the line may stand still before the printer's own reports are looked at.
const STALL: Duration = Duration::from_millis(300);
/// How long the printer is given to forget an interrupted job.
const CLEARING: Duration = Duration::from_millis(200);
/// Zeros sent at once while nobody prints: a slow line has carried them before the next question.
const IDLE_ZEROS: usize = 1024;

/// A printer's line, opened when first needed and again after it was lost.
pub(crate) struct Link {
    connect: Box<dyn Connect>,
    model: Model,
    line: Option<Line>,
    /// What an interrupted job left in the printer.
    left_behind: Option<LeftBehind>,
    /// Prints so far; each proof has a name of its own.
    prints: u32,
}

/// A job that ended in the middle.
#[derive(Debug, Clone, Copy)]
struct LeftBehind {
    /// Bytes the printer still takes, at most, for the rest of a torn command.
    owed: usize,
}

impl LeftBehind {
    /// The most there can be: a picture of which only the head has come. Queues on the way, which
    /// are thrown away with the line, make any other count wrong.
    fn unknown(model: &Model) -> Self {
        Self { owed: model.largest_picture() }
    }
}

impl Link {
    pub(crate) fn new(connect: Box<dyn Connect>, model: Model) -> Self {
        // Who printed before this process was, and whether it was killed in the middle of a
        // picture, nobody knows.
        let left_behind = Some(LeftBehind::unknown(&model));
        Self { connect, model, line: None, left_behind, prints: 0 }
    }

    /// Asks the printer how it is.
    pub(crate) fn status(&mut self, deadline: Duration) -> Result<PrinterStatus, DeviceError> {
        let until = Instant::now() + deadline;
        let asked = self.fresh_status(until);
        let status = asked.map_err(|stop| self.give_up(stop, deadline))?;
        if status.can_print() {
            self.tidy_a_little(until);
        }
        Ok(status)
    }

    /// What came by itself since the last call.
    pub(crate) fn told(&mut self) -> Result<Option<PrinterStatus>, DeviceError> {
        let Some(line) = &mut self.line else { return Ok(None) };
        let told = line.told(&self.model);
        told.map_err(|stop| self.give_up(stop, Duration::ZERO))
    }

    /// Prints a job, watching the printer before, during and after.
    pub(crate) fn print(&mut self, job: &Job, deadline: Duration) -> Result<Printed, DeviceError> {
        let until = Instant::now() + deadline;
        match self.fresh_status(until) {
            Ok(status) if status.can_print() => {}
            Ok(status) => return Ok(Printed::Broken(status)),
            Err(stop) => return Err(self.give_up(stop, deadline)),
        }
        let mut printed = self.send_and_confirm(job, until);
        if let Err(Stop::Line(PortError::Halted { .. })) = printed {
            // The halt was cleared, but what the printer took before is not known: what it began
            // is ended and cut off, and the job begins anew, once.
            printed = self.send_and_confirm(job, until);
        }
        let Err(stop) = printed else {
            self.left_behind = None;
            return Ok(Printed::Whole);
        };
        self.clear();
        self.left_behind = Some(LeftBehind::unknown(&self.model));
        match stop {
            Stop::Trouble(status) => Ok(Printed::Broken(status)),
            stop @ (Stop::Line(_) | Stop::Nonsense(_)) => Err(self.give_up(stop, deadline)),
        }
    }

    /// Asks on a line that works: one that was lost since the last call is opened again.
    fn fresh_status(&mut self, until: Instant) -> Result<PrinterStatus, Stop> {
        if let Some(line) = &mut self.line {
            line.forget_answers();
            // A connection may have died without a word; half the time is left for a new one.
            let now = Instant::now();
            let half = now + until.saturating_duration_since(now) / 2;
            match line.ask_status(&self.model, half) {
                Err(Stop::Line(
                    PortError::Gone { .. } | PortError::TimedOut { .. } | PortError::Halted { .. },
                )) => {}
                other => return other,
            }
            self.line = None;
        }
        let line = Line::open(self.connect.as_ref(), &self.model, until)?;
        self.line.insert(line).ask_status(&self.model, until)
    }

    /// Ends a torn command that an earlier job left, a few zeros at a time.
    fn tidy_a_little(&mut self, until: Instant) {
        let owed = self.left_behind.map_or(0, |left| left.owed);
        let (Some(line), 1..) = (&mut self.line, owed) else { return };
        let zeros = vec![0; owed.min(IDLE_ZEROS)];
        let sent = match line.send(&zeros, until) {
            Ok(()) => zeros.len(),
            Err(PortError::TimedOut { sent, .. } | PortError::Halted { sent, .. }) => sent,
            // The next call finds out.
            Err(_) => 0,
        };
        self.left_behind = Some(LeftBehind { owed: owed - sent });
    }

    fn send_and_confirm(&mut self, job: &Job, until: Instant) -> Result<(), Stop> {
        self.send(job, until)?;
        self.confirm(until)
    }

    /// Sends all pieces, first tidying up what an interrupted job left behind.
    fn send(&mut self, job: &Job, until: Instant) -> Result<(), Stop> {
        let mut pieces = Vec::new();
        if let Some(LeftBehind { owed }) = self.left_behind {
            // A printer that lost power meanwhile ignores the zeros; one that did not ends its
            // torn picture with blank dots. Then what was printed is cut from what follows.
            pieces.extend([vec![0; owed], job.cut.clone()]);
        }
        pieces.extend_from_slice(&job.pieces);
        self.left_behind = Some(LeftBehind { owed: 0 });
        self.send_pieces(&pieces, until)
    }

    /// Sends pieces without a pause between them: each transfer of its own would cost a USB
    /// printer a frame of the bus.
    fn send_pieces(&mut self, pieces: &[Vec<u8>], until: Instant) -> Result<(), Stop> {
        let bytes = pieces.concat();
        let mut done = 0;
        loop {
            let pause = until.min(Instant::now() + STALL);
            let rest = bytes.get(done..).unwrap_or_default();
            let error = match self.line()?.send(rest, pause) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            match &error {
                PortError::TimedOut { sent, .. } => {
                    done += sent;
                    self.left_behind = Some(LeftBehind { owed: owed_after(pieces, done) });
                }
                PortError::Halted { .. } => {
                    // Of what followed, nobody knows how much was taken.
                    self.left_behind = Some(LeftBehind::unknown(&self.model));
                    return Err(error.into());
                }
                PortError::Gone { .. } | _ => return Err(error.into()),
            }
            // No question may be put into a torn command, but reports may have come unasked, and
            // the line itself may tell.
            if let Some(line) = &mut self.line {
                line.look_for_trouble(&self.model)?;
            }
            if Instant::now() >= until {
                return Err(error.into());
            }
        }
    }

    /// Waits for the printer's word that all data were printed.
    fn confirm(&mut self, until: Instant) -> Result<(), Stop> {
        let name = process_name(self.prints);
        self.prints = self.prints.wrapping_add(1);
        let (request, proof) = match self.model.after_data {
            AfterData::DleEot => (Vec::new(), None),
            AfterData::GsR => (AFTER_DATA.to_vec(), Some(Proof::AfterData)),
            AfterData::ProcessId => (process_request(name), Some(Proof::Process(name))),
        };
        self.send_pieces(&[request], until)?;
        let model = &self.model;
        let Some(line) = &mut self.line else { return Err(not_connected(&*self.connect)) };
        match proof {
            None => line.ask_status(model, until).and_then(no_trouble),
            // Worked off is not yet on paper: the last rows are believed if all is well after.
            Some(Proof::AfterData) => {
                line.wait_for(Proof::AfterData, model, until)?;
                line.ask_status(model, until).and_then(no_trouble)
            }
            // On paper, and cut: what is wrong from here on is the next ticket's trouble. The end
            // of a roll is mostly found so.
            Some(Proof::Process(name)) => line.wait_for(Proof::Process(name), model, until),
        }
    }

    fn line(&mut self) -> Result<&mut Line, Stop> {
        self.line.as_mut().ok_or_else(|| not_connected(&*self.connect))
    }

    /// Has the printer forget what it did not print, so that it does not come out later.
    fn clear(&mut self) {
        let until = Instant::now() + CLEARING;
        let torn = self.left_behind.is_some_and(|left| left.owed > 0);
        if let Some(line) = self.line.as_mut().filter(|_| self.model.clears_buffer && !torn) {
            // Best effort: a printer that is gone has forgotten anyway.
            let _ = line.send(CLEAR_BUFFER, until);
        }
    }

    /// Turns what stopped a conversation into what the caller can do, and drops the line.
    fn give_up(&mut self, stop: Stop, after: Duration) -> DeviceError {
        self.line = None;
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
            Stop::Line(PortError::Gone { .. } | PortError::Halted { .. } | _) => {
                DeviceError::Gone { device }
            }
        }
    }
}

/// Bytes missing from the piece that the first `done` bytes end in; none if they end with one.
fn owed_after(pieces: &[Vec<u8>], done: usize) -> usize {
    let mut end = 0;
    if done == 0 {
        return 0;
    }
    for piece in pieces {
        end += piece.len();
        if end >= done {
            return end - done;
        }
    }
    0
}

fn not_connected(connect: &dyn Connect) -> Stop {
    let cause = std::io::ErrorKind::NotConnected;
    Stop::Line(PortError::Gone { device: connect.device().to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_piece_wants_its_rest_and_a_whole_one_nothing() {
        let pieces = [vec![1; 3], vec![], vec![2; 5]];
        for (done, owed) in [(0, 0), (1, 2), (3, 0), (4, 4), (8, 0)] {
            assert_eq!(owed_after(&pieces, done), owed, "{done}");
        }
    }
}
