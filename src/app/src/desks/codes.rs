//! The code readers' desk: tells codes and views while somebody wants them. While nobody does,
//! readers rest: no camera looks at an empty hall, and what is held to a gun is nobody's.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{
    screen::{CameraView, CodeHint, Picture},
    visit::{Answer, PresentedCode, VisitNo, WorldNews},
};
use hardware_api::{CodeReader, DeviceError, Hint, Sight, View};
use identity::Presented;
use jiff::civil::Date;
use journal::Event as Log;

use super::spawn;
use crate::{Clock, Pace, event::Inbox};

/// How long one look lasts, and how often a resting reader is asked whether it is there.
const LOOK: Duration = Duration::from_millis(250);

/// Who wants codes now.
#[derive(Default)]
struct Wish {
    visit: Mutex<Option<VisitNo>>,
    changed: Condvar,
}

impl Wish {
    fn visit(&self) -> Option<VisitNo> {
        *self.lock()
    }

    fn set(&self, visit: Option<VisitNo>) {
        *self.lock() = visit;
        self.changed.notify_all();
    }

    /// Waits a while, or until somebody wants codes.
    fn wait(&self, at_most: Duration) {
        let visit = self.lock();
        let nobody = |visit: &mut Option<VisitNo>| visit.is_none();
        drop(self.changed.wait_timeout_while(visit, at_most, nobody));
    }

    fn lock(&self) -> MutexGuard<'_, Option<VisitNo>> {
        self.visit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct CodeDesk {
    wish: Arc<Wish>,
    inbox: Inbox,
}

impl CodeDesk {
    pub(super) fn start(
        readers: Vec<Box<dyn CodeReader>>,
        pace: Pace,
        clock: &Clock,
        inbox: &Inbox,
    ) -> Self {
        let wish = Arc::new(Wish::default());
        let there = Arc::new(Mutex::new(vec![false; readers.len()]));
        for (at, reader) in readers.into_iter().enumerate() {
            let desk = Desk {
                wish: Arc::clone(&wish),
                there: Arc::clone(&there),
                at,
                known: None,
                again: pace.lost,
                clock: clock.clone(),
                inbox: inbox.clone(),
            };
            spawn("codes", move || desk.work(reader));
        }
        Self { wish, inbox: inbox.clone() }
    }

    pub(crate) fn watch(&self, visit: VisitNo) {
        self.wish.set(Some(visit));
    }

    /// Nobody wants codes any more, nor what the camera saw last.
    pub(crate) fn stop(&self) {
        self.wish.set(None);
        self.inbox.forget_view();
    }
}

struct Desk {
    wish: Arc<Wish>,
    /// Which readers are there; the kiosk can read codes while one is.
    there: Arc<Mutex<Vec<bool>>>,
    at: usize,
    /// What was told of this reader last.
    known: Option<bool>,
    /// How long to wait before looking for one that is gone.
    again: Duration,
    clock: Clock,
    inbox: Inbox,
}

impl Desk {
    fn work(mut self, mut reader: Box<dyn CodeReader>) {
        loop {
            let answer = match self.wish.visit() {
                Some(_) => reader.next(LOOK),
                None => {
                    reader.rest();
                    reader.is_there().map(|()| None)
                }
            };
            if !self.tell_whether_there(answer.as_ref().err()) {
                return;
            }
            match answer {
                Ok(Some(Sight::Code(code))) => self.tell(&code.bytes),
                Ok(Some(Sight::View(view))) => self.show(&view),
                Ok(None) => self.wish.wait(LOOK),
                Err(DeviceError::Cancelled) => return,
                Err(_) => std::thread::sleep(self.again),
            }
        }
    }

    /// `false` when the kiosk has ended.
    fn tell_whether_there(&mut self, error: Option<&DeviceError>) -> bool {
        let there = error.is_none();
        if self.known == Some(there) {
            return true;
        }
        self.known = Some(there);
        let reader = self.at + 1;
        match error {
            None => journal::record!(Log::CodeReaderReady, reader),
            Some(error @ DeviceError::Busy { .. }) => {
                journal::record!(Log::CodeReaderBusy, reader, %error);
            }
            Some(error) => journal::record!(Log::CodeReaderGone, reader, %error),
        }
        self.inbox.world(WorldNews::CodeReader(self.any(there)))
    }

    fn any(&self, there: bool) -> bool {
        let mut all = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = all.get_mut(self.at) {
            *mine = there;
        }
        all.iter().any(|there| *there)
    }

    fn tell(&self, bytes: &[u8]) {
        if let Some(visit) = self.wish.visit() {
            let code = told_apart(bytes, crate::today(&self.clock));
            self.inbox.answer(visit, Answer::Code(code));
        }
    }

    fn show(&self, view: &View) {
        if let Some(visit) = self.wish.visit() {
            self.inbox.view(visit, camera_view(view));
        }
    }
}

fn camera_view(view: &View) -> CameraView {
    let rgb = view.luma.iter().flat_map(|luma| [*luma; 3]).collect();
    let hint = view.hint.map(|hint| match hint {
        Hint::Closer => CodeHint::Closer,
        Hint::Tilt => CodeHint::Tilt,
        Hint::Glare => CodeHint::Glare,
        Hint::HoldStill => CodeHint::HoldStill,
    });
    CameraView { picture: Picture { width: view.width, height: view.height, rgb }, hint }
}

fn told_apart(bytes: &[u8], today: Date) -> PresentedCode {
    match identity::classify(bytes, today) {
        Presented::IdCard(card) => PresentedCode::IdCard(card.facts()),
        Presented::DamagedIdCard(_) => PresentedCode::GarbledIdCard,
        Presented::Ticket(_) => PresentedCode::Ticket,
        Presented::SubmissionSlip(slip) => {
            PresentedCode::Slip { submission: slip.submission, secret: slip.secret }
        }
        Presented::DossierCode(code) => PresentedCode::Dossier(code.0),
        Presented::VietQr => PresentedCode::Payment,
        Presented::HealthCard => PresentedCode::HealthCard,
        Presented::AppToken => PresentedCode::AppToken,
        Presented::Unknown => PresentedCode::Unknown,
    }
}

#[cfg(test)]
mod tests;
