//! A citizen who walks to each spot, while a hand pulls plugs there.

use std::{
    collections::HashMap,
    mem::discriminant,
    time::{Duration, Instant},
};

use domain::{
    screen::{
        DossierPlace, IdentifyState, LookUpField, Page, ScannerState, Screen, SignState, SlipState,
        TicketState,
    },
    touch::Touch,
};
use lab::{Hall, Player};

use super::super::stage::{Steps as _, project};
use super::{
    heard::Heard,
    plug::{Plug, Told},
};

/// Staff and screen must know of a pulled plug by then. The stage asks idle devices more often
/// than a real kiosk, see `Stage::pace`.
const SOON: Duration = Duration::from_secs(8);
/// The procedure with a form, papers that may be left out, and a signature that is offered.
pub const SIGNED: &str = "1.001612";

/// A place in a visit.
pub struct Spot {
    /// For people.
    pub name: &'static str,
    /// From the start page to it.
    pub reach: fn(&mut Walk<'_>),
    /// Whether a page is it; a pulled plug may show it in another state.
    pub at: fn(&Page) -> bool,
    /// The sentence, in English, that the citizen must see when this plug is pulled here.
    pub says: fn(Plug) -> Option<&'static str>,
    /// What the citizen does next, with the plug pulled.
    pub onward: fn(&mut Walk<'_>, Plug),
    /// What is pulled already when one is there.
    pub out: Option<Plug>,
    /// Whether it ends by itself: then it needs no button.
    pub ends: bool,
    /// Whether a token is awaited there: it is looked at while somebody wants it.
    pub token: bool,
}

/// Citizen, hall and what staff hear.
pub struct Walk<'a> {
    pub hall: &'a Hall,
    player: &'a mut Player,
    heard: Heard,
    words: HashMap<String, String>,
    cards: u32,
    /// Codes of dossiers that were received.
    pub dossiers: Vec<String>,
}

impl<'a> Walk<'a> {
    pub fn new(hall: &'a Hall, player: &'a mut Player, heard: Heard) -> Self {
        let walk = Self { hall, player, heard, words: wording(), cards: 0, dossiers: vec![] };
        walk.hall.token.set_inserted(true);
        walk.player.arrive();
        walk
    }

    /// Pulls a plug at a spot, goes on without it, and plugs it in again.
    pub fn pull(&mut self, spot: &Spot, plug: Plug) {
        let began = Instant::now();
        // Where a token is looked at, one must be there: it may have been pulled for the spot before.
        if !(spot.at)(self.page()) || (spot.token && !asks_pin(self.page())) {
            self.home();
            (spot.reach)(self);
        }
        let what = format!("{plug:?} at {}", spot.name);
        assert!((spot.at)(self.page()), "{what}: not reached but {:?}", self.page());
        if self.player.screen().idle.is_none() {
            self.touch(Touch::StillHere);
        }
        if spot.out != Some(plug) {
            self.settle(&what, plug);
        }
        let before = entered(self.page());
        if plug == Plug::Token && spot.token {
            // A worker that was killed before has to see the token before it can miss it.
            std::thread::sleep(Duration::from_secs(1));
        }
        self.heard.forget();
        if spot.out != Some(plug) {
            plug.pull(self.hall);
            if plug != Plug::Token || spot.token {
                self.hear(&what, plug.gone());
            }
        }
        match (spot.says)(plug) {
            Some(sentence) => self.see(&what, sentence),
            None => assert!((spot.at)(self.page()), "{what}: led to {:?}", self.page()),
        }
        assert!(spot.ends || self.leads_on(), "{what}: no button leads on");
        let after = entered(self.page());
        assert!(before == after || after.is_empty(), "{what}: what was entered has changed");
        (spot.onward)(self, plug);
        plug.plug_in(self.hall);
        if let Some(back) = plug.back() {
            self.hear(&what, back);
        }
        if matches!(plug, Plug::Worker(_)) {
            // Whoever was asking it at that moment tells so a moment later.
            std::thread::sleep(Duration::from_millis(50));
        }
        if spot.out == Some(plug) {
            self.home();
        }
        if (spot.at)(self.page()) {
            let after = entered(self.page());
            assert!(before == after || after.is_empty(), "{what}: it came back otherwise");
        }
        println!("{what}: {} ms", began.elapsed().as_millis());
    }

    /// Whether a button can be pressed besides those that stand on every page.
    fn leads_on(&self) -> bool {
        let everywhere =
            ["Help", "Finish", "Call an officer"].map(|it| self.words.get(it).unwrap().as_str());
        let everywhere = [&everywhere[..], &["English", "Tiếng Việt"]].concat();
        self.player.buttons().iter().any(|button| !everywhere.contains(&button.as_str()))
    }

    /// Everything mended, everybody gone: the start page, with all services.
    pub fn home(&mut self) {
        let simulator = &self.hall.simulator;
        simulator.printer.set_fault(None);
        simulator.scanner.set_fault(None);
        simulator.scanner.unload();
        simulator.camera.remove().unwrap();
        let field = self.hall.card.as_ref().unwrap();
        field.pull();
        self.hall.token.set_inserted(true);
        self.hall.center_cable.join();
        self.hall.province_cable.join();
        for _ in 0..8 {
            if matches!(self.page(), Page::Welcome(_)) {
                break;
            }
            // One that is being handed in is not left before it is kept.
            self.touch(Touch::Finish);
            self.player.skip(Duration::from_secs(5));
        }
        self.player.arrive();
    }

    pub fn page(&self) -> &Page {
        &self.player.screen().page
    }

    pub fn touch(&mut self, touch: Touch) {
        self.player.touch(touch);
    }

    pub fn touches(&mut self, touches: impl IntoIterator<Item = Touch>) {
        touches.into_iter().for_each(|touch| self.touch(touch));
    }

    pub fn skip(&mut self, seconds: u64) {
        self.player.skip(Duration::from_secs(seconds));
    }

    pub fn wait(&mut self, what: &str, wished: impl Fn(&Page) -> bool) {
        self.player.wait_for_page(what, wished).unwrap();
    }

    /// Whether such a page comes soon.
    pub fn comes(&mut self, wished: impl Fn(&Page) -> bool) -> bool {
        let began = Instant::now();
        while !wished(self.page()) && began.elapsed() < SOON {
            self.player.pump();
            std::thread::sleep(Duration::from_millis(5));
        }
        wished(self.page())
    }

    /// Goes on with `touch`, which must lead to such a page.
    pub fn to(&mut self, touch: Touch, wished: impl Fn(&Page) -> bool) {
        let name = touch.name();
        self.touch(touch);
        self.wait(name, wished);
    }

    /// There and back again.
    pub fn there_and_back(&mut self, there: Touch, back: Touch) {
        let here = kind(self.page());
        let what = format!("{} leads on", there.name());
        self.to(there, |page| kind(page) != here);
        assert_ne!(kind(self.page()), here, "{what}");
        self.to(back, |page| kind(page) == here);
    }

    /// Waits until what is to be pulled is back from when it was pulled last: a worker that is
    /// killed may take its device along for a moment.
    fn settle(&mut self, what: &str, plug: Plug) {
        let began = Instant::now();
        let (code, ..) = plug.gone();
        while !self.heard.are_back(code.get(..3).unwrap()) {
            let all = self.heard.all();
            assert!(began.elapsed() < SOON, "{what}: something did not come back: {all:?}");
            self.player.pump();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until staff were told.
    pub fn hear(&mut self, what: &str, (code, beside, times): Told) {
        let began = Instant::now();
        while self.heard.count(code, beside) < times {
            let all = self.heard.all();
            assert!(began.elapsed() < SOON, "{what}: staff were not told {code}, but {all:?}");
            self.player.pump();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until a sentence stands on the screen, in Vietnamese.
    pub fn see(&mut self, what: &str, sentence: &str) {
        let began = Instant::now();
        let vi = self.words.get(sentence).unwrap_or_else(|| panic!("no such words: {sentence}"));
        let vi = vi.clone();
        loop {
            self.player.pump();
            let all = self.player.words();
            if all.iter().any(|words| words.contains(&vi)) {
                return;
            }
            assert!(began.elapsed() < SOON, "{what}: {vi} is not among {all:?}");
        }
    }

    pub fn reach_info(&mut self, procedure: &str) {
        self.touches([Touch::FindProcedure, Touch::Procedure(procedure.into())]);
    }

    pub fn reach_waiting(&mut self) {
        self.reach_info(SIGNED);
        self.touch(Touch::Apply);
        self.wait("readers", |page| {
            matches!(page, Page::Identify(it)
                if it.chip && it.state == IdentifyState::Waiting { fault: None })
        });
    }

    /// The code of the made-up citizen's card, issued on another day each time: the same code
    /// again so soon would count as still being held to the gun.
    pub fn card(&mut self) -> String {
        self.cards += 1;
        let (day, year) = (self.cards % 28 + 1, 2021 + self.cards / 28);
        format!("001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử|{day:02}05{year}")
    }

    pub fn reach_known(&mut self) {
        self.reach_waiting();
        self.show_card();
    }

    pub fn show_card(&mut self) {
        let card = self.card();
        self.hall.simulator.gun.present(card.as_bytes());
        self.wait("a known person", is_known);
    }

    pub fn reach_form(&mut self) {
        self.reach_known();
        self.touch(Touch::Next);
    }

    /// To the papers, one of which is scanned.
    pub fn reach_scan(&mut self) {
        self.reach_form();
        self.player.fill_form();
        for _ in 0..3 {
            self.hall.simulator.scanner.load_forms(1);
            self.touch(Touch::Scan);
            self.wait(
                "an end of the scan",
                |page| matches!(page, Page::Scan(scan) if scan.scanner != ScannerState::Scanning),
            );
            // After a scan that hung the first one may fail; then the page asks for another try.
            if matches!(self.page(), Page::Scan(scan) if scan.scanner == ScannerState::Idle) {
                break;
            }
        }
        assert!(
            matches!(self.page(), Page::Scan(scan) if !scan.papers.first().unwrap().pages.is_empty())
        );
        self.touches([Touch::FocusPaper(1), Touch::SkipPaper(true)]);
    }

    pub fn reach_pin(&mut self) {
        self.reach_scan();
        self.touch(Touch::Next);
        self.wait("the PIN pad", asks_pin);
    }

    pub fn type_pin(&mut self) {
        self.touches([1, 2, 3, 4, 5, 6].map(Touch::PinDigit));
        self.touch(Touch::PinEnter);
    }

    pub fn reach_summary(&mut self) {
        self.reach_pin();
        self.touch(Touch::WithoutSignature);
    }

    pub fn reach_received(&mut self) {
        self.reach_summary();
        self.touch(Touch::Submit);
        self.wait("receipt and slip", |page| {
            matches!(page, Page::Received(it) if it.slip == SlipState::Printed
                && matches!(it.place, DossierPlace::Province(_)))
        });
        if let Page::Received(received) = self.page().clone()
            && let DossierPlace::Province(code) = received.place
        {
            self.dossiers.push(code.0);
        }
    }

    pub fn screen(&self) -> &Screen {
        self.player.screen()
    }

    /// Answers one question of the form.
    pub fn begin_answers(&mut self) {
        let Page::Form(form) = self.page().clone() else { panic!("no form: {:?}", self.page()) };
        let open = form.questions.iter().find(|it| it.value.is_empty()).unwrap();
        let text = lab::sample_answer(&open.kind, &open.id);
        self.touch(Touch::Answer { question: open.id.clone(), text });
    }

    /// How a dossier stands that was received before.
    pub fn status(&mut self) {
        if self.dossiers.is_empty() {
            self.reach_received();
            self.home();
        }
        let code = self.dossiers.last().cloned().unwrap();
        self.touches([
            Touch::LookUpDossier,
            Touch::LookUpText(LookUpField::Code, code),
            Touch::LookUpText(LookUpField::Factor, "0001".into()),
        ]);
        self.to(Touch::Next, |page| matches!(page, Page::DossierStatus(_)));
    }

    pub fn take_number(&mut self) {
        self.touches([Touch::TakeTicket, Touch::Field("ho-tich".into())]);
    }
}

pub fn is_known(page: &Page) -> bool {
    matches!(page, Page::Identify(it) if matches!(it.state, IdentifyState::Known(_)))
}

pub fn asks_pin(page: &Page) -> bool {
    matches!(page, Page::Sign(it) if matches!(it.state, SignState::EnterPin { .. }))
}

pub fn ticket(page: &Page, wished: impl Fn(&TicketState) -> bool) -> bool {
    matches!(page, Page::Ticket(it) if wished(&it.state))
}

/// What tells pages of different kinds apart.
fn kind(page: &Page) -> String {
    let part = if let Page::Identify(it) = page { Some(discriminant(&it.state)) } else { None };
    format!("{:?} {part:?}", discriminant(page))
}

/// What the citizen has entered here.
fn entered(page: &Page) -> String {
    let values = |questions: &[domain::screen::QuestionView]| {
        questions.iter().map(|it| it.value.clone()).collect::<Vec<_>>()
    };
    match page {
        Page::Ticket(it) => match &it.state {
            TicketState::Printing(issued)
            | TicketState::Printed(issued)
            | TicketState::NotPrinted(issued, _) => issued.code.clone(),
            TicketState::Issuing | TicketState::NoNumber => String::new(),
        },
        Page::FindProcedure(it) => it.query.clone(),
        Page::Form(it) => format!("{:?}", values(&it.questions)),
        Page::Identify(it) => match &it.state {
            IdentifyState::Typing { questions, .. } => format!("{:?}", values(questions)),
            IdentifyState::Known(person) => format!("{} {}", person.name, person.masked_number),
            IdentifyState::Waiting { .. } | IdentifyState::Chip(_) => String::new(),
        },
        Page::Scan(it) => {
            let pages = it.papers.iter().map(|paper| (paper.pages.len(), paper.skipped));
            format!("{:?}", pages.collect::<Vec<_>>())
        }
        Page::Summary(it) => {
            let answers: Vec<_> = it.sections.iter().map(|section| &section.answers).collect();
            format!("{} {answers:?} {:?} {:?}", it.person.name, it.papers, it.signed_by)
        }
        Page::Received(it) => it.code.to_string(),
        Page::LookUp(it) => format!("{} {}", it.code, it.factor),
        Page::DossierStatus(it) => it.code.clone(),
        Page::Welcome(_)
        | Page::ChooseField(_)
        | Page::ProcedureInfo(_)
        | Page::Sign(_)
        | Page::Submitting(_)
        | Page::Rate(_)
        | Page::Goodbye
        | Page::OutOfService => String::new(),
    }
}

/// The Vietnamese wording of each sentence of the screen.
fn wording() -> HashMap<String, String> {
    let file = project().join("ui/lang/vi/LC_MESSAGES/ui.po");
    let text = std::fs::read_to_string(file).unwrap();
    let quoted = |line: &str, name: &str| {
        line.strip_prefix(name)?.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
    };
    let entry = |block: &str| {
        let id = block.lines().find_map(|line| quoted(line, "msgid "))?;
        let text = block.lines().find_map(|line| quoted(line, "msgstr "))?;
        Some((id, text))
    };
    text.split("\n\n").filter_map(entry).collect()
}
