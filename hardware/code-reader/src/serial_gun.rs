//! A code reader on a serial line: a hand-held gun, or a module behind the kiosk's window.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hardware_api::{CodeReader, DeviceError, Seen, Sight};
use transport::{Connect, Port, PortError, Serial};

use crate::framing::{Framer, GAP};
use crate::presentation::Presentations;

/// How long opening a line may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(2);

/// The shortest wait that still looks at the line.
const LOOK: Duration = Duration::from_millis(2);

/// A gun in serial (not keyboard) mode. Keyboard mode spoils Vietnamese letters.
pub struct SerialGun {
    line: Box<dyn Connect>,
    port: Option<Box<dyn Port>>,
    framer: Framer,
    whole: VecDeque<Vec<u8>>,
    presentations: Presentations,
}

impl SerialGun {
    /// Opens the gun at a serial port.
    ///
    /// # Errors
    /// When the port is not there or held by another program.
    pub fn open(path: &str, baud_bps: u32) -> Result<Self, DeviceError> {
        let mut gun = Self::over(Box::new(Serial::new(path, baud_bps)));
        gun.port = Some(gun.connect()?);
        Ok(gun)
    }

    /// A gun at the end of any line, opened by the first call to `next`.
    #[must_use]
    pub fn over(line: Box<dyn Connect>) -> Self {
        Self {
            line,
            port: None,
            framer: Framer::new(GAP),
            whole: VecDeque::new(),
            presentations: Presentations::default(),
        }
    }

    /// Sets the pause that ends a code without suffix; [`GAP`] unless told.
    #[must_use]
    pub fn with_gap(mut self, gap: Duration) -> Self {
        self.framer = Framer::new(gap);
        self
    }

    fn connect(&self) -> Result<Box<dyn Port>, DeviceError> {
        self.line.connect(Instant::now() + OPEN_TIMEOUT).map_err(|error| self.error(&error))
    }

    /// Reads once, until `deadline` or until a pause ends a code.
    fn read(&mut self, deadline: Instant) -> Result<(), DeviceError> {
        let until = self.framer.ends_at().map_or(deadline, |end| end.min(deadline));
        let mut port = match self.port.take() {
            Some(port) => port,
            None => self.connect()?,
        };
        let mut buffer = [0; 1024];
        match port.read(&mut buffer, until.max(Instant::now() + LOOK)) {
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                self.whole.extend(self.framer.push(bytes, Instant::now()));
            }
            Err(PortError::TimedOut { .. }) => {
                self.whole.extend(self.framer.pause(Instant::now()));
            }
            Err(error) => {
                // A code that was cut off by unplugging is no code, and the port is dropped.
                self.framer.reset();
                return Err(self.error(&error));
            }
        }
        self.port = Some(port);
        Ok(())
    }

    fn error(&self, error: &PortError) -> DeviceError {
        let device = self.line.device().to_owned();
        match error {
            PortError::Busy { .. } => DeviceError::Busy { device },
            PortError::TimedOut { .. } => DeviceError::Silent { device, after: OPEN_TIMEOUT },
            // Gone, in tests off the tape, and whatever ends a line in times to come.
            PortError::Gone { .. } | PortError::Deviated { .. } | _ => DeviceError::Gone { device },
        }
    }
}

impl CodeReader for SerialGun {
    /// After [`DeviceError::Gone`] the next call opens the line again.
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError> {
        let deadline = Instant::now() + wait;
        loop {
            while let Some(bytes) = self.whole.pop_front() {
                if self.presentations.begins(&bytes, Instant::now()) {
                    return Ok(Some(Sight::Code(Seen { bytes })));
                }
            }
            self.read(deadline)?;
            if self.whole.is_empty() && Instant::now() >= deadline {
                return Ok(None);
            }
        }
    }

    /// A gun sends when it likes: nothing is turned off, and [`CodeReader::is_there`] keeps the
    /// line empty meanwhile.
    fn rest(&mut self) {
        self.whole.clear();
    }

    fn is_there(&mut self) -> Result<(), DeviceError> {
        self.read(Instant::now())?;
        // What was nobody's does not become the next citizen's by being sent twice.
        for code in self.whole.drain(..) {
            self.presentations.begins(&code, Instant::now());
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "serial_gun_tests.rs"]
mod tests;
