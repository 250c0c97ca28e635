//! One bit per dot, rows packed as printers take them.
#![expect(clippy::indexing_slicing, reason = "dot arithmetic; each access is checked beside it")]

/// A picture in black and white. Rows are padded to whole bytes, the leftmost dot is the highest
/// bit, 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    stride: usize,
    bits: Vec<u8>,
}

impl Bitmap {
    /// An empty strip of this width, no rows.
    pub(crate) fn new(width: u32) -> Self {
        let stride = usize::try_from(width.div_ceil(8)).unwrap_or(0).max(1);
        Self { width, stride, bits: Vec::new() }
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        u32::try_from(self.bits.len() / self.stride).unwrap_or(u32::MAX)
    }

    /// All rows, top to bottom, `ceil(width / 8)` bytes each.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// The rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.bits.chunks_exact(self.stride)
    }

    /// Whether a dot is black; outside the picture all is white.
    #[must_use]
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        self.place(x, y).is_some_and(|(byte, bit)| self.bits[byte] & bit != 0)
    }

    /// Adds white rows below until there are `height`.
    pub(crate) fn grow_to(&mut self, height: u32) {
        let bytes = usize::try_from(height).unwrap_or(0) * self.stride;
        if bytes > self.bits.len() {
            self.bits.resize(bytes, 0);
        }
    }

    /// Blackens a dot; outside the picture nothing happens.
    pub(crate) fn blacken(&mut self, x: u32, y: u32) {
        if let Some((byte, bit)) = self.place(x, y) {
            self.bits[byte] |= bit;
        }
    }

    /// Blackens a rectangle.
    pub(crate) fn fill(&mut self, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top + height {
            for x in left..left + width {
                self.blacken(x, y);
            }
        }
    }

    /// Widens lone dots whose bytes would read as a real-time command.
    ///
    /// Printers look for `DLE EOT`, `DLE ENQ` and `DLE DC4` in *all* bytes that arrive, pictures
    /// included: by chance a picture could ask for a status, or switch the printer off. A dot
    /// more beside a lone dot is not seen by anybody.
    pub(crate) fn disarm(&mut self) {
        for at in 1..self.bits.len() {
            if self.bits[at - 1] == 0x10 && matches!(self.bits[at], 0x04 | 0x05 | 0x14) {
                self.bits[at - 1] = 0x18;
            }
        }
    }

    fn place(&self, x: u32, y: u32) -> Option<(usize, u8)> {
        let byte = usize::try_from(y).ok()? * self.stride + usize::try_from(x / 8).ok()?;
        (x < self.width && byte < self.bits.len()).then_some((byte, 0x80 >> (x % 8)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_packed_from_the_left_and_outside_is_white() {
        let mut bitmap = Bitmap::new(12);
        bitmap.grow_to(2);
        bitmap.blacken(0, 0);
        bitmap.blacken(11, 1);
        bitmap.blacken(12, 1);
        bitmap.blacken(0, 2);
        assert_eq!(bitmap.bits(), [0x80, 0x00, 0x00, 0x10]);
        assert!(bitmap.is_black(11, 1) && !bitmap.is_black(12, 1) && !bitmap.is_black(0, 9));
    }

    #[test]
    fn a_picture_that_reads_as_a_command_is_disarmed() {
        for second in [0x04, 0x05, 0x14] {
            let mut bitmap = Bitmap { width: 24, stride: 3, bits: vec![0x10, second, 0x01] };
            bitmap.disarm();
            assert_eq!(bitmap.bits(), [0x18, second, 0x01]);
        }
    }
}
