//! PNG, JPEG and PGM files as brightness, the only thing a code reader looks at.

use std::io::Cursor;

use png::{ColorType, Transformations};

use crate::decode::Luma;
use crate::{jpeg, pgm};

/// Larger pictures are refused: no camera of a kiosk makes them, and a small file can claim them.
const MAX_PIXELS: usize = 40_000_000;

/// One picture of a camera, brightness only, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One byte a pixel, 0 is black.
    pub luma: Vec<u8>,
}

/// Says nothing of the picture: an ID card may be in it.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} x {})", self.width, self.height)
    }
}

impl Frame {
    /// Decodes a PNG, JPEG or PGM file. Anything cut, broken or too large gives `None`.
    #[must_use]
    pub fn decode(file: &[u8]) -> Option<Self> {
        let frame = match file {
            [0x89, b'P', b'N', b'G', ..] => decode_png(file),
            [0xff, 0xd8, ..] => jpeg::decode_file(file),
            [b'P', b'2' | b'5', ..] => pgm::decode(file),
            _ => None,
        }?;
        let is_whole = frame.width > 0 && frame.luma.len() == frame.width * frame.height;
        is_whole.then_some(frame)
    }

    /// The same picture for [`crate::decode`]; `None` only of one whose fields do not agree.
    #[must_use]
    pub fn luma(&self) -> Option<Luma<'_>> {
        Luma::packed(self.width, self.height, &self.luma)
    }
}

impl From<&Luma<'_>> for Frame {
    fn from(view: &Luma<'_>) -> Self {
        Self {
            width: view.width(),
            height: view.height(),
            luma: view.rows().flatten().copied().collect(),
        }
    }
}

fn decode_png(file: &[u8]) -> Option<Frame> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = size(reader.info().width, reader.info().height)?;
    let mut samples = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut samples).ok()?;
    samples.truncate(info.buffer_size());
    let luma = match info.color_type {
        ColorType::Grayscale => samples,
        ColorType::GrayscaleAlpha => {
            over_white(samples.as_chunks::<2>().0, |[grey, alpha]| (*grey, *alpha))
        }
        ColorType::Rgb => samples.as_chunks::<3>().0.iter().map(brightness).collect(),
        ColorType::Rgba => over_white(samples.as_chunks::<4>().0, |[r, g, b, alpha]| {
            (brightness(&[*r, *g, *b]), *alpha)
        }),
        ColorType::Indexed => return None,
    };
    Some(Frame { width, height, luma })
}

pub(crate) fn size(width: u32, height: u32) -> Option<(usize, usize)> {
    let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    width.checked_mul(height).filter(|pixels| *pixels <= MAX_PIXELS)?;
    Some((width, height))
}

/// Rec. 601 weights in 1/256.
pub(crate) fn brightness([r, g, b]: &[u8; 3]) -> u8 {
    let sum = u32::from(*r) * 77 + u32::from(*g) * 150 + u32::from(*b) * 29;
    u8::try_from(sum / 256).unwrap_or(u8::MAX)
}

/// Transparent parts show the white of a page.
fn over_white<const N: usize>(pixels: &[[u8; N]], split: impl Fn(&[u8; N]) -> (u8, u8)) -> Vec<u8> {
    let blend = |pixel| {
        let (grey, alpha) = split(pixel);
        let (grey, alpha) = (u16::from(grey), u16::from(alpha));
        u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    pixels.iter().map(blend).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(color: ColorType, samples: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(samples).unwrap();
        file
    }

    #[test]
    fn every_colour_of_png_becomes_brightness() {
        let cases: [(ColorType, &[u8], [u8; 2]); 4] = [
            (ColorType::Grayscale, &[0, 200], [0, 200]),
            (ColorType::GrayscaleAlpha, &[0, 255, 0, 0], [0, 255]),
            (ColorType::Rgb, &[255, 255, 255, 255, 0, 0], [255, 76]),
            (ColorType::Rgba, &[0, 0, 0, 255, 9, 9, 9, 0], [0, 255]),
        ];
        for (color, samples, luma) in cases {
            let frame = Frame::decode(&png(color, samples)).unwrap();
            assert_eq!(frame, Frame { width: 2, height: 1, luma: luma.to_vec() }, "{color:?}");
        }
    }

    #[test]
    fn grey_and_colour_jpeg_become_brightness_and_a_cut_one_nothing() {
        use jpeg_encoder::ColorType::{Luma, Rgb};
        for (color, bytes_per_pixel) in [(Luma, 1), (Rgb, 3)] {
            let mut file = Vec::new();
            let samples = vec![120; 64 * 48 * bytes_per_pixel];
            jpeg_encoder::Encoder::new(&mut file, 90).encode(&samples, 64, 48, color).unwrap();
            let frame = Frame::decode(&file).unwrap();
            assert_eq!((frame.width, frame.height), (64, 48));
            assert!(frame.luma.iter().all(|luma| luma.abs_diff(120) < 3));
            for cut in 0..file.len() {
                assert_eq!(Frame::decode(&file[..cut]), None, "cut at {cut}");
            }
        }
    }

    #[test]
    fn broken_files_and_false_sizes_give_nothing() {
        let whole = png(ColorType::Rgb, &[0; 6]);
        let mut claims_much = whole.clone();
        claims_much[16..24].copy_from_slice(&[0x7f; 8]);
        for file in [&[][..], b"GIF89a", &claims_much] {
            assert_eq!(Frame::decode(file), None);
        }
        for cut in 0..whole.len() - 16 {
            assert_eq!(Frame::decode(&whole[..cut]), None, "cut at {cut}");
        }
    }
}
