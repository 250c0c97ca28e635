//! Walks through a baseline JPEG file symbol by symbol, to know that nothing of it is missing.
//!
//! A decoder fills what a cut file lacks with grey and calls it a picture, even when it is asked
//! to be strict. Here nothing is computed but lengths: every block of every scan must be there,
//! with the end marker right behind the last (ITU T.81, annexes B, C and F).

use super::tables::{STANDARD, Symbols};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const BASELINE: u8 = 0xc0;
const EXTENDED: u8 = 0xc1;
const TABLES: u8 = 0xc4;
const SCAN: u8 = 0xda;
const INTERVAL: u8 = 0xdd;
const FIRST_RESTART: u8 = 0xd0;

/// What stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walked {
    /// Bytes up to and with the end marker; behind it may be what an earlier frame left.
    pub(super) length: usize,
    /// The file names no Huffman tables and means the standard's.
    pub(super) bare: bool,
}

/// Walks a file to its end. `None` when something is missing, or it is no baseline JPEG.
pub(super) fn walk(file: &[u8]) -> Option<Walked> {
    let mut walker = Walker { file, at: 2, image: None, tables: Tables::default(), interval: 0 };
    file.starts_with(&[0xff, START]).then_some(())?;
    let mut scans = 0;
    loop {
        match walker.marker()? {
            END => {
                let bare = !walker.tables.own;
                return (scans > 0).then_some(Walked { length: walker.at, bare });
            }
            SCAN => {
                walker.scan()?;
                scans += 1;
            }
            BASELINE | EXTENDED => {
                let segment = walker.segment()?;
                walker.image = Some(Image::parse(segment)?);
            }
            TABLES => {
                let segment = walker.segment()?;
                walker.tables.add(segment)?;
            }
            INTERVAL => {
                walker.interval = u16::from_be_bytes(*walker.segment()?.first_chunk()?);
            }
            // Other frames than baseline ones, and markers that stand alone, are no camera's.
            0xc2 | 0xc3 | 0xc5..=0xc7 | 0xc9..=0xcf | FIRST_RESTART..=START | 0x01 | 0x00 => {
                return None;
            }
            _ => {
                walker.segment()?;
            }
        }
    }
}

struct Walker<'a> {
    file: &'a [u8],
    at: usize,
    image: Option<Image>,
    tables: Tables,
    interval: u16,
}

impl<'a> Walker<'a> {
    fn marker(&mut self) -> Option<u8> {
        (*self.file.get(self.at)? == 0xff).then_some(())?;
        while *self.file.get(self.at)? == 0xff {
            self.at += 1;
        }
        self.at += 1;
        self.file.get(self.at - 1).copied()
    }

    fn segment(&mut self) -> Option<&'a [u8]> {
        let rest = self.file.get(self.at..)?;
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        self.at += length;
        rest.get(2..length)
    }

    /// One scan: its header, then every block it promises.
    fn scan(&mut self) -> Option<()> {
        let (count, selectors) = self.segment()?.split_first()?;
        let image = self.image.as_ref()?;
        let mut parts = Vec::new();
        for [id, tables] in selectors.as_chunks::<2>().0.iter().take(usize::from(*count)) {
            let part = image.parts.iter().find(|part| part.id == *id)?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            parts.push((part, self.tables.dc(dc)?, self.tables.ac(ac)?));
        }
        (!parts.is_empty() && parts.len() == usize::from(*count)).then_some(())?;
        let units = match parts.as_slice() {
            // A part alone comes in its own blocks, not in those of the whole.
            [(part, ..)] => image.blocks_of(part),
            _ => image.units(),
        };
        let alone = parts.len() == 1;
        let mut bits = Bits { file: self.file, at: self.at, held: 0, count: 0 };
        let (mut until_restart, mut restarts) = (self.interval, 0);
        for _ in 0..units {
            if self.interval > 0 && until_restart == 0 {
                bits.restart(restarts)?;
                restarts = (restarts + 1) % 8;
                until_restart = self.interval;
            }
            until_restart = until_restart.saturating_sub(1);
            for (part, dc, ac) in &parts {
                for _ in 0..if alone { 1 } else { part.across * part.down } {
                    bits.block(dc, ac)?;
                }
            }
        }
        self.at = bits.end()?;
        Some(())
    }
}

/// Size and parts of the picture.
struct Image {
    width: usize,
    height: usize,
    parts: Vec<Part>,
}

/// A part: brightness, or one of the colours.
struct Part {
    id: u8,
    across: usize,
    down: usize,
}

impl Image {
    fn parse(segment: &[u8]) -> Option<Self> {
        let ([8, h1, h0, w1, w0, count], parts) = segment.split_first_chunk()? else { return None };
        let parts: Vec<Part> = parts
            .as_chunks::<3>()
            .0
            .iter()
            .map(|[id, factors, _]| Part {
                id: *id,
                across: usize::from(factors >> 4),
                down: usize::from(factors & 15),
            })
            .collect();
        let image = Self {
            width: usize::from(u16::from_be_bytes([*w1, *w0])),
            height: usize::from(u16::from_be_bytes([*h1, *h0])),
            parts,
        };
        let sane = image
            .parts
            .iter()
            .all(|part| (1..=4).contains(&part.across) && (1..=4).contains(&part.down));
        let counted = image.parts.len() == usize::from(*count) && (1..=4).contains(count);
        (sane && counted && image.width > 0 && image.height > 0).then_some(image)
    }

    fn most_across(&self) -> usize {
        self.parts.iter().map(|part| part.across).max().unwrap_or(1)
    }

    fn most_down(&self) -> usize {
        self.parts.iter().map(|part| part.down).max().unwrap_or(1)
    }

    fn units(&self) -> usize {
        self.width.div_ceil(8 * self.most_across()) * self.height.div_ceil(8 * self.most_down())
    }

    fn blocks_of(&self, part: &Part) -> usize {
        let side =
            |pixels: usize, own: usize, most: usize| (pixels * own).div_ceil(most).div_ceil(8);
        side(self.width, part.across, self.most_across())
            * side(self.height, part.down, self.most_down())
    }
}

/// The Huffman tables in force.
#[derive(Default)]
struct Tables {
    own: bool,
    dc: [Option<Symbols>; 4],
    ac: [Option<Symbols>; 4],
}

impl Tables {
    fn add(&mut self, mut segment: &[u8]) -> Option<()> {
        self.own = true;
        while let Some((place, rest)) = segment.split_first() {
            let (symbols, rest) = Symbols::parse(rest)?;
            let class = if place >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *class.get_mut(usize::from(place & 15))? = Some(symbols);
            segment = rest;
        }
        Some(())
    }

    fn dc(&mut self, place: usize) -> Option<Symbols> {
        self.standard()?;
        self.dc.get(place)?.clone()
    }

    fn ac(&mut self, place: usize) -> Option<Symbols> {
        self.standard()?;
        self.ac.get(place)?.clone()
    }

    /// A file that brings no tables means those of the standard's annex K.
    fn standard(&mut self) -> Option<()> {
        if !self.own && self.dc.iter().all(Option::is_none) {
            self.add(STANDARD.get(4..)?)?;
            self.own = false;
        }
        Some(())
    }
}

/// The bits of a scan.
struct Bits<'a> {
    file: &'a [u8],
    at: usize,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    /// Has at least `wanted` bits ready. Beyond the data there are none: no zeros are made up.
    fn fill(&mut self, wanted: u32) -> bool {
        while self.count < wanted {
            match (self.file.get(self.at), self.file.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.held = self.held << 8 | 0xff;
                    self.at += 2;
                }
                (Some(0xff) | None, _) => return false,
                (Some(byte), _) => {
                    self.held = self.held << 8 | u32::from(*byte);
                    self.at += 1;
                }
            }
            self.count += 8;
        }
        true
    }

    fn skip(&mut self, bits: u32) -> Option<()> {
        self.fill(bits).then(|| self.count -= bits)
    }

    fn symbol(&mut self, symbols: &Symbols) -> Option<u8> {
        self.fill(16);
        let window = self.held << (32 - self.count).min(31) >> 16;
        let window = if self.count == 0 { 0 } else { window };
        let (symbol, length) = symbols.read(u16::try_from(window).ok()?)?;
        self.skip(length)?;
        Some(symbol)
    }

    fn block(&mut self, dc: &Symbols, ac: &Symbols) -> Option<()> {
        let size = self.symbol(dc).filter(|size| *size <= 15)?;
        self.skip(size.into())?;
        let mut at = 1;
        while at < 64 {
            let symbol = self.symbol(ac)?;
            let (run, size) = (symbol >> 4, symbol & 15);
            match (run, size) {
                (15, 0) => at += 16,
                (_, 0) => break,
                _ => {
                    at += run + 1;
                    self.skip(size.into())?;
                }
            }
        }
        (at <= 64).then_some(())
    }

    /// Only the padding of the last byte may be left; where the next marker stands.
    fn end(&self) -> Option<usize> {
        (self.count < 8).then_some(self.at)
    }

    fn restart(&mut self, number: u8) -> Option<()> {
        let at = self.end()?;
        (self.file.get(at..at + 2)? == [0xff, FIRST_RESTART + number]).then_some(())?;
        (self.at, self.count, self.held) = (at + 2, 0, 0);
        Some(())
    }
}
