//! The start page and queue numbers.

use super::{Availability, Shortcoming};
use crate::{Bilingual, FieldCode, TicketNo};

/// The start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Welcome {
    /// Queue numbers.
    pub tickets: Availability,
    /// Handing in.
    pub dossiers: Availability,
    /// Looking up.
    pub look_up: Availability,
}

/// For which field a number is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooseField {
    /// The fields of this center.
    pub fields: Vec<FieldTile>,
    /// Paper is out: numbers will be shown on the screen only.
    pub paper: Availability,
}

/// One field as a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTile {
    /// Its code, for the touch.
    pub code: FieldCode,
    /// Letter of its numbers.
    pub letter: char,
    /// Its name.
    pub name: Bilingual,
    /// Citizens waiting, where the center has said.
    pub waiting: Option<u32>,
}

/// A number: being made, printed, or not printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPage {
    /// Name of the field.
    pub field: Bilingual,
    /// How far it is.
    pub state: TicketState,
}

/// How far a ticket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketState {
    /// The center is being asked.
    Issuing,
    /// The center gave no number; none was used up.
    NoNumber,
    /// The paper is coming.
    Printing(Issued),
    /// The paper is there.
    Printed(Issued),
    /// No paper came, but the number is valid.
    NotPrinted(Issued, Shortcoming),
}

/// A number as the center issued it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The number.
    pub number: TicketNo,
    /// How many are ahead.
    pub ahead: u32,
    /// What its code says, to be photographed when there is no paper.
    pub code: String,
}
