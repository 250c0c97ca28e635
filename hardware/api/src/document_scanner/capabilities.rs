//! What a scanner can do.

use serde::{Deserialize, Serialize};

use super::{ColorMode, Source};

/// What a scanner can do, as it says itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScannerCapabilities {
    /// Where paper can lie.
    pub sources: Vec<Source>,
    /// Colour, grey, or both.
    pub colors: Vec<ColorMode>,
    /// Dots per inch.
    pub dpi: Resolutions,
    /// Largest width, in millimetres; `None` when it does not tell.
    pub width_mm: Option<u16>,
    /// Largest height, in millimetres; `None` when it does not tell.
    pub height_mm: Option<u16>,
    /// It notices when two sheets go in at once.
    pub notices_double_feed: bool,
}

/// Dots per inch that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolutions {
    /// It does not tell.
    Unknown,
    /// These, smallest first.
    These(Vec<u16>),
    /// Everything from the first to the second.
    Between(u16, u16),
}

impl Resolutions {
    /// Whether exactly this many can be set; not knowing is a no.
    #[must_use]
    pub fn has(&self, dpi: u16) -> bool {
        match self {
            Self::Unknown => false,
            Self::These(all) => all.contains(&dpi),
            Self::Between(least, most) => (*least..=*most).contains(&dpi),
        }
    }
}
