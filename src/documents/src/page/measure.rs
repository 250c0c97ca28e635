//! The loops over pixels: paper level, ink share, sharpness of edges, reduction for the screen.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "pixel loops: RawPage::new has checked size against samples, sums fit their types"
)]

use super::{Pixels, Preview, RawPage};

/// Edges on fewer places than this say nothing about sharpness.
const ENOUGH_EDGES: u32 = 200;

/// An edge counts when it spans this share of the way from black to paper; paper grain does not.
const EDGE_CONTRAST_PERCENT: u32 = 44;

/// Ink is darker than this share of the paper.
const INK_PERCENT: u32 = 62;

/// How far to both sides an edge is looked at: edges blurred wider than that are none.
const REACH: usize = 8;

/// What the checks judge by.
pub(super) struct Measured {
    /// Brightness (0 to 255) of the paper: nine of ten pixels are not brighter.
    pub(super) paper_level: u8,
    /// Share of the page that is ink.
    pub(super) ink_share: f32,
    /// Mean over strong edges of steepest step ÷ contrast; 1 is ideal. `None` with too few edges.
    pub(super) edge_acutance: Option<f32>,
}

/// Measures inside a margin of one twentieth, where borders and the lid's shadow are left out,
/// on every second pixel of every second line.
pub(super) fn measure(page: &RawPage<'_>) -> Measured {
    let (width, height) = (usize::from(page.width_px), usize::from(page.height_px));
    let (margin_x, margin_y) = (width / 20, height / 20);
    let columns = margin_x..width - margin_x;
    let rows = || (margin_y..height - margin_y).step_by(2);
    let mut line = vec![0u8; width];

    let mut histogram = [0u32; 256];
    for y in rows() {
        read_line(page, y, &mut line);
        for x in columns.clone().step_by(2) {
            histogram[usize::from(line[x])] += 1;
        }
    }
    let paper_level = percentile(&histogram, 90);
    let paper = u32::from(paper_level);
    let ink_below = (paper * INK_PERCENT / 100) as usize;
    let ink: u32 = histogram[..ink_below].iter().sum();
    let total: u32 = histogram.iter().sum();

    let contrast_above = (paper * EDGE_CONTRAST_PERCENT / 100).max(1);
    let (mut steepness, mut edges) = (0.0f32, 0u32);
    for y in rows() {
        read_line(page, y, &mut line);
        for window in line[columns.clone()].windows(2 * REACH + 1).step_by(2) {
            if let Some(acutance) = acutance(window, contrast_above) {
                steepness += acutance;
                edges += 1;
            }
        }
    }
    Measured {
        paper_level,
        ink_share: ink as f32 / total.max(1) as f32,
        edge_acutance: (edges >= ENOUGH_EDGES).then(|| steepness / edges as f32),
    }
}

/// Steepest step ÷ contrast of one stretch of pixels; `None` when it holds no strong edge.
fn acutance(window: &[u8], contrast_above: u32) -> Option<f32> {
    let (low, high) = window.iter().fold((u8::MAX, 0), |(low, high), &v| (low.min(v), high.max(v)));
    let contrast = u32::from(high - low);
    if contrast <= contrast_above {
        return None;
    }
    let step = window.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max()?;
    Some(f32::from(step) / contrast as f32)
}

/// The brightness of one line.
fn read_line(page: &RawPage<'_>, y: usize, line: &mut [u8]) {
    let width = line.len();
    match page.pixels {
        Pixels::Grey(samples) => line.copy_from_slice(&samples[y * width..(y + 1) * width]),
        Pixels::Rgb(samples) => {
            let row = &samples[y * width * 3..(y + 1) * width * 3];
            for (out, rgb) in line.iter_mut().zip(row.chunks_exact(3)) {
                *out = luma(rgb[0], rgb[1], rgb[2]);
            }
        }
    }
}

/// Brightness by ITU-R BT.601, in 256ths.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8) as u8
}

/// The level that `percent` of all samples do not exceed.
fn percentile(histogram: &[u32; 256], percent: u64) -> u8 {
    let total: u64 = histogram.iter().map(|&count| u64::from(count)).sum();
    let mut below = 0;
    for (level, &count) in histogram.iter().enumerate() {
        below += u64::from(count);
        if below * 100 >= total * percent {
            return level as u8;
        }
    }
    u8::MAX
}

/// See [`RawPage::preview`].
pub(super) fn preview(page: &RawPage<'_>, max_side_px: u16) -> Preview {
    let (width, height) = (u32::from(page.width_px), u32::from(page.height_px));
    let longest = width.max(height);
    let target = u32::from(max_side_px.max(1)).min(longest);
    let reduced = |side: u32| (side * target / longest).max(1);
    let (out_width, out_height) = (reduced(width), reduced(height));

    let mut rgb = Vec::with_capacity((out_width * out_height * 3) as usize);
    for y in 0..out_height {
        let rows = span(y, out_height, height);
        for x in 0..out_width {
            rgb.extend(mean(page, span(x, out_width, width), rows.clone()));
        }
    }
    Preview { width_px: out_width as u16, height_px: out_height as u16, rgb }
}

/// The source pixels that one pixel of `out` stands for; never empty, as `out` ≤ `source`.
fn span(at: u32, out: u32, source: u32) -> std::ops::Range<usize> {
    // 65,535² fits u32 exactly below its limit.
    (at * source / out) as usize..((at + 1) * source / out) as usize
}

/// Mean colour of a rectangle.
fn mean(
    page: &RawPage<'_>,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
) -> [u8; 3] {
    let width = usize::from(page.width_px);
    let count = (columns.len() * rows.len()) as u64;
    let mut sums = [0u64; 3];
    for y in rows {
        match page.pixels {
            Pixels::Grey(samples) => {
                let row = &samples[y * width + columns.start..y * width + columns.end];
                sums[0] += row.iter().map(|&v| u64::from(v)).sum::<u64>();
            }
            Pixels::Rgb(samples) => {
                let row = &samples[(y * width + columns.start) * 3..(y * width + columns.end) * 3];
                for pixel in row.chunks_exact(3) {
                    for (sum, &sample) in sums.iter_mut().zip(pixel) {
                        *sum += u64::from(sample);
                    }
                }
            }
        }
    }
    if matches!(page.pixels, Pixels::Grey(_)) {
        sums = [sums[0]; 3];
    }
    sums.map(|sum| (sum / count.max(1)) as u8)
}
