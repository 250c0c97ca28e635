//! What the header of a JPEG tells, without decoding it.

/// Size and colour, read from the frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width_px: u16,
    pub(super) height_px: u16,
    pub(super) color: Color,
}

/// Components of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Grey,
    Rgb,
}

impl Header {
    /// `None` when it is no JPEG, or one of a kind PDF/A readers need not know: arithmetic
    /// coding, lossless, 12 bits, CMYK.
    pub(super) fn read(jpeg: &[u8]) -> Option<Self> {
        let mut rest = jpeg.strip_prefix(b"\xFF\xD8")?;
        loop {
            let (marker, body) = next_marker(rest)?;
            if is_standalone(marker) {
                rest = body;
                continue;
            }
            let (length, _) = body.split_first_chunk::<2>()?;
            let (segment, after) = body.split_at_checked(u16::from_be_bytes(*length).into())?;
            match marker {
                // Baseline, extended sequential and progressive, Huffman coded (T.81 table B.1).
                0xC0..=0xC2 => return Self::from_frame(segment.get(2..)?),
                // Other frames; a scan or the end before any frame.
                0xC3 | 0xC5..=0xCB | 0xCD..=0xCF | 0xDA | 0xD9 => return None,
                _ => rest = after,
            }
        }
    }

    fn from_frame(frame: &[u8]) -> Option<Self> {
        let [8, h1, h0, w1, w0, components, ..] = *frame else {
            return None;
        };
        let (width_px, height_px) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
        let color = match components {
            1 => Color::Grey,
            3 => Color::Rgb,
            _ => return None,
        };
        // A height of 0 means "told later by DNL", which readers of PDF do not follow.
        (width_px > 0 && height_px > 0).then_some(Self { width_px, height_px, color })
    }
}

/// The next marker and what follows it; fill bytes are skipped.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    if first != 0xFF {
        return None;
    }
    loop {
        let (&marker, after) = rest.split_first()?;
        if marker != 0xFF {
            return Some((marker, after));
        }
        rest = after;
    }
}

/// Markers without a length: TEM and the restarts.
fn is_standalone(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xD0..=0xD7)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame header of `kind` behind an application segment.
    fn with_frame(kind: u8, bits: u8, components: u8) -> Vec<u8> {
        let mut jpeg = b"\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xFF".to_vec();
        jpeg.extend([kind, 0, 8, bits, 0x0D, 0xB4, 0x09, 0xB0, components]);
        jpeg
    }

    #[test]
    fn the_frame_header_gives_size_and_color() {
        for (kind, components, color) in
            [(0xC0, 3, Color::Rgb), (0xC1, 3, Color::Rgb), (0xC2, 1, Color::Grey)]
        {
            assert_eq!(
                Header::read(&with_frame(kind, 8, components)),
                Some(Header { width_px: 2480, height_px: 3508, color })
            );
        }
    }

    #[test]
    fn images_that_pdf_readers_need_not_know_are_refused() {
        for (kind, bits, components) in
            [(0xC3, 8, 3), (0xC9, 8, 3), (0xC0, 12, 3), (0xC0, 8, 4), (0xDA, 8, 3)]
        {
            assert_eq!(Header::read(&with_frame(kind, bits, components)), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(body: Vec<u8>) {
            Header::read(&body);
            Header::read(&[b"\xFF\xD8", body.as_slice()].concat());
        }
    }
}
