//! Grey pictures that the decoder makes for itself, in memory that is used again.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "pixel loops: every index is bounded by the plane's own sides, which are at most 2^14"
)]

use super::luma::Luma;
use super::sighting::Point;

/// A grey picture of our own. Either empty or at least two pixels wide and high.
#[derive(Debug, Default, Clone)]
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) px: Vec<u8>,
}

impl Plane {
    fn reshape(&mut self, width: usize, height: usize) {
        let usable = width >= 2 && height >= 2;
        (self.width, self.height) = if usable { (width, height) } else { (0, 0) };
        self.px.resize(self.width * self.height, 0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.px.is_empty()
    }

    /// Takes over a picture as it is.
    pub(crate) fn copy(&mut self, from: &Luma<'_>) {
        self.reshape(from.width(), from.height());
        if !self.is_empty() {
            for (row, source) in self.px.chunks_exact_mut(self.width).zip(from.rows()) {
                row.copy_from_slice(source);
            }
        }
    }

    /// Whether this is that picture, to the last bit.
    pub(crate) fn is_same(&self, picture: &Luma<'_>) -> bool {
        (self.width, self.height) == (picture.width(), picture.height())
            && self.px.chunks_exact(self.width.max(1)).eq(picture.rows())
    }

    /// Half the size, each pixel the mean of four: takes away grain and moiré.
    pub(crate) fn halve(&mut self, from: &Self) {
        self.reshape(from.width / 2, from.height / 2);
        if self.is_empty() {
            return;
        }
        for (y, row) in self.px.chunks_exact_mut(self.width).enumerate() {
            let upper = from.px[2 * y * from.width..].as_chunks::<2>().0;
            let lower = &from.px[(2 * y + 1) * from.width..][..from.width];
            for ((to, [a, b]), [c, d]) in row.iter_mut().zip(upper).zip(lower.as_chunks::<2>().0) {
                let sum = u16::from(*a) + u16::from(*b) + u16::from(*c) + u16::from(*d);
                *to = ((sum + 2) / 4) as u8;
            }
        }
    }

    /// Twice the size, if that is not much: the new pixels lie a quarter off the old ones and are
    /// mixed of the nearest.
    pub(crate) fn double(&mut self, from: &Self) {
        let is_small = from.px.len() <= MOST_DOUBLED;
        let (width, height) = if is_small { (2 * from.width, 2 * from.height) } else { (0, 0) };
        self.reshape(width, height);
        for at in 0..self.px.len() {
            let (x, y) = ((at % width) as f32, (at / width) as f32);
            self.px[at] = from.at(Point { x: (x + 0.5) / 2.0, y: (y + 0.5) / 2.0 }) as u8;
        }
    }

    /// Brings out what blur has flattened: three times the difference to the wide mean is added,
    /// the wide mean itself halved towards grey so that nothing leaves the range.
    pub(crate) fn sharpen(&mut self, from: &Self, mean: &mut Blur) {
        self.reshape(from.width, from.height);
        if self.is_empty() {
            return;
        }
        let smooth = mean.twice(from);
        for ((to, &grey), &wide) in self.px.iter_mut().zip(&from.px).zip(smooth) {
            let (grey, wide) = (i16::from(grey), i16::from(wide));
            *to = ((wide + 128) / 2 + 3 * (grey - wide)).clamp(0, 255) as u8;
        }
    }

    /// Brightness between pixels; outside, that of the nearest edge.
    #[inline]
    pub(crate) fn at(&self, place: Point) -> f32 {
        let x = (place.x - 0.5).clamp(0.0, (self.width - 2) as f32 + 0.999);
        let y = (place.y - 0.5).clamp(0.0, (self.height - 2) as f32 + 0.999);
        // By way of 32 bits, which a processor converts in one step.
        let (left, top) = (x as i32, y as i32);
        let (right, down) = (x - left as f32, y - top as f32);
        let square = &self.px[top as usize * self.width + left as usize..][..self.width + 2];
        let mix = |near: u8, far: u8| {
            let (near, far) = (f32::from(near), f32::from(far));
            near + (far - near) * right
        };
        let (upper, lower) =
            (mix(square[0], square[1]), mix(square[self.width], square[self.width + 1]));
        upper + (lower - upper) * down
    }
}

/// Larger pictures are not doubled: their modules are not so small, or lost.
const MOST_DOUBLED: usize = 320_000;

/// How far a box mean of [`Blur`] reaches to each side.
const REACH: usize = 2;
/// Pixels in a row of the box.
const BOX: u16 = 5;

/// A box mean, taken twice: near a bell curve, at the cost of four running sums.
#[derive(Debug, Default)]
pub(crate) struct Blur {
    rows: Vec<u8>,
    once: Vec<u8>,
    sums: Vec<u16>,
}

impl Blur {
    fn twice(&mut self, from: &Plane) -> &[u8] {
        self.rows.resize(from.px.len(), 0);
        self.once.resize(from.px.len(), 0);
        along_rows(&from.px, &mut self.rows, from.width);
        along_columns(&self.rows, &mut self.once, from.width, &mut self.sums);
        along_rows(&self.once, &mut self.rows, from.width);
        along_columns(&self.rows, &mut self.once, from.width, &mut self.sums);
        &self.once
    }
}

/// Five neighbours of a row at a time; at its ends the box hangs over and repeats the edge.
fn along_rows(from: &[u8], to: &mut [u8], width: usize) {
    for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(width)) {
        let mean =
            |five: &[u8]| (five.iter().map(|grey| u16::from(*grey)).sum::<u16>() + BOX / 2) / BOX;
        for (to, five) in to.iter_mut().skip(REACH).zip(from.windows(usize::from(BOX))) {
            *to = mean(five) as u8;
        }
        let last = width - 1;
        for x in (0..REACH.min(width)).chain(width.saturating_sub(REACH)..width) {
            let near = |step: usize| from[(x + step).saturating_sub(REACH).min(last)];
            *to.get_mut(x).unwrap_or(&mut 0) =
                mean(&[near(0), near(1), near(2), near(3), near(4)]) as u8;
        }
    }
}

fn along_columns(from: &[u8], to: &mut [u8], width: usize, sums: &mut Vec<u16>) {
    let last = from.len() / width - 1;
    let row = |y: usize| &from[y.min(last) * width..][..width];
    sums.clear();
    sums.resize(width, 0);
    for hanging in 0..usize::from(BOX) {
        add(sums, row(hanging.saturating_sub(REACH)));
    }
    for (y, to) in to.chunks_exact_mut(width).enumerate() {
        for (to, sum) in to.iter_mut().zip(sums.iter()) {
            *to = ((sum + BOX / 2) / BOX) as u8;
        }
        add(sums, row(y + REACH + 1));
        let leaving = row(y.saturating_sub(REACH));
        sums.iter_mut().zip(leaving).for_each(|(sum, grey)| *sum -= u16::from(*grey));
    }
}

fn add(sums: &mut [u16], row: &[u8]) {
    sums.iter_mut().zip(row).for_each(|(sum, grey)| *sum += u16::from(*grey));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, height: usize, px: &[u8]) -> Plane {
        let mut plane = Plane::default();
        plane.copy(&Luma::packed(width, height, px).unwrap());
        plane
    }

    #[test]
    fn brightness_is_read_between_pixels_and_beyond_the_edge() {
        let plane = plane(3, 2, &[0, 100, 200, 100, 200, 40]);
        let cases = [
            (0.5, 0.5, 0.0),
            (1.0, 0.5, 50.0),
            (1.0, 1.0, 100.0),
            (-9.0, 0.5, 0.0),
            (f32::INFINITY, 0.5, 200.0),
            (f32::NAN, f32::NAN, 0.0),
        ];
        for (x, y, brightness) in cases {
            let read = plane.at(Point { x, y });
            assert!((read - brightness).abs() < 0.5 || x.is_nan(), "{x}, {y}: {read}");
        }
    }

    #[test]
    fn halves_and_flat_parts_keep_their_brightness() {
        let whole = plane(5, 4, &[8, 8, 40, 40, 7, 8, 8, 40, 40, 7, 1, 1, 2, 2, 7, 1, 1, 2, 2, 7]);
        let mut part = Plane::default();
        part.halve(&whole);
        assert_eq!((part.width, part.height, part.px.as_slice()), (2, 2, &[8, 40, 1, 2][..]));
        part.halve(&plane(3, 3, &[9; 9]));
        assert!(part.is_empty(), "a side of one pixel is no picture");
        for (width, height) in [(2, 2), (3, 7), (40, 2), (9, 9)] {
            part.sharpen(&plane(width, height, &vec![128; width * height]), &mut Blur::default());
            assert_eq!(part.px, vec![128; width * height]);
        }
    }
}
