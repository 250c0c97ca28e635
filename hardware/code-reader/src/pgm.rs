//! PGM files (netpbm), binary and plain, as brightness.

use crate::picture::{Frame, size};

/// The first picture of a file; more may follow it, as in a stream of frames.
pub(crate) fn decode(file: &[u8]) -> Option<Frame> {
    let is_plain = file.starts_with(b"P2");
    let mut text = Text(file.get(2..)?);
    let (width, height, white) = (text.number()?, text.number()?, text.number()?);
    let (width, height) = size(width, height)?;
    if width == 0 || height == 0 || white == 0 || white > u32::from(u16::MAX) {
        return None;
    }
    let pixels = width * height;
    let shade = |value: u32| shade(value, white);
    let luma: Option<Vec<u8>> = if is_plain {
        (0..pixels).map(|_| shade(text.number()?)).collect()
    } else if white <= u32::from(u8::MAX) {
        text.0.get(..pixels)?.iter().map(|sample| shade(u32::from(*sample))).collect()
    } else {
        let (samples, _) = text.0.get(..pixels * 2)?.as_chunks::<2>();
        samples.iter().map(|sample| shade(u32::from(u16::from_be_bytes(*sample)))).collect()
    };
    Some(Frame { width, height, luma: luma? })
}

/// A sample where `white` is the brightest, as a byte; a brighter one is no sample.
fn shade(value: u32, white: u32) -> Option<u8> {
    u8::try_from((value * 255 + white / 2) / white).ok().filter(|_| value <= white)
}

/// Numbers with space between them. A comment goes from `#` to the end of its line and may stand
/// wherever a space may, even right behind a digit.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    /// The next number, with the one space behind it: after the last one binary samples begin.
    fn number(&mut self) -> Option<u32> {
        let mut byte = self.byte()?;
        while byte.is_ascii_whitespace() {
            byte = self.byte()?;
        }
        let mut number = 0_u32;
        loop {
            let digit = char::from(byte).to_digit(10)?;
            // Nothing in such a file is larger, and so nothing overflows later.
            number = (number * 10 + digit).min(0x00FF_FFFF);
            match self.byte() {
                Some(next) if !next.is_ascii_whitespace() => byte = next,
                _ => return Some(number),
            }
        }
    }

    /// The next byte; a comment counts as the end of its line.
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        if *first != b'#' {
            return Some(*first);
        }
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
        self.0 = rest.get(end + 1..)?;
        Some(b'\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luma(file: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
        Frame::decode(file).map(|frame| (frame.width, frame.height, frame.luma))
    }

    #[test]
    fn binary_and_plain_files_become_brightness() {
        let deep = [b"P5 3 1 65535\n".as_slice(), &[0, 0, 0x80, 0, 0xFF, 0xFF]].concat();
        for (file, expected) in [
            (b"P5\n3 1\n255\n\x00\x80\xFF".as_slice(), [0, 128, 255]),
            (b"P5 3 1 100 \x00\x32\x64", [0, 128, 255]),
            (&deep, [0, 128, 255]),
            (b"P2\n3 1\n15\n0 8\n15\n", [0, 136, 255]),
            (b"P2 3 1 255 0 128 255", [0, 128, 255]),
            (b"P2 3 1 1000 0\t500\r\n1000", [0, 128, 255]),
        ] {
            assert_eq!(luma(file), Some((3, 1, expected.to_vec())), "{file:?}");
        }
        // The first of several pictures is taken.
        assert_eq!(luma(b"P5 1 2 255\n\x01\x02P5 1 1 255\n\x03"), Some((1, 2, vec![1, 2])));
        // A sample of a binary file may look like a space or a comment.
        assert_eq!(luma(b"P5 3 1 255\n\x20#\x0A"), Some((3, 1, vec![0x20, b'#', 0x0A])));
    }

    #[test]
    fn comments_may_stand_between_and_behind_the_numbers() {
        for file in [
            b"P5\n# made by hand\n2 # wide\n1\n# grey\n255\n\x07\x09".as_slice(),
            b"P5# a\n#b\r2#c\n1 255#d\n\x07\x09",
            b"P2 # a\n2 1 # b\n255 #c\n 7# d\n9# e",
        ] {
            assert_eq!(luma(file), Some((2, 1, vec![7, 9])), "{file:?}");
        }
    }

    #[test]
    fn broken_files_give_nothing() {
        for file in [
            b"P5".as_slice(),
            b"P5 2 1",
            b"P5 2 1 255",
            b"P5 2 1 255\n\x01",
            b"P5 2 1 256\n\x00\x01\x00",
            b"P5 2 1 100\n\x01\xFF",
            b"P5 0 1 255\n\x01",
            b"P5 1 0 255\n\x01",
            b"P5 2 1 0\n\x00\x00",
            b"P5 2 1 65536\n\x00\x00\x00\x00",
            b"P5 -2 1 255\n\x00\x00",
            b"P5 99999999999999999999 1 255\n\x00",
            b"P5 16000000 16000000 255\n\x00",
            b"P5 2 1 # and no end",
            b"P2 2 1 255 7",
            b"P2 2 1 255 7 x",
            b"P2 2 1 255 7 256",
            b"P6 1 1 255\n\x00\x00\x00",
            b"P4 8 1\n\x00",
        ] {
            assert_eq!(luma(file), None, "{}", String::from_utf8_lossy(file));
        }
    }
}
