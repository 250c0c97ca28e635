//! The loop: takes events, asks the machine, hands effects to desks, shows the screen.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use domain::{
    KioskId, SubmissionId,
    screen::Screen,
    visit::{
        Answer, Effect, Event as VisitEvent, Moment, Timing, Visit, VisitNo, World, WorldNews,
    },
};

use crate::{
    Clock, Pace, Random,
    desks::{Desks, Devices, Order},
    event::{Event, Inbox},
    network::{Addresses, Network},
    outbox::{Outbox, OutboxParts},
    pages::PageStore,
    papers,
};

/// How often time is told to the machine when nothing else happens.
const TICK: Duration = Duration::from_millis(250);

/// What a kiosk is made of; put together in a `main`.
pub struct Parts {
    /// Which kiosk.
    pub kiosk: KioskId,
    /// The center's name until the center tells it.
    pub center: domain::Bilingual,
    /// Deadlines.
    pub timing: Timing,
    /// Devices.
    pub devices: Devices,
    /// Where center and province are.
    pub addresses: Addresses,
    /// Outbox.
    pub outbox: OutboxParts,
    /// How soon idle devices and servers are missed.
    pub pace: Pace,
    /// Time of day.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Runs the network's tasks.
    pub runtime: tokio::runtime::Handle,
}

/// A kiosk: the machine and its desks.
pub struct Kiosk {
    visit: Visit,
    screen: Screen,
    desks: Desks,
    network: Network,
    outbox: Outbox,
    pages: PageStore,
    /// The submission of the present visit, so that its delivery reaches its page.
    kept: Option<(SubmissionId, VisitNo)>,
    clock: Clock,
    reprints: papers::Reprints,
}

impl Kiosk {
    /// Starts all desks; their first news are on the way into `inbox`.
    pub fn start(parts: Parts, inbox: &Inbox) -> Result<Self, crate::outbox::OutboxError> {
        let today = crate::today(&parts.clock);
        let visit = Visit::new(parts.timing, World::new(today, parts.center));
        let pages = PageStore::new(visit.number());
        let network = Network::start(
            parts.addresses,
            parts.kiosk.clone(),
            parts.random.clone(),
            inbox.clone(),
            parts.pace,
            &parts.runtime,
        );
        let random = parts.random.clone();
        let outbox = Outbox::start(
            parts.outbox,
            parts.kiosk,
            pages.clone(),
            parts.clock.clone(),
            parts.random,
            inbox.clone(),
            parts.runtime,
        )?;
        let reprints = parts.devices.reprints;
        let desks = Desks::start(parts.devices, parts.pace, &pages, &parts.clock, random, inbox);
        journal::record!(journal::Event::KioskStarted);
        let screen = visit.screen();
        let clock = parts.clock;
        Ok(Self { visit, screen, desks, network, outbox, pages, kept: None, clock, reprints })
    }

    /// What stands on the screen.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Runs until told to stop, showing each new screen.
    pub fn run(mut self, inbox: &Receiver<Event>, mut show: impl FnMut(&Screen)) {
        let begin = Instant::now();
        show(&self.screen);
        loop {
            let event = match inbox.recv_timeout(TICK) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
            };
            if self.step(Moment(begin.elapsed()), event) {
                show(&self.screen);
            }
        }
        journal::record!(journal::Event::KioskStopped);
    }

    /// Takes one event, or only the passing of time. Whether the screen changed.
    pub fn step(&mut self, now: Moment, event: Option<Event>) -> bool {
        let event = match event {
            Some(Event::Touch(touch)) => VisitEvent::Touch(touch),
            Some(Event::World(news)) => VisitEvent::World(news),
            Some(Event::Answer(visit, answer)) => {
                if let Answer::Kept { submission, .. } = &answer {
                    self.kept = Some((submission.clone(), visit));
                }
                VisitEvent::Answer(visit, answer)
            }
            Some(Event::View(newest)) => match newest.take() {
                Some((visit, view)) => VisitEvent::Answer(visit, Answer::Preview(view)),
                None => VisitEvent::Tick,
            },
            Some(Event::Delivered(submission, dossier)) => match &self.kept {
                Some((kept, visit)) if *kept == submission => {
                    VisitEvent::Answer(*visit, Answer::Delivered(dossier))
                }
                Some(_) | None => VisitEvent::Tick,
            },
            Some(Event::Stop) | None => {
                let today = crate::today(&self.clock);
                VisitEvent::World(WorldNews::Today(today))
            }
        };
        let visit = self.visit.number();
        for effect in self.visit.on(now, event) {
            self.perform(visit, effect);
        }
        let screen = self.visit.screen();
        let changed = screen != self.screen;
        self.screen = screen;
        changed
    }

    fn perform(&mut self, visit: VisitNo, effect: Effect) {
        match effect {
            Effect::IssueTicket { field, name } => self.network.issue_ticket(visit, field, name),
            Effect::PrintTicket(paper) => {
                self.desks.printer.print(visit, papers::ticket_paper(&paper, self.reprints));
            }
            Effect::ReportPaper { ticket, printed } => self.network.report_paper(ticket, printed),
            Effect::WatchCodes => {
                self.desks.codes.watch(visit);
                self.desks.card.watch(visit);
            }
            Effect::StopCodes => {
                self.desks.codes.stop();
                self.desks.card.unwatch();
            }
            Effect::ReadChip { access, beliefs } => self.desks.card.read(visit, access, beliefs),
            Effect::StopChip => self.desks.card.stop(),
            Effect::Scan(scan) => self.desks.scanner.scan(visit, scan),
            Effect::CancelScan => self.desks.scanner.cancel(),
            Effect::ForgetPage(page) => self.pages.forget(page),
            Effect::WatchToken => self.desks.token.watch(visit),
            Effect::StopToken => self.desks.token.stop(),
            Effect::Sign { pin, certificate, last_try, papers } => {
                let order = Order { pin, certificate, last_try, papers };
                self.desks.token.sign(visit, order);
            }
            Effect::Keep(submission) => self.outbox.keep(visit, *submission),
            Effect::AbandonKeeping => self.outbox.abandon(visit),
            Effect::PrintSlip(paper) => {
                let slip = papers::slip_paper(&paper, (self.clock)(), self.reprints);
                self.desks.printer.print(visit, slip);
            }
            Effect::LookUp { code, factor } => self.network.look_up(visit, code, factor),
            Effect::CallStaff => {
                journal::record!(journal::Event::StaffCalled);
                self.network.call_staff(visit);
            }
            Effect::Rate { submission, rating } => self.network.rate(submission, rating),
            Effect::Abandoned => journal::record!(journal::Event::VisitAbandoned),
            Effect::Wipe => {
                self.desks.codes.stop();
                self.desks.card.stop();
                self.desks.card.unwatch();
                self.desks.token.stop();
                self.desks.scanner.cancel();
                self.pages.wipe(self.visit.number());
                journal::record!(journal::Event::VisitEnded);
            }
        }
    }
}
