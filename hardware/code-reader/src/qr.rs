//! QR codes in a picture.

use rqrr::PreparedImage;

use crate::picture::Frame;

/// Below this width a code's modules may be too few pixels for the decoder: look twice as large.
const SMALL: usize = 700;

/// Payloads of the QR codes in a picture, as raw bytes, each once.
///
/// The picture is looked at as it is, then smaller (which removes moiré and grain), then larger.
#[must_use]
pub fn find_codes(frame: &Frame) -> Vec<Vec<u8>> {
    let codes = decode(frame);
    if !codes.is_empty() {
        return codes;
    }
    let half = halved(frame);
    let codes = decode(&half);
    if !codes.is_empty() {
        return codes;
    }
    if frame.width.min(frame.height) < SMALL {
        decode(&doubled(frame))
    } else {
        decode(&halved(&half))
    }
}

fn decode(frame: &Frame) -> Vec<Vec<u8>> {
    let at = |x: usize, y: usize| frame.luma.get(y * frame.width + x).copied().unwrap_or(u8::MAX);
    // Smaller than the smallest code with one pixel a module.
    if frame.width < 21 || frame.height < 21 {
        return Vec::new();
    }
    let mut image = PreparedImage::prepare_from_greyscale(frame.width, frame.height, at);
    let mut codes: Vec<Vec<u8>> = Vec::new();
    for grid in image.detect_grids() {
        // Bytes, never text: a library's guess at the encoding spoils Vietnamese. What stands in
        // the buffer after an error is half a payload.
        let mut bytes = Vec::new();
        if grid.decode_to(&mut bytes).is_ok() && !bytes.is_empty() && !codes.contains(&bytes) {
            codes.push(bytes);
        }
    }
    codes
}

/// Each pixel the mean of four.
fn halved(frame: &Frame) -> Frame {
    let (width, height) = (frame.width / 2, frame.height / 2);
    let mut luma = Vec::with_capacity(width * height);
    for pair in frame.luma.chunks_exact((frame.width * 2).max(1)) {
        let (upper, lower) = pair.split_at(frame.width);
        let cells = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        luma.extend(cells.map(|([a, b], [c, d])| {
            let sum = u16::from(*a) + u16::from(*b) + u16::from(*c) + u16::from(*d);
            u8::try_from(sum / 4).unwrap_or(u8::MAX)
        }));
    }
    Frame { width, height, luma }
}

/// Twice the size, with the pixels between as means of their neighbours.
fn doubled(frame: &Frame) -> Frame {
    let widened: Vec<u8> = frame.luma.chunks(frame.width.max(1)).flat_map(stretched).collect();
    let (width, height) = (frame.width * 2, frame.height * 2);
    let mut luma = Vec::with_capacity(width * height);
    let rows: Vec<&[u8]> = widened.chunks(width.max(1)).collect();
    for (at, row) in rows.iter().enumerate() {
        let below = rows.get(at + 1).unwrap_or(row);
        luma.extend_from_slice(row);
        luma.extend(row.iter().zip(*below).map(|(a, b)| a.midpoint(*b)));
    }
    Frame { width, height, luma }
}

fn stretched(row: &[u8]) -> impl Iterator<Item = u8> {
    let next = row.iter().skip(1).chain(row.last());
    row.iter().zip(next).flat_map(|(a, b)| [*a, a.midpoint(*b)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use qrcode::{EcLevel, QrCode};

    use super::*;

    /// A code drawn with `module` pixels a module on a white page, at `left`, `top`.
    fn page(payload: &[u8], module: usize, width: usize, height: usize) -> Frame {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M).unwrap();
        let (size, colors) = (code.width(), code.to_colors());
        let mut frame = Frame { width, height, luma: vec![230; width * height] };
        let (left, top) = ((width - size * module) / 2, (height - size * module) / 2);
        for y in 0..size * module {
            for x in 0..size * module {
                let color = colors[y / module * size + x / module];
                frame.luma[(top + y) * width + left + x] = color.select(25, 230);
            }
        }
        frame
    }

    #[test]
    fn vietnamese_cards_come_back_byte_for_byte() {
        let latin_1 = b"001099000001||Nguy\xean|15011999|Nam||20052021";
        let payloads: [&[u8]; 5] = [
            "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021".as_bytes(),
            "066204000003||Y Blắc Niê|29022004|Nam|Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk|04102024||||".as_bytes(),
            "\u{feff}079185000002||Lý Mỹ Ngọc|03071985|Nữ|Ấp 2|11122022".as_bytes(),
            b"MOTCUA1:S:019a7f00:K7QX",
            latin_1,
        ];
        for payload in payloads {
            for (module, width, height) in [(2, 320, 240), (4, 640, 480), (9, 1280, 960)] {
                let codes = find_codes(&page(payload, module, width, height));
                assert_eq!(codes, [payload], "{module} pixels a module");
            }
        }
    }

    #[test]
    fn two_codes_in_view_are_both_read() {
        let (left, right) = (page(b"first", 4, 200, 200), page(b"second", 4, 200, 200));
        let rows = left.luma.chunks(200).zip(right.luma.chunks(200));
        let luma = rows.flat_map(|(a, b)| [a, b].concat()).collect();
        let mut codes = find_codes(&Frame { width: 400, height: 200, luma });
        codes.sort();
        assert_eq!(codes, [b"first".to_vec(), b"second".to_vec()]);
    }

    #[test]
    fn empty_and_tiny_pictures_hold_no_code() {
        for (width, height) in [(0, 0), (1, 1), (20, 400), (640, 480)] {
            let frame = Frame { width, height, luma: vec![128; width * height] };
            assert!(find_codes(&frame).is_empty());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn spoilt_codes_give_the_payload_or_nothing(
            blots in proptest::collection::vec((0usize..240, 0usize..240, 1usize..60, any::<u8>()), 0..12)
        ) {
            let payload = "001099000001||Nguyễn Văn An|15011999|Nam|Hà Nội|20052021".as_bytes();
            let mut frame = page(payload, 4, 240, 240);
            for (left, top, size, luma) in blots {
                for y in top..(top + size).min(240) {
                    for x in left..(left + size).min(240) {
                        frame.luma[y * 240 + x] = luma.wrapping_add(u8::try_from((x * y) % 97).unwrap());
                    }
                }
            }
            for code in find_codes(&frame) {
                prop_assert_eq!(code, payload);
            }
        }
    }
}
