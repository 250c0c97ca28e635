//! Samples as scanners send them (1, 8 or 16 bits, lines padded, colours apart) to 8-bit rows,
//! piece by piece. Pure.

use hardware_api::ColorMode;

/// The shape of the frame that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    pub format: Format,
    pub last_frame: bool,
    pub bytes_per_line: usize,
    pub pixels_per_line: usize,
    /// `None` for hand-held and endless scanners.
    pub lines: Option<usize>,
    pub depth: i32,
}

/// What a frame holds: a whole page, or one of its three colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Grey,
    Rgb,
    Red,
    Green,
    Blue,
}

impl Format {
    pub(crate) fn is_one_of_three(self) -> bool {
        match self {
            Self::Grey | Self::Rgb => false,
            Self::Red | Self::Green | Self::Blue => true,
        }
    }

    pub(crate) fn color(self) -> ColorMode {
        if self == Self::Grey { ColorMode::Grey } else { ColorMode::Color }
    }
}

/// How a line's bytes become samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// One bit, pixel by pixel. In a black-and-white page 1 is black.
    Bits,
    /// One bit; eight pixels are a byte of red, one of green, one of blue. 1 is bright.
    ColorBits,
    Eight,
    Sixteen,
}

/// Turns the bytes of a frame into samples of 8 bits without padding.
pub(crate) struct Samples {
    depth: Depth,
    /// Bytes of a line, and how many of them are no padding.
    line: usize,
    used: usize,
    /// Samples of a line.
    row: usize,
    /// The beginning of a line whose rest has not come.
    begun: Vec<u8>,
    out: Vec<u8>,
}

impl Samples {
    /// `None` for a depth that the standard does not have, or lines shorter than their pixels.
    pub(crate) fn new(parameters: &Parameters) -> Option<Self> {
        let Parameters { format, pixels_per_line: pixels, bytes_per_line: line, .. } = *parameters;
        let channels = if format == Format::Rgb { 3 } else { 1 };
        let row = pixels.checked_mul(channels)?;
        let (depth, used) = match (parameters.depth, format) {
            (1, Format::Rgb) => (Depth::ColorBits, pixels.div_ceil(8).checked_mul(3)?),
            (1, _) => (Depth::Bits, pixels.div_ceil(8)),
            (8, _) => (Depth::Eight, row),
            (16, _) => (Depth::Sixteen, row.checked_mul(2)?),
            _ => return None,
        };
        let possible = used > 0 && line >= used;
        possible.then(|| Self { depth, line, used, row, begun: Vec::new(), out: Vec::new() })
    }

    /// Samples of the next bytes. What is left of a line waits for its rest.
    pub(crate) fn take<'a>(&'a mut self, bytes: &'a [u8]) -> &'a [u8] {
        if self.depth == Depth::Eight && self.line == self.used {
            return bytes;
        }
        self.out.clear();
        let mut rest = bytes;
        if !self.begun.is_empty() {
            let missing = self.line.saturating_sub(self.begun.len()).min(rest.len());
            let (head, tail) = rest.split_at(missing);
            self.begun.extend_from_slice(head);
            rest = tail;
            if self.begun.len() == self.line {
                let line = std::mem::take(&mut self.begun);
                self.convert(&line);
            }
        }
        let lines = rest.chunks_exact(self.line);
        self.begun.extend_from_slice(lines.remainder());
        for line in lines {
            self.convert(line);
        }
        &self.out
    }

    fn convert(&mut self, line: &[u8]) {
        let line = line.get(..self.used).unwrap_or_default();
        match self.depth {
            Depth::Eight => self.out.extend_from_slice(line),
            Depth::Sixteen => self.out.extend(line.as_chunks().0.iter().map(|pair| high(*pair))),
            Depth::Bits => self.out.extend(bits(line).map(|bit| !bit).take(self.row)),
            Depth::ColorBits => self.out.extend(color_bits(line).take(self.row)),
        }
    }
}

/// Three frames of one colour each, as one.
pub(crate) fn interleave(red: &[u8], green: &[u8], blue: &[u8]) -> Option<Vec<u8>> {
    let same_size = red.len() == green.len() && green.len() == blue.len();
    same_size
        .then(|| red.iter().zip(green).zip(blue).flat_map(|((r, g), b)| [*r, *g, *b]).collect())
}

/// Samples of 16 bits come in the machine's own order.
fn high(pair: [u8; 2]) -> u8 {
    let [high, _] = u16::from_ne_bytes(pair).to_be_bytes();
    high
}

/// Bits as 0 or 255, the highest first.
fn bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| {
        [128, 64, 32, 16, 8, 4, 2, 1].map(|mask| if byte & mask == 0 { 0 } else { u8::MAX })
    })
}

fn color_bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
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

    fn shape(format: Format, depth: i32, pixels: usize, line: usize) -> Parameters {
        Parameters {
            format,
            last_frame: true,
            bytes_per_line: line,
            pixels_per_line: pixels,
            lines: None,
            depth,
        }
    }

    /// Samples of a frame whose bytes come in pieces of this size.
    fn samples(shape: &Parameters, bytes: &[u8], piece: usize) -> Option<Vec<u8>> {
        let mut samples = Samples::new(shape)?;
        let mut out = Vec::new();
        for piece in bytes.chunks(piece) {
            out.extend_from_slice(samples.take(piece));
        }
        Some(out)
    }

    #[test]
    fn each_depth_becomes_eight_bits_without_padding() {
        let [low, high] = 0x80ff_u16.to_ne_bytes();
        let cases: [(Parameters, &[u8], &[u8]); 6] = [
            (shape(Format::Grey, 8, 2, 2), &[1, 2, 3, 4], &[1, 2, 3, 4]),
            (shape(Format::Grey, 8, 2, 3), &[1, 2, 99, 3, 4, 99], &[1, 2, 3, 4]),
            (shape(Format::Grey, 16, 1, 3), &[low, high, 99], &[0x80]),
            (shape(Format::Grey, 1, 3, 1), &[0b1010_0000], &[0, 255, 0]),
            (shape(Format::Rgb, 8, 1, 4), &[1, 2, 3, 99], &[1, 2, 3]),
            (
                shape(Format::Rgb, 1, 2, 3),
                &[0b1000_0000, 0b0100_0000, 0b1100_0000],
                &[255, 0, 255, 0, 255, 255],
            ),
        ];
        for (shape, bytes, expected) in cases {
            for piece in 1..=bytes.len() {
                assert_eq!(samples(&shape, bytes, piece).as_deref(), Some(expected), "{shape:?}");
            }
        }
    }

    #[test]
    fn three_colours_become_one_page_when_they_are_as_long() {
        assert_eq!(interleave(&[1, 2], &[3, 4], &[5, 6]), Some(vec![1, 3, 5, 2, 4, 6]));
        assert_eq!(interleave(&[1, 2], &[3, 4], &[5]), None);
    }

    #[test]
    fn shapes_that_contradict_themselves_are_no_page() {
        for shape in [
            shape(Format::Grey, 8, 3, 2),
            shape(Format::Grey, 12, 1, 2),
            shape(Format::Grey, 8, 0, 2),
            shape(Format::Grey, 8, 1, 0),
            shape(Format::Rgb, 16, usize::MAX / 4, usize::MAX),
        ] {
            assert!(Samples::new(&shape).is_none(), "{shape:?}");
        }
    }

    proptest! {
        #[test]
        fn any_shape_is_taken_or_refused_and_pieces_do_not_matter(
            rgb: bool,
            depth in prop_oneof![Just(1), Just(8), Just(16), any::<i32>()],
            pixels in 0usize..40,
            line in 0usize..90,
            lines in 0usize..5,
            piece in 1usize..200,
        ) {
            let format = if rgb { Format::Rgb } else { Format::Grey };
            let shape = shape(format, depth, pixels, line);
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(line * lines).collect();
            let row = if rgb { pixels * 3 } else { pixels };
            if let Some(in_pieces) = samples(&shape, &bytes, piece) {
                prop_assert_eq!(in_pieces.len(), row * lines);
                let at_once = samples(&shape, &bytes, bytes.len().max(1));
                prop_assert_eq!(Some(in_pieces), at_once);
            }
        }
    }
}
