//! One scanned side: is it usable, the JPEG that goes into the document, the preview on screen.
//!
//! Pixels come in as the scanner gave them; the caller converts from its device types, because
//! this crate knows no devices.

mod measure;

use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};

use measure::Measured;

/// Quality of the archived JPEG: 0.5 to 0.8 MB for a colour A4 page at 300 dpi, and text
/// recognition reads it without an error.
const JPEG_QUALITY: u8 = 75;

/// One scanned side, uncompressed.
#[derive(Debug, Clone, Copy)]
pub struct RawPage<'a> {
    width_px: u16,
    height_px: u16,
    dpi: u16,
    pixels: Pixels<'a>,
}

/// Samples row by row from the top left, no padding.
#[derive(Clone, Copy)]
pub enum Pixels<'a> {
    /// Three bytes a pixel.
    Rgb(&'a [u8]),
    /// One byte a pixel, 0 is black.
    Grey(&'a [u8]),
}

impl std::fmt::Debug for Pixels<'_> {
    /// What is on a page is personal: only kind and size are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rgb(samples) => write!(f, "Rgb({} bytes)", samples.len()),
            Self::Grey(samples) => write!(f, "Grey({} bytes)", samples.len()),
        }
    }
}

/// Whether a page can be handed in as it is. Anything but `Good` is a question to the citizen,
/// never a refusal: only a person sees what was meant to be on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageCheck {
    /// Nothing against it.
    Good,
    /// No ink on it: perhaps it lay the wrong way up.
    Blank,
    /// Even the paper is dark: the lid was open, or nothing lay on the glass.
    TooDark,
    /// All edges are soft: the page moved or did not lie flat.
    Blurred,
}

/// A reduced copy for the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// Pixels per line.
    pub width_px: u16,
    /// Lines.
    pub height_px: u16,
    /// Three bytes a pixel, row by row.
    pub rgb: Vec<u8>,
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Preview({}×{})", self.width_px, self.height_px)
    }
}

/// Why a page was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// Zero pixels, zero dpi, or a side beyond the 65,535 pixels a JPEG can have. Caller: report
    /// the scanner.
    #[error("a page of {width_px}×{height_px} pixels at {dpi} dpi cannot be encoded")]
    BadSize {
        /// Pixels per line.
        width_px: u32,
        /// Lines.
        height_px: u32,
        /// Dots per inch.
        dpi: u16,
    },
    /// The samples do not fill the page exactly. Caller: report the scanner.
    #[error("the page needs {expected} bytes of samples but came with {got}")]
    BadLength {
        /// Bytes that the size asks for.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
    /// The encoder refused what was checked before. Caller: scan again.
    #[error("the page could not be encoded")]
    Encoder,
}

impl<'a> RawPage<'a> {
    /// Takes a page whose samples match its size.
    pub fn new(
        width_px: u32,
        height_px: u32,
        dpi: u16,
        pixels: Pixels<'a>,
    ) -> Result<Self, PageError> {
        let bad_size = PageError::BadSize { width_px, height_px, dpi };
        let side = |px: u32| u16::try_from(px).ok().filter(|&px| px > 0);
        let (Some(width), Some(height), 1..) = (side(width_px), side(height_px), dpi) else {
            return Err(bad_size);
        };
        let (per_pixel, got) = match pixels {
            Pixels::Rgb(samples) => (3, samples.len()),
            Pixels::Grey(samples) => (1, samples.len()),
        };
        let expected = usize::from(width)
            .checked_mul(usize::from(height))
            .and_then(|area| area.checked_mul(per_pixel))
            .ok_or(bad_size)?;
        if got != expected {
            return Err(PageError::BadLength { expected, got });
        }
        Ok(Self { width_px: width, height_px: height, dpi, pixels })
    }

    /// Looks for scans that would come back from the officer.
    pub fn check(&self) -> PageCheck {
        let Measured { paper_level, ink_share, edge_acutance } = measure::measure(self);
        // A sheet of dark cardboard still reads above 90; an open lid reads below 60.
        if paper_level < 75 {
            return PageCheck::TooDark;
        }
        // 0.02 % of A4 is 12 mm², less than a signature alone on its page. Blank paper measures 0.
        if ink_share < 0.0002 {
            return PageCheck::Blank;
        }
        let is_blurred = match edge_acutance {
            // Text of 9 and 12 points at 200 and 300 dpi with grain: 0.30 to 0.51 as scanners
            // blur it (sigma of 1.2 to 0.7 pixels), below 0.225 from 3 pixels on.
            Some(acutance) => acutance < 0.235,
            // Much ink and not one clear edge.
            None => ink_share > 0.01,
        };
        if is_blurred {
            return PageCheck::Blurred;
        }
        PageCheck::Good
    }

    /// The JPEG to archive: 4:2:0 for colour, with the dpi in its header.
    pub fn encode(&self) -> Result<Vec<u8>, PageError> {
        let (samples, color) = match self.pixels {
            Pixels::Rgb(samples) => (samples, ColorType::Rgb),
            Pixels::Grey(samples) => (samples, ColorType::Luma),
        };
        encode_jpeg(samples, self.width_px, self.height_px, self.dpi, color)
            .ok_or(PageError::Encoder)
    }

    /// A copy whose longer side has at most `max_side_px` pixels, each the mean of those it
    /// stands for. A page that is small enough keeps its size.
    pub fn preview(&self, max_side_px: u16) -> Preview {
        measure::preview(self, max_side_px)
    }
}

/// Kept out of line: the encoder is generic and large, and must be compiled once.
#[inline(never)]
fn encode_jpeg(
    samples: &[u8],
    width_px: u16,
    height_px: u16,
    dpi: u16,
    color: ColorType,
) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_density(PixelDensity::dpi(dpi));
    encoder.encode(samples, width_px, height_px, color).ok()?;
    Some(jpeg)
}

#[cfg(test)]
mod tests;
