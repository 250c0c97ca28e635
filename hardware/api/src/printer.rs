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
}

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    /// The roll.
    pub paper: Paper,
    /// The lid.
    pub cover: Cover,
    /// True when the printer says it can print (not offline for another reason).
    pub online: bool,
}

impl PrinterStatus {
    /// Whether a ticket sent now would come out whole.
    #[must_use]
    pub fn can_print(self) -> bool {
        self.online && self.cover == Cover::Closed && matches!(self.paper, Paper::Ok | Paper::Low)
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
    /// Stuck at the cutter or in the path.
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

/// What became of a print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Printed {
    /// The printer confirmed the whole slip.
    Whole,
    /// Stopped; the paper in the citizen's hand, if any, is not to be trusted.
    Broken(PrinterStatus),
}
