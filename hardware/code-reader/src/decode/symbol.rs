//! From a square of modules to the payload, by our own reader of the QR code standard
//! (ISO/IEC 18004): it takes *how sure* each module is, which a reader of plain bits cannot.
//!
//! A module is a number: above zero dark, below zero light, near zero unknown. The doubtful
//! codewords are given to the error correction as erasures, each of which costs it half of what
//! an error costs.

mod format;
mod layout;
mod reed_solomon;
mod segments;
mod tables;

pub(crate) use layout::{Layout, alignment_centres};

use format::Format;
use tables::Blocks;

/// How many bits of redundancy must speak for a payload before it is believed: random modules
/// pass with a chance of 2⁻³⁶. A frame is tried at most some thousand times (2¹²).
const NEEDED_EVIDENCE: f32 = 36.0;

/// Modules of one symbol, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Modules {
    pub(crate) size: usize,
    /// Above zero dark, below light; a sure module is near ±1.
    pub(crate) dark: Vec<f32>,
}

impl Modules {
    pub(crate) fn get(&self, x: usize, y: usize) -> f32 {
        self.dark.get(y * self.size + x).copied().unwrap_or(0.0)
    }

    /// Rows become columns: what a mirror does to a code.
    fn mirrored(&self) -> Self {
        let size = self.size;
        let dark = (0..size * size).map(|at| self.get(at / size, at % size)).collect();
        Self { size, dark }
    }
}

/// The payload of a symbol, or `None` if it cannot be read beyond doubt.
pub(crate) fn read(modules: &Modules, layout: &Layout) -> Option<Vec<u8>> {
    let mirrored = modules.mirrored();
    let mut formats = format::likely(modules).map(|format| (format, modules)).to_vec();
    formats.extend(format::likely(&mirrored).map(|format| (format, &mirrored)));
    formats.sort_by(|(a, _), (b, _)| b.likeness.total_cmp(&a.likeness));
    formats.iter().take(2).find_map(|(format, modules)| read_as(modules, layout, format))
}

fn read_as(modules: &Modules, layout: &Layout, format: &Format) -> Option<Vec<u8>> {
    let blocks = Blocks::new(layout.version(), format.level)?;
    let codewords = layout.codewords(modules, format.mask);
    let corrected = blocks.correct(&codewords)?;
    let payload = segments::parse(&corrected.data, layout.version())?;
    let evidence = corrected.evidence + payload.evidence;
    (evidence >= NEEDED_EVIDENCE && !payload.bytes.is_empty()).then_some(payload.bytes)
}

/// Eight modules in the order of the symbol, with what is known of their truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Codeword {
    value: u8,
    /// Expected number of wrong bits, roughly.
    doubt: f32,
}

#[cfg(test)]
mod tests;
