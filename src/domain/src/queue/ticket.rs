//! One place in the queue, and its way through it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::key::TicketId;
use crate::{CounterNo, FieldCode, KioskId, TicketNo};

/// One number of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The number.
    pub number: TicketNo,
    /// Its name in addresses.
    pub id: TicketId,
    /// Its field.
    pub field: FieldCode,
    /// Where it was drawn.
    pub kiosk: KioskId,
    /// When it was drawn.
    pub issued_at: Timestamp,
    /// What became of the paper, once the kiosk has said so.
    pub paper: Option<Paper>,
    /// Where it stands.
    pub state: State,
    /// How often it was announced.
    pub announced: u32,
}

/// What became of the paper. The number is valid either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// The printer confirmed it.
    Printed,
    /// The citizen saw the number on the screen only.
    ShownOnly,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not called yet.
    Waiting,
    /// Called to a counter.
    Called {
        /// The counter.
        counter: CounterNo,
        /// Since when.
        at: Timestamp,
    },
    /// Called, but nobody came.
    Absent {
        /// The counter that called.
        counter: CounterNo,
        /// Since when.
        at: Timestamp,
    },
    /// Served.
    Done {
        /// The counter that served.
        counter: CounterNo,
        /// Since when.
        at: Timestamp,
    },
}

/// One announcement, as boards show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Counts the changes of the day up to this call: grows from call to call.
    pub seq: u64,
    /// Who is called.
    pub ticket: TicketNo,
    /// The field of the ticket.
    pub field: FieldCode,
    /// To which counter.
    pub counter: CounterNo,
    /// When.
    pub at: Timestamp,
}
