//! Pictures as PNG files: screens, printed paper, codes to hold before the camera.

use std::{fs::File, io::BufWriter, path::Path};

use png::{BitDepth, ColorType, Encoder, EncodingError};
use qrcode::{EcLevel, QrCode};
use simulator::Ticket;

use crate::LabError;

/// Pixels per module of a code held before the camera.
const MODULE: usize = 6;
/// White modules around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// Writes a screen: four bytes a pixel.
pub fn save_rgba(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), LabError> {
    save(path, width, height, ColorType::Rgba, rgba)
}

/// Writes a strip of paper as the printer made it.
pub fn save_paper(path: &Path, paper: &Ticket) -> Result<(), LabError> {
    let (width, height, grey) = paper_pixels(paper);
    save(path, width, height, ColorType::Grayscale, &grey)
}

/// A strip of paper as a PNG.
#[must_use]
pub fn paper_picture(paper: &Ticket) -> Option<Vec<u8>> {
    let (width, height, grey) = paper_pixels(paper);
    let mut png = vec![];
    encode(&mut png, width, height, ColorType::Grayscale, &grey).ok()?;
    Some(png)
}

/// One byte a dot.
fn paper_pixels(paper: &Ticket) -> (u32, u32, Vec<u8>) {
    let bytes_per_row = paper.width().div_ceil(8);
    let bits = paper.bits();
    let rows = bits.chunks(bytes_per_row.max(1));
    let grey = rows
        .flat_map(|row| {
            (0..paper.width()).map(|x| {
                let byte = row.get(x / 8).copied().unwrap_or(0);
                if byte & (0x80 >> (x % 8)) == 0 { 255 } else { 0 }
            })
        })
        .collect();
    let side = |side: usize| u32::try_from(side).unwrap_or(0);
    (side(paper.width()), side(paper.height()), grey)
}

fn save(
    path: &Path,
    width: u32,
    height: u32,
    color: ColorType,
    data: &[u8],
) -> Result<(), LabError> {
    let wrap = |source| LabError::Picture { path: path.to_owned(), source };
    let file = File::create(path).map_err(|error| wrap(error.into()))?;
    encode(BufWriter::new(file), width, height, color, data).map_err(wrap)
}

fn encode(
    out: impl std::io::Write,
    width: u32,
    height: u32,
    color: ColorType,
    data: &[u8],
) -> Result<(), EncodingError> {
    let mut encoder = Encoder::new(out, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()
}

/// A QR code of `text` as a PNG. `None` when the text is too long for any code.
#[must_use]
pub fn code_picture(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * MODULE;
    let dark = code.to_colors();
    let mut grey = vec![255_u8; side * side];
    for (at, pixel) in grey.iter_mut().enumerate() {
        let (x, y) = (at % side / MODULE, at / side / MODULE);
        let inside = (QUIET..QUIET + modules).contains(&x) && (QUIET..QUIET + modules).contains(&y);
        let module = inside.then(|| dark.get((y - QUIET) * modules + (x - QUIET))).flatten();
        if module.is_some_and(|color| *color == qrcode::Color::Dark) {
            *pixel = 0;
        }
    }
    let side = u32::try_from(side).ok()?;
    let mut png = vec![];
    encode(&mut png, side, side, ColorType::Grayscale, &grey).ok()?;
    Some(png)
}
