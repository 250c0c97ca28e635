//! Where in a symbol of some version the data stand.

use super::{Codeword, Modules};

/// The modules that carry data, in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    version: usize,
    /// Column and row.
    pub(super) path: Vec<(usize, usize)>,
}

/// Columns (and rows) on which alignment patterns are centred.
pub(crate) fn alignment_centres(version: usize) -> Vec<usize> {
    if version < 2 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    let last = version * 4 + 10;
    let mut centres: Vec<usize> = (0..count - 1).map(|index| last - index * step).collect();
    centres.push(6);
    centres.reverse();
    centres
}

impl Layout {
    /// The layout of a symbol with `size` modules to a side; `None` if no version has that.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let version = size.checked_sub(17).filter(|rest| rest % 4 == 0)? / 4;
        if !(1..=40).contains(&version) {
            return None;
        }
        let centres = alignment_centres(version);
        let mut path = Vec::with_capacity(size * size);
        // Pairs of columns from right to left, stepping over the timing column, in turns up and
        // down.
        let pairs = (0..size / 2).map(|pair| size - 2 - 2 * pair);
        let rights = pairs.map(|left| if left < 6 { left } else { left + 1 });
        for (turn, right) in rights.enumerate() {
            for step in 0..size {
                let y = if turn % 2 == 0 { size - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !is_function(x, y, size, &centres) {
                        path.push((x, y));
                    }
                }
            }
        }
        Some(Self { version, path })
    }

    pub(crate) fn version(&self) -> usize {
        self.version
    }

    /// The codewords as they stand, without the mask.
    pub(crate) fn codewords(&self, modules: &Modules, mask: u8) -> Vec<Codeword> {
        let words = self.path.as_chunks::<8>().0.iter();
        words.map(|places| codeword(modules, places, mask)).collect()
    }
}

fn codeword(modules: &Modules, places: &[(usize, usize); 8], mask: u8) -> Codeword {
    places.iter().fold(Codeword { value: 0, doubt: 0.0 }, |word, &(x, y)| {
        let dark = modules.get(x, y);
        let bit = (dark > 0.0) != is_masked(mask, x, y);
        Codeword {
            value: word.value << 1 | u8::from(bit),
            doubt: word.doubt + (-5.0 * dark.abs()).exp(),
        }
    })
}

fn is_masked(mask: u8, x: usize, y: usize) -> bool {
    let rest = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    };
    rest == 0
}

/// Whether a module belongs to a pattern that is the same for all data, or to format or version.
fn is_function(x: usize, y: usize, size: usize, centres: &[usize]) -> bool {
    let far = size - 8;
    let (left, top) = (x < 9, y < 9);
    let in_corner = (left && (top || y >= far)) || (top && x >= far);
    let on_timing = x == 6 || y == 6;
    let in_version = size >= 45 && ((x < 6 && y >= size - 11) || (y < 6 && x >= size - 11));
    in_corner || on_timing || in_version || in_alignment(x, y, centres)
}

fn in_alignment(x: usize, y: usize, centres: &[usize]) -> bool {
    let near = |place: usize| centres.iter().find(|centre| centre.abs_diff(place) <= 2);
    let (Some(column), Some(row), Some(last)) = (near(x), near(y), centres.last()) else {
        return false;
    };
    // Three corners have a finder instead.
    !((*column == 6 && (*row == 6 || row == last)) || (*row == 6 && column == last))
}
