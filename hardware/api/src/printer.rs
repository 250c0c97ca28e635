//! Thermal printers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{DeviceError, PaperSlip};

/// A thermal printer for tickets and slips.
pub trait Printer: Send {
    /// Asks the printer how it is; no side effect on paper.
    fn status(&mut self, deadline: Duration) -> Result<PrinterStatus, DeviceError>;

    /// Prints and cuts. `Printed::Whole` is said only after the printer itself has reported
    /// after the last byte that paper and cover were right.
    fn print(&mut self, slip: &PaperSlip, deadline: Duration) -> Result<Printed, DeviceError>;

    /// What the printer has told by itself since the last call: paper taken out, lid opened.
    /// Neither asks nor waits, so that an idle printer can be listened to many times a second.
    /// `None` when nothing came, or when this printer never tells by itself.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the line is seen to have been lost.
    fn told(&mut self) -> Result<Option<PrinterStatus>, DeviceError> {
        Ok(None)
    }
}

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    /// The roll.
    pub paper: Paper,
    /// The lid.
    pub cover: Cover,
    /// The knife.
    pub cutter: Cutter,
    /// True when the printer says it can print (not offline for another reason).
    pub online: bool,
}

impl PrinterStatus {
    /// Whether a ticket sent now would come out whole.
    #[must_use]
    pub fn can_print(self) -> bool {
        self.online
            && self.cover == Cover::Closed
            && self.cutter == Cutter::Ok
            && matches!(self.paper, Paper::Ok | Paper::Low)
    }
}

/// The roll of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paper {
    /// Enough.
    Ok,
    /// Near its end; still prints.
    Low,
    /// None.
    Out,
    /// Stuck in its path.
    Jammed,
}

/// The printer's lid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cover {
    /// Closed.
    Closed,
    /// Open: the printer will not print.
    Open,
}

/// The knife behind the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cutter {
    /// Works, or the printer has none.
    Ok,
    /// Stuck half way.
    Jammed,
}

/// What became of a print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Printed {
    /// The printer confirmed the whole slip.
    Whole,
    /// Stopped; the paper in the citizen's hand, if any, is not to be trusted.
    Broken(PrinterStatus),
}
