//! The signing token's desk: watches for a token, binds the papers and signs them.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use documents::pades::{self, SignerCertificate};
use domain::{
    screen::PinWarning,
    visit::{Answer, SubmissionPaper, TokenNews, VisitNo},
};
use hardware_api::{PinState, SignError, SigningIdentity, SigningToken, TokenStatus};
use journal::Event as Log;
use zeroize::Zeroizing;

use super::spawn;
use crate::{
    Clock,
    event::Inbox,
    pages::{Bound, PageStore},
};

/// How often the slot is looked at while somebody waits for a token.
const WATCH: Duration = Duration::from_millis(500);
/// Requests that may wait.
const ROOM: usize = 8;

enum Job {
    Watch(VisitNo),
    Stop,
    Sign(VisitNo, Zeroizing<String>, Vec<SubmissionPaper>),
}

pub(crate) struct TokenDesk {
    jobs: SyncSender<Job>,
    inbox: Inbox,
}

/// What signing needs besides the token.
pub(crate) struct Signer {
    pub(crate) pages: PageStore,
    pub(crate) clock: Clock,
    pub(crate) chain: Vec<Vec<u8>>,
}

impl TokenDesk {
    pub(super) fn start(
        token: Option<Box<dyn SigningToken>>,
        signer: Signer,
        inbox: Inbox,
    ) -> Self {
        let (jobs, waiting) = sync_channel(ROOM);
        if let Some(token) = token {
            let desk = Desk { token, signer, inbox: inbox.clone(), last: None };
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

    pub(crate) fn sign(
        &self,
        visit: VisitNo,
        pin: Zeroizing<String>,
        papers: Vec<SubmissionPaper>,
    ) {
        self.ask(visit, Job::Sign(visit, pin, papers));
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
    last: Option<TokenNews>,
}

impl Desk {
    fn work(mut self, jobs: &Receiver<Job>) {
        let mut watching = None;
        loop {
            let job = match watching {
                Some(_) => jobs.recv_timeout(WATCH),
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match job {
                Ok(Job::Watch(visit)) => {
                    watching = Some(visit);
                    self.last = None;
                }
                Ok(Job::Stop) => watching = None,
                Ok(Job::Sign(visit, pin, papers)) => {
                    let news = self.sign(visit, &pin, &papers);
                    self.last = None;
                    if !self.inbox.answer(visit, Answer::Token(news)) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Some(visit) = watching
                && !self.tell(visit)
            {
                return;
            }
        }
    }

    /// Tells what is in the slot, when that changed.
    fn tell(&mut self, visit: VisitNo) -> bool {
        let news = self.look();
        if self.last.as_ref() == Some(&news) {
            return true;
        }
        self.last = Some(news.clone());
        self.inbox.answer(visit, Answer::Token(news))
    }

    fn look(&mut self) -> TokenNews {
        let Ok(TokenStatus::Present(state)) = self.token.status() else { return TokenNews::Absent };
        match self.identity() {
            Some(identity) => TokenNews::Present {
                holder: identity.holder,
                issuer: identity.issuer,
                warning: warning(state),
            },
            None => TokenNews::Absent,
        }
    }

    /// The first certificate on the token that can sign now.
    fn identity(&mut self) -> Option<SigningIdentity> {
        let now = (self.signer.clock)();
        self.token.identities().ok()?.into_iter().find(|identity| {
            SignerCertificate::new(&identity.certificate, &self.signer.chain)
                .is_ok_and(|certificate| certificate.is_valid_at(now))
        })
    }

    fn sign(&mut self, visit: VisitNo, pin: &str, papers: &[SubmissionPaper]) -> TokenNews {
        let Some(identity) = self.identity() else {
            return TokenNews::NotSigned(PinWarning::Failed);
        };
        match self.sign_all(&identity, pin, papers) {
            Ok(signed) => {
                self.signer.pages.keep_signed(visit, signed);
                TokenNews::Signed { holder: identity.holder }
            }
            Err(why) => {
                journal::record!(if why == PinWarning::Locked {
                    Log::TokenLocked
                } else {
                    Log::TokenFailed
                });
                TokenNews::NotSigned(why)
            }
        }
    }

    fn sign_all(
        &mut self,
        identity: &SigningIdentity,
        pin: &str,
        papers: &[SubmissionPaper],
    ) -> Result<Vec<Bound>, PinWarning> {
        let now = (self.signer.clock)();
        let certificate = SignerCertificate::new(&identity.certificate, &self.signer.chain)
            .map_err(|_| PinWarning::Failed)?;
        let bound = self.signer.pages.bind(papers, now).map_err(|_| PinWarning::Failed)?;
        let mut signed = Vec::with_capacity(bound.len());
        for document in bound {
            let prepared =
                pades::prepare(&document.pdf, &certificate, now).map_err(|_| PinWarning::Failed)?;
            let signature = self.token.sign(identity, pin, prepared.to_be_signed());
            let signature = signature.map_err(|error| refused(&error))?;
            let pdf = prepared.finish(&signature).map_err(|_| PinWarning::Failed)?;
            signed.push(Bound { pdf, ..document });
        }
        Ok(signed)
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

fn refused(error: &SignError) -> PinWarning {
    match error {
        SignError::WrongPin(PinState::FinalTry) => PinWarning::FinalTry,
        SignError::WrongPin(PinState::Locked) | SignError::Locked => PinWarning::Locked,
        SignError::WrongPin(_) => PinWarning::WrongPin,
        SignError::Device(_) | _ => PinWarning::Failed,
    }
}
