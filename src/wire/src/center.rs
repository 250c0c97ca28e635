//! Kiosk ↔ center: fields, tickets, help.
//!
//! | method and path | body | answer |
//! |---|---|---|
//! | `GET /v1/fields` | – | [`Fields`] |
//! | `POST /v1/tickets` | [`TicketRequest`] | [`TicketIssued`], the same for the same request key |
//! | `POST /v1/tickets/{id}/paper` | [`PaperReport`] | 204 |
//! | `POST /v1/help` | [`HelpCall`] | 204 |
//! | `GET /v1/events` | – | `text/event-stream` of [`Resync`], [`CallHeard`], [`Waiting`], [`Beat`], `help` |
//!
//! `help` says nothing of who asks for help: consoles fetch that themselves, behind their log-in.

use domain::{Bilingual, CenterId, CounterNo, FieldCode, KioskId, TicketNo};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// The fields of a center and how many wait in each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The center.
    pub center: CenterId,
    /// Its name.
    pub name: Bilingual,
    /// The fields, in the order of the screen.
    pub fields: Vec<FieldQueue>,
}

/// One field's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldQueue {
    /// Code.
    pub code: FieldCode,
    /// Letter of its numbers.
    pub letter: char,
    /// Name.
    pub name: Bilingual,
    /// Citizens waiting.
    pub waiting: u32,
}

/// Asks for a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRequest {
    /// Names this wish: asked again with the same key, the same ticket comes back.
    /// 32 lower-case hex digits, random.
    pub request: String,
    /// Where it was asked.
    pub kiosk: KioskId,
    /// For which field.
    pub field: FieldCode,
}

/// A number that now belongs to one citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// Name of the ticket for later messages.
    pub id: String,
    /// The number.
    pub number: TicketNo,
    /// The field.
    pub field: FieldCode,
    /// When, by the center's clock.
    pub issued_at: Timestamp,
    /// How many are ahead in this field.
    pub ahead: u32,
    /// What the code on the ticket says.
    pub code: String,
}

/// What became of the paper of a ticket. The number is valid either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperReport {
    /// The outcome.
    pub outcome: PaperOutcome,
}

/// Whether the citizen holds a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperOutcome {
    /// The printer confirmed it.
    Printed,
    /// The citizen saw the number on the screen only.
    ShownOnly,
}

/// A citizen at a kiosk asks for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpCall {
    /// At which kiosk.
    pub kiosk: KioskId,
}

/// A call, as boards and phones hear it: event `call` of `GET /v1/events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallHeard {
    /// Grows from call to call within a day: a call is new when its number is.
    pub seq: u64,
    /// Who is called.
    pub number: TicketNo,
    /// The field of the number.
    pub field: FieldCode,
    /// To which counter.
    pub counter: CounterNo,
    /// When, by the center's clock.
    pub at: Timestamp,
}

/// How many wait, per field: event `queue` of `GET /v1/events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Citizens waiting, in the order of the screen.
    pub fields: Vec<FieldWaiting>,
}

/// How many wait in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWaiting {
    /// The field.
    pub code: FieldCode,
    /// Citizens waiting.
    pub waiting: u32,
}

/// All that boards and phones need: event `resync` of `GET /v1/events`, sent first and
/// whenever a listener was too slow to hear everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resync {
    /// The day, by the center's clock.
    pub day: Date,
    /// The last calls, newest first, each number once.
    pub calls: Vec<CallHeard>,
    /// Citizens waiting, in the order of the screen.
    pub fields: Vec<FieldWaiting>,
}

/// The line still stands: event `beat` of `GET /v1/events`, sent when nothing else was for a
/// while. A listener that hears nothing for three beats has lost the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Now, by the center's clock.
    pub at: Timestamp,
}

/// What an officer's key led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterState {
    /// The counter.
    pub counter: CounterNo,
    /// The number now open there.
    pub open: Option<TicketNo>,
}
