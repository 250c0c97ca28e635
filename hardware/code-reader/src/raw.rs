//! What a camera's driver hands over, as brightness. Pure: bytes in, a picture or nothing out.
//!
//! Every format that a kiosk's camera offers carries its brightness apart from its colours, so
//! nothing is converted: it is picked out. A frame whose byte count is not that of a whole one
//! was cut on its way, and a cut frame is no picture.

use crate::jpeg;
use crate::picture::Frame;

/// How a driver lays its pixels out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// One byte of brightness a pixel.
    Grey,
    /// A plane of brightness, then a plane of colours at half the size.
    Nv12,
    /// Brightness and colour by turns, brightness first.
    Yuyv,
    /// Brightness and colour by turns, colour first.
    Uyvy,
    /// A JPEG file a frame.
    Mjpeg,
}

/// What a driver says of its frames before the first one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// The layout.
    pub format: PixelFormat,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes from one row to the next; of no meaning for JPEG.
    pub stride: usize,
    /// Bytes that a frame may fill; some drivers round a whole frame up to this.
    pub capacity: usize,
}

impl Geometry {
    /// Bytes of a whole frame, unless the numbers are beyond any camera's.
    fn whole(&self) -> Option<usize> {
        let samples = self.stride.checked_mul(self.height)?;
        match self.format {
            PixelFormat::Grey | PixelFormat::Yuyv | PixelFormat::Uyvy => Some(samples),
            PixelFormat::Nv12 => {
                samples.checked_add(self.stride.checked_mul(self.height.div_ceil(2))?)
            }
            PixelFormat::Mjpeg => None,
        }
    }

    /// Picks the brightness out of the bytes of one frame. `None` when they are fewer or more
    /// than a whole frame's, or no picture of this size.
    #[must_use]
    pub fn frame(&self, bytes: &[u8]) -> Option<Frame> {
        let frame = match self.format {
            PixelFormat::Mjpeg => jpeg::decode_frame(bytes)?,
            PixelFormat::Grey | PixelFormat::Nv12 => {
                self.rows(bytes, 1, |row, luma| luma.extend_from_slice(row))?
            }
            PixelFormat::Yuyv => self.rows(bytes, 2, |row, luma| {
                luma.extend(row.as_chunks::<2>().0.iter().map(|[luma, _]| *luma));
            })?,
            PixelFormat::Uyvy => self.rows(bytes, 2, |row, luma| {
                luma.extend(row.as_chunks::<2>().0.iter().map(|[_, luma]| *luma));
            })?,
        };
        ((frame.width, frame.height) == (self.width, self.height)).then_some(frame)
    }

    fn rows(
        &self,
        bytes: &[u8],
        bytes_per_pixel: usize,
        pick: impl Fn(&[u8], &mut Vec<u8>),
    ) -> Option<Frame> {
        let used = self.width.checked_mul(bytes_per_pixel)?;
        let whole = self.whole()?;
        let is_whole =
            bytes.len() == whole || (bytes.len() == self.capacity && whole <= self.capacity);
        if !is_whole || used == 0 || used > self.stride {
            return None;
        }
        let mut luma = Vec::with_capacity(self.width.checked_mul(self.height)?);
        for row in bytes.chunks_exact(self.stride).take(self.height) {
            pick(row.get(..used)?, &mut luma);
        }
        Some(Frame { width: self.width, height: self.height, luma })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn geometry(format: PixelFormat, width: usize, height: usize, stride: usize) -> Geometry {
        Geometry { format, width, height, stride, capacity: 0 }
    }

    #[test]
    fn brightness_is_picked_out_of_every_layout() {
        use PixelFormat::{Grey, Nv12, Uyvy, Yuyv};
        let cases: [(Geometry, &[u8]); 6] = [
            (geometry(Grey, 2, 2, 2), &[1, 2, 3, 4]),
            (geometry(Grey, 2, 2, 3), &[1, 2, 9, 3, 4, 9]),
            (geometry(Nv12, 2, 2, 2), &[1, 2, 3, 4, 8, 8]),
            (geometry(Yuyv, 2, 2, 4), &[1, 8, 2, 9, 3, 8, 4, 9]),
            (geometry(Uyvy, 2, 2, 4), &[8, 1, 9, 2, 8, 3, 9, 4]),
            (geometry(Yuyv, 2, 2, 5), &[1, 8, 2, 9, 0, 3, 8, 4, 9, 0]),
        ];
        for (geometry, bytes) in cases {
            let frame = geometry.frame(bytes).unwrap();
            assert_eq!(
                frame,
                Frame { width: 2, height: 2, luma: vec![1, 2, 3, 4] },
                "{geometry:?}"
            );
            let rounded_up = Geometry { capacity: 16, ..geometry };
            let mut padded = bytes.to_vec();
            padded.resize(16, 0);
            assert_eq!(rounded_up.frame(&padded), Some(frame), "{geometry:?}");
        }
    }

    /// Fault: code · a camera hands over a frame with too few or too many bytes → the frame is dropped whole, never half decoded
    #[test]
    fn a_frame_of_a_wrong_size_is_refused() {
        use PixelFormat::{Grey, Nv12, Uyvy, Yuyv};
        for (format, stride, whole) in
            [(Grey, 64, 3072), (Nv12, 64, 4608), (Yuyv, 128, 6144), (Uyvy, 128, 6144)]
        {
            let geometry = geometry(format, 64, 48, stride);
            for length in (0..whole).chain([whole + 1, whole * 2]) {
                assert_eq!(geometry.frame(&vec![7; length]), None, "{format:?}, {length} bytes");
            }
            assert!(geometry.frame(&vec![7; whole]).is_some());
        }
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut file = Vec::new();
        let samples: Vec<u8> = (0..usize::from(width) * usize::from(height))
            .map(|at| u8::try_from(at * 7919 % 251).unwrap())
            .collect();
        let encoder = jpeg_encoder::Encoder::new(&mut file, 80);
        encoder.encode(&samples, width, height, jpeg_encoder::ColorType::Luma).unwrap();
        file
    }

    /// Fault: code · a camera's JPEG frame is cut anywhere, with or without an end marker put behind the cut → the frame is dropped whole
    #[test]
    fn a_cut_jpeg_frame_is_refused_even_when_an_end_marker_follows() {
        let geometry = geometry(PixelFormat::Mjpeg, 64, 48, 0);
        let whole = jpeg(64, 48);
        assert!(geometry.frame(&whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(geometry.frame(&whole[..cut]), None, "cut at {cut}");
        }
        for cut in 0..whole.len() - 8 {
            let closed = [&whole[..cut], &[0xff, 0xd9]].concat();
            assert_eq!(geometry.frame(&closed), None, "cut at {cut} and closed");
        }
    }

    #[test]
    fn a_jpeg_of_another_size_is_not_this_cameras() {
        let geometry = geometry(PixelFormat::Mjpeg, 64, 48, 0);
        assert_eq!(geometry.frame(&jpeg(48, 64)), None);
    }

    #[test]
    fn a_jpeg_without_its_tables_is_read_with_the_ones_that_all_such_cameras_mean() {
        let whole = jpeg(64, 48);
        let geometry = geometry(PixelFormat::Mjpeg, 64, 48, 0);
        let mut bare = Vec::new();
        let mut rest = whole.as_slice();
        while let Some(at) = rest.windows(2).position(|pair| pair == [0xff, 0xc4]) {
            let length = usize::from(u16::from_be_bytes([rest[at + 2], rest[at + 3]]));
            bare.extend_from_slice(&rest[..at]);
            rest = &rest[at + 2 + length..];
        }
        bare.extend_from_slice(rest);
        assert!(bare.len() < whole.len());
        assert_eq!(geometry.frame(&bare), geometry.frame(&whole));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
            width in 0usize..40, height in 0usize..40, stride in 0usize..90, capacity in 0usize..600,
        ) {
            use PixelFormat::{Grey, Mjpeg, Nv12, Uyvy, Yuyv};
            for format in [Grey, Nv12, Yuyv, Uyvy, Mjpeg] {
                let frame = Geometry { format, width, height, stride, capacity }.frame(&bytes);
                prop_assert!(frame.is_none_or(|frame| frame.luma.len() == width * height));
            }
            let beyond = Geometry { format: Yuyv, width: usize::MAX, height: 2, stride: usize::MAX, capacity };
            prop_assert_eq!(beyond.frame(&bytes), None);
        }
    }
}
