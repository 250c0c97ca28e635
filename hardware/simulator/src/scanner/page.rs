//! The form that lies on the glass when nothing else does, and empty backs.

use jpeg_encoder::{ColorType, Encoder};

use super::escl::ScanSettings;

const PAPER: u8 = 250;
const INK: u8 = 40;

/// Draws the form at the wanted size: a frame, a heading, ruled lines to fill in.
pub(super) fn form(settings: ScanSettings) -> Vec<u8> {
    let ScanSettings { width, height, dpi, .. } = settings;
    draw(settings, |x, y| if is_ink(x, y, width, height, dpi) { INK } else { PAPER })
}

/// The back of a sheet on which nothing is written.
pub(super) fn blank(settings: ScanSettings) -> Vec<u8> {
    draw(settings, |_, _| PAPER)
}

fn draw(settings: ScanSettings, shade: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let ScanSettings { width, height, color, .. } = settings;
    let samples = if color { 3 } else { 1 };
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            pixels.extend(std::iter::repeat_n(shade(x, y), samples));
        }
    }
    let kind = if color { ColorType::Rgb } else { ColorType::Luma };
    let mut jpeg = Vec::new();
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
        return jpeg;
    };
    // Encoding into memory fails only for sizes that were ruled out above.
    let _ = Encoder::new(&mut jpeg, 85).encode(&pixels, width, height, kind);
    jpeg
}

fn is_ink(x: u32, y: u32, width: u32, height: u32, dpi: u32) -> bool {
    let mm = |millimetres: u32| millimetres * dpi * 10 / 254;
    let inside = |from: u32, value: u32, to: u32| from <= value && value < to;
    let margin = mm(20);
    let (right, bottom) = (width.saturating_sub(margin), height.saturating_sub(margin));
    if !inside(margin, x, right) || !inside(margin, y, bottom) {
        return false;
    }
    let thick = (dpi / 100).max(1);
    let frame =
        x < margin + thick || x >= right - thick || y < margin + thick || y >= bottom - thick;
    let heading = inside(mm(32), y, mm(38)) && inside(mm(60), x, width.saturating_sub(mm(60)));
    let line = y > mm(50) && y % mm(9).max(1) < thick && inside(mm(30), x, right - mm(10));
    frame || heading || line
}
