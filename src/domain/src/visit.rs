//! The visit: one citizen's stay at the kiosk, from first touch to wipe, as a pure machine.
//!
//! [`Visit::on`] takes what happened and when, changes the state and returns what is to be done.
//! Every answer from outside carries the [`VisitNo`] it was asked for, so that nothing of one
//! citizen can reach the next. Every state that waits for a device or a server has a deadline
//! in [`Timing`], so that no citizen is left before a screen that never changes.
//!
//! ```text
//! welcome ─┬─ choose field ─ ticket
//!          ├─ find ─ info ─ identify ─ form… ─ scan ─ (sign) ─ summary ─ submitting ─ received ─ rate
//!          └─ look-up ─ status
//! from everywhere: finish or idle → wipe → goodbye → welcome
//! ```

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod apply;
mod camera;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod chip;
mod citizen;
mod draft;
mod effect;
mod event;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod look_up;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod scan;
mod sign;
mod staff;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod submit;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod ticket;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod view;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch or an answer that the present stage does not know changes nothing"
)]
mod world;

use std::time::Duration;

use citizen::{Citizen, Stage};
pub use effect::{
    Effect, Impression, LastTry, LookUpSecret, SlipPaper, Submission, SubmissionPaper, TicketPaper,
};
pub use event::{
    Answer, ChipFacts, ChipNews, Event, IssuedTicket, LookUpAnswer, PageId, PresentedCode,
    PrintOutcome, ScanEnded, ScanNo, StaffAnswer, TokenNews, VisitNo, WorldNews,
};
pub use world::{CenterFacts, World};

use crate::{
    screen::{HelpTopic, IdleWarning, Screen},
    touch::Touch,
};

/// A moment, as the time since the kiosk started; never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(pub Duration);

impl Moment {
    /// How long ago `earlier` was.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Quiet time until the question whether anybody is there.
    pub idle_warning: Duration,
    /// Time to answer it; then everything is wiped.
    pub wipe: Duration,
    /// How long a printed ticket stays on the screen.
    pub ticket_shown: Duration,
    /// How long the thanks stay.
    pub goodbye: Duration,
    /// How long the rating waits.
    pub rate: Duration,
    /// Longest wait for a number.
    pub issuing: Duration,
    /// Longest wait for paper.
    pub printing: Duration,
    /// Longest wait for one page.
    pub scanning: Duration,
    /// Longest wait for a chip that is being read.
    pub reading: Duration,
    /// Longest wait for signatures.
    pub signing: Duration,
    /// Longest wait for sealing and writing.
    pub sealing: Duration,
    /// How long the screen waits for the province before it says "kept here".
    pub sending: Duration,
    /// Longest wait for a look-up.
    pub looking_up: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            idle_warning: s(30),
            wipe: s(20),
            ticket_shown: s(10),
            goodbye: s(4),
            rate: s(20),
            issuing: s(8),
            printing: s(30),
            scanning: s(90),
            reading: s(45),
            signing: s(60),
            sealing: s(60),
            sending: s(15),
            looking_up: s(15),
        }
    }
}

/// The kiosk as a machine: what it knows of the world, and the citizen before it.
#[derive(Debug, Clone)]
pub struct Visit {
    timing: Timing,
    world: World,
    citizen: Citizen,
    number: VisitNo,
    now: Moment,
    /// The last sign of a person.
    last_touch: Moment,
    /// When the present stage began to wait.
    waiting_since: Moment,
}

impl Visit {
    /// A kiosk at rest that knows nothing of the world yet.
    #[must_use]
    pub fn new(timing: Timing, world: World) -> Self {
        Self {
            timing,
            world,
            citizen: Citizen::default(),
            number: VisitNo(1),
            now: Moment::default(),
            last_touch: Moment::default(),
            waiting_since: Moment::default(),
        }
    }

    /// The number of the present visit, to tag what is asked of devices and servers.
    #[must_use]
    pub fn number(&self) -> VisitNo {
        self.number
    }

    /// Takes what happened at `now`; returns what is to be done, in order.
    pub fn on(&mut self, now: Moment, event: Event) -> Vec<Effect> {
        self.now = self.now.max(now);
        match event {
            Event::Touch(touch) => {
                self.last_touch = self.now;
                self.touch(touch)
            }
            Event::Tick => self.tick(),
            Event::World(news) => self.learn(news),
            Event::Answer(number, answer) if number == self.number => self.answer(answer),
            Event::Answer(..) => vec![],
        }
    }

    /// Takes news of the world; what waited for it goes on.
    fn learn(&mut self, news: WorldNews) -> Vec<Effect> {
        let waiting: fn(&mut Self) -> Vec<Effect> = match &news {
            WorldNews::Printer(None) => Self::print_after_all,
            WorldNews::CardReader(true) => Self::card_reader_is_back,
            WorldNews::Scanner(true) => Self::scanner_is_back,
            WorldNews::Province(true) => Self::province_is_back,
            WorldNews::Printer(Some(_))
            | WorldNews::Scanner(false)
            | WorldNews::CodeReader(_)
            | WorldNews::CardReader(false)
            | WorldNews::Center(_)
            | WorldNews::Province(false)
            | WorldNews::Outbox(_)
            | WorldNews::Catalogue(..)
            | WorldNews::Today(_) => |_| vec![],
        };
        self.world.learn(news);
        let mut effects = self.tick();
        effects.extend(waiting(self));
        effects
    }

    /// What stands on the screen now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        let idle = self.quiet().filter(|quiet| *quiet >= self.timing.idle_warning).map(|quiet| {
            let left = (self.timing.idle_warning + self.timing.wipe).saturating_sub(quiet);
            IdleWarning { seconds_left: left.as_millis().div_ceil(1000).try_into().unwrap_or(0) }
        });
        Screen {
            language: self.citizen.language,
            center: self.world.center_name(),
            page: self.page(),
            idle,
            help: self.citizen.help,
            staff: self.citizen.staff,
            camera: self.citizen.camera.clone(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all other touches belong to the page")]
    fn touch(&mut self, touch: Touch) -> Vec<Effect> {
        match touch {
            Touch::StillHere => vec![],
            Touch::Language(language) => {
                self.citizen.language = language;
                vec![]
            }
            Touch::Help => {
                self.citizen.help = Some(self.help_topic());
                vec![]
            }
            Touch::CloseHelp => {
                self.citizen.help = None;
                vec![]
            }
            Touch::CallStaff => self.call_staff(),
            Touch::Finish => self.finish(),
            page_touch => {
                self.citizen.help = None;
                self.page_touch(page_touch)
            }
        }
    }

    fn page_touch(&mut self, touch: Touch) -> Vec<Effect> {
        match &self.citizen.stage {
            Stage::Welcome => self.touch_welcome(&touch),
            Stage::ChooseField | Stage::Ticket(_) => self.touch_ticket(&touch),
            Stage::Find { .. }
            | Stage::Info(_)
            | Stage::Identify(_)
            | Stage::Form { .. }
            | Stage::Summary { .. }
            | Stage::Received(_) => self.touch_apply(touch),
            Stage::Scan(_) => self.touch_scan(&touch),
            Stage::Sign(_) => self.touch_sign(&touch),
            Stage::LookUp(_) | Stage::Status(_) => self.touch_look_up(touch),
            Stage::Rate(_) => self.touch_rate(&touch),
            Stage::Submitting(_) => vec![],
            Stage::Goodbye => {
                self.citizen.stage = Stage::Welcome;
                vec![]
            }
        }
    }

    /// Ends the visit: everything of the citizen is forgotten, here and outside.
    fn finish(&mut self) -> Vec<Effect> {
        if self.busy_with_dossier() || self.citizen.is_untouched() {
            return vec![];
        }
        let goodbye = !matches!(self.citizen.stage, Stage::Welcome | Stage::Goodbye);
        self.wipe(if goodbye { Stage::Goodbye } else { Stage::Welcome })
    }

    fn wipe(&mut self, stage: Stage) -> Vec<Effect> {
        let language = self.citizen.language;
        self.citizen = Citizen { stage, ..Citizen::default() };
        if matches!(self.citizen.stage, Stage::Goodbye) {
            // The thanks are said in the citizen's language; the next visit begins anew.
            self.citizen.language = language;
        }
        self.number = VisitNo(self.number.0 + 1);
        self.waiting_since = self.now;
        vec![Effect::Wipe]
    }

    /// Back at the start: whoever goes on from here begins a new visit, in the same language.
    fn leave(&mut self) -> Vec<Effect> {
        let language = self.citizen.language;
        let effects = self.wipe(Stage::Welcome);
        self.citizen.language = language;
        effects
    }

    /// Time passes: deadlines of waits, the idle question, the wipe.
    fn tick(&mut self) -> Vec<Effect> {
        self.staff_deadline();
        if let Some(effects) = self.deadline() {
            return effects;
        }
        let limit = self.timing.idle_warning + self.timing.wipe;
        match self.quiet() {
            Some(quiet) if quiet >= limit => {
                let mut effects = vec![Effect::Abandoned];
                effects.extend(self.wipe(Stage::Welcome));
                effects
            }
            Some(_) | None => vec![],
        }
    }

    /// How long nobody touched the screen, where that matters: not at rest, and not while the
    /// kiosk itself is at work and the citizen can only wait.
    fn quiet(&self) -> Option<Duration> {
        let waiting = self.citizen.stage.is_working();
        (!waiting && !self.citizen.is_untouched())
            .then(|| self.now.since(self.last_touch.max(self.waiting_since)))
    }

    /// A wait that has run out, if one has.
    fn deadline(&mut self) -> Option<Vec<Effect>> {
        let waited = self.now.since(self.waiting_since);
        match &self.citizen.stage {
            Stage::Ticket(_) => self.ticket_deadline(waited),
            Stage::Scan(_) => self.scan_deadline(waited),
            Stage::Sign(_) => self.sign_deadline(waited),
            Stage::Identify(_) => self.chip_deadline(waited),
            Stage::Submitting(_) | Stage::Received(_) => self.submit_deadline(waited),
            Stage::LookUp(_) => self.look_up_deadline(waited),
            Stage::Rate(_) if self.now.since(self.last_touch) >= self.timing.rate => {
                Some(self.wipe(Stage::Goodbye))
            }
            Stage::Goodbye if waited >= self.timing.goodbye => {
                self.citizen = Citizen::default();
                Some(vec![])
            }
            Stage::Rate(_)
            | Stage::Goodbye
            | Stage::Welcome
            | Stage::ChooseField
            | Stage::Find { .. }
            | Stage::Info(_)
            | Stage::Form { .. }
            | Stage::Summary { .. }
            | Stage::Status(_) => None,
        }
    }

    /// Moves to another stage; its waiting time begins now.
    fn go(&mut self, stage: Stage) {
        self.citizen.stage = stage;
        self.citizen.camera = None;
        self.waiting_since = self.now;
    }

    fn busy_with_dossier(&self) -> bool {
        matches!(self.citizen.stage, Stage::Submitting(_))
    }

    fn help_topic(&self) -> HelpTopic {
        match &self.citizen.stage {
            Stage::Welcome | Stage::Goodbye | Stage::Rate(_) => HelpTopic::General,
            Stage::ChooseField | Stage::Ticket(_) => HelpTopic::Tickets,
            Stage::Find { .. } | Stage::Info(_) => HelpTopic::Finding,
            Stage::Identify(_) => HelpTopic::Identifying,
            Stage::Form { .. } => HelpTopic::Form,
            Stage::Scan(_) => HelpTopic::Scanning,
            Stage::Sign(_) => HelpTopic::Signing,
            Stage::Summary { .. } | Stage::Submitting(_) | Stage::Received(_) => {
                HelpTopic::Submitting
            }
            Stage::LookUp(_) | Stage::Status(_) => HelpTopic::LookingUp,
        }
    }
}

#[cfg(test)]
mod tests;
