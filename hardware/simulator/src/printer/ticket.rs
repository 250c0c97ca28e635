//! A strip of paper that was cut off.

/// What came out of the printer between two cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub(super) dots: usize,
    pub(super) rows: Vec<Vec<u8>>,
    pub(super) bytes: Vec<u8>,
    pub(super) not_understood: Vec<u8>,
}

impl Ticket {
    /// Dots across.
    #[must_use]
    pub fn width(&self) -> usize {
        self.dots
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The dots, row by row, `ceil(width / 8)` bytes each, leftmost dot highest, 1 is black.
    #[must_use]
    pub fn bits(&self) -> Vec<u8> {
        self.rows.concat()
    }

    /// The bytes that made it, without requests that are answered at once.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes that are no command this printer knows; a good driver sends none.
    #[must_use]
    pub fn not_understood(&self) -> &[u8] {
        &self.not_understood
    }
}
