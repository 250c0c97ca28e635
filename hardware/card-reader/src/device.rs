//! A card reader with deadlines.

use std::time::{Duration, Instant};

use hardware_api::{CardInfo, CardReader, CardStatus, DeviceError};

use crate::{line::Line, protocol::Extended, service::Service};

/// How much longer than a wait its answer may take.
const GRACE: Duration = Duration::from_secs(2);
/// How long ending a session may take.
const END: Duration = Duration::from_secs(2);

/// The names of all card readers.
///
/// # Errors
/// When the PC/SC service does not run or does not answer.
pub fn list(deadline: Duration) -> Result<Vec<String>, DeviceError> {
    let mut line = Line::new(|| Service::new("*", Extended::default()));
    let names = line.call("the PC/SC service", deadline, Service::readers)?;
    Ok(names.iter().map(|name| name.to_string_lossy().into_owned()).collect())
}

/// A card reader behind pcscd. Nothing is opened before it is used, and what broke is opened
/// again by the next call.
pub struct PcscReader {
    wanted: String,
    line: Line<Service>,
}

impl PcscReader {
    /// The reader, or readers, whose name holds `wanted`; `*` is any.
    #[must_use]
    pub fn new(wanted: &str, extended: Extended) -> Self {
        let wanted = wanted.to_owned();
        let name = wanted.clone();
        Self { wanted, line: Line::new(move || Service::new(&name, extended)) }
    }
}

impl CardReader for PcscReader {
    fn status(&mut self, wait: Duration) -> Result<CardStatus, DeviceError> {
        let end = Instant::now() + wait;
        self.line.call(&self.wanted, wait + GRACE, move |service| Ok(service.status(end)))
    }

    fn connect(&mut self, deadline: Duration) -> Result<CardInfo, DeviceError> {
        let end = Instant::now() + deadline;
        self.line.call(&self.wanted, deadline, move |service| service.connect(end))
    }

    fn transmit(&mut self, command: &[u8], deadline: Duration) -> Result<Vec<u8>, DeviceError> {
        let command = command.to_vec();
        self.line.call(&self.wanted, deadline, move |service| service.transmit(&command))
    }

    fn disconnect(&mut self) {
        // A service that does not even answer this is found silent by the next call.
        let _silent = self.line.call(&self.wanted, END, |service| {
            service.disconnect();
            Ok(())
        });
    }
}
