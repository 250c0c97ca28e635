//! A printer in a worker.

use std::{borrow::Cow, io, time::Duration};

use hardware_api::{DeviceError, PaperSlip, Printed, Printer, PrinterStatus};

use crate::{Launch, message::PrinterCall, session::NoParts, supervisor::Supervisor};

/// Listening to what came already; nothing is asked of the printer.
const TOLD: Duration = Duration::from_millis(200);

/// A printer in a worker.
pub struct PrinterProxy(Supervisor);

impl PrinterProxy {
    /// Starts the worker; what it cannot do yet, its first calls wait for.
    ///
    /// # Errors
    /// When the system gives no thread to watch it.
    pub fn start(launch: Launch) -> io::Result<Self> {
        Supervisor::start(launch).map(Self)
    }
}

impl Printer for PrinterProxy {
    fn status(&mut self, deadline: Duration) -> Result<PrinterStatus, DeviceError> {
        self.0.call::<Result<_, _>>(PrinterCall::Status, deadline, &mut NoParts)?
    }

    fn print(&mut self, slip: &PaperSlip, deadline: Duration) -> Result<Printed, DeviceError> {
        let call = PrinterCall::Print(Cow::Borrowed(slip));
        self.0.call::<Result<_, _>>(call, deadline, &mut NoParts)?
    }

    fn told(&mut self) -> Result<Option<PrinterStatus>, DeviceError> {
        self.0.call::<Result<_, _>>(PrinterCall::Told, TOLD, &mut NoParts)?
    }
}
