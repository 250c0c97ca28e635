//! What the doctor found: a row for each part, in words that lead to a next step.

use std::fmt;

use jiff::Timestamp;
use journal::{Event, Level};
use serde::Serialize;

use crate::failure::{Failure, Told};

/// The morning readiness report of one kiosk.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Readiness {
    /// Which kiosk.
    pub(crate) kiosk: String,
    /// When it was looked at.
    pub(crate) at: Timestamp,
    /// A row for each part, in the order of the report.
    pub(crate) rows: Vec<Row>,
}

impl Readiness {
    /// The worst of all rows.
    pub(crate) fn worst(&self) -> State {
        self.rows.iter().map(|row| row.state).max().unwrap_or(State::Ready)
    }
}

/// How one part is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// Which part.
    pub(crate) part: &'static str,
    /// How it is.
    pub(crate) state: State,
    /// One sentence.
    pub(crate) sentence: String,
    /// The code of the event table, where it has one.
    pub(crate) code: Option<&'static str>,
    /// What to do, where there is something to do.
    pub(crate) remedy: Option<String>,
}

/// How a part is, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// It works.
    Ready,
    /// The settings name none: that is no fault.
    NotSetUp,
    /// It works, but somebody should look at it.
    Attention,
    /// It does not work.
    Broken,
}

impl State {
    /// The sign in front of a row.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Ready => "ok",
            Self::NotSetUp => "--",
            Self::Attention => "!",
            Self::Broken => "BAD",
        }
    }
}

impl Row {
    /// A part that works.
    pub(crate) fn ready(part: &'static str, sentence: impl Into<String>) -> Self {
        Self { part, state: State::Ready, sentence: sentence.into(), code: None, remedy: None }
    }

    /// A part this kiosk does not have.
    pub(crate) fn not_set_up(part: &'static str) -> Self {
        let sentence = "none is set up".to_owned();
        Self { part, state: State::NotSetUp, sentence, code: None, remedy: None }
    }

    /// A part about which the event table has a row.
    pub(crate) fn event(part: &'static str, event: Event) -> Self {
        let state = match event.level() {
            Level::Info => State::Ready,
            Level::Warning => State::Attention,
            Level::Error => State::Broken,
        };
        Self {
            part,
            state,
            sentence: event.sentence().to_owned(),
            code: Some(event.code()),
            remedy: (state != State::Ready).then(|| event.remedy().to_owned()),
        }
    }

    /// Says what exactly was seen.
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.sentence = format!("{} ({cause})", self.sentence);
        self
    }

    /// A part that could not even be tried.
    pub(crate) fn failed(part: &'static str, failure: &Failure) -> Self {
        let Told { error, code, remedy } = failure.told();
        let remedy = remedy.map(str::to_owned);
        Self { part, state: State::Broken, sentence: error, code, remedy }
    }
}
