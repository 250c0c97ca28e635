//! What is asked of the queue, and what comes of it.

use super::{Change, Contradiction, Paper, RequestKey, Ticket, TicketId};
use crate::{CounterNo, FieldCode, KioskId, TicketNo};

/// What is asked of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A citizen wants a number.
    Issue {
        /// The wish: the same wish gets the same ticket.
        request: RequestKey,
        /// A fresh random name for the ticket, should one be issued.
        id: TicketId,
        /// Which field.
        field: FieldCode,
        /// The field's letter.
        letter: char,
        /// Where it was asked.
        kiosk: KioskId,
    },
    /// A kiosk says what became of the paper.
    Paper {
        /// Which ticket.
        id: TicketId,
        /// What became of it.
        paper: Paper,
    },
    /// An officer calls the next citizen.
    Next {
        /// At which counter.
        counter: CounterNo,
        /// The fields this counter serves.
        serves: Vec<FieldCode>,
        /// The call the officer sees as open.
        open: Option<TicketNo>,
    },
    /// An officer has the open call announced once more.
    Recall {
        /// At which counter.
        counter: CounterNo,
        /// The call the officer sees as open.
        ticket: TicketNo,
    },
    /// The called citizen did not come.
    Absent {
        /// At which counter.
        counter: CounterNo,
        /// The call the officer sees as open.
        ticket: TicketNo,
    },
    /// The called citizen was served.
    Done {
        /// At which counter.
        counter: CounterNo,
        /// The call the officer sees as open.
        ticket: TicketNo,
    },
    /// An absent citizen is back and is called.
    CallAgain {
        /// At which counter.
        counter: CounterNo,
        /// The fields this counter serves.
        serves: Vec<FieldCode>,
        /// The call the officer sees as open.
        open: Option<TicketNo>,
        /// The absent ticket.
        ticket: TicketNo,
    },
}

/// What an event led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The facts to keep, in order. Empty when nothing changed.
    pub changes: Vec<Change>,
    /// What the asker is told.
    pub answer: Answer,
}

/// What the asker is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The ticket of the wish, and how many are ahead of it now.
    Ticket {
        /// The ticket.
        ticket: Ticket,
        /// Citizens ahead in its field.
        ahead: u32,
    },
    /// The call now open at the counter, if any.
    Counter {
        /// The call.
        open: Option<Ticket>,
    },
    /// It is noted.
    Noted,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No ticket of today has that name or number.
    #[error("no ticket of today has this name")]
    UnknownTicket,
    /// The request key already named a wish for another field.
    #[error("the request key belongs to a wish for another field")]
    KeyReused,
    /// The fresh name is taken: draw another.
    #[error("the name for the ticket is taken")]
    IdTaken,
    /// The officer saw another call as open than there is.
    #[error("another call is open at counter {counter} than the one seen")]
    NotOpen {
        /// The counter.
        counter: CounterNo,
        /// What is open there.
        open: Option<TicketNo>,
    },
    /// Only absent tickets can be called again.
    #[error("ticket {0} is not absent")]
    NotAbsent(TicketNo),
    /// The counter does not serve the ticket's field.
    #[error("ticket {0} belongs to a field this counter does not serve")]
    NotServed(TicketNo),
    /// A decision did not fit the state it was made on: a bug, and the queue is not to be used
    /// any more. The tests replay every decision so that this stays unseen.
    #[error(transparent)]
    Broken(#[from] Contradiction),
}
