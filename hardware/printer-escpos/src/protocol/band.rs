//! One band of a picture as `GS v 0`, in as few bytes as it can be said.

/// The inked part of some rows.
pub(super) struct Band {
    /// Blank bytes at the left that are not sent.
    pub left: usize,
    width: usize,
    height: usize,
    /// 0 as it is, 3 with each dot printed as two by two.
    scale: u8,
    data: Vec<u8>,
}

impl Band {
    /// Cuts off what is blank in all rows at the right, and at the left if that is wanted.
    pub(super) fn of(rows: &[&[u8]], trim_left: bool) -> Self {
        let first = |row: &&[u8]| row.iter().position(|byte| *byte != 0);
        let last = |row: &&[u8]| row.iter().rposition(|byte| *byte != 0);
        let left = rows.iter().filter_map(first).min().filter(|_| trim_left).unwrap_or(0);
        let right = rows.iter().filter_map(last).max().unwrap_or(left) + 1;
        let mut band = Self::cut_out(rows, left, right);
        if is_armed(&band.data) {
            // A row's end and the next one's beginning met as a real-time command; a blank
            // byte between them parts them.
            band = match left.checked_sub(1).filter(|_| trim_left) {
                Some(left) => Self::cut_out(rows, left, right),
                None => Self::cut_out(rows, left, right + 1),
            };
        }
        band.halved().unwrap_or(band)
    }

    /// The command.
    pub(super) fn raster(&self) -> Vec<u8> {
        let [width_low, width_high] = u16::try_from(self.width).unwrap_or(u16::MAX).to_le_bytes();
        let [height_low, height_high] =
            u16::try_from(self.height).unwrap_or(u16::MAX).to_le_bytes();
        let size = [width_low, width_high, height_low, height_high];
        let mut command = vec![0x1D, b'v', b'0', self.scale];
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
        Self { left, width, height: rows.len(), scale: 0, data }
    }

    /// The band at half the size, if it is nothing but squares of two by two dots: QR codes are.
    fn halved(&self) -> Option<Self> {
        let rows: Vec<&[u8]> = self.data.chunks(self.width).collect();
        let mut data = Vec::new();
        for pair in rows.chunks(2) {
            let [upper, lower] = pair else { return None };
            if upper != lower {
                return None;
            }
            for bytes in upper.chunks(2) {
                let high = halved_byte(*bytes.first()?)?;
                let low = halved_byte(bytes.get(1).copied().unwrap_or(0))?;
                data.push((high << 4) | low);
            }
        }
        let (width, height) = (self.width.div_ceil(2), rows.len() / 2);
        (!is_armed(&data)).then_some(Self { left: self.left, width, height, scale: 3, data })
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
    fn blank_sides_are_cut_off_and_squares_are_halved() {
        let band = Band::of(&[&[0, 0x81, 0], &[0, 0x80, 0]], true);
        assert_eq!((band.left, band.raster()), (1, b"\x1dv0\0\x01\0\x02\0\x81\x80".to_vec()));
        let band = Band::of(&[&[0, 0xCC, 0xF0], &[0, 0xCC, 0xF0]], true);
        assert_eq!(band.raster(), b"\x1dv0\x03\x01\0\x01\0\xAC");
        let band = Band::of(&[&[0, 0xCC], &[0, 0xCC]], false);
        assert_eq!((band.left, band.raster()), (0, b"\x1dv0\x03\x01\0\x01\0\x0A".to_vec()));
    }

    #[test]
    fn rows_that_meet_as_a_command_are_parted() {
        for trim_left in [true, false] {
            let rows: [&[u8]; 2] = [&[0, 0x20, 0x10, 0], &[0, 0x04, 0, 0]];
            let band = Band::of(&rows, trim_left);
            assert!(!is_armed(&band.data));
        }
        let rows: [&[u8]; 2] = [&[0x20, 0x10, 0], &[0x04, 0, 0]];
        assert!(!is_armed(&Band::of(&rows, true).data));
    }
}
