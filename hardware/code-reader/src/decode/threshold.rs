//! Dark or light: each pixel against the mean of the square around it.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "pixel loops: every index is bounded by the plane's own sides, which are at most 2^14"
)]

use super::plane::Plane;

/// A picture in one bit a pixel, 1 is dark. Rows begin on whole words.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    pub(crate) width: usize,
    pub(crate) height: usize,
    words_in_row: usize,
    words: Vec<u64>,
    columns: Vec<u16>,
    running: Vec<i32>,
}

/// A pixel and those beside it, from near to far; `true` is dark.
pub(crate) struct Line<A, B> {
    pub(crate) middle: bool,
    pub(crate) ahead: A,
    pub(crate) behind: B,
}

/// What counts as dark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Threshold {
    /// The square reaches this many pixels to each side; at most 127, so that sums fit.
    pub(crate) radius: usize,
    /// Dark is darker than the mean by more than this: keeps flat paper one colour.
    pub(crate) bias: u8,
}

impl Bits {
    /// Whether a pixel is dark; `None` outside.
    #[inline]
    pub(crate) fn get(&self, x: usize, y: usize) -> Option<bool> {
        (x < self.width && y < self.height)
            .then(|| self.words[y * self.words_in_row + x / 64] >> (x % 64) & 1 == 1)
    }

    /// The row through a pixel, seen from there; `None` outside.
    pub(crate) fn row(
        &self,
        x: usize,
        y: usize,
    ) -> Option<Line<impl Iterator<Item = bool>, impl Iterator<Item = bool>>> {
        let middle = self.get(x, y)?;
        let row = &self.words[y * self.words_in_row..][..self.words_in_row];
        let is_dark = move |x: usize| row[x / 64] >> (x % 64) & 1 == 1;
        let (ahead, behind) = ((x + 1..self.width).map(is_dark), (0..x).rev().map(is_dark));
        Some(Line { middle, ahead, behind })
    }

    /// The column through a pixel, seen from there; `None` outside.
    pub(crate) fn column(
        &self,
        x: usize,
        y: usize,
    ) -> Option<Line<impl Iterator<Item = bool>, impl Iterator<Item = bool>>> {
        let middle = self.get(x, y)?;
        let (word, bit) = (x / 64, x % 64);
        let is_dark = move |word: &u64| word >> bit & 1 == 1;
        let step = self.words_in_row;
        let (above, below) = self.words.split_at(y * step);
        let above = &above[..above.len().saturating_sub(step - 1 - word)];
        let ahead = below.iter().skip(step + word).step_by(step).map(is_dark);
        let behind = above.iter().rev().step_by(step).map(is_dark);
        Some(Line { middle, ahead, behind })
    }

    /// The places in a row where the colour changes, with both ends of the row.
    pub(crate) fn edges(&self, y: usize, edges: &mut Vec<u32>) {
        edges.clear();
        edges.push(0);
        let row = &self.words[y * self.words_in_row..][..self.words_in_row];
        let mut before = row.first().map_or(0, |word| word & 1);
        for (index, word) in row.iter().enumerate() {
            let mut changes = word ^ (word << 1 | before);
            before = word >> 63;
            while changes != 0 {
                edges.push(index as u32 * 64 + changes.trailing_zeros());
                changes &= changes - 1;
            }
        }
        // The unused bits of the last word are light: a dark end shows as a change there.
        if edges.last() != Some(&(self.width as u32)) {
            edges.push(self.width as u32);
        }
    }

    /// Thresholds a whole picture. The sum over the square runs along: its cost does not depend
    /// on the radius.
    pub(crate) fn fill(&mut self, from: &Plane, threshold: Threshold) {
        let (width, height) = (from.width, from.height);
        let radius = threshold.radius.min(127);
        (self.width, self.height, self.words_in_row) = (width, height, width.div_ceil(64));
        self.words.clear();
        self.words.resize(self.words_in_row * height, 0);
        if from.is_empty() {
            return;
        }
        self.columns.clear();
        self.columns.resize(width, 0);
        self.running.resize(width + 1, 0);
        let row = |y: usize| &from.px[y * width..][..width];
        for y in 0..radius.min(height) {
            add(&mut self.columns, row(y));
        }
        for (y, words) in self.words.chunks_exact_mut(self.words_in_row).enumerate() {
            match (y + radius < height, y.checked_sub(radius + 1)) {
                (true, None) => add(&mut self.columns, row(y + radius)),
                (true, Some(left)) => replace(&mut self.columns, row(y + radius), row(left)),
                (false, Some(left)) => take(&mut self.columns, row(left)),
                (false, None) => {}
            }
            let rows = (y + radius).min(height - 1) - y.saturating_sub(radius) + 1;
            let mut total = 0;
            for (running, column) in self.running[1..].iter_mut().zip(&self.columns) {
                total += i32::from(*column);
                *running = total;
            }
            pack(words, row(y), &Means { running: &self.running, radius, rows }, threshold.bias);
        }
    }
}

fn add(columns: &mut [u16], row: &[u8]) {
    columns.iter_mut().zip(row).for_each(|(sum, grey)| *sum += u16::from(*grey));
}

fn take(columns: &mut [u16], row: &[u8]) {
    columns.iter_mut().zip(row).for_each(|(sum, grey)| *sum -= u16::from(*grey));
}

fn replace(columns: &mut [u16], new: &[u8], old: &[u8]) {
    for ((sum, new), old) in columns.iter_mut().zip(new).zip(old) {
        *sum = *sum + u16::from(*new) - u16::from(*old);
    }
}

/// The sums of one row of squares.
struct Means<'a> {
    running: &'a [i32],
    radius: usize,
    rows: usize,
}

fn pack(words: &mut [u64], row: &[u8], means: &Means<'_>, bias: u8) {
    let (width, radius, bias) = (row.len(), means.radius, i32::from(bias));
    let mut dark = [0_u8; 64];
    for (index, (word, greys)) in words.iter_mut().zip(row.chunks(64)).enumerate() {
        let first = index * 64;
        if first >= radius && first + greys.len() + radius < width {
            // Inside, all squares have the same size: this loop becomes vector instructions.
            // Whole numbers below 2^24 are exact in f32, whose products any processor has.
            let pixels = ((2 * radius + 1) * means.rows) as f32;
            let ends = &means.running[first + radius + 1..][..greys.len()];
            let starts = &means.running[first - radius..][..greys.len()];
            for (((dark, grey), end), start) in dark.iter_mut().zip(greys).zip(ends).zip(starts) {
                let grey = (i32::from(*grey) + bias) as f32;
                *dark = u8::from(grey * pixels < (end - start) as f32);
            }
        } else {
            for (offset, (dark, grey)) in dark.iter_mut().zip(greys).enumerate() {
                let x = first + offset;
                let (start, end) = (x.saturating_sub(radius), (x + radius + 1).min(width));
                let pixels = ((end - start) * means.rows) as i32;
                let grey = i32::from(*grey) + bias;
                *dark = u8::from(grey * pixels < means.running[end] - means.running[start]);
            }
        }
        dark[greys.len()..].fill(0);
        *word =
            dark.as_chunks::<8>().0.iter().enumerate().fold(0, |word, (byte, eight)| {
                word | gather(u64::from_le_bytes(*eight)) << (byte * 8)
            });
    }
}

/// The lowest bits of eight bytes, side by side.
fn gather(eight: u64) -> u64 {
    eight.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::Luma;

    proptest! {
        #[test]
        fn a_pixel_is_dark_if_below_the_mean_of_its_square(
            width in 2_usize..150, height in 2_usize..40, radius in 0_usize..30, bias in 0_u8..3,
            seed in proptest::collection::vec(any::<u8>(), 64),
        ) {
            let px: Vec<u8> = (0..width * height)
                .map(|at| seed[at % 64].wrapping_mul(seed[at / 64 % 64] | 1)).collect();
            let mut plane = Plane::default();
            plane.copy(&Luma::packed(width, height, &px).unwrap());
            let mut bits = Bits::default();
            bits.fill(&plane, Threshold { radius, bias });
            for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
                let xs = x.saturating_sub(radius)..(x + radius + 1).min(width);
                let ys = y.saturating_sub(radius)..(y + radius + 1).min(height);
                let square = ys.flat_map(|y| xs.clone().map(move |x| y * width + x));
                let (sum, count) = square.fold((0, 0), |(sum, count), at| {
                    (sum + u32::from(px[at]), count + 1)
                });
                let dark = (u32::from(px[y * width + x]) + u32::from(bias)) * count < sum;
                prop_assert_eq!(bits.get(x, y), Some(dark));
            }
            prop_assert_eq!((bits.get(width, 0), bits.get(0, height)), (None, None));
            let is_dark = |x, y| bits.get(x, y).unwrap();
            for at in 0..width.max(height) {
                let (x, y) = (at % width, at * 7 % height);
                let row = bits.row(x, y).unwrap();
                prop_assert_eq!(row.middle, is_dark(x, y));
                prop_assert!(row.ahead.eq((x + 1..width).map(|x| is_dark(x, y))));
                prop_assert!(row.behind.eq((0..x).rev().map(|x| is_dark(x, y))));
                let column = bits.column(x, y).unwrap();
                prop_assert_eq!(column.middle, is_dark(x, y));
                prop_assert!(column.ahead.eq((y + 1..height).map(|y| is_dark(x, y))));
                prop_assert!(column.behind.eq((0..y).rev().map(|y| is_dark(x, y))));
            }
            let mut edges = Vec::new();
            for y in 0..height {
                bits.edges(y, &mut edges);
                let changes = (1..width).filter(|x| bits.get(*x, y) != bits.get(x - 1, y));
                let ends = std::iter::once(0).chain(changes).chain([width]);
                prop_assert!(ends.eq(edges.iter().map(|edge| *edge as usize)));
            }
        }
    }
}
