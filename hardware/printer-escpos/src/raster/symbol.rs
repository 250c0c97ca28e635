//! QR codes in whole dots.

use qrcode::{Color, EcLevel, QrCode};

use super::Paper;
use super::bitmap::Bitmap;

/// White modules around a code, as ISO/IEC 18004 asks.
const QUIET: u32 = 4;
/// Codes are made about this large where modules allow, in tenths of a millimetre.
const WISHED_SIZE: u32 = 320;
/// Modules below this are not read by weak cameras, in tenths of a millimetre.
const SMALLEST_MODULE: u32 = 4;

/// A code ready to be drawn.
pub(crate) struct Symbol {
    code: QrCode,
    modules: u32,
    module_dots: u32,
}

impl Symbol {
    /// Makes the code; `None` when so much text does not fit into one of this paper's width.
    pub(crate) fn of(text: &str, paper: Paper) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let modules = u32::try_from(code.width()).ok()? + 2 * QUIET;
        let wished = paper.tenths_mm(WISHED_SIZE) / modules;
        // Even, so that the code can be sent at half its size.
        let wished = (wished & !1).max(paper.tenths_mm(SMALLEST_MODULE));
        let module_dots = wished.min(paper.dots / modules);
        (module_dots >= 2).then_some(Self { code, modules, module_dots })
    }

    /// Width and height with the quiet zone, in dots.
    pub(crate) fn dots(&self) -> u32 {
        self.modules * self.module_dots
    }

    /// Draws the code with its quiet zone's corner at this dot.
    pub(crate) fn draw(&self, left: u32, top: u32, onto: &mut Bitmap) {
        let side = self.module_dots;
        let colors = self.code.to_colors();
        for (row, y) in colors.chunks(self.code.width()).zip(QUIET..) {
            for (_, x) in row.iter().zip(QUIET..).filter(|(color, _)| **color == Color::Dark) {
                onto.fill(left + x * side, top + y * side, side, side);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Paper = Paper { dots: 576, dpi: 203 };
    const NARROW: Paper = Paper { dots: 384, dpi: 203 };

    #[test]
    fn modules_are_whole_dots_and_the_code_fits_the_paper() {
        for length in [1, 20, 60, 120, 300] {
            for paper in [WIDE, NARROW] {
                let symbol = Symbol::of(&"M".repeat(length), paper).unwrap();
                assert!(symbol.dots() <= paper.dots && symbol.module_dots >= 3, "{length}");
            }
        }
    }

    #[test]
    fn more_than_a_code_can_hold_is_refused() {
        assert!(Symbol::of(&"x".repeat(3000), WIDE).is_none());
    }
}
