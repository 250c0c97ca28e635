//! One band of a picture as `GS v 0`, in as few bytes as it can be said.

/// How often a sent dot is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Scale {
    /// Once.
    AsItIs,
    /// Twice downwards.
    Tall,
    /// Twice both ways.
    Square,
}

impl Scale {
    /// Bytes sent for so many bytes of a printed row.
    pub(super) fn width(self, printed: usize) -> usize {
        match self {
            Self::AsItIs | Self::Tall => printed,
            Self::Square => printed.div_ceil(2),
        }
    }

    /// As the command has it.
    fn code(self) -> u8 {
        match self {
            Self::AsItIs => 0,
            Self::Tall => 2,
            Self::Square => 3,
        }
    }
}

/// The most that two rows can be shortened together, if at all.
pub(super) fn scale_of_pair(upper: &[u8], lower: &[u8]) -> Option<Scale> {
    if upper != lower {
        return None;
    }
    let squares = upper.iter().all(|byte| halved_byte(*byte).is_some());
    Some(if squares { Scale::Square } else { Scale::Tall })
}

/// The inked part of some rows.
pub(super) struct Band {
    /// Blank bytes at the left that are not sent.
    pub left: usize,
    width: usize,
    height: usize,
    scale: Scale,
    data: Vec<u8>,
}

impl Band {
    /// Cuts off what is blank in all rows at the right, and at the left if that is wanted, and
    /// shortens as `scale` says, which must fit the rows.
    pub(super) fn of(rows: &[&[u8]], trim_left: bool, scale: Scale) -> Self {
        let first = |row: &&[u8]| row.iter().position(|byte| *byte != 0);
        let last = |row: &&[u8]| row.iter().rposition(|byte| *byte != 0);
        let left = rows.iter().filter_map(first).min().filter(|_| trim_left).unwrap_or(0);
        let right = rows.iter().filter_map(last).max().unwrap_or(left) + 1;
        let whole = Self::cut_out(rows, left, right);
        if let Some(band) = whole.shortened(scale).filter(|band| !is_armed(&band.data)) {
            return band;
        }
        if !is_armed(&whole.data) {
            return whole;
        }
        // A row's end and the next one's beginning met as a real-time command; a blank byte
        // between them parts them.
        match left.checked_sub(1).filter(|_| trim_left) {
            Some(left) => Self::cut_out(rows, left, right),
            None => Self::cut_out(rows, left, right + 1),
        }
    }

    /// The command.
    pub(super) fn raster(&self) -> Vec<u8> {
        let [width_low, width_high] = u16::try_from(self.width).unwrap_or(u16::MAX).to_le_bytes();
        let [height_low, height_high] =
            u16::try_from(self.height).unwrap_or(u16::MAX).to_le_bytes();
        let size = [width_low, width_high, height_low, height_high];
        let mut command = vec![0x1D, b'v', b'0', self.scale.code()];
        command.extend(size);
        command.extend(&self.data);
        command
    }

    fn cut_out(rows: &[&[u8]], left: usize, right: usize) -> Self {
        let width = right - left;
        let cut = |row: &&[u8]| {
            let bytes = row.iter().copied().skip(left);
            bytes.chain(std::iter::repeat(0)).take(width).collect::<Vec<u8>>()
        };
        let data = rows.iter().flat_map(cut).collect();
        Self { left, width, height: rows.len(), scale: Scale::AsItIs, data }
    }

    fn shortened(&self, scale: Scale) -> Option<Self> {
        match scale {
            Scale::AsItIs => None,
            Scale::Tall => self.halved_downwards(),
            Scale::Square => self.halved_downwards()?.halved_across(),
        }
    }

    /// The band with every other row, if rows come in equal pairs.
    fn halved_downwards(&self) -> Option<Self> {
        let rows: Vec<&[u8]> = self.data.chunks(self.width).collect();
        let mut data = Vec::new();
        for pair in rows.chunks(2) {
            match pair {
                [upper, lower] if upper == lower => data.extend_from_slice(upper),
                _ => return None,
            }
        }
        let (left, width, height) = (self.left, self.width, rows.len() / 2);
        Some(Self { left, width, height, scale: Scale::Tall, data })
    }

    /// The band with every other dot of a row, if dots come in equal pairs: QR codes' do.
    fn halved_across(self) -> Option<Self> {
        let mut data = Vec::new();
        for row in self.data.chunks(self.width) {
            for bytes in row.chunks(2) {
                let high = halved_byte(*bytes.first()?)?;
                let low = halved_byte(bytes.get(1).copied().unwrap_or(0))?;
                data.push((high << 4) | low);
            }
        }
        Some(Self { width: self.width.div_ceil(2), scale: Scale::Square, data, ..self })
    }
}

/// Four dots for eight, if they come in pairs.
fn halved_byte(byte: u8) -> Option<u8> {
    let pairs = [byte >> 6, (byte >> 4) & 3, (byte >> 2) & 3, byte & 3];
    pairs.iter().try_fold(0, |four, pair| match pair {
        0 => Some(four << 1),
        3 => Some((four << 1) | 1),
        _ => None,
    })
}

/// Whether the bytes hold the beginning of a real-time command.
fn is_armed(data: &[u8]) -> bool {
    data.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_sides_are_cut_off_and_pairs_are_sent_once() {
        let raster = |rows: &[&[u8]], trim_left, scale| {
            let band = Band::of(rows, trim_left, scale);
            (band.left, band.raster())
        };
        let (left, bytes) = raster(&[&[0, 0x81, 0], &[0, 0x80, 0]], true, Scale::AsItIs);
        assert_eq!((left, bytes), (1, b"\x1dv0\0\x01\0\x02\0\x81\x80".to_vec()));
        let squares: [&[u8]; 2] = [&[0, 0xCC, 0xF0], &[0, 0xCC, 0xF0]];
        assert_eq!(raster(&squares, true, Scale::Square).1, b"\x1dv0\x03\x01\0\x01\0\xAC");
        assert_eq!(raster(&squares, true, Scale::Tall).1, b"\x1dv0\x02\x02\0\x01\0\xCC\xF0");
        let (left, bytes) = raster(&[&[0, 0xCC], &[0, 0xCC]], false, Scale::Square);
        assert_eq!((left, bytes), (0, b"\x1dv0\x03\x01\0\x01\0\x0A".to_vec()));
    }

    #[test]
    fn two_rows_tell_how_far_they_can_be_shortened() {
        assert_eq!(scale_of_pair(&[0xCC], &[0xCC]), Some(Scale::Square));
        assert_eq!(scale_of_pair(&[0xC8], &[0xC8]), Some(Scale::Tall));
        assert_eq!(scale_of_pair(&[0xC8], &[0xCC]), None);
    }

    #[test]
    fn rows_that_meet_as_a_command_are_parted() {
        for trim_left in [true, false] {
            let rows: [&[u8]; 2] = [&[0, 0x20, 0x10, 0], &[0, 0x04, 0, 0]];
            assert!(!is_armed(&Band::of(&rows, trim_left, Scale::AsItIs).data));
        }
        let rows: [&[u8]; 2] = [&[0x20, 0x10, 0], &[0x04, 0, 0]];
        assert!(!is_armed(&Band::of(&rows, true, Scale::AsItIs).data));
    }
}
