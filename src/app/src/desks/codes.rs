//! The code readers' desk: tells codes while somebody wants them, and throws others away.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::visit::{Answer, PresentedCode, VisitNo, WorldNews};
use hardware_api::{CodeReader, DeviceError, Sight};
use identity::Presented;
use jiff::civil::Date;
use journal::Event as Log;

use super::spawn;
use crate::{Clock, event::Inbox};

/// How long one look lasts.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait before looking for a reader that is gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Who wants codes now.
type Wanted = Arc<Mutex<Option<VisitNo>>>;

pub(crate) struct CodeDesk {
    wanted: Wanted,
}

impl CodeDesk {
    pub(super) fn start(readers: Vec<Box<dyn CodeReader>>, clock: &Clock, inbox: &Inbox) -> Self {
        let wanted = Wanted::default();
        let there = Arc::new(Mutex::new(vec![false; readers.len()]));
        for (at, reader) in readers.into_iter().enumerate() {
            let desk = Desk {
                wanted: Arc::clone(&wanted),
                there: Arc::clone(&there),
                at,
                clock: clock.clone(),
                inbox: inbox.clone(),
            };
            spawn("codes", move || desk.work(reader));
        }
        Self { wanted }
    }

    pub(crate) fn watch(&self, visit: VisitNo) {
        self.set(Some(visit));
    }

    pub(crate) fn stop(&self) {
        self.set(None);
    }

    fn set(&self, wanted: Option<VisitNo>) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
    }
}

struct Desk {
    wanted: Wanted,
    /// Which readers are there; the kiosk can read codes while one is.
    there: Arc<Mutex<Vec<bool>>>,
    at: usize,
    clock: Clock,
    inbox: Inbox,
}

impl Desk {
    fn work(self, mut reader: Box<dyn CodeReader>) {
        let mut known = None;
        loop {
            let seen = reader.next(LOOK);
            let there = seen.is_ok();
            if known != Some(there) {
                known = Some(there);
                journal::record!(if there { Log::CodeReaderReady } else { Log::CodeReaderGone });
                if !self.inbox.world(WorldNews::CodeReader(self.any(there))) {
                    return;
                }
            }
            match seen {
                Ok(Some(Sight::Code(code))) => self.tell(&code.bytes),
                Ok(Some(Sight::View(_)) | None) => {}
                Err(DeviceError::Cancelled) => return,
                Err(_) => std::thread::sleep(AGAIN),
            }
        }
    }

    fn any(&self, there: bool) -> bool {
        let mut all = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = all.get_mut(self.at) {
            *mine = there;
        }
        all.iter().any(|there| *there)
    }

    fn tell(&self, bytes: &[u8]) {
        let wanted = *self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(visit) = wanted {
            let code = told_apart(bytes, crate::today(&self.clock));
            self.inbox.answer(visit, Answer::Code(code));
        }
    }
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
        Presented::Unknown => PresentedCode::Unknown,
    }
}
