//! Facts about the queue, as the daybook keeps them, and how they make it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CALLS_SHOWN, Call, Paper, Queue, RequestKey, State, Ticket, TicketId};
use crate::{CounterNo, FieldCode, KioskId, TicketNo};

/// One fact. Never reworded: old daybooks must replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// A number was given out.
    Issued {
        /// The number.
        ticket: TicketNo,
        /// Its name.
        id: TicketId,
        /// The wish.
        request: RequestKey,
        /// Its field.
        field: FieldCode,
        /// Where it was drawn.
        kiosk: KioskId,
        /// When.
        at: Timestamp,
    },
    /// The kiosk told what became of the paper.
    Paper {
        /// The number.
        ticket: TicketNo,
        /// What became of it.
        paper: Paper,
        /// When.
        at: Timestamp,
    },
    /// A waiting or absent citizen was called.
    Called {
        /// The number.
        ticket: TicketNo,
        /// To which counter.
        counter: CounterNo,
        /// When.
        at: Timestamp,
    },
    /// The open call was announced once more.
    Recalled {
        /// The number.
        ticket: TicketNo,
        /// The counter.
        counter: CounterNo,
        /// When.
        at: Timestamp,
    },
    /// The called citizen did not come.
    Absent {
        /// The number.
        ticket: TicketNo,
        /// The counter.
        counter: CounterNo,
        /// When.
        at: Timestamp,
    },
    /// The called citizen was served.
    Done {
        /// The number.
        ticket: TicketNo,
        /// The counter.
        counter: CounterNo,
        /// When.
        at: Timestamp,
    },
}

/// A fact cannot be true of the queue it is applied to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("change {number} of the day says what cannot be: {why}")]
pub struct Contradiction {
    /// Which change of the day, from 1.
    pub number: u64,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Change {
    /// The number the fact is about.
    #[must_use]
    pub fn ticket(&self) -> TicketNo {
        match self {
            Self::Issued { ticket, .. }
            | Self::Paper { ticket, .. }
            | Self::Called { ticket, .. }
            | Self::Recalled { ticket, .. }
            | Self::Absent { ticket, .. }
            | Self::Done { ticket, .. } => *ticket,
        }
    }
}

impl Queue {
    /// Makes a fact true. A fact that cannot be changes nothing.
    pub fn apply(&mut self, change: &Change) -> Result<(), Contradiction> {
        let number = self.changes.saturating_add(1);
        let done = match change {
            Change::Issued { ticket, id, request, field, kiosk, at } => {
                let fresh = Ticket {
                    number: *ticket,
                    id: id.clone(),
                    field: field.clone(),
                    kiosk: kiosk.clone(),
                    issued_at: *at,
                    paper: None,
                    state: State::Waiting,
                    announced: 0,
                };
                self.issue(fresh, request)
            }
            Change::Paper { ticket, paper, .. } => self.note_paper(*ticket, *paper),
            Change::Called { ticket, counter, at } => self.call(*ticket, *counter, *at),
            Change::Recalled { ticket, counter, at } => self.recall(*ticket, *counter, *at),
            Change::Absent { ticket, counter, at } => {
                self.close(*ticket, *counter, State::Absent { counter: *counter, at: *at })
            }
            Change::Done { ticket, counter, at } => {
                self.close(*ticket, *counter, State::Done { counter: *counter, at: *at })
            }
        };
        done.map_err(|why| Contradiction { number, why })?;
        self.changes = number;
        Ok(())
    }

    fn issue(&mut self, ticket: Ticket, request: &RequestKey) -> Result<(), &'static str> {
        let last = self.last.get(&ticket.number.letter).copied().unwrap_or(0);
        if last.checked_add(1) != Some(ticket.number.ordinal) {
            return Err("a number is issued out of turn");
        }
        if self.by_id.contains_key(&ticket.id) || self.by_request.contains_key(request) {
            return Err("a name or a request key comes twice");
        }
        let position = self.tickets.len();
        self.last.insert(ticket.number.letter, ticket.number.ordinal);
        self.by_number.insert(ticket.number, position);
        self.by_id.insert(ticket.id.clone(), position);
        self.by_request.insert(request.clone(), position);
        self.waiting.entry(ticket.field.clone()).or_default().push_back(position);
        self.tickets.push(ticket);
        Ok(())
    }

    fn note_paper(&mut self, number: TicketNo, paper: Paper) -> Result<(), &'static str> {
        let (_, ticket) = self.find(number)?;
        ticket.paper = Some(paper);
        Ok(())
    }

    fn call(
        &mut self,
        number: TicketNo,
        counter: CounterNo,
        at: Timestamp,
    ) -> Result<(), &'static str> {
        if self.open.contains_key(&counter) {
            return Err("a counter has two open calls");
        }
        let (position, ticket) = self.find(number)?;
        match ticket.state {
            State::Waiting => {
                let field = ticket.field.clone();
                let waiting = self.waiting.get_mut(&field).ok_or("a field is not known")?;
                let place =
                    waiting.binary_search(&position).map_err(|_| "a ticket does not wait")?;
                waiting.remove(place);
            }
            State::Absent { .. } => {}
            State::Called { .. } | State::Done { .. } => return Err("a ticket is called twice"),
        }
        self.open.insert(counter, position);
        self.announce(number, counter, at)
    }

    fn recall(
        &mut self,
        number: TicketNo,
        counter: CounterNo,
        at: Timestamp,
    ) -> Result<(), &'static str> {
        self.must_be_called(number, counter)?;
        self.announce(number, counter, at)
    }

    fn close(
        &mut self,
        number: TicketNo,
        counter: CounterNo,
        state: State,
    ) -> Result<(), &'static str> {
        self.must_be_called(number, counter)?;
        let (_, ticket) = self.find(number)?;
        ticket.state = state;
        self.open.remove(&counter);
        Ok(())
    }

    fn announce(
        &mut self,
        number: TicketNo,
        counter: CounterNo,
        at: Timestamp,
    ) -> Result<(), &'static str> {
        let seq = self.changes.saturating_add(1);
        let (_, ticket) = self.find(number)?;
        ticket.state = State::Called { counter, at };
        ticket.announced = ticket.announced.saturating_add(1);
        let call = Call { seq, ticket: number, field: ticket.field.clone(), counter, at };
        self.calls.retain(|former| former.ticket != number);
        self.calls.push_front(call);
        self.calls.truncate(CALLS_SHOWN);
        Ok(())
    }

    fn must_be_called(&self, number: TicketNo, counter: CounterNo) -> Result<(), &'static str> {
        match self.open_call(counter) {
            Some(open) if open.number == number => Ok(()),
            Some(_) | None => Err("a call is not open at the counter"),
        }
    }

    fn find(&mut self, number: TicketNo) -> Result<(usize, &mut Ticket), &'static str> {
        let position = *self.by_number.get(&number).ok_or("a number was never issued")?;
        let ticket = self.tickets.get_mut(position).ok_or("a number was never issued")?;
        Ok((position, ticket))
    }
}
