//! Code 128 in whole dots (ISO/IEC 15417): what scanners of older queue desks read.

use super::Paper;
use super::bitmap::Bitmap;

/// Modules are made this wide where the paper allows, in tenths of a millimetre. The ten white
/// ones that a code wants on both sides are then narrower than the edge of a roll that no head
/// reaches: 4 mm of 80, 5 of 58.
const WISHED_MODULE: u32 = 4;
/// Below this many dots bars run together on paper.
const LEAST_DOTS: u32 = 2;
/// Height of the bars in tenths of a millimetre.
const HEIGHT: u32 = 120;

const START_B: u8 = 104;
const START_C: u8 = 105;
const TO_B: u8 = 100;
const TO_C: u8 = 99;
/// The stop symbol with its last bar.
const STOP: (u16, u32) = (0x18EB, 13);
const MODULES_OF_SYMBOL: u32 = 11;

/// Bars and spaces of the symbols 0 to 105, eleven modules each, a bar is 1.
#[rustfmt::skip]
const SYMBOLS: [u16; 106] = [
    0x6CC, 0x66C, 0x666, 0x498, 0x48C, 0x44C, 0x4C8, 0x4C4, 0x464, 0x648, 0x644, 0x624,
    0x59C, 0x4DC, 0x4CE, 0x5CC, 0x4EC, 0x4E6, 0x672, 0x65C, 0x64E, 0x6E4, 0x674, 0x76E,
    0x74C, 0x72C, 0x726, 0x764, 0x734, 0x732, 0x6D8, 0x6C6, 0x636, 0x518, 0x458, 0x446,
    0x588, 0x468, 0x462, 0x688, 0x628, 0x622, 0x5B8, 0x58E, 0x46E, 0x5D8, 0x5C6, 0x476,
    0x776, 0x68E, 0x62E, 0x6E8, 0x6E2, 0x6EE, 0x758, 0x746, 0x716, 0x768, 0x762, 0x71A,
    0x77A, 0x642, 0x78A, 0x530, 0x50C, 0x4B0, 0x486, 0x42C, 0x426, 0x590, 0x584, 0x4D0,
    0x4C2, 0x434, 0x432, 0x612, 0x650, 0x7BA, 0x614, 0x47A, 0x53C, 0x4BC, 0x49E, 0x5E4,
    0x4F4, 0x4F2, 0x7A4, 0x794, 0x792, 0x6DE, 0x6F6, 0x7B6, 0x578, 0x51E, 0x45E, 0x5E8,
    0x5E2, 0x7A8, 0x7A2, 0x5DE, 0x5EE, 0x75E, 0x7AE, 0x684, 0x690, 0x69C,
];

/// A bar code ready to be drawn.
pub(crate) struct Bars {
    modules: Vec<bool>,
    module_dots: u32,
    height: u32,
}

impl Bars {
    /// Makes the bars; `None` when the text is not printable ASCII or too long for this paper.
    pub(crate) fn of(text: &str, paper: Paper) -> Option<Self> {
        let symbols = with_checksum(symbols(text)?);
        let patterns = symbols.iter().map(|symbol| SYMBOLS.get(usize::from(*symbol)));
        let patterns: Vec<(u16, u32)> = patterns
            .map(|pattern| pattern.map(|bits| (*bits, MODULES_OF_SYMBOL)))
            .chain([Some(STOP)])
            .collect::<Option<_>>()?;
        let modules: Vec<bool> = patterns
            .into_iter()
            .flat_map(|(bits, count)| (0..count).rev().map(move |at| bits >> at & 1 == 1))
            .collect();
        let all = u32::try_from(modules.len()).ok()?;
        let module_dots = paper.tenths_mm(WISHED_MODULE).min(paper.dots / all);
        let height = paper.tenths_mm(HEIGHT);
        (module_dots >= LEAST_DOTS).then_some(Self { modules, module_dots, height })
    }

    /// Dots across.
    pub(crate) fn width(&self) -> u32 {
        u32::try_from(self.modules.len()).unwrap_or(0) * self.module_dots
    }

    /// Dots down.
    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// Draws the bars with their corner at this dot.
    pub(crate) fn draw(&self, left: u32, top: u32, onto: &mut Bitmap) {
        for (at, _) in (0..).zip(&self.modules).filter(|(_, bar)| **bar) {
            onto.fill(left + at * self.module_dots, top, self.module_dots, self.height);
        }
    }
}

/// The symbols of a text, the start included: digits in pairs where that is shorter.
fn symbols(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.as_bytes();
    if rest.is_empty() || !rest.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let mut symbols: Vec<u8> = Vec::new();
    let mut in_pairs = false;
    while let Some((byte, after)) = rest.split_first() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // Changing costs a symbol, at the ends one, in the middle two.
        let worth_pairs = digits >= 2
            && (in_pairs
                || digits >= 6
                || (digits >= 4 && (symbols.is_empty() || digits == rest.len())));
        let wanted = worth_pairs && (in_pairs || digits.is_multiple_of(2));
        if symbols.is_empty() {
            symbols.push(if wanted { START_C } else { START_B });
        } else if wanted != in_pairs {
            symbols.push(if wanted { TO_C } else { TO_B });
        }
        in_pairs = wanted;
        match rest {
            [tens, ones, after @ ..] if wanted => {
                symbols.push((tens - b'0') * 10 + ones - b'0');
                rest = after;
            }
            _ => {
                symbols.push(byte - b' ');
                rest = after;
            }
        }
    }
    Some(symbols)
}

/// Adds the check symbol: each symbol weighs its place, the start as one.
fn with_checksum(mut symbols: Vec<u8>) -> Vec<u8> {
    let weighed = symbols.iter().enumerate().map(|(at, symbol)| at.max(1) * usize::from(*symbol));
    let check = weighed.sum::<usize>() % 103;
    symbols.extend(u8::try_from(check));
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Paper = Paper { dots: 576, dpi: 203 };

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        let cases: [(&str, &[u8]); 5] = [
            ("A1", &[START_B, 33, 17]),
            ("1234", &[START_C, 12, 34]),
            ("A1234", &[START_B, 33, TO_C, 12, 34]),
            ("12345", &[START_B, 17, TO_C, 23, 45]),
            ("123456X", &[START_C, 12, 34, 56, TO_B, 56]),
        ];
        for (text, expected) in cases {
            assert_eq!(symbols(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_check_symbol_weighs_each_place() {
        // "PJJ123C" with start A: 103 + 48·1 + 42·2 + 42·3 + 17·4 + 18·5 + 19·6 + 35·7 = 878.
        let symbols = with_checksum(vec![103, 48, 42, 42, 17, 18, 19, 35]);
        assert_eq!(symbols.last(), Some(&54));
    }

    #[test]
    fn a_text_that_does_not_fit_or_is_not_ascii_has_no_bars() {
        for text in ["", "Đặng", "a\n"] {
            assert!(Bars::of(text, WIDE).is_none(), "{text:?}");
        }
        assert!(Bars::of(&"x".repeat(40), WIDE).is_none());
        let narrow = Paper { dots: 384, dpi: 203 };
        for (text, paper) in [("A105-7Q2K9D", narrow), ("000.00.01.H26-261122-0001", WIDE)] {
            let bars = Bars::of(text, paper).unwrap();
            assert!(bars.width() <= paper.dots && bars.module_dots >= LEAST_DOTS, "{text}");
        }
    }
}
