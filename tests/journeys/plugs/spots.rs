//! The screens of a visit at which plugs are pulled.

pub mod dossier;
pub mod signing;
pub mod start;

use super::plug::Plug;

const NO_PRINTER: &str =
    "The printer is not working. Please note down or photograph what the screen shows.";
const NO_CARD_READER: &str = "The card reader is not working. Please go on without the chip.";
const NO_SCANNER: &str =
    "The scanner does not answer. Please call an officer, or hand in your papers at a counter.";

/// Nothing on this page needs what was pulled.
fn nothing(_: Plug) -> Option<&'static str> {
    None
}

/// What the page says of a printer that is gone.
fn printer(plug: Plug) -> Option<&'static str> {
    (plug == Plug::Printer).then_some(NO_PRINTER)
}

fn card_reader(plug: Plug) -> Option<&'static str> {
    (plug == Plug::CardReader).then_some(NO_CARD_READER)
}

fn scanner(plug: Plug) -> Option<&'static str> {
    (plug == Plug::Scanner).then_some(NO_SCANNER)
}
