//! How the codewords of a symbol are split into blocks (ISO/IEC 18004, table 9), and their
//! correction.

use super::Codeword;
use super::reed_solomon;

/// Error correction level, in the order of the two format bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    M,
    L,
    H,
    Q,
}

/// For each version: error correction codewords in a block, number of blocks.
type Row = [(u8, u8); 40];

#[rustfmt::skip]
const L: Row = [
    (7, 1), (10, 1), (15, 1), (20, 1), (26, 1), (18, 2), (20, 2), (24, 2), (30, 2), (18, 4),
    (20, 4), (24, 4), (26, 4), (30, 4), (22, 6), (24, 6), (28, 6), (30, 6), (28, 7), (28, 8),
    (28, 8), (28, 9), (30, 9), (30, 10), (26, 12), (28, 12), (30, 12), (30, 13), (30, 14), (30, 15),
    (30, 16), (30, 17), (30, 18), (30, 19), (30, 19), (30, 20), (30, 21), (30, 22), (30, 24), (30, 25),
];
#[rustfmt::skip]
const M: Row = [
    (10, 1), (16, 1), (26, 1), (18, 2), (24, 2), (16, 4), (18, 4), (22, 4), (22, 5), (26, 5),
    (30, 5), (22, 8), (22, 9), (24, 9), (24, 10), (28, 10), (28, 11), (26, 13), (26, 14), (26, 16),
    (26, 17), (28, 17), (28, 18), (28, 20), (28, 21), (28, 23), (28, 25), (28, 26), (28, 28), (28, 29),
    (28, 31), (28, 33), (28, 35), (28, 37), (28, 38), (28, 40), (28, 43), (28, 45), (28, 47), (28, 49),
];
#[rustfmt::skip]
const Q: Row = [
    (13, 1), (22, 1), (18, 2), (26, 2), (18, 4), (24, 4), (18, 6), (22, 6), (20, 8), (24, 8),
    (28, 8), (26, 10), (24, 12), (20, 16), (30, 12), (24, 17), (28, 16), (28, 18), (26, 21), (30, 20),
    (28, 23), (30, 23), (30, 25), (30, 27), (30, 29), (28, 34), (30, 34), (30, 35), (30, 38), (30, 40),
    (30, 43), (30, 45), (30, 48), (30, 51), (30, 53), (30, 56), (30, 59), (30, 62), (30, 65), (30, 68),
];
#[rustfmt::skip]
const H: Row = [
    (17, 1), (28, 1), (22, 2), (16, 4), (22, 4), (28, 4), (26, 5), (26, 6), (24, 8), (28, 8),
    (24, 11), (28, 11), (22, 16), (24, 16), (24, 18), (30, 16), (28, 19), (28, 21), (26, 25), (28, 25),
    (30, 25), (24, 34), (30, 30), (30, 32), (30, 35), (30, 37), (30, 40), (30, 42), (30, 45), (30, 48),
    (30, 51), (30, 54), (30, 57), (30, 60), (30, 63), (30, 66), (30, 70), (30, 74), (30, 77), (30, 81),
];

/// The blocks of one version and level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blocks {
    checks: usize,
    count: usize,
}

/// What error correction made of a symbol.
pub(crate) struct Corrected {
    pub(crate) data: Vec<u8>,
    /// Bits of redundancy left over: random codewords come this far with a chance of 2⁻ᵉ.
    pub(crate) evidence: f32,
}

impl Blocks {
    pub(crate) fn new(version: usize, level: Level) -> Option<Self> {
        let table = match level {
            Level::L => &L,
            Level::M => &M,
            Level::Q => &Q,
            Level::H => &H,
        };
        let &(checks, count) = table.get(version.checked_sub(1)?)?;
        Some(Self { checks: checks.into(), count: count.into() })
    }

    /// Undoes the interleaving and corrects each block. `None` if one cannot be corrected.
    pub(crate) fn correct(&self, codewords: &[Codeword]) -> Option<Corrected> {
        let mut corrected = Corrected { data: Vec::with_capacity(codewords.len()), evidence: 0.0 };
        for index in 0..self.count {
            let block = self.block(codewords, index);
            let data = block.len().checked_sub(self.checks)?;
            let (values, evidence) = reed_solomon::correct(&block, self.checks)?;
            corrected.data.extend(values.get(..data)?);
            corrected.evidence += evidence;
        }
        Some(corrected)
    }

    /// One block: its data, taken in turns with the other blocks', then its check codewords.
    /// The later blocks may be longer by one, which stands after all the turns.
    fn block(&self, codewords: &[Codeword], index: usize) -> Vec<Codeword> {
        let short = codewords.len() / self.count;
        let short_blocks = self.count - codewords.len() % self.count;
        let turns = short.saturating_sub(self.checks);
        let data_end = codewords.len().saturating_sub(self.checks * self.count);
        let regular = (0..turns).map(|turn| turn * self.count + index);
        let extra = index.checked_sub(short_blocks).map(|place| turns * self.count + place);
        let checks = (0..self.checks).map(|turn| data_end + turn * self.count + index);
        let places = regular.chain(extra).chain(checks);
        places.filter_map(|place| codewords.get(place).copied()).collect()
    }
}
