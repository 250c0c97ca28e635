//! Typed configuration of the kiosk, in layers: built-in, then the machine's file.
//!
//! Every key has a place in the built-in layer (`config/default.toml`) or in the types below;
//! an unknown key is refused, since a misspelt one would silently change nothing. A signed
//! layer from the province can be put on top later; the merge does not care how many there are.

mod address;
mod kiosk;
mod layers;

pub use address::{CodePort, NotAnAddress, PrinterPort, UsbPick};
pub use kiosk::{
    Card, Center, Codes, ColorSetting, ExtendedLength, Kiosk, KioskSettings, Log, LogForm,
    PaperSetting, Papers, Printer, Province, Scanner, Screen, SourceSetting, Storage, Timing,
    Token,
};
pub use layers::{Explained, Layer, SettingsError, explain, load};

/// The built-in layer.
pub const DEFAULT: &str = include_str!("../../../config/default.toml");
