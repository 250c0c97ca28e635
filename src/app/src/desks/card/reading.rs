//! One chip, from power to facts.

use std::time::Duration;

use domain::{
    ChipAccess, ChipLines, FurtherFacts,
    screen::ChipFault,
    visit::{ChipFacts, ChipNews, PresentedCode, VisitNo},
};
use hardware_api::{CardReader, CardStatus, DeviceError};
use identity::chip::{
    self, Access, ApduLink, Beliefs, Can, ChipError, ChipReading, Continue, LinkError, MrzKey,
    Progress, Request, Want,
};
use identity::ecard::{self, ECard};
use journal::Event as Log;

use super::{CardDevice, Desk, Ended, Wish};

/// How long a card may take to wake.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a chip may think about one command; its key agreements take longest.
const COMMAND: Duration = Duration::from_secs(6);

/// What became of a chip that was to be read.
pub(super) enum Attempt {
    Read(Box<ChipFacts>),
    Failed(ChipFault),
    /// The digits are not enough for this chip.
    NeedsLines,
    /// Something else was asked meanwhile.
    CalledOff,
}

impl Desk {
    /// Reads the card that is there.
    pub(super) fn attempt(&mut self, wish: &Wish) -> Result<Attempt, Ended> {
        let Some(access) = access(&wish.access) else {
            return Ok(Attempt::Failed(ChipFault::WrongKey));
        };
        let reader = self.device.reader.as_mut();
        let card = match reader.connect(CONNECT) {
            Ok(card) => card,
            Err(error) => return Ok(Attempt::Failed(fault_of(&error, reader))),
        };
        let mut link = Link { reader, max_response: card.max_response, fault: None };
        let request = Request {
            access,
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
            // Older chips know another way, which wants more than the digits.
            Err(ChipError::NeedsMrz | ChipError::Unsupported)
                if matches!(wish.access, ChipAccess::Digits(_)) =>
            {
                Attempt::NeedsLines
            }
            Err(error) => Attempt::Failed(link.fault.unwrap_or_else(|| fault_in(&error))),
        })
    }
}

impl Desk {
    /// Reads the card that is there as the first profile that fits it says. Whoever laid another
    /// one down is told; where no e-cards are taken, nobody is asked to lay one down.
    pub(super) fn look_for_ecard(&mut self, visit: VisitNo) -> Result<(), Ended> {
        if self.device.ecards.is_empty() {
            return Ok(());
        }
        let found = self.ecard();
        self.device.reader.disconnect();
        if found == PresentedCode::UnreadableCard {
            journal::record!(Log::CardUnreadable);
        } else if found == PresentedCode::OtherCard {
            journal::record!(Log::CardUnknown);
        }
        self.wishes.tell_code(visit, found)
    }

    fn ecard(&mut self) -> PresentedCode {
        let CardDevice { reader, ecards, .. } = &mut self.device;
        let reader = reader.as_mut();
        let card = match reader.connect(CONNECT) {
            Ok(card) => card,
            Err(error) => return untold(fault_of(&error, reader)),
        };
        let mut link = Link { reader, max_response: card.max_response, fault: None };
        let mut is_known = false;
        for profile in ecards {
            match ecard::read(&mut link, &card.atr, profile) {
                Ok(ECard::Facts(facts)) => return PresentedCode::IdCard(facts),
                Ok(ECard::Unusable) => is_known = true,
                Ok(ECard::OtherKind) => {}
                Err(_) => return untold(link.fault.unwrap_or(ChipFault::Unreadable)),
            }
        }
        if is_known {
            return PresentedCode::UnreadableCard;
        }
        match chip::is_there(&mut link) {
            Ok(true) => PresentedCode::ChipCard,
            Ok(false) => PresentedCode::OtherCard,
            Err(_) => untold(link.fault.unwrap_or(ChipFault::Unreadable)),
        }
    }
}

/// What a card is called of which nothing was learned.
fn untold(fault: ChipFault) -> PresentedCode {
    match fault {
        ChipFault::Removed => PresentedCode::RemovedCard,
        ChipFault::Silent
        | ChipFault::Unreadable
        | ChipFault::WrongKey
        | ChipFault::NotGenuine
        | ChipFault::NotAnIdCard
        | ChipFault::NoReader => PresentedCode::UnreadableCard,
    }
}

fn access(access: &ChipAccess) -> Option<Access> {
    match access {
        ChipAccess::Digits(key) => Can::parse(key.digits()).map(Access::Can),
        ChipAccess::Lines(lines) => {
            let ChipLines { number, birth, expiry } = &**lines;
            Some(Access::Mrz(MrzKey::of_card(number, *birth, *expiry)))
        }
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
        DeviceError::Gone { .. } => {
            // A card that leaves in the middle of a command may take the session with the service
            // along; the second look begins a new one, and the third gives the service a moment.
            let mut looks =
                [0, 0, 300].into_iter().map(|ms| reader.status(Duration::from_millis(ms)));
            let is_there = |it| matches!(it, Ok(CardStatus::Empty | CardStatus::Present));
            if looks.any(is_there) { ChipFault::Removed } else { ChipFault::NoReader }
        }
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
