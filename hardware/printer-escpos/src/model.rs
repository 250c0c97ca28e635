//! Printer models as data: where they differ only in numbers, a file in `models/` tells.

use hardware_api::PaperWidth;

use crate::raster::Paper;

/// The models that come with the program, by the names used in settings.
const FILES: [(&str, &str); 7] = [
    ("bixolon-srp-350", include_str!("../models/bixolon-srp-350.toml")),
    ("custom-tg2480", include_str!("../models/custom-tg2480.toml")),
    ("custom-vkp80", include_str!("../models/custom-vkp80.toml")),
    ("epson-tm-t20", include_str!("../models/epson-tm-t20.toml")),
    ("epson-tm-t88", include_str!("../models/epson-tm-t88.toml")),
    ("xprinter-xp-58", include_str!("../models/xprinter-xp-58.toml")),
    ("xprinter-xp-80", include_str!("../models/xprinter-xp-80.toml")),
];

/// What must be known of a printer to drive it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Maker and series, for people.
    pub name: String,
    /// Dots per inch, both ways.
    pub dpi: u8,
    /// Dots across 58 mm paper, if it takes such.
    pub dots_58mm: Option<u16>,
    /// Dots across 80 mm paper, if it takes such.
    pub dots_80mm: Option<u16>,
    /// Most rows that are sent as one picture.
    pub band_rows: u8,
    /// How paper is cut.
    pub cut: Cut,
    /// Feed between the last row and the cut (or the tearing edge) that the cut itself does not
    /// make, in millimetres.
    pub feed_before_cut_mm: u8,
    /// Whether pictures begin at a left margin set by command (`GS L`): blank left sides need not
    /// be sent then.
    pub sets_left_margin: bool,
    /// Whether the unit of feeds is set to one dot by command; else it is one dot already.
    pub sets_motion_units: bool,
    /// The requests `DLE EOT n` it answers.
    pub real_time_status: Vec<u8>,
    /// What its answers look like.
    pub status_form: StatusForm,
    /// Whether it reports changes by itself in the four-byte form once asked to.
    pub automatic_status: bool,
    /// What it answers only after it has worked off all data before.
    pub after_data: AfterData,
    /// Whether it can be told to forget what it has not printed (`DLE DC4 8`).
    pub clears_buffer: bool,
    /// Whether an empty roll shows in its USB class status, so that a printer which takes no more
    /// data can still be asked.
    pub usb_tells_paper: bool,
}

/// What answers to `DLE EOT n` look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusForm {
    /// One byte with fixed bits, and reports of four bytes.
    Epson,
    /// To `DLE EOT 20` six bytes that tell everything.
    Custom,
}

/// How paper is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// `GS V 65`: feeds to the cutter and cuts through.
    FeedFull,
    /// `GS V 66`: feeds to the cutter and leaves a bridge.
    FeedPartial,
    /// `ESC i`: cuts where the paper stands.
    Total,
    /// There is no cutter.
    None,
}

/// What a printer answers only after it has worked off all data before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterData {
    /// `GS ( H` with function 48: a name comes back once all data before has been printed.
    ProcessId,
    /// `GS r 1` waits in line with the data: its answer proves they were printed.
    GsR,
    /// Only `DLE EOT`, answered on arrival: proves that the data arrived and no trouble was
    /// seen so far, no more.
    DleEot,
}

/// A model that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No file has this name. Caller: choose one of [`Model::names`].
    #[error("there is no printer model {name}")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The text is no model. Caller: mend it.
    #[error("the printer model is not understood")]
    NotUnderstood(#[from] toml::de::Error),
    /// The model does not take this paper. Caller: choose another width.
    #[error("{model} does not print on {width:?} paper")]
    Width {
        /// The model's name.
        model: String,
        /// What was asked for.
        width: PaperWidth,
    },
}

impl Model {
    /// Names of the models that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FILES.iter().map(|(name, _)| *name)
    }

    /// Takes a model that comes with the program.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn by_name(name: &str) -> Result<Self, ModelError> {
        let file = FILES.iter().find(|(known, _)| *known == name);
        let (_, text) = file.ok_or_else(|| ModelError::Unknown { name: name.to_owned() })?;
        Self::from_toml(text)
    }

    /// Reads a model that an operator wrote.
    ///
    /// # Errors
    /// When the text is no model.
    pub fn from_toml(text: &str) -> Result<Self, ModelError> {
        Ok(toml::from_str(text)?)
    }

    /// Bytes of the largest picture it is sent at once.
    pub(crate) fn largest_picture(&self) -> usize {
        let dots = self.dots_80mm.max(self.dots_58mm).unwrap_or(0);
        usize::from(dots.div_ceil(8)) * usize::from(self.band_rows)
    }

    /// The printable strip on paper of this width.
    pub(crate) fn paper(&self, width: PaperWidth) -> Result<Paper, ModelError> {
        let dots = match width {
            PaperWidth::Mm58 => self.dots_58mm,
            PaperWidth::Mm80 => self.dots_80mm,
        };
        let dots = dots.ok_or_else(|| ModelError::Width { model: self.name.clone(), width })?;
        Ok(Paper { dots: u32::from(dots), dpi: u32::from(self.dpi) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_parses_and_prints_on_some_paper() {
        for name in Model::names() {
            let model = Model::by_name(name).unwrap();
            let widths = [PaperWidth::Mm58, PaperWidth::Mm80];
            assert!(widths.iter().any(|width| model.paper(*width).is_ok()), "{name}");
            let asked = match model.status_form {
                StatusForm::Epson => 4,
                StatusForm::Custom => 20,
            };
            assert!(model.band_rows >= 24 && model.real_time_status.contains(&asked), "{name}");
            // A request that may be answered late must be one whose answer is told apart.
            let alone = model.status_form == StatusForm::Epson || !model.automatic_status;
            assert!(alone, "{name}");
        }
    }

    #[test]
    fn an_unknown_model_and_a_misspelt_key_are_refused() {
        assert!(matches!(Model::by_name("lp-1"), Err(ModelError::Unknown { .. })));
        let text = FILES[0].1.replace("band_rows", "band_row");
        assert!(matches!(Model::from_toml(&text), Err(ModelError::NotUnderstood(_))));
    }
}
