//! A grey picture that belongs to someone else.

/// Longer sides are refused: coordinates stay exact in `f32` and sums fit their integers.
const MAX_SIDE: usize = 16_384;

/// A view of grey samples, row by row, 0 is black: a camera's luma plane as it lies in memory.
#[derive(Clone, Copy)]
pub struct Luma<'a> {
    width: usize,
    height: usize,
    stride: usize,
    bytes: &'a [u8],
}

impl<'a> Luma<'a> {
    /// A view of `height` rows of `width` samples, each row beginning `stride` bytes after the
    /// one before. `None` if the bytes do not hold that, or a side is beyond any camera's.
    #[must_use]
    pub fn new(width: usize, height: usize, stride: usize, bytes: &'a [u8]) -> Option<Self> {
        let fits = width <= stride && width <= MAX_SIDE && height <= MAX_SIDE;
        let needed = match height.checked_sub(1) {
            Some(full_rows) => full_rows.checked_mul(stride)?.checked_add(width)?,
            None => 0,
        };
        (fits && bytes.len() >= needed).then_some(Self { width, height, stride, bytes })
    }

    /// A view of rows without gaps between them.
    #[must_use]
    pub fn packed(width: usize, height: usize, bytes: &'a [u8]) -> Option<Self> {
        Self::new(width, height, width, bytes)
    }

    /// Samples in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let Self { width, height, stride, bytes } = *self;
        let row = move |y: usize| bytes.get(y * stride..y * stride + width).unwrap_or(&[]);
        (0..height).map(row)
    }
}

impl std::fmt::Debug for Luma<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Luma({} x {})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_given_only_of_what_is_there() {
        let bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        let cases = [
            (3, 2, 5, Some(2)),
            (5, 2, 5, Some(2)),
            (4, 2, 6, Some(2)),
            (5, 2, 6, None),
            (6, 2, 5, None),
            (0, 0, 0, Some(0)),
            (0, 3, 0, Some(3)),
            (1, usize::MAX, 1, None),
            (usize::MAX, 2, usize::MAX, None),
        ];
        for (width, height, stride, rows) in cases {
            let view = Luma::new(width, height, stride, &bytes);
            let seen = view.map(|view| view.rows().filter(|row| row.len() == width).count());
            assert_eq!(seen, rows, "{width} x {height}, stride {stride}");
        }
        let rows: Vec<&[u8]> = Luma::new(3, 2, 5, &bytes).unwrap().rows().collect();
        assert_eq!(rows, [&[0, 1, 2], &[5, 6, 7]]);
    }
}
