//! The one event type of the kiosk's process, and the way into its loop.

use std::sync::{
    Arc, Mutex, PoisonError,
    mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

use domain::{
    SubmissionId,
    ids::DossierCode,
    screen::CameraView,
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
    /// The camera sees something: it lies in the place for the newest view.
    View(NewestView),
    /// The province confirmed a dossier, of this visit or an old one.
    Delivered(SubmissionId, DossierCode),
    /// End the process.
    Stop,
}

/// The place for the camera's newest view, and whose visit it is meant for. A view that finds the
/// place taken replaces what lies there: of views, only the last is worth anything.
#[derive(Debug, Clone, Default)]
pub struct NewestView(Arc<Mutex<Option<(VisitNo, CameraView)>>>);

impl NewestView {
    /// Takes the view away.
    pub(crate) fn take(&self) -> Option<(VisitNo, CameraView)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether the place was empty before.
    fn put(&self, visit: VisitNo, view: CameraView) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace((visit, view)).is_none()
    }
}

/// Events that may wait. A touch that finds the queue full is dropped (the citizen touches
/// again); desks wait for room, since an answer must not be lost.
const ROOM: usize = 256;

/// The way into the loop.
#[derive(Debug, Clone)]
pub struct Inbox {
    events: SyncSender<Event>,
    view: NewestView,
}

/// Makes the way into a loop and its end.
#[must_use]
pub fn inbox() -> (Inbox, Receiver<Event>) {
    let (sender, receiver) = sync_channel(ROOM);
    (Inbox { events: sender, view: NewestView::default() }, receiver)
}

impl Inbox {
    /// Delivers an event, waiting for room. `false` when the loop has ended.
    pub fn deliver(&self, event: Event) -> bool {
        self.events.send(event).is_ok()
    }

    /// Delivers an event if there is room: for touches, of which more will come.
    pub fn offer(&self, event: Event) {
        match self.events.try_send(event) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => journal::record!(journal::Event::EffectDropped),
        }
    }

    /// Delivers what the camera sees. Older views that still wait are dropped; never more than
    /// one event for all of them stands in the queue.
    pub(crate) fn view(&self, visit: VisitNo, view: CameraView) {
        if self.view.put(visit, view)
            && self.events.try_send(Event::View(self.view.clone())).is_err()
        {
            // A loop that is so far behind shows the next one.
            self.view.take();
        }
    }

    /// Forgets a view that still waits.
    pub(crate) fn forget_view(&self) {
        self.view.take();
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

#[cfg(test)]
mod tests {
    use domain::screen::Picture;

    use super::*;

    fn view(luma: u8) -> CameraView {
        let picture = Picture { width: 1, height: 1, rgb: Arc::from([luma; 3]) };
        CameraView { picture, hint: None }
    }

    #[test]
    fn of_many_views_the_newest_is_delivered_in_one_event() {
        let (inbox, events) = inbox();
        for luma in 0..=9 {
            inbox.view(VisitNo(1), view(luma));
        }
        let waiting: Vec<Event> = events.try_iter().collect();
        let [Event::View(newest)] = waiting.as_slice() else { panic!("{waiting:?}") };
        assert_eq!(newest.take(), Some((VisitNo(1), view(9))));
        inbox.view(VisitNo(2), view(10));
        inbox.forget_view();
        let Ok(Event::View(newest)) = events.try_recv() else { panic!("an event was sent") };
        assert_eq!(newest.take(), None, "forgotten before it was shown");
    }

    #[test]
    fn a_full_queue_drops_views_and_takes_them_again() {
        let (inbox, events) = inbox();
        while inbox.events.try_send(Event::Stop).is_ok() {}
        inbox.view(VisitNo(1), view(1));
        assert_eq!(events.try_iter().count(), ROOM);
        inbox.view(VisitNo(1), view(2));
        let Ok(Event::View(newest)) = events.try_recv() else { panic!("there is room again") };
        assert_eq!(newest.take(), Some((VisitNo(1), view(2))));
    }

    #[test]
    fn an_event_prints_nothing_of_a_picture() {
        let newest = NewestView::default();
        newest.put(VisitNo(1), view(213));
        assert!(!format!("{:?}", Event::View(newest)).contains("213"));
    }
}
