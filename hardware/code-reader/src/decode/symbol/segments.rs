//! From the data codewords to the payload's bytes.

/// A payload with the evidence that the codewords behind it are what an encoder writes.
#[derive(Debug, PartialEq)]
pub(super) struct Payload {
    pub(super) bytes: Vec<u8>,
    /// Bits: padding is known beforehand, so each pad codeword that is right speaks for the rest.
    pub(super) evidence: f32,
}

/// What stands between the data and the end, in turns.
const PADS: [u8; 2] = [0xec, 0x11];

/// Characters of the alphanumeric mode.
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Reads all segments. `None` if they are not well formed, or are a part of a message over
/// several symbols (structured append) or a product code (FNC1): neither is on any paper here.
///
/// Characters stay the bytes they were encoded as, kanji as Shift JIS; a declared character set
/// (ECI) is passed over, since bytes are what is asked for.
pub(super) fn parse(data: &[u8], version: usize) -> Option<Payload> {
    let mut bits = Bits { data, at: 0 };
    let mut bytes = Vec::new();
    // Lengths take more bits in larger symbols.
    let class = match version {
        0..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    let pick = |widths: [usize; 3]| widths.get(class).copied().unwrap_or_default();
    loop {
        if bits.left() < 4 {
            break;
        }
        match bits.take(4)? {
            0 => break,
            1 => numeric(&mut bits, pick([10, 12, 14]), &mut bytes)?,
            2 => alphanumeric(&mut bits, pick([9, 11, 13]), &mut bytes)?,
            4 => {
                for _ in 0..bits.take(pick([8, 16, 16]))? {
                    bytes.push(bits.byte()?);
                }
            }
            7 => skip_character_set(&mut bits)?,
            8 => kanji(&mut bits, pick([8, 10, 12]), &mut bytes)?,
            _ => return None,
        }
    }
    Some(Payload { bytes, evidence: bits.padding() })
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        (self.data.len() * 8).saturating_sub(self.at)
    }

    /// The next bits as a number, at most 16 of them.
    fn take(&mut self, count: usize) -> Option<u16> {
        if self.left() < count {
            return None;
        }
        let mut number = 0;
        for at in self.at..self.at + count {
            let bit = self.data.get(at / 8)? >> (7 - at % 8) & 1;
            number = number << 1 | u16::from(bit);
        }
        self.at += count;
        Some(number)
    }

    fn byte(&mut self) -> Option<u8> {
        u8::try_from(self.take(8)?).ok()
    }

    /// What the codewords after the last segment say. Encoders that pad in another way than the
    /// standard's bring no evidence, and are no worse off.
    fn padding(&self) -> f32 {
        let rest = self.data.get(self.at.div_ceil(8)..).unwrap_or_default();
        let right = rest.iter().zip(PADS.iter().cycle()).filter(|(is, pad)| is == pad).count();
        let right = u16::try_from(right).unwrap_or(u16::MAX);
        if usize::from(right) == rest.len() { 8.0 * f32::from(right) } else { 0.0 }
    }
}

fn numeric(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let mut digits = usize::from(bits.take(width)?);
    while digits > 0 {
        let group = digits.min(3);
        let number = bits.take([0, 4, 7, 10].get(group).copied()?)?;
        let text = format!("{number:0group$}");
        // 1023 and the like are no three digits.
        if text.len() != group {
            return None;
        }
        bytes.extend(text.bytes());
        digits -= group;
    }
    Some(())
}

fn alphanumeric(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let characters = usize::from(bits.take(width)?);
    let base = ALPHANUMERIC.len();
    for _ in 0..characters / 2 {
        let pair = usize::from(bits.take(11)?);
        bytes.push(*ALPHANUMERIC.get(pair / base)?);
        bytes.push(*ALPHANUMERIC.get(pair % base)?);
    }
    if characters % 2 == 1 {
        bytes.push(*ALPHANUMERIC.get(usize::from(bits.take(6)?))?);
    }
    Some(())
}

fn kanji(bits: &mut Bits<'_>, width: usize, bytes: &mut Vec<u8>) -> Option<()> {
    for _ in 0..bits.take(width)? {
        let packed = bits.take(13)?;
        let joined = ((packed / 0xc0) << 8) | (packed % 0xc0);
        let offset = if joined < 0x1f00 { 0x8140 } else { 0xc140 };
        bytes.extend(joined.checked_add(offset)?.to_be_bytes());
    }
    Some(())
}

/// A designator is one to three bytes, told by its leading ones.
fn skip_character_set(bits: &mut Bits<'_>) -> Option<()> {
    let more = match bits.byte()?.leading_ones() {
        0 => 0,
        1 => 8,
        2 => 16,
        _ => return None,
    };
    bits.take(more).map(|_| ())
}
