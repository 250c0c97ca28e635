//! The PC/SC service as one kiosk uses it. Calls here may hang; [`crate::line`] gives them up.

use std::{
    ffi::CString,
    time::{Duration, Instant},
};

use hardware_api::{CardInfo, CardStatus, DeviceError};
use pcsc::{
    Card, Context, Disposition, Error, MAX_BUFFER_SIZE_EXTENDED, PNP_NOTIFICATION, Protocols,
    ReaderState, Scope, ShareMode, State,
};

use crate::{
    apdu,
    failure::Trouble,
    protocol::{self, Extended},
};

/// Who is missing when pcscd is.
const SERVICE: &str = "the PC/SC service";
/// How often a service that is down, or a card that another program has, is asked again.
const AGAIN: Duration = Duration::from_millis(100);

/// How long the service may take to notice that a card left: it looks every 400 ms at readers
/// that do not tell by themselves.
const NOTICED: Duration = Duration::from_millis(900);

/// A connection to pcscd, made when it is needed and again after it broke.
pub(crate) struct Service {
    wanted: String,
    extended: Extended,
    context: Option<Context>,
    session: Option<Card>,
    told: Option<Seen>,
}

/// What the readers show. A card that was changed between two looks has another count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    NoReader,
    Empty,
    Card { count: u32 },
}

impl Seen {
    fn of(readers: &[ReaderState]) -> Self {
        match readers.iter().find(|reader| has_card(reader)) {
            Some(reader) => Self::Card { count: reader.event_count() },
            None if readers.is_empty() => Self::NoReader,
            None => Self::Empty,
        }
    }

    fn status(self) -> CardStatus {
        match self {
            Self::NoReader => CardStatus::NoReader,
            Self::Empty => CardStatus::Empty,
            Self::Card { .. } => CardStatus::Present,
        }
    }
}

fn has_card(reader: &ReaderState) -> bool {
    reader.event_state().contains(State::PRESENT)
}

impl Service {
    pub(crate) fn new(wanted: &str, extended: Extended) -> Self {
        let wanted = wanted.to_owned();
        Self { wanted, extended, context: None, session: None, told: None }
    }

    /// The names of all readers.
    pub(crate) fn readers(&mut self) -> Result<Vec<CString>, DeviceError> {
        match self.context()?.list_readers_owned() {
            Ok(readers) => Ok(readers),
            Err(Error::NoReadersAvailable) => Ok(vec![]),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Waits until the readers show something new, or until `end`.
    pub(crate) fn status(&mut self, end: Instant) -> CardStatus {
        loop {
            let mut readers = self.look();
            let mut seen = Seen::of(&readers);
            if let (Some(Seen::Card { count: before }), Seen::Card { count }) = (self.told, seen)
                && before != count
            {
                // Another card, or the same once more: that it was away is told first.
                seen = Seen::Empty;
            }
            let left = end.saturating_duration_since(Instant::now());
            if self.told != Some(seen) || left.is_zero() {
                self.told = Some(seen);
                return seen.status();
            }
            self.wait(&mut readers, left);
        }
    }

    /// The readers in question as they are now; none when the service is down.
    fn look(&mut self) -> Vec<ReaderState> {
        let names = self.readers().unwrap_or_default();
        let wanted = |name: &CString| {
            name.to_str().is_ok_and(|name| protocol::is_wanted(name, &self.wanted))
        };
        let mut readers: Vec<_> = names
            .into_iter()
            .filter(wanted)
            .map(|name| ReaderState::new(name, State::UNAWARE))
            .collect();
        let Some(context) = &self.context else { return vec![] };
        match context.get_status_change(Duration::ZERO, &mut readers) {
            Ok(()) => readers,
            Err(error) => {
                self.failed(error);
                vec![]
            }
        }
    }

    /// Waits for a change: of a card, or of which readers there are.
    fn wait(&mut self, readers: &mut Vec<ReaderState>, left: Duration) {
        let Some(context) = &self.context else {
            std::thread::sleep(left.min(AGAIN));
            return;
        };
        for reader in &mut *readers {
            reader.sync_current_state();
        }
        readers.push(ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE));
        match context.get_status_change(left, readers) {
            Ok(()) | Err(Error::Timeout) => {}
            Err(error) => {
                self.failed(error);
            }
        }
    }

    /// Begins a session with the card that is there.
    pub(crate) fn connect(&mut self, end: Instant) -> Result<CardInfo, DeviceError> {
        self.disconnect();
        self.context()?;
        let readers = self.look();
        let Some(reader) = readers.iter().find(|reader| has_card(reader)) else {
            let device = if readers.is_empty() { self.wanted.clone() } else { self.card() };
            return Err(DeviceError::Gone { device });
        };
        let card = loop {
            let connected =
                self.context()?.connect(reader.name(), ShareMode::Exclusive, Protocols::ANY);
            match connected {
                Ok(card) => break card,
                // Other programs look at every card that comes, and leave again.
                Err(Error::SharingViolation) if Instant::now() + AGAIN < end => {
                    std::thread::sleep(AGAIN);
                }
                Err(error) => return Err(self.failed(error)),
            }
        };
        let status = card.status2_owned().map_err(|error| self.failed(error))?;
        let most = protocol::max_response(self.extended, most_data(&card));
        self.session = Some(card);
        let atr = status.atr().to_vec();
        let contactless = protocol::is_contactless(&atr);
        Ok(CardInfo { atr, contactless, max_response: most })
    }

    /// Sends one command.
    pub(crate) fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Some(session) = &self.session else {
            return Err(DeviceError::Gone { device: self.card() });
        };
        let mut broken = None;
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        let answer = apdu::complete(command, &self.wanted, |command| {
            let answer = session.transmit(command, &mut buffer);
            answer.map(<[u8]>::to_vec).map_err(|error| {
                broken = Some(error);
                DeviceError::Cancelled
            })
        });
        match (broken, answer) {
            (Some(error), _) => Err(self.failed(error)),
            // Some drivers call the silence of a card that left an empty answer.
            (None, Err(DeviceError::Nonsense { .. })) if self.card_left() => {
                self.disconnect();
                Err(DeviceError::Gone { device: self.card() })
            }
            (None, answer) => answer,
        }
    }

    /// Ends the session; the card forgets it.
    pub(crate) fn disconnect(&mut self) {
        if let Some(card) = self.session.take() {
            // A card that is gone cannot be left: what is dropped here is void.
            let _gone = card.disconnect(Disposition::UnpowerCard);
        }
    }

    fn context(&mut self) -> Result<&Context, DeviceError> {
        let context = match self.context.take() {
            Some(context) => context,
            None => Context::establish(Scope::System).map_err(|error| self.failed(error))?,
        };
        Ok(self.context.insert(context))
    }

    fn card(&self) -> String {
        format!("the card in {}", self.wanted)
    }

    /// What an error of PC/SC means; gives up what it has made void.
    fn failed(&mut self, error: Error) -> DeviceError {
        match Trouble::of(error) {
            Trouble::Service => {
                self.session = None;
                self.context = None;
                DeviceError::Gone { device: SERVICE.to_owned() }
            }
            Trouble::Reader => {
                self.session = None;
                DeviceError::Gone { device: self.wanted.clone() }
            }
            Trouble::Card => {
                self.session = None;
                DeviceError::Gone { device: self.card() }
            }
            Trouble::Shared => DeviceError::Busy { device: self.wanted.clone() },
            Trouble::Unclear => self.unclear(error),
        }
    }

    /// A command that failed because the card left has no code of its own.
    fn unclear(&mut self, error: Error) -> DeviceError {
        self.disconnect();
        if self.card_left() {
            DeviceError::Gone { device: self.card() }
        } else {
            DeviceError::Nonsense { device: self.card(), got: format!("{error:?}") }
        }
    }

    /// Whether the card is gone, of which the command that it left unanswered may know before
    /// the service does.
    fn card_left(&mut self) -> bool {
        let mut readers = self.look();
        if readers.iter().any(has_card) {
            self.wait(&mut readers, NOTICED);
        }
        !self.look().iter().any(has_card)
    }
}

/// Most data the reader takes in one command, if it tells.
fn most_data(card: &Card) -> Option<usize> {
    let mut buffer = [0; 256];
    let features = pcsc::ctl_code(protocol::GET_FEATURES.into());
    let code = protocol::properties_code(card.control(features, &[], &mut buffer).ok()?)?;
    let mut buffer = [0; 256];
    protocol::max_data(card.control(code.into(), &[], &mut buffer).ok()?)
}
