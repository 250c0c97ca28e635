//! JPEG files and frames as brightness.

mod scan;
mod tables;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::picture::{Frame, brightness, size};

/// A whole file, of any kind of JPEG.
pub(crate) fn decode_file(file: &[u8]) -> Option<Frame> {
    if let Some(walked) = scan::walk(file) {
        return decode(file.get(..walked.length)?);
    }
    // Progressive files are no camera's, but people save such pictures. Of these the end marker
    // is all that tells a whole one.
    let end = file.iter().rposition(|byte| *byte != 0)?;
    let is_closed = file.get(..=end)?.last_chunk::<2>() == Some(&[0xff, 0xd9]);
    (is_closed && is_progressive(file)).then(|| decode(file))?
}

/// One frame of a camera: a baseline file, perhaps without its tables, perhaps with something
/// behind it. Anything less than whole gives `None`.
pub(crate) fn decode_frame(frame: &[u8]) -> Option<Frame> {
    let walked = scan::walk(frame)?;
    let file = frame.get(..walked.length)?;
    if !walked.bare {
        return decode(file);
    }
    let (start, rest) = file.split_at_checked(2)?;
    decode(&[start, &tables::STANDARD, rest].concat())
}

fn is_progressive(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        match marker {
            0xc2 => return true,
            0xc0 | 0xc1 | 0xda => return false,
            _ => {}
        }
        let length = 2 + usize::from(u16::from_be_bytes([*high, *low]));
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

fn decode(file: &[u8]) -> Option<Frame> {
    let options = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(file, options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = size(info.width.into(), info.height.into())?;
    let has_luma = matches!(decoder.get_input_colorspace()?, ColorSpace::YCbCr | ColorSpace::Luma);
    let wanted = if has_luma { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let samples = decoder.decode().ok()?;
    let luma = if has_luma {
        samples
    } else {
        samples.as_chunks::<3>().0.iter().map(brightness).collect()
    };
    (width > 0 && luma.len() == width * height).then_some(Frame { width, height, luma })
}
