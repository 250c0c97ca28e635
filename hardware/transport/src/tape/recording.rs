//! A device whose line is written down.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;

use super::{Step, TapeHead, What};
use crate::{ClassStatus, Connect, Port, PortError};

/// A device as it is, and a tape of whatever passes between it and its driver, over all the lines
/// that are opened to it.
pub struct Recording {
    device: Box<dyn Connect>,
    tape: Tape,
}

/// The tape, shared by the lines.
#[derive(Clone)]
struct Tape {
    to: Arc<Mutex<dyn Write + Send>>,
    began: Instant,
}

impl Recording {
    /// Starts a tape. What cannot be written to it is lost silently: a recording never disturbs
    /// the device's work.
    pub fn new(
        device: Box<dyn Connect>,
        tape: impl Write + Send + 'static,
        head: &TapeHead,
    ) -> Self {
        let tape = Tape { to: Arc::new(Mutex::new(tape)), began: Instant::now() };
        tape.write_line(head);
        Self { device, tape }
    }
}

impl Tape {
    fn note(&self, what: What, bytes: &[u8]) {
        let ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.write_line(&Step { ms, what, bytes: bytes.to_vec() });
    }

    /// How a call failed, behind the bytes it had sent.
    fn note_error(&self, error: &PortError, out_of_time: What) {
        let what = match error {
            PortError::TimedOut { .. } => out_of_time,
            PortError::Halted { .. } => What::Halted,
            PortError::Busy { .. } => What::Busy,
            // A tape that is played to be recorded again ends where it deviates.
            PortError::Gone { .. } | PortError::Deviated { .. } => What::Gone,
        };
        self.note(what, &[]);
    }

    fn write_line(&self, value: &impl Serialize) {
        let mut tape = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(line) = serde_json::to_string(value) {
            let _full = writeln!(tape, "{line}");
        }
    }
}

impl Connect for Recording {
    fn device(&self) -> &str {
        self.device.device()
    }

    fn connect(&self, deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        match self.device.connect(deadline) {
            Ok(port) => {
                self.tape.note(What::Opened, &[]);
                Ok(Box::new(Recorder { port, tape: self.tape.clone() }))
            }
            Err(error) => {
                self.tape.note_error(&error, What::Gone);
                Err(error)
            }
        }
    }
}

/// An open line that is written down.
struct Recorder {
    port: Box<dyn Port>,
    tape: Tape,
}

impl Port for Recorder {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let read = self.port.read(buffer, deadline);
        match &read {
            Ok(count) => self.tape.note(What::In, buffer.get(..*count).unwrap_or_default()),
            Err(error) => self.tape.note_error(error, What::Silent),
        }
        read
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let written = self.port.write_all(data, deadline);
        let sent = match &written {
            Ok(()) => data.len(),
            Err(PortError::TimedOut { sent, .. } | PortError::Halted { sent, .. }) => *sent,
            // How much a line took that was lost meanwhile, nobody knows.
            Err(PortError::Gone { .. } | PortError::Busy { .. } | PortError::Deviated { .. }) => 0,
        };
        if let Some(sent) = data.get(..sent).filter(|sent| !sent.is_empty()) {
            self.tape.note(What::Out, sent);
        }
        if let Err(error) = &written {
            self.tape.note_error(error, What::Stalled);
        }
        written
    }

    fn discard(&mut self) {
        self.port.discard();
    }

    fn class_status(&mut self) -> Option<ClassStatus> {
        let status = self.port.class_status();
        let byte = status.map(ClassStatus::to_byte);
        self.tape.note(What::Class, byte.as_slice());
        status
    }
}
