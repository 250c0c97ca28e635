//! Real sessions as tapes: JSON lines at the border of bytes, recorded once, replayed as tests.
//!
//! The first line is the [`TapeHead`], each further line a [`Step`]:
//! `{"ms":12,"direction":"out","hex":"1004 01"}` without the space.

use std::collections::VecDeque;
use std::io::Write;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::{ClassStatus, Port, PortError};

/// What a tape is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapeHead {
    /// Maker and model.
    pub device: String,
    /// Its firmware, as its self-test prints it.
    pub firmware: String,
    /// Day of the recording, ISO 8601.
    pub date: String,
    /// What was done, in one sentence.
    pub story: String,
}

/// Bytes that crossed the border together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Milliseconds since the recording began.
    pub ms: u64,
    /// Who sent them.
    pub direction: Direction,
    /// The bytes.
    #[serde(with = "hex::serde", rename = "hex")]
    pub bytes: Vec<u8>,
}

/// Who sent the bytes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The device.
    In,
    /// The driver.
    Out,
}

/// A text that is no tape.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TapeError {
    /// No lines at all.
    #[error("the tape is empty")]
    Empty,
    /// A line does not parse.
    #[error("line {line} of the tape is not understood")]
    Line {
        /// Its number, the head being 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
}

/// Reads a tape.
///
/// # Errors
/// When the text is no tape.
pub fn read_tape(text: &str) -> Result<(TapeHead, Vec<Step>), TapeError> {
    let failed = |line: usize| move |source| TapeError::Line { line, source };
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (at, head) = lines.next().ok_or(TapeError::Empty)?;
    let head = serde_json::from_str(head).map_err(failed(at + 1))?;
    let steps = lines
        .map(|(at, line)| serde_json::from_str(line).map_err(failed(at + 1)))
        .collect::<Result<_, _>>()?;
    Ok((head, steps))
}

/// A port that writes down what passes through it.
pub struct Recorder {
    port: Box<dyn Port>,
    tape: Box<dyn Write + Send>,
    began: Instant,
}

impl Recorder {
    /// Starts a tape. What cannot be written to it is lost silently: a recording never disturbs
    /// the device's work.
    #[must_use]
    pub fn new(port: Box<dyn Port>, mut tape: Box<dyn Write + Send>, head: &TapeHead) -> Self {
        write_line(&mut tape, head);
        Self { port, tape, began: Instant::now() }
    }

    fn note(&mut self, direction: Direction, bytes: &[u8]) {
        if !bytes.is_empty() {
            let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            write_line(&mut self.tape, &Step { ms, direction, bytes: bytes.to_vec() });
        }
    }
}

fn write_line(tape: &mut dyn Write, value: &impl Serialize) {
    if let Ok(line) = serde_json::to_string(value) {
        let _ = writeln!(tape, "{line}");
    }
}

impl Port for Recorder {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let count = self.port.read(buffer, deadline)?;
        self.note(Direction::In, buffer.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let result = self.port.write_all(data, deadline);
        let sent = match &result {
            Ok(()) => data.len(),
            Err(PortError::TimedOut { sent, .. } | PortError::Halted { sent, .. }) => *sent,
            Err(PortError::Gone { .. } | PortError::Busy { .. } | PortError::Deviated { .. }) => 0,
        };
        self.note(Direction::Out, data.get(..sent).unwrap_or_default());
        result
    }

    fn discard(&mut self) {
        self.port.discard();
    }

    fn class_status(&mut self) -> Option<ClassStatus> {
        self.port.class_status()
    }
}

/// A port that plays a tape: it answers as the device did, at once, and fails when the driver
/// sends anything else than was sent then.
pub struct Replay {
    device: String,
    steps: VecDeque<Step>,
    played: usize,
}

impl Replay {
    /// Puts a tape in.
    #[must_use]
    pub fn new(head: &TapeHead, steps: Vec<Step>) -> Self {
        Self { device: head.device.clone(), steps: steps.into(), played: 0 }
    }

    /// Whether the driver did all that was done then.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.steps.is_empty()
    }

    /// Takes up to `count` bytes of the next step if it goes in `direction`.
    fn take(&mut self, direction: Direction, count: usize) -> Option<Vec<u8>> {
        let step = self.steps.front_mut().filter(|step| step.direction == direction)?;
        let bytes = step.bytes.drain(..count.min(step.bytes.len())).collect();
        if step.bytes.is_empty() {
            self.steps.pop_front();
            self.played += 1;
        }
        Some(bytes)
    }
}

impl Port for Replay {
    fn read(&mut self, buffer: &mut [u8], _deadline: Instant) -> Result<usize, PortError> {
        let device = self.device.clone();
        let bytes = self.take(Direction::In, buffer.len());
        let bytes = bytes.ok_or(PortError::TimedOut { device, sent: 0 })?;
        buffer.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
        Ok(bytes.len())
    }

    fn write_all(&mut self, data: &[u8], _deadline: Instant) -> Result<(), PortError> {
        let mut rest = data;
        while !rest.is_empty() {
            let step = self.played + 1;
            let expected = self.take(Direction::Out, rest.len());
            let (now, later) = rest.split_at(expected.as_ref().map_or(rest.len(), Vec::len));
            if expected.as_deref() != Some(now) {
                let expected = expected.map_or_else(|| "an answer or its end".into(), hex::encode);
                let device = self.device.clone();
                return Err(PortError::Deviated { device, step, expected, did: hex::encode(now) });
            }
            rest = later;
        }
        Ok(())
    }

    fn discard(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const TAPE: &str = r#"{"device":"TM-X","firmware":"1.0","date":"2027-01-05","story":"asks"}
{"ms":0,"direction":"out","hex":"100401"}
{"ms":3,"direction":"in","hex":"16"}
"#;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn ask(port: &mut dyn Port, how: &[u8]) -> Result<u8, PortError> {
        let mut answer = [0];
        port.write_all(how, Instant::now())?;
        port.read(&mut answer, Instant::now())?;
        Ok(answer[0])
    }

    #[test]
    fn a_tape_answers_as_the_device_did() {
        let (head, steps) = read_tape(TAPE).unwrap();
        let mut replay = Replay::new(&head, steps);
        assert_eq!(ask(&mut replay, &[0x10, 0x04, 0x01]), Ok(0x16));
        assert!(replay.is_finished());
        assert!(matches!(ask(&mut replay, &[0x10]), Err(PortError::Deviated { .. })));
    }

    #[test]
    fn a_driver_that_does_something_else_is_caught() {
        let (head, steps) = read_tape(TAPE).unwrap();
        let error = ask(&mut Replay::new(&head, steps), &[0x10, 0x04, 0x02]).unwrap_err();
        assert_eq!(error.to_string(), "TM-X, step 1: the tape has 100401, the driver did 100402");
    }

    #[test]
    fn what_was_recorded_replays() {
        let (head, steps) = read_tape(TAPE).unwrap();
        let copy = Shared::default();
        let replay = Box::new(Replay::new(&head, steps));
        let mut recorder = Recorder::new(replay, Box::new(copy.clone()), &head);
        assert_eq!(ask(&mut recorder, &[0x10, 0x04, 0x01]), Ok(0x16));
        let text = String::from_utf8(copy.0.lock().unwrap().clone()).unwrap();
        let (head, steps) = read_tape(&text).unwrap();
        assert_eq!(ask(&mut Replay::new(&head, steps), &[0x10, 0x04, 0x01]), Ok(0x16));
    }

    #[test]
    fn a_text_that_is_no_tape_names_the_line() {
        assert!(matches!(read_tape(""), Err(TapeError::Empty)));
        let broken = format!("{TAPE}{{\"ms\":1}}\n");
        assert!(matches!(read_tape(&broken), Err(TapeError::Line { line: 4, .. })));
    }
}
