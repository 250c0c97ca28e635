//! Document scanners.

mod capabilities;
mod parts;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use capabilities::{Resolutions, ScannerCapabilities};
pub use parts::{BrokenPage, PageBuilder, PageHead, ScanPart};

use crate::DeviceError;

/// A flatbed or feeder scanner.
pub trait DocumentScanner: Send {
    /// Asks the scanner how it is.
    fn status(&mut self, deadline: Duration) -> Result<ScannerStatus, DeviceError>;

    /// Scans until the source is empty (feeder) or one page (flatbed) was taken. `on_page` is
    /// called as pages complete; returning `false` cancels. The deadline holds for each page.
    fn scan(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_page: &mut dyn FnMut(ScannedPage) -> bool,
    ) -> Result<ScanEnd, DeviceError>;
}

/// A scanner that gives a page while it is still being scanned.
pub trait StreamingScanner: DocumentScanner {
    /// Scans like [`DocumentScanner::scan`], but hands out the samples as they come. A page is
    /// good only once its [`ScanPart::End`] came; one that breaks off never gets it. Returning
    /// `false` cancels.
    fn scan_parts(
        &mut self,
        request: &ScanRequest,
        deadline: Duration,
        on_part: &mut dyn FnMut(ScanPart<'_>) -> bool,
    ) -> Result<ScanEnd, DeviceError>;
}

/// A scanner that tells what it can do.
pub trait CapableScanner {
    /// Asks without moving any paper.
    fn capabilities(&mut self, deadline: Duration) -> Result<ScannerCapabilities, DeviceError>;
}

/// How a scanner is. Its lamp is not told: SANE and eSCL have no status for it, and a scanner
/// whose lamp warms up is busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannerStatus {
    /// The feeder, as far as the device tells without scanning.
    pub feeder: Feeder,
    /// True when it can be used now.
    pub ready: bool,
}

/// The automatic feeder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Feeder {
    /// The device has none.
    Absent,
    /// The device does not tell.
    Unknown,
    /// No paper in it.
    Empty,
    /// Paper in it.
    Loaded,
}

/// What to scan, and how. Defaults follow Decree 30/2020: colour, at least 200 dpi, 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanRequest {
    /// Where the paper lies.
    pub source: Source,
    /// Dots per inch, both ways.
    pub dpi: u16,
    /// Colour or grey.
    pub color: ColorMode,
}

/// Where the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The glass.
    Flatbed,
    /// The feeder, one side.
    Feeder,
    /// The feeder, both sides; pages come front, back, front, back.
    FeederBothSides,
}

/// Colour or grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColorMode {
    /// 24-bit RGB.
    Color,
    /// 8-bit grey.
    Grey,
}

/// One scanned side, uncompressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannedPage {
    /// Pixels per line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Dots per inch it was scanned with.
    pub dpi: u16,
    /// The samples, row by row, no padding.
    pub pixels: Pixels,
}

/// Samples of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pixels {
    /// Three bytes a pixel.
    Rgb(Vec<u8>),
    /// One byte a pixel, 0 is black.
    Grey(Vec<u8>),
}

/// How a scan ended; all of them are normal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScanEnd {
    /// All pages were delivered.
    Done,
    /// The caller cancelled.
    Cancelled,
    /// The feeder was empty from the start.
    NoPaper,
    /// Paper is stuck. Pages delivered before it are whole.
    Jammed,
    /// Two sheets went in at once. Pages delivered before them are whole.
    DoubleFeed,
    /// A cover is open.
    CoverOpen,
    /// Another program holds the scanner.
    Busy,
}
