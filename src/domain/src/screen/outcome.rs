//! What became of a dossier: handing in, looking up, rating.

use std::fmt;

use super::Shortcoming;
use crate::{Bilingual, dossier::Status, text::Concealed};

/// On its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Submitting {
    /// Being sealed and written to disk.
    Sealing,
    /// Safe here; being sent.
    Sending,
}

/// Kept or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Where it is.
    pub place: DossierPlace,
    /// What its code says.
    pub code: Concealed,
    /// The slip.
    pub slip: SlipState,
    /// Procedure.
    pub procedure: Bilingual,
}

/// Where a submitted dossier is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DossierPlace {
    /// The province holds it under this code.
    Province(crate::ids::DossierCode),
    /// This kiosk holds it sealed and will send it; known by this number until then.
    Kiosk(String),
}

/// The slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlipState {
    /// Coming.
    Printing,
    /// There.
    Printed,
    /// Did not come; the code on the screen can be photographed.
    NotPrinted(Shortcoming),
}

/// Which dossier.
#[derive(Clone, PartialEq, Eq)]
pub struct LookUp {
    /// The code, as typed or scanned.
    pub code: String,
    /// The second factor: last four digits of the personal number.
    pub factor: String,
    /// Which of the two is being typed.
    pub focused: LookUpField,
    /// What happened to the last try.
    pub state: LookUpState,
}

/// The fields of the look-up page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LookUpField {
    /// Dossier code.
    Code,
    /// Second factor.
    Factor,
}

/// How far a look-up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LookUpState {
    /// Being typed.
    Typing,
    /// Asking the province.
    Asking,
    /// The code is not written like one.
    NotACode,
    /// The second factor must be four digits.
    NotAFactor,
    /// No dossier with this code and factor.
    NotFound,
    /// Too many wrong tries: the province answers about this code again after a while.
    Locked,
    /// The province cannot be reached.
    NoProvince,
    /// The province answered, but with an error of its own.
    ProvinceFails,
    /// No code can be shown here now: the reader is not there. Typing works.
    NoReader,
}

/// How a dossier stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierStatus {
    /// Its code.
    pub code: String,
    /// Procedure.
    pub procedure: Bilingual,
    /// Status now.
    pub status: Status,
    /// Why, when it was refused or papers are asked.
    pub reason: Option<String>,
    /// What happened, oldest first.
    pub history: Vec<HistoryRow>,
}

/// One step of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When, local time, `08:05 21/11/2026`.
    pub at: String,
    /// Which status.
    pub status: Status,
}

/// How was it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What was chosen, if anything.
    pub given: Option<Rating>,
}

/// The five answers of the national survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// *Rất hài lòng*.
    VerySatisfied,
    /// *Hài lòng*.
    Satisfied,
    /// *Bình thường*.
    Neutral,
    /// *Không hài lòng*.
    Dissatisfied,
    /// *Rất không hài lòng*.
    VeryDissatisfied,
}

impl Rating {
    /// All five, best first.
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::Neutral,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];
}

/// Code and factor together open a dossier: neither is shown.
impl fmt::Debug for LookUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookUp")
            .field("characters", &(self.code.chars().count(), self.factor.chars().count()))
            .field("focused", &self.focused)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
