//! The fifteen bits that tell error correction level and mask, written twice.

use super::Modules;
use super::tables::Level;

/// What the format bits say, with how well the modules fit them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Format {
    pub(crate) level: Level,
    pub(crate) mask: u8,
    pub(crate) likeness: f32,
}

/// Generator of the (15, 5) code, and the pattern laid over it.
const GENERATOR: u16 = 0b101_0011_0111;
const OVERLAY: u16 = 0b101_0100_0001_0010;

/// The two most likely formats. All 32 are weighed against both copies with the sureness of each
/// module: nothing is decided bit by bit.
pub(crate) fn likely(modules: &Modules) -> [Format; 2] {
    let none = Format { level: Level::M, mask: 0, likeness: f32::MIN };
    let mut best = [none; 2];
    for number in 0..32_u8 {
        let likeness = likeness(modules, codeword(number));
        let level = match number >> 3 {
            0 => Level::M,
            1 => Level::L,
            2 => Level::H,
            _ => Level::Q,
        };
        let format = Format { level, mask: number & 7, likeness };
        let [first, second] = &mut best;
        if likeness > first.likeness {
            (*second, *first) = (*first, format);
        } else if likeness > second.likeness {
            *second = format;
        }
    }
    best
}

fn likeness(modules: &Modules, codeword: u16) -> f32 {
    let last = modules.size.saturating_sub(1);
    let sum = (0..15).map(|bit| {
        let [near, far] = places(bit, last);
        let dark = modules.get(near.0, near.1).clamp(-1.0, 1.0)
            + modules.get(far.0, far.1).clamp(-1.0, 1.0);
        if codeword >> bit & 1 == 1 { dark } else { -dark }
    });
    sum.sum()
}

/// Column and row of both copies of a bit, the lowest being 0.
fn places(bit: usize, last: usize) -> [(usize, usize); 2] {
    let around_corner = match bit {
        0..=5 => (8, bit),
        6 => (8, 7),
        7 => (8, 8),
        8 => (7, 8),
        _ => (14 - bit, 8),
    };
    let split =
        if bit < 8 { (last - bit.min(last), 8) } else { (8, (last + bit).saturating_sub(14)) };
    [around_corner, split]
}

fn codeword(number: u8) -> u16 {
    let data = u16::from(number) << 10;
    let remainder = (0..5).rev().fold(data, |rest, bit| {
        if rest >> (bit + 10) & 1 == 1 { rest ^ GENERATOR << bit } else { rest }
    });
    (data | remainder) ^ OVERLAY
}
