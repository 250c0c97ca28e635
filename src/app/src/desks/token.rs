//! The signing token's desk: watches for a token, judges its certificates, binds the papers and
//! has them signed.

mod signatory;

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use documents::{pades, trust::TrustStore};
use domain::{
    screen::PinWarning,
    visit::{Answer, LastTry, SubmissionPaper, TokenNews, VisitNo},
};
use hardware_api::{
    DeviceError, ModuleReport, ModuleState, Pin, PinState, SignError, SignRequest, SigningToken,
    TokenStatus,
};
use journal::Event as Log;
use zeroize::Zeroizing;

use self::signatory::Signatory;
use super::spawn;
use crate::{
    Clock,
    event::Inbox,
    pages::{Bound, PageStore},
};

/// How often the slot is looked at while somebody waits for a token.
const WATCH: Duration = Duration::from_millis(500);
/// How often the modules are looked at while nobody does, so that staff hear of a broken one
/// before a citizen does.
const IDLE: Duration = Duration::from_secs(60);
/// The same while a module is being tried.
const TRYING: Duration = Duration::from_secs(1);
/// Requests that may wait.
const ROOM: usize = 8;

/// What is to be signed and how.
pub(crate) struct Order {
    pub(crate) pin: Zeroizing<String>,
    pub(crate) certificate: usize,
    pub(crate) last_try: LastTry,
    pub(crate) papers: Vec<SubmissionPaper>,
}

enum Job {
    Watch(VisitNo),
    Stop,
    Sign(VisitNo, Order),
}

pub(crate) struct TokenDesk {
    jobs: SyncSender<Job>,
    inbox: Inbox,
}

/// What signing needs besides the token.
pub(crate) struct Signer {
    pub(crate) pages: PageStore,
    pub(crate) clock: Clock,
    pub(crate) trust: TrustStore,
}

impl TokenDesk {
    pub(super) fn start(
        token: Option<Box<dyn SigningToken>>,
        signer: Signer,
        inbox: Inbox,
    ) -> Self {
        let (jobs, waiting) = sync_channel(ROOM);
        if let Some(token) = token {
            let desk = Desk {
                token,
                signer,
                inbox: inbox.clone(),
                last: None,
                told: vec![],
                modules: vec![],
            };
            spawn("token", move || desk.work(&waiting));
        }
        Self { jobs, inbox }
    }

    pub(crate) fn watch(&self, visit: VisitNo) {
        self.ask(visit, Job::Watch(visit));
    }

    pub(crate) fn stop(&self) {
        // Without a token there is nobody to stop.
        let _nobody = self.jobs.try_send(Job::Stop);
    }

    pub(crate) fn sign(&self, visit: VisitNo, order: Order) {
        self.ask(visit, Job::Sign(visit, order));
    }

    fn ask(&self, visit: VisitNo, job: Job) {
        if self.jobs.try_send(job).is_err() {
            let news = TokenNews::NotSigned(PinWarning::Failed);
            self.inbox.offer(crate::Event::Answer(visit, Answer::Token(news)));
        }
    }
}

struct Desk {
    token: Box<dyn SigningToken>,
    signer: Signer,
    inbox: Inbox,
    /// What was told of the slot.
    last: Option<TokenNews>,
    /// The certificates told of, in that order.
    told: Vec<Signatory>,
    /// The modules as staff know them.
    modules: Vec<ModuleReport>,
}

impl Desk {
    fn work(mut self, jobs: &Receiver<Job>) {
        let mut watching = None;
        loop {
            self.tell_staff();
            let job = match jobs.recv_timeout(self.pause(watching)) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            match job {
                Some(Job::Watch(visit)) => {
                    watching = Some(visit);
                    self.forget();
                }
                Some(Job::Stop) => watching = None,
                Some(Job::Sign(visit, order)) => {
                    let news = self.sign(visit, &order);
                    self.forget();
                    if !self.inbox.answer(visit, Answer::Token(news)) {
                        return;
                    }
                }
                None => {}
            }
            if let Some(visit) = watching
                && !self.tell(visit)
            {
                return;
            }
        }
    }

    fn pause(&self, watching: Option<VisitNo>) -> Duration {
        match watching {
            Some(_) => WATCH,
            None if self.is_trying() => TRYING,
            None => IDLE,
        }
    }

    fn is_trying(&self) -> bool {
        self.modules.iter().any(|it| it.state == ModuleState::Trying)
    }

    /// Tells staff which modules were left out or came back.
    fn tell_staff(&mut self) {
        let Ok(now) = self.token.modules() else { return };
        for report in now.iter().filter(|report| !self.modules.contains(report)) {
            let module = report.module.as_str();
            match report.state {
                ModuleState::Trying => {}
                ModuleState::Usable => journal::record!(Log::TokenModuleReady, module),
                ModuleState::LeftOut(fault) => {
                    journal::record!(Log::TokenModuleLeftOut, module, fault = ?fault);
                }
            }
        }
        self.modules = now;
    }

    fn forget(&mut self) {
        self.last = None;
        self.told.clear();
    }

    /// Tells what is in the slot, when that changed.
    fn tell(&mut self, visit: VisitNo) -> bool {
        let Some(news) = self.look() else { return true };
        if self.last.as_ref() == Some(&news) {
            return true;
        }
        if news == TokenNews::Absent {
            journal::record!(Log::TokenAbsent);
        }
        self.last = Some(news.clone());
        self.inbox.answer(visit, Answer::Token(news))
    }

    /// `None` while its worker is on its way back and nothing was told since: what the screen says
    /// of a signature that failed stays there.
    fn look(&mut self) -> Option<TokenNews> {
        let state = match self.token.status() {
            Ok(TokenStatus::Present(state)) => state,
            status => {
                self.tell_staff();
                let is_back = status.is_ok() && !self.is_trying();
                self.told.clear();
                return (is_back || self.last.is_some()).then_some(TokenNews::Absent);
            }
        };
        // Certificates do not change while the token stays; reading them takes a card a second.
        if self.told.is_empty() {
            let Ok(told) = self.signatories() else { return Some(TokenNews::Absent) };
            self.told = told;
            if self.told.first().is_some_and(|it| !it.view.standing.may_sign()) {
                journal::record!(Log::TokenRefused);
            }
        }
        if self.told.is_empty() {
            return Some(TokenNews::Absent);
        }
        let certificates = self.told.iter().map(|it| it.view.clone()).collect();
        Some(TokenNews::Present { certificates, warning: warning(state) })
    }

    fn signatories(&mut self) -> Result<Vec<Signatory>, DeviceError> {
        let identities = self.token.identities()?;
        let beside = self.token.authorities()?;
        let now = (self.signer.clock)();
        let judge = |identity| Signatory::judged(identity, &self.signer.trust, &beside, now);
        let mut all: Vec<Signatory> = identities.into_iter().map(judge).collect();
        all.sort_by_key(Signatory::rank);
        Ok(all)
    }

    fn sign(&mut self, visit: VisitNo, order: &Order) -> TokenNews {
        let chosen = self.told.get(order.certificate).filter(|it| it.view.standing.may_sign());
        let Some(signatory) = chosen.cloned() else {
            return TokenNews::NotSigned(PinWarning::Failed);
        };
        let refused = match self.sign_all(&signatory, order) {
            Ok(signed) => {
                self.signer.pages.keep_signed(visit, signed);
                return TokenNews::Signed { holder: signatory.identity.holder };
            }
            Err(refused) => refused,
        };
        journal::record!(if refused == TokenNews::NotSigned(PinWarning::Locked) {
            Log::TokenLocked
        } else if refused == TokenNews::Left {
            Log::TokenLeft
        } else {
            Log::TokenFailed
        });
        refused
    }

    fn sign_all(&mut self, signatory: &Signatory, order: &Order) -> Result<Vec<Bound>, TokenNews> {
        const FAILED: TokenNews = TokenNews::NotSigned(PinWarning::Failed);
        let now = (self.signer.clock)();
        let certificate = signatory.certificate().map_err(|_| FAILED)?;
        let bound = self.signer.pages.bind(&order.papers, now).map_err(|_| FAILED)?;
        let prepare = |document: &Bound| pades::prepare(&document.pdf, &certificate, now);
        let prepared: Vec<_> =
            bound.iter().map(prepare).collect::<Result<_, _>>().map_err(|_| FAILED)?;
        let request = SignRequest {
            identity: signatory.identity.clone(),
            pin: Pin::new(&order.pin),
            last_try: match order.last_try {
                LastTry::Refuse => hardware_api::LastTry::Refuse,
                LastTry::Confirmed => hardware_api::LastTry::Confirmed,
            },
            messages: prepared.iter().map(|it| it.to_be_signed().to_vec()).collect(),
        };
        let signatures = self.token.sign(&request).map_err(|error| refused(&error))?;
        if signatures.len() != bound.len() {
            return Err(FAILED);
        }
        let documents = bound.into_iter().zip(prepared).zip(signatures);
        documents
            .map(|((document, prepared), signature)| {
                let pdf = prepared.finish(&signature).map_err(|_| FAILED)?;
                Ok(Bound { pdf, revocation: signatory.revocation, ..document })
            })
            .collect()
    }
}

fn warning(state: PinState) -> Option<PinWarning> {
    match state {
        PinState::Fresh => None,
        PinState::CountLow => Some(PinWarning::WrongPin),
        PinState::FinalTry => Some(PinWarning::FinalTry),
        PinState::Locked => Some(PinWarning::Locked),
    }
}

fn refused(error: &SignError) -> TokenNews {
    TokenNews::NotSigned(match error {
        SignError::WrongPin(PinState::FinalTry) | SignError::LastTry => PinWarning::FinalTry,
        SignError::WrongPin(PinState::Locked) | SignError::Locked => PinWarning::Locked,
        SignError::WrongPin(_) => PinWarning::WrongPin,
        SignError::Left => return TokenNews::Left,
        SignError::Device(_) | _ => PinWarning::Failed,
    })
}
