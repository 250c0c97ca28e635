//! What is to stand on a strip of thermal paper, before any printer language.

use serde::{Deserialize, Serialize};

/// A ticket or slip: blocks from top to bottom, then a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSlip {
    /// The blocks in printing order.
    pub blocks: Vec<Block>,
}

/// One block of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// Centred text, wrapped at word borders to the paper's width.
    Center(TextSize, String),
    /// Left-aligned text, wrapped at word borders.
    Left(TextSize, String),
    /// A label at the left and a value at the right of one line (wrapped below if too long).
    Pair(String, String),
    /// A QR code of these bytes, centred, error correction M.
    Qr(String),
    /// A bar code of this ASCII text (Code 128), centred, with the text in small letters below.
    Code128(String),
    /// A thin line across the paper.
    Rule,
    /// Empty space, in millimetres.
    Space(u8),
}

/// Text sizes a person can tell apart on paper. Cap height in millimetres is told per size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextSize {
    /// Notes: about 2 mm.
    Small,
    /// Running text: about 2.5 mm.
    Normal,
    /// Emphasised lines: about 3.5 mm, semibold.
    Large,
    /// The queue number: about 14 mm, semibold.
    Giant,
}

/// Widths of paper in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaperWidth {
    /// 58 mm paper, 48 mm printable, 384 dots at 203 dpi.
    #[serde(rename = "58mm")]
    Mm58,
    /// 80 mm paper, 72 mm printable, 576 dots at 203 dpi.
    #[serde(rename = "80mm")]
    Mm80,
}
