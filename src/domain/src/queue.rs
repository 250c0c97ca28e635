//! The queue of one center on one day: who waits, who is called where.
//!
//! A pure machine. [`Queue::on`] takes an [`Event`] and the time, and gives the [`Change`]s it
//! made with an [`Answer`], or a [`Refusal`] and no change at all. Changes are facts: they go
//! into the daybook, and [`Queue::apply`] makes the same queue from them again, even after the
//! rules of choosing have changed.
//!
//! | ticket is | event | becomes | changes |
//! |---|---|---|---|
//! | – | issue | waiting | issued |
//! | any | issue, same request key and field | the same | none |
//! | any | issue, same request key, other field | the same | refused: key reused |
//! | any | paper | the same | paper, when it is news |
//! | waiting, oldest of the counter's fields | next | called | the open call done, called |
//! | called here | next, nobody waits | done | done |
//! | called here | recall | called | recalled |
//! | called here | absent | absent | absent |
//! | called here | done | done | done |
//! | absent, of the counter's fields | call again | called | the open call done, called |
//! | not called here | recall, absent, done | the same | refused: not open here |
//! | not absent | call again | the same | refused: not absent |
//!
//! *Next* and *call again* finish an open call as done: an officer who calls the next citizen is
//! through with the one before. Both name the call the officer saw as open, and are refused when
//! that is no longer so: a double click, a repeated request or a second window at the same
//! counter never skips a citizen. There is no state between called and done; whether the citizen
//! has sat down yet is not something an officer should have to type.

mod change;
mod event;
mod key;
mod ticket;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{Timestamp, civil::Date};

pub use change::{Change, Contradiction};
pub use event::{Answer, Event, Outcome, Refusal};
pub use key::{NotAKey, RequestKey, TicketId};
pub use ticket::{Call, Paper, State, Ticket};

use crate::{CounterNo, FieldCode, KioskId, TicketNo};

/// How many calls a board remembers.
pub const CALLS_SHOWN: usize = 6;

/// The calendar day at a Vietnamese center (UTC+7, no summer time).
#[must_use]
pub fn local_day(at: Timestamp) -> Date {
    jiff::tz::Offset::constant(7).to_datetime(at).date()
}

/// All tickets of one center on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    day: Date,
    /// In the order of issue.
    tickets: Vec<Ticket>,
    by_number: HashMap<TicketNo, usize>,
    by_id: HashMap<TicketId, usize>,
    by_request: HashMap<RequestKey, usize>,
    /// Per field, ascending positions in `tickets`.
    waiting: BTreeMap<FieldCode, VecDeque<usize>>,
    open: BTreeMap<CounterNo, usize>,
    /// Last ordinal per letter: by letter, not by field, so that no number can come twice even
    /// when fields swap letters in the middle of a day.
    last: BTreeMap<char, u32>,
    /// Newest first, each ticket once.
    calls: VecDeque<Call>,
    changes: u64,
}

impl Queue {
    /// An empty queue for `day`.
    #[must_use]
    pub fn new(day: Date) -> Self {
        Self {
            day,
            tickets: Vec::new(),
            by_number: HashMap::new(),
            by_id: HashMap::new(),
            by_request: HashMap::new(),
            waiting: BTreeMap::new(),
            open: BTreeMap::new(),
            last: BTreeMap::new(),
            calls: VecDeque::new(),
            changes: 0,
        }
    }

    /// Decides `event` and does it.
    pub fn on(&mut self, event: &Event, at: Timestamp) -> Result<Outcome, Refusal> {
        let changes = self.decide(event, at)?;
        for change in &changes {
            self.apply(change)?;
        }
        let answer = self.answer(event);
        Ok(Outcome { changes, answer })
    }

    fn decide(&self, event: &Event, at: Timestamp) -> Result<Vec<Change>, Refusal> {
        match event {
            Event::Issue { request, id, field, letter, kiosk } => {
                self.decide_issue(request, id, field, *letter, kiosk, at)
            }
            Event::Paper { id, paper } => {
                let ticket = self.ticket_by_id(id).ok_or(Refusal::UnknownTicket)?;
                let known = ticket.paper == Some(*paper);
                let change = Change::Paper { ticket: ticket.number, paper: *paper, at };
                Ok(if known { vec![] } else { vec![change] })
            }
            Event::Next { counter, serves, open } => {
                self.must_be_open(*counter, *open)?;
                let next = self.next_for(serves).map(|ticket| ticket.number);
                Ok(Self::close_then_call(*counter, *open, next, at))
            }
            Event::Recall { counter, ticket } => {
                self.must_be_open(*counter, Some(*ticket))?;
                Ok(vec![Change::Recalled { ticket: *ticket, counter: *counter, at }])
            }
            Event::Absent { counter, ticket } => {
                self.must_be_open(*counter, Some(*ticket))?;
                Ok(vec![Change::Absent { ticket: *ticket, counter: *counter, at }])
            }
            Event::Done { counter, ticket } => {
                self.must_be_open(*counter, Some(*ticket))?;
                Ok(vec![Change::Done { ticket: *ticket, counter: *counter, at }])
            }
            Event::CallAgain { counter, serves, open, ticket } => {
                self.must_be_open(*counter, *open)?;
                let absent = self.ticket(*ticket).ok_or(Refusal::UnknownTicket)?;
                if !serves.contains(&absent.field) {
                    return Err(Refusal::NotServed(*ticket));
                }
                if !matches!(absent.state, State::Absent { .. }) {
                    return Err(Refusal::NotAbsent(*ticket));
                }
                Ok(Self::close_then_call(*counter, *open, Some(*ticket), at))
            }
        }
    }

    fn decide_issue(
        &self,
        request: &RequestKey,
        id: &TicketId,
        field: &FieldCode,
        letter: char,
        kiosk: &KioskId,
        at: Timestamp,
    ) -> Result<Vec<Change>, Refusal> {
        if let Some(former) = self.ticket_by_request(request) {
            return if former.field == *field { Ok(vec![]) } else { Err(Refusal::KeyReused) };
        }
        if self.by_id.contains_key(id) {
            return Err(Refusal::IdTaken);
        }
        let ordinal = self.last.get(&letter).copied().unwrap_or(0).saturating_add(1);
        Ok(vec![Change::Issued {
            ticket: TicketNo { letter, ordinal },
            id: id.clone(),
            request: request.clone(),
            field: field.clone(),
            kiosk: kiosk.clone(),
            at,
        }])
    }

    fn close_then_call(
        counter: CounterNo,
        open: Option<TicketNo>,
        next: Option<TicketNo>,
        at: Timestamp,
    ) -> Vec<Change> {
        let done = open.map(|ticket| Change::Done { ticket, counter, at });
        let called = next.map(|ticket| Change::Called { ticket, counter, at });
        done.into_iter().chain(called).collect()
    }

    fn must_be_open(&self, counter: CounterNo, seen: Option<TicketNo>) -> Result<(), Refusal> {
        let open = self.open_call(counter).map(|ticket| ticket.number);
        if open == seen { Ok(()) } else { Err(Refusal::NotOpen { counter, open }) }
    }

    /// The published rule: the oldest waiting ticket among the fields, by order of issue. Later
    /// rules (priority interleave, appointments) change this one function.
    fn next_for(&self, serves: &[FieldCode]) -> Option<&Ticket> {
        let fronts = serves.iter().filter_map(|field| self.waiting.get(field)?.front());
        self.tickets.get(*fronts.min()?)
    }

    fn answer(&self, event: &Event) -> Answer {
        match event {
            Event::Issue { request, .. } => {
                self.ticket_by_request(request).map_or(Answer::Noted, |ticket| Answer::Ticket {
                    ahead: self.ahead(ticket.number),
                    ticket: ticket.clone(),
                })
            }
            Event::Paper { .. } => Answer::Noted,
            Event::Next { counter, .. }
            | Event::Recall { counter, .. }
            | Event::Absent { counter, .. }
            | Event::Done { counter, .. }
            | Event::CallAgain { counter, .. } => {
                Answer::Counter { open: self.open_call(*counter).cloned() }
            }
        }
    }
}

/// Questions.
impl Queue {
    /// The day.
    #[must_use]
    pub fn day(&self) -> Date {
        self.day
    }

    /// How many changes made this queue.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// All tickets in the order of issue.
    #[must_use]
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    /// The ticket with this number.
    #[must_use]
    pub fn ticket(&self, number: TicketNo) -> Option<&Ticket> {
        self.tickets.get(*self.by_number.get(&number)?)
    }

    /// The ticket with this name.
    #[must_use]
    pub fn ticket_by_id(&self, id: &TicketId) -> Option<&Ticket> {
        self.tickets.get(*self.by_id.get(id)?)
    }

    fn ticket_by_request(&self, request: &RequestKey) -> Option<&Ticket> {
        self.tickets.get(*self.by_request.get(request)?)
    }

    /// How many wait in `field`.
    #[must_use]
    pub fn waiting(&self, field: &FieldCode) -> u32 {
        let waiting = self.waiting.get(field).map_or(0, VecDeque::len);
        u32::try_from(waiting).unwrap_or(u32::MAX)
    }

    /// How many wait before `number` in its field; 0 when it no longer waits.
    #[must_use]
    pub fn ahead(&self, number: TicketNo) -> u32 {
        let ahead = || {
            let position = *self.by_number.get(&number)?;
            let ticket = self.tickets.get(position)?;
            if ticket.state != State::Waiting {
                return None;
            }
            let waiting = self.waiting.get(&ticket.field)?;
            u32::try_from(waiting.partition_point(|other| *other < position)).ok()
        };
        ahead().unwrap_or(0)
    }

    /// The call open at `counter`.
    #[must_use]
    pub fn open_call(&self, counter: CounterNo) -> Option<&Ticket> {
        self.tickets.get(*self.open.get(&counter)?)
    }

    /// Tickets of `serves` whose citizens did not come, oldest first.
    pub fn absent<'a>(&'a self, serves: &'a [FieldCode]) -> impl Iterator<Item = &'a Ticket> {
        self.tickets.iter().filter(|ticket| {
            matches!(ticket.state, State::Absent { .. }) && serves.contains(&ticket.field)
        })
    }

    /// The last calls, newest first, each ticket once.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }
}
