//! The one event type of the kiosk's process, and the way into its loop.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use domain::{
    SubmissionId,
    ids::DossierCode,
    touch::Touch,
    visit::{Answer, VisitNo, WorldNews},
};

/// Everything that can happen to a kiosk.
#[derive(Debug)]
pub enum Event {
    /// At the screen.
    Touch(Touch),
    /// In the world.
    World(WorldNews),
    /// To something a visit asked for.
    Answer(VisitNo, Answer),
    /// The province confirmed a dossier, of this visit or an old one.
    Delivered(SubmissionId, DossierCode),
    /// End the process.
    Stop,
}

/// Events that may wait. A touch that finds the queue full is dropped (the citizen touches
/// again); desks wait for room, since an answer must not be lost.
const ROOM: usize = 256;

/// The way into the loop.
#[derive(Debug, Clone)]
pub struct Inbox(SyncSender<Event>);

/// Makes the way into a loop and its end.
#[must_use]
pub fn inbox() -> (Inbox, Receiver<Event>) {
    let (sender, receiver) = sync_channel(ROOM);
    (Inbox(sender), receiver)
}

impl Inbox {
    /// Delivers an event, waiting for room. `false` when the loop has ended.
    pub fn deliver(&self, event: Event) -> bool {
        self.0.send(event).is_ok()
    }

    /// Delivers an event if there is room: for touches and pictures, of which more will come.
    pub fn offer(&self, event: Event) {
        match self.0.try_send(event) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => journal::record!(journal::Event::EffectDropped),
        }
    }

    /// Delivers an answer to a visit.
    pub(crate) fn answer(&self, visit: VisitNo, answer: Answer) -> bool {
        self.deliver(Event::Answer(visit, answer))
    }

    /// Delivers news about the world.
    pub(crate) fn world(&self, news: WorldNews) -> bool {
        self.deliver(Event::World(news))
    }
}
