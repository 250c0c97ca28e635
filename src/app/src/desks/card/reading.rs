//! One chip, from power to facts.

use std::time::Duration;

use domain::{
    FurtherFacts,
    screen::ChipFault,
    visit::{ChipFacts, ChipNews, VisitNo},
};
use hardware_api::{CardReader, CardStatus, DeviceError};
use identity::chip::{
    self, Access, ApduLink, Beliefs, Can, ChipError, ChipReading, Continue, LinkError, Progress,
    Request, Want,
};
use identity::ecard;

use super::{Desk, Ended, Wish};

/// How long a card may take to wake.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a chip may think about one command; its key agreements take longest.
const COMMAND: Duration = Duration::from_secs(6);

/// What became of a chip that was to be read.
pub(super) enum Attempt {
    Read(Box<ChipFacts>),
    Failed(ChipFault),
    /// Something else was asked meanwhile.
    CalledOff,
}

impl Desk {
    /// Reads the card that is there.
    pub(super) fn attempt(&mut self, wish: &Wish) -> Result<Attempt, Ended> {
        let Some(can) = Can::parse(wish.key.digits()) else {
            return Ok(Attempt::Failed(ChipFault::WrongKey));
        };
        let reader = self.device.reader.as_mut();
        let card = match reader.connect(CONNECT) {
            Ok(card) => card,
            Err(error) => return Ok(Attempt::Failed(fault_of(&error, reader))),
        };
        let mut link = Link { reader, max_response: card.max_response, fault: None };
        let request = Request {
            access: Access::Can(can),
            want: Want {
                beliefs: if wish.beliefs { Beliefs::Keep } else { Beliefs::Drop },
                ..Want::default()
            },
            trust: &self.device.trust,
            at: (self.clock)(),
        };
        let wishes = &mut self.wishes;
        let (mut told, mut end) = (None, Ok(false));
        let mut progress = |Progress { percent, .. }| {
            if told != Some(percent) {
                told = Some(percent);
                end = wishes.tell(wish.visit, ChipNews::Reading(percent)).map(|()| false);
            }
            if end.is_ok() {
                end = wishes.hear();
            }
            if matches!(end, Ok(false)) { Continue::Yes } else { Continue::Stop }
        };
        let read = chip::read(&mut link, &request, &*self.random, &mut progress);
        if end? {
            return Ok(Attempt::CalledOff);
        }
        Ok(match read {
            Ok(reading) => judged(&reading),
            Err(error) => Attempt::Failed(link.fault.unwrap_or_else(|| fault_in(&error))),
        })
    }
}

impl Desk {
    /// Reads the card that is there as the first profile that fits it says; other cards are left
    /// alone.
    pub(super) fn look_for_ecard(&mut self, visit: VisitNo) -> Result<(), Ended> {
        let reader = self.device.reader.as_mut();
        if self.device.ecards.is_empty() {
            return Ok(());
        }
        let Ok(card) = reader.connect(CONNECT) else { return Ok(()) };
        let mut link = Link { reader, max_response: card.max_response, fault: None };
        let mut profiles = self.device.ecards.iter();
        let found = profiles.find_map(|it| ecard::read(&mut link, &card.atr, it).ok().flatten());
        reader.disconnect();
        found.map_or(Ok(()), |facts| self.wishes.tell_code(visit, facts))
    }
}

/// What may be believed of a reading, if anything.
fn judged(reading: &ChipReading) -> Attempt {
    let Some(evidence) = reading.evidence() else {
        return Attempt::Failed(ChipFault::NotGenuine);
    };
    let Some(facts) = reading.facts() else { return Attempt::Failed(ChipFault::Unreadable) };
    let citizen = reading.citizen.read();
    let further = citizen.map_or_else(FurtherFacts::default, |citizen| FurtherFacts {
        nationality: citizen.nationality.clone(),
        home_town: citizen.home_town.clone(),
        former_number: citizen.former_number.clone(),
        ethnicity: citizen.ethnicity.clone(),
        religion: citizen.religion.clone(),
    });
    Attempt::Read(Box::new(ChipFacts { facts, further, evidence }))
}

fn fault_in(error: &ChipError) -> ChipFault {
    match error {
        ChipError::CardLeft { .. } => ChipFault::Removed,
        ChipError::Silent { .. } => ChipFault::Silent,
        ChipError::ReaderGone => ChipFault::NoReader,
        ChipError::WrongKey { .. } => ChipFault::WrongKey,
        ChipError::NotAnIdCard => ChipFault::NotAnIdCard,
        ChipError::NeedsMrz
        | ChipError::Refused { .. }
        | ChipError::Altered { .. }
        | ChipError::Malformed { .. }
        | ChipError::Unsupported
        | ChipError::NoRandomness
        | ChipError::Stopped
        | _ => ChipFault::Unreadable,
    }
}

/// A card and a reader that are gone look the same from a command: only the reader tells.
fn fault_of(error: &DeviceError, reader: &mut dyn CardReader) -> ChipFault {
    match error {
        DeviceError::Gone { .. } => match reader.status(Duration::ZERO) {
            Ok(CardStatus::Empty | CardStatus::Present) => ChipFault::Removed,
            Ok(CardStatus::NoReader) | Err(_) => ChipFault::NoReader,
        },
        DeviceError::Silent { .. } => ChipFault::Silent,
        DeviceError::Busy { .. } | DeviceError::Nonsense { .. } | DeviceError::Cancelled | _ => {
            ChipFault::Unreadable
        }
    }
}

/// The reader as the chip's side wants it.
struct Link<'a> {
    reader: &'a mut dyn CardReader,
    max_response: usize,
    /// What went wrong, of which the chip's side knows only the kind.
    fault: Option<ChipFault>,
}

impl ApduLink for Link<'_> {
    fn max_response(&self) -> usize {
        self.max_response
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.reader.transmit(command, COMMAND).map_err(|error| {
            let fault = fault_of(&error, self.reader);
            self.fault = Some(fault);
            match fault {
                ChipFault::Removed => LinkError::CardLeft,
                ChipFault::NoReader => LinkError::ReaderGone,
                ChipFault::Silent
                | ChipFault::Unreadable
                | ChipFault::WrongKey
                | ChipFault::NotGenuine
                | ChipFault::NotAnIdCard => LinkError::Silent,
            }
        })
    }
}
