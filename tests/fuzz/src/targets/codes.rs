//! Codes: their payloads, the line of a gun, pictures of cameras and files.

use std::time::{Duration, Instant};

use code_reader::{
    Frame, Framer, GAP, Geometry, PixelFormat,
    decode::{Budget, Luma, Reader, read_still},
};
use jiff::civil::date;

use super::Pieces;

/// Sides of the pictures made of arbitrary bytes: room for a small code.
const WIDTHS: [usize; 4] = [24, 33, 64, 96];
const MOST_ROWS: usize = 96;

pub(super) fn payload(bytes: &[u8]) {
    let _presented = identity::classify(bytes, date(2026, 11, 21));
}

/// A serial line that brings pieces at odd times.
pub(super) fn line(bytes: &[u8]) {
    let (mut framer, mut pieces) = (Framer::new(GAP), Pieces(bytes));
    let mut now = Instant::now();
    while let (Some(wait), Some(piece)) = (pieces.byte(), pieces.piece()) {
        now += Duration::from_millis(u64::from(wait) * 4);
        let _late = framer.pause(now);
        let _codes = framer.push(piece, now);
    }
}

/// Brightness as it comes, in a picture of a few sizes.
pub(super) fn picture(bytes: &[u8]) {
    let mut pieces = Pieces(bytes);
    let Some(choice) = pieces.byte() else { return };
    let Some(width) = WIDTHS.get(usize::from(choice) % WIDTHS.len()).copied() else { return };
    let rows = (pieces.0.len() / width).min(MOST_ROWS);
    let Some(luma) = Luma::packed(width, rows, pieces.0) else { return };
    let mut reader = Reader::new();
    let _first = reader.frame(&luma, Budget::PREVIEW);
    let _again = reader.frame(&luma, Budget::PREVIEW);
    let _still = read_still(&luma);
}

pub(super) fn file(bytes: &[u8]) {
    let Some(frame) = Frame::decode(bytes) else { return };
    let _luma = frame.luma();
}

/// A camera's buffer in each format.
pub(super) fn frame(bytes: &[u8]) {
    let mut pieces = Pieces(bytes);
    let (Some(width), Some(height), Some(stride)) = (pieces.byte(), pieces.byte(), pieces.byte())
    else {
        return;
    };
    for format in [
        PixelFormat::Grey,
        PixelFormat::Nv12,
        PixelFormat::Yuyv,
        PixelFormat::Uyvy,
        PixelFormat::Mjpeg,
    ] {
        let [width, height, stride] = [width, height, stride].map(usize::from);
        let geometry = Geometry { format, width, height, stride, capacity: pieces.0.len() };
        let _frame = geometry.frame(pieces.0);
    }
}
