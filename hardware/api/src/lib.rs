//! Small traits of the kiosk's devices, with their status and errors.
//!
//! What a person must be told (no paper, cover open) is *status*, a normal answer. An error is
//! what stopped a call, named by what the caller can do about it. The vocabulary follows
//! XFS4IoT (CEN/XFS for IoT): paper, cover, feeder, jam. Listing never opens a device and
//! opening never guesses; both are functions of the driver crates, not of these traits.

mod card_reader;
mod code_reader;
mod document_scanner;
mod error;
mod paper;
mod printer;
mod signing_token;

pub use card_reader::{CardInfo, CardReader, CardStatus};
pub use code_reader::{CodeReader, Hint, Seen, Sight, View};
pub use document_scanner::{
    BrokenPage, CapableScanner, ColorMode, DocumentScanner, Feeder, PageBuilder, PageHead, Pixels,
    Resolutions, ScanEnd, ScanPart, ScanRequest, ScannedPage, ScannerCapabilities, ScannerStatus,
    Source, StreamingScanner,
};
pub use error::DeviceError;
pub use paper::{Block, PaperSlip, PaperWidth, TextSize};
pub use printer::{Cover, Cutter, Paper, Printed, Printer, PrinterStatus};
pub use signing_token::{
    KeyPurpose, LastTry, ModuleFault, ModuleReport, ModuleState, Pin, PinState, SignAlgorithm,
    SignError, SignRequest, SigningIdentity, SigningToken, TokenStatus,
};
