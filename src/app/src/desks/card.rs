//! The card reader's desk: reads the chip of an ID card while somebody waits for it.
//!
//! What a chip says is believed as far as it was proven and no further: a chip that fails a
//! check that it must pass tells nothing to the visit, and staff are told.

mod reading;

use std::{
    sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    thread,
    time::Duration,
};

use domain::{
    ChipAccess,
    screen::ChipFault,
    visit::{Answer, ChipNews, PresentedCode, VisitNo, WorldNews},
};
use hardware_api::{CardReader, CardStatus};
use identity::{chip::TrustStore, ecard::Profile};
use journal::Event as Log;

use self::reading::Attempt;
use super::spawn;
use crate::{Clock, Pace, Random, event::Inbox};

/// How long one look at the reader lasts.
const LOOK: Duration = Duration::from_millis(250);
/// Requests that may wait.
const ROOM: usize = 8;

/// A card reader with what only the installation knows.
pub struct CardDevice {
    /// The driver.
    pub reader: Box<dyn CardReader>,
    /// Whose signatures on chips count.
    pub trust: TrustStore,
    /// E-cards that are taken where an ID card's code would be.
    pub ecards: Vec<Profile>,
}

/// A chip that somebody wants read.
#[derive(Clone)]
struct Wish {
    visit: VisitNo,
    access: ChipAccess,
    beliefs: bool,
}

enum Job {
    Read(Wish),
    Stop,
    Watch(VisitNo),
    Unwatch,
}

pub(crate) struct CardDesk {
    jobs: SyncSender<Job>,
    inbox: Inbox,
}

impl CardDesk {
    pub(super) fn start(
        device: Option<CardDevice>,
        pace: Pace,
        clock: &Clock,
        random: Random,
        inbox: &Inbox,
    ) -> Self {
        let (jobs, waiting) = sync_channel(ROOM);
        if let Some(device) = device {
            let wishes = Wishes::new(waiting, inbox.clone());
            let desk = Desk { device, again: pace.lost, clock: clock.clone(), random, wishes };
            spawn("card", move || desk.work());
        }
        Self { jobs, inbox: inbox.clone() }
    }

    pub(crate) fn read(&self, visit: VisitNo, access: ChipAccess, beliefs: bool) {
        if self.jobs.try_send(Job::Read(Wish { visit, access, beliefs })).is_err() {
            let news = ChipNews::Failed(ChipFault::NoReader);
            self.inbox.offer(crate::Event::Answer(visit, Answer::Chip(news)));
        }
    }

    /// Tells of e-cards that are laid on the reader, as of codes that are shown.
    pub(crate) fn watch(&self, visit: VisitNo) {
        let _nobody = self.jobs.try_send(Job::Watch(visit));
    }

    pub(crate) fn unwatch(&self) {
        let _nobody = self.jobs.try_send(Job::Unwatch);
    }

    pub(crate) fn stop(&self) {
        // Without a reader there is nobody to stop.
        let _nobody = self.jobs.try_send(Job::Stop);
    }
}

struct Desk {
    device: CardDevice,
    /// How long to wait before looking for a reader that is gone.
    again: Duration,
    clock: Clock,
    random: Random,
    wishes: Wishes,
}

impl Desk {
    fn work(mut self) {
        let mut known = None;
        // Ends with the kiosk: then nobody is there to be told.
        while self.look(&mut known).is_ok() {}
    }

    fn look(&mut self, known: &mut Option<bool>) -> Result<(), Ended> {
        self.wishes.hear()?;
        let status = self.device.reader.status(LOOK).unwrap_or(CardStatus::NoReader);
        let there = status != CardStatus::NoReader;
        if *known != Some(there) {
            *known = Some(there);
            journal::record!(if there { Log::CardReaderReady } else { Log::CardReaderGone });
            self.wishes.tell_world(WorldNews::CardReader(there))?;
        }
        match status {
            CardStatus::Present => {
                if let Some(wish) = self.wishes.open.clone() {
                    self.read(&wish)?;
                } else if let Some(visit) = self.wishes.watcher.take() {
                    self.look_for_ecard(visit)?;
                    self.wishes.rests = Some(visit);
                }
            }
            // The next card is looked at again.
            CardStatus::Empty => {
                let rests = self.wishes.rests.take();
                self.wishes.watcher = self.wishes.watcher.or(rests);
            }
            CardStatus::NoReader => {
                self.wishes.end(ChipNews::Failed(ChipFault::NoReader))?;
                thread::sleep(self.again);
            }
        }
        Ok(())
    }

    fn read(&mut self, wish: &Wish) -> Result<(), Ended> {
        let read = self.attempt(wish);
        self.device.reader.disconnect();
        match read? {
            Attempt::CalledOff => Ok(()),
            Attempt::Read(facts) => self.wishes.end(ChipNews::Read(facts)),
            Attempt::NeedsLines => self.wishes.end(ChipNews::NeedsLines),
            Attempt::Failed(fault) => {
                if let Some(trouble) = for_staff(fault) {
                    journal::record!(trouble);
                }
                self.wishes.end(ChipNews::Failed(fault))
            }
        }
    }
}

/// What staff should know of a failure; a citizen's slip is none.
fn for_staff(fault: ChipFault) -> Option<Log> {
    match fault {
        ChipFault::NotGenuine => Some(Log::CardNotGenuine),
        ChipFault::Silent | ChipFault::Unreadable => Some(Log::CardUnreadable),
        ChipFault::WrongKey | ChipFault::Removed | ChipFault::NotAnIdCard | ChipFault::NoReader => {
            None
        }
    }
}

/// What is asked of the desk, and whom it answers.
struct Wishes {
    jobs: Receiver<Job>,
    inbox: Inbox,
    open: Option<Wish>,
    /// Who wants to know of e-cards.
    watcher: Option<VisitNo>,
    /// The same, once the card that lies there was looked at.
    rests: Option<VisitNo>,
}

/// The kiosk has ended.
struct Ended;

impl Wishes {
    fn new(jobs: Receiver<Job>, inbox: Inbox) -> Self {
        Self { jobs, inbox, open: None, watcher: None, rests: None }
    }

    /// Takes what was asked meanwhile; the last word counts. Whether there was one.
    fn hear(&mut self) -> Result<bool, Ended> {
        let mut heard = false;
        loop {
            match self.jobs.try_recv() {
                Ok(Job::Read(wish)) => self.open = Some(wish),
                Ok(Job::Stop) => self.open = None,
                Ok(Job::Watch(visit)) => (self.watcher, self.rests) = (Some(visit), None),
                Ok(Job::Unwatch) => (self.watcher, self.rests) = (None, None),
                Err(TryRecvError::Empty) => return Ok(heard),
                Err(TryRecvError::Disconnected) => return Err(Ended),
            }
            heard = true;
        }
    }

    fn tell_world(&self, news: WorldNews) -> Result<(), Ended> {
        self.inbox.world(news).then_some(()).ok_or(Ended)
    }

    fn tell_code(&self, visit: VisitNo, code: PresentedCode) -> Result<(), Ended> {
        self.inbox.answer(visit, Answer::Code(code)).then_some(()).ok_or(Ended)
    }

    fn tell(&self, visit: VisitNo, news: ChipNews) -> Result<(), Ended> {
        self.inbox.answer(visit, Answer::Chip(news)).then_some(()).ok_or(Ended)
    }

    /// Gives the last answer to the open wish, if there is one.
    fn end(&mut self, news: ChipNews) -> Result<(), Ended> {
        match self.open.take() {
            Some(wish) => self.tell(wish.visit, news),
            None => Ok(()),
        }
    }
}
