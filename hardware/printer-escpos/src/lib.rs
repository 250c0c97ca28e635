//! Thermal printers that speak ESC/POS.
//!
//! A slip is drawn ([`render`]), its inked bands are sent, and the printer itself is asked before
//! and after: "written" is not "printed". See `models/` for what differs between makers.

#[cfg(test)]
mod against_lines;
#[cfg(test)]
mod against_readers;
#[cfg(test)]
mod against_simulator;
#[cfg(test)]
mod against_tapes;
#[cfg(test)]
mod against_usb;
mod device;
#[doc(hidden)]
pub mod fuzzing;
mod model;
mod protocol;
mod raster;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod usual_ticket;

use std::time::Duration;

use hardware_api::{DeviceError, PaperSlip, PaperWidth, Printed, Printer, PrinterStatus};
use transport::{Connect, Serial, Tcp, Usb};

pub use model::{AfterData, Cut, Model, ModelError, StatusForm};
pub use raster::{Bitmap, render};
pub use transport::UsbPick;

/// An ESC/POS printer. Opening is lazy: the line is opened by the first call, and again by the
/// next call after the printer left.
pub struct EscPos {
    link: device::Link,
    model: Model,
    paper: raster::Paper,
}

impl EscPos {
    /// A printer in the network, at `host:port` (usually port 9100).
    ///
    /// # Errors
    /// When the model does not print on paper of this width.
    pub fn open_tcp(address: &str, model: Model, width: PaperWidth) -> Result<Self, ModelError> {
        Self::over(Box::new(Tcp::new(address)), model, width)
    }

    /// A printer at a serial port, without flow control: for one with it, see [`Self::over`] and
    /// `Serial::with_flow`. At 115,200 bit/s a usual slip takes two seconds; slower lines work,
    /// and longer deadlines must be given.
    ///
    /// # Errors
    /// When the model does not print on paper of this width.
    pub fn open_serial(
        path: &str,
        baud_bps: u32,
        model: Model,
        width: PaperWidth,
    ) -> Result<Self, ModelError> {
        Self::over(Box::new(Serial::new(path, baud_bps)), model, width)
    }

    /// A printer at the USB. It may be pulled and come back in between.
    ///
    /// # Errors
    /// When the model does not print on paper of this width.
    pub fn open_usb(
        vendor: u16,
        product: u16,
        pick: UsbPick,
        model: Model,
        width: PaperWidth,
    ) -> Result<Self, ModelError> {
        Self::over(Box::new(Usb::new(vendor, product, pick)), model, width)
    }

    /// A printer at any line, such as a recorded one.
    ///
    /// # Errors
    /// When the model does not print on paper of this width.
    pub fn over(
        connect: Box<dyn Connect>,
        model: Model,
        width: PaperWidth,
    ) -> Result<Self, ModelError> {
        let paper = model.paper(width)?;
        Ok(Self { link: device::Link::new(connect, model.clone()), model, paper })
    }
}

impl Printer for EscPos {
    fn status(&mut self, deadline: Duration) -> Result<PrinterStatus, DeviceError> {
        self.link.status(deadline)
    }

    fn print(&mut self, slip: &PaperSlip, deadline: Duration) -> Result<Printed, DeviceError> {
        let bitmap = raster::render_on(slip, self.paper);
        let job = protocol::encode(&bitmap, &self.model);
        self.link.print(&job, deadline)
    }

    fn told(&mut self) -> Result<Option<PrinterStatus>, DeviceError> {
        self.link.told()
    }
}
