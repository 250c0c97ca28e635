//! The device traits over a pipe: what the kiosk holds in place of a driver.

mod card;
mod code;
mod printer;
mod scanner;
mod token;

pub use card::CardProxy;
pub use code::CodeProxy;
pub use printer::PrinterProxy;
pub use scanner::{ScanCanceller, ScannerProxy};
pub use token::TokenProxy;
