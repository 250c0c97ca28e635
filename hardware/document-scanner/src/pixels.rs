//! Samples as scanners send them (1, 8 or 16 bits, lines padded, colours apart) to 8-bit rows.
//! Pure.

use hardware_api::Pixels;

use crate::ffi::{Format, Parameters};

/// One frame: a whole page, or one of its three colours.
pub(crate) struct Frame {
    pub parameters: Parameters,
    pub bytes: Vec<u8>,
}

impl Frame {
    /// Whole lines of it that arrived.
    pub(crate) fn lines(&self) -> usize {
        self.bytes.len().checked_div(self.parameters.bytes_per_line).unwrap_or(0)
    }

    /// Samples of the frame, row by row without padding, 8 bits each. `None` for a depth that the
    /// standard does not have, or lines shorter than their pixels.
    fn samples(&self) -> Option<Vec<u8>> {
        let Parameters { format, pixels_per_line: pixels, bytes_per_line, depth, .. } =
            self.parameters;
        let channels = if format == Format::Rgb { 3 } else { 1 };
        let samples = pixels.checked_mul(channels)?;
        let needed = match depth {
            1 => pixels.div_ceil(8).checked_mul(channels)?,
            8 => samples,
            16 => samples.checked_mul(2)?,
            _ => return None,
        };
        if needed == 0 || bytes_per_line < needed {
            return None;
        }
        let mut out = Vec::with_capacity(samples.checked_mul(self.lines())?);
        for line in self.bytes.chunks_exact(bytes_per_line) {
            let line = line.get(..needed)?;
            match depth {
                8 => out.extend_from_slice(line),
                16 => out.extend(line.as_chunks().0.iter().map(|pair| high_byte(*pair))),
                _ if channels == 1 => out.extend(bits(line).map(|bit| !bit).take(pixels)),
                _ => out.extend(interleaved_bits(line).take(samples)),
            }
        }
        Some(out)
    }
}

/// Puts the frames of a page together: one, or red, green and blue.
pub(crate) fn assemble(frames: &[Frame]) -> Option<(usize, usize, Pixels)> {
    let first = frames.first()?;
    let (width, height) = (first.parameters.pixels_per_line, first.lines());
    let pixels = match frames {
        [one] if one.parameters.format == Format::Rgb => Pixels::Rgb(one.samples()?),
        [one] => Pixels::Grey(one.samples()?),
        _ => Pixels::Rgb(interleave(frames)?),
    };
    (height > 0).then_some((width, height, pixels))
}

fn interleave(frames: &[Frame]) -> Option<Vec<u8>> {
    let channel = |format: Format| {
        frames.iter().find(|frame| frame.parameters.format == format).and_then(Frame::samples)
    };
    let (red, green, blue) =
        (channel(Format::Red)?, channel(Format::Green)?, channel(Format::Blue)?);
    let same_size = red.len() == green.len() && green.len() == blue.len();
    same_size
        .then(|| red.iter().zip(&green).zip(&blue).flat_map(|((r, g), b)| [*r, *g, *b]).collect())
}

/// Samples of 16 bits come in the machine's own order.
fn high_byte(pair: [u8; 2]) -> u8 {
    let [high, _] = u16::from_ne_bytes(pair).to_be_bytes();
    high
}

/// Bits as 0 or 255, the highest first. In a black-and-white page 1 is black.
fn bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| {
        [128, 64, 32, 16, 8, 4, 2, 1].map(|mask| if byte & mask == 0 { 0 } else { u8::MAX })
    })
}

/// In colour, eight pixels are a byte of red, one of green, one of blue; 1 is bright.
fn interleaved_bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.as_chunks().0.iter().flat_map(|[red, green, blue]: &[u8; 3]| {
        let (red, green, blue) = ([*red], [*green], [*blue]);
        let pixels: Vec<u8> = bits(&red)
            .zip(bits(&green))
            .zip(bits(&blue))
            .flat_map(|((r, g), b)| [r, g, b])
            .collect();
        pixels
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(
        format: Format,
        depth: i32,
        pixels: usize,
        bytes_per_line: usize,
        bytes: &[u8],
    ) -> Frame {
        let parameters = Parameters {
            format,
            last_frame: true,
            bytes_per_line,
            pixels_per_line: pixels,
            lines: None,
            depth,
        };
        Frame { parameters, bytes: bytes.to_vec() }
    }

    #[test]
    fn each_depth_becomes_eight_bits_without_padding() {
        let [low, high] = 0x80ff_u16.to_ne_bytes();
        let cases: [(Frame, Pixels); 5] = [
            (frame(Format::Grey, 8, 2, 3, &[1, 2, 99, 3, 4, 99]), Pixels::Grey(vec![1, 2, 3, 4])),
            (frame(Format::Grey, 16, 1, 3, &[low, high, 99]), Pixels::Grey(vec![0x80])),
            (frame(Format::Grey, 1, 3, 1, &[0b1010_0000]), Pixels::Grey(vec![0, 255, 0])),
            (frame(Format::Rgb, 8, 1, 4, &[1, 2, 3, 99]), Pixels::Rgb(vec![1, 2, 3])),
            (
                frame(Format::Rgb, 1, 2, 3, &[0b1000_0000, 0b0100_0000, 0b1100_0000]),
                Pixels::Rgb(vec![255, 0, 255, 0, 255, 255]),
            ),
        ];
        for (frame, pixels) in cases {
            let size = (frame.parameters.pixels_per_line, frame.lines());
            assert_eq!(assemble(&[frame]), Some((size.0, size.1, pixels)));
        }
    }

    #[test]
    fn three_passes_become_one_page_in_any_order() {
        let pass = |format, byte| frame(format, 8, 2, 2, &[byte, byte + 1]);
        let frames = [pass(Format::Green, 20), pass(Format::Blue, 30), pass(Format::Red, 10)];
        let pixels = Pixels::Rgb(vec![10, 20, 30, 11, 21, 31]);
        assert_eq!(assemble(&frames), Some((2, 1, pixels)));
        assert_eq!(assemble(&frames[..2]), None);
    }

    #[test]
    fn shapes_that_contradict_themselves_are_no_page() {
        for frame in [
            frame(Format::Grey, 8, 3, 2, &[1, 2]),
            frame(Format::Grey, 12, 1, 2, &[1, 2]),
            frame(Format::Grey, 8, 0, 2, &[1, 2]),
            frame(Format::Grey, 8, 1, 0, &[1, 2]),
            frame(Format::Grey, 8, 2, 2, &[]),
        ] {
            assert_eq!(assemble(&[frame]), None);
        }
    }

    proptest! {
        #[test]
        fn any_shape_is_taken_or_refused_without_a_panic(
            rgb: bool,
            depth in prop_oneof![Just(1), Just(8), Just(16), any::<i32>()],
            pixels in 0usize..40,
            bytes_per_line in 0usize..90,
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            let format = if rgb { Format::Rgb } else { Format::Grey };
            if let Some((width, height, pixels)) =
                assemble(&[frame(format, depth, pixels, bytes_per_line, &bytes)])
            {
                match pixels {
                    Pixels::Rgb(samples) => prop_assert_eq!(samples.len(), width * height * 3),
                    Pixels::Grey(samples) => prop_assert_eq!(samples.len(), width * height),
                }
            }
        }
    }
}
