//! Slips as pictures: what stands on paper is decided here, dot by dot.
//!
//! Code pages of thermal printers cannot be trusted with Vietnamese, so every letter is drawn
//! from the typeface the program carries.

mod bars;
mod bitmap;
mod face;
mod kerning;
mod layout;
mod symbol;
mod text;

use hardware_api::{PaperSlip, PaperWidth};

pub use bitmap::Bitmap;

/// The printable strip of a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paper {
    /// Dots across.
    pub dots: u32,
    /// Dots per inch, both ways.
    pub dpi: u32,
}

impl Paper {
    /// Tenths of a millimetre in dots, rounded.
    pub(crate) fn tenths_mm(self, tenths: u32) -> u32 {
        (tenths * self.dpi + 127) / 254
    }
}

/// Draws a slip for the usual 203 dpi head of this width.
#[must_use]
pub fn render(slip: &PaperSlip, width: PaperWidth) -> Bitmap {
    let dots = match width {
        PaperWidth::Mm58 => 384,
        PaperWidth::Mm80 => 576,
    };
    render_on(slip, Paper { dots, dpi: 203 })
}

/// Draws a slip for the given paper.
pub(crate) fn render_on(slip: &PaperSlip, paper: Paper) -> Bitmap {
    let mut bitmap = layout::lay_out(slip, paper);
    bitmap.disarm();
    bitmap
}
