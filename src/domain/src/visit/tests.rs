//! The visit, told as stories, and enumerated: every reachable state with every event.

mod alphabet;
mod camera;
mod chip;
mod enumerated;
mod stories;

use std::sync::Arc;

use jiff::{Timestamp, civil::date};

use super::*;
use crate::{
    Bilingual, CardFacts, Evidence, FurtherFacts, PersonalNumber, Sex,
    catalogue::{
        Catalogue, CopyKind, Fee, Field, Need, OnlineLevel, Procedure, ProcessingTime,
        RequiredPaper, Signature,
    },
    form::{AnswerKind, FormSchema, Prefill, Question, Section},
    screen::{
        CameraView, CertificatePurpose, CertificateStanding, CertificateView, CodeHint, FieldTile,
        PageVerdict, PageView, Picture,
    },
};

fn camera_view() -> CameraView {
    let picture = Picture { width: 1, height: 1, rgb: Arc::from([9, 9, 9]) };
    CameraView { picture, hint: Some(CodeHint::Tilt) }
}

/// A name that must never outlive its visit.
const CANARY: &str = "Nguyễn Thị Hoàng Yến";

fn text(words: &str) -> Bilingual {
    Bilingual::new(words, words)
}

fn question(id: &str, answer: AnswerKind, prefill: Option<Prefill>) -> Question {
    Question { id: id.into(), label: text(id), help: None, answer, optional: false, prefill }
}

fn paper(id: &str, need: Need) -> RequiredPaper {
    RequiredPaper { id: id.into(), name: text(id), copy: CopyKind::Original, need, hint: None }
}

fn procedure(code: &str, signature: Signature) -> Procedure {
    Procedure {
        code: code.into(),
        valid_from: date(2025, 7, 1),
        valid_until: None,
        field: "ho-tich".into(),
        name: text(code),
        online: OnlineLevel::Whole,
        competent: text("UBND cấp xã"),
        fee: Fee::Free,
        time: ProcessingTime::SameDay,
        legal_basis: String::new(),
        signature,
        papers: vec![
            paper("to-khai", Need::Always),
            paper("ly-hon", Need::When { condition: text("đã ly hôn") }),
        ],
        form: FormSchema {
            sections: vec![Section {
                title: text("Người yêu cầu"),
                questions: vec![
                    question("ho-ten", AnswerKind::PersonName, Some(Prefill::Name)),
                    question("dien-thoai", AnswerKind::Phone, None),
                ],
            }],
        },
    }
}

fn card() -> CardFacts {
    CardFacts {
        personal_number: PersonalNumber::parse("001199000009").unwrap(),
        name: CANARY.into(),
        birth_date: Some(date(1999, 1, 15)),
        sex: Some(Sex::Female),
        residence: Some("Hà Nội".into()),
        issue_date: None,
    }
}

fn certificate(standing: CertificateStanding) -> CertificateView {
    CertificateView {
        holder: CANARY.into(),
        issuer: "CA".into(),
        valid_until: date(2027, 1, 15),
        purpose: CertificatePurpose::Commitment,
        standing,
    }
}

/// The same citizen, as a chip tells of them.
fn chip_facts() -> ChipFacts {
    let further = FurtherFacts {
        nationality: Some("Việt Nam".into()),
        ethnicity: Some("Kinh".into()),
        ..FurtherFacts::default()
    };
    ChipFacts { facts: card(), further, evidence: Evidence::ChipTrusted }
}

fn issued() -> IssuedTicket {
    IssuedTicket {
        id: "t1".into(),
        number: "A007".parse().unwrap(),
        field: text("Hộ tịch"),
        issued_at: Timestamp::UNIX_EPOCH,
        ahead: 3,
        code: "MOTCUA1:T:x".into(),
    }
}

fn page(scan: ScanNo) -> Answer {
    let picture = Picture { width: 1, height: 1, rgb: Arc::new([0, 0, 0]) };
    Answer::Page(scan, PageId(1), PageView { picture, verdict: PageVerdict::Good })
}

/// A kiosk in full working order.
fn kiosk() -> Visit {
    let mut visit =
        Visit::new(Timing::default(), World::new(date(2026, 11, 21), text("Trung tâm")));
    let catalogue = Catalogue {
        fields: vec![Field { code: "ho-tich".into(), letter: 'A', name: text("Hộ tịch") }],
        procedures: vec![
            procedure("1.004873", Signature::None),
            procedure("1.001612", Signature::Offered),
        ],
    };
    let fields = vec![FieldTile {
        code: "ho-tich".into(),
        letter: 'A',
        name: text("Hộ tịch"),
        waiting: Some(3),
    }];
    for news in [
        WorldNews::Printer(None),
        WorldNews::Scanner(true),
        WorldNews::CodeReader(true),
        WorldNews::CardReader(true),
        WorldNews::Center(Some(CenterFacts { name: text("Trung tâm"), fields })),
        WorldNews::Province(true),
        WorldNews::Outbox(true),
        WorldNews::Catalogue(Arc::new(catalogue), 1),
    ] {
        visit.on(Moment::default(), Event::World(news));
    }
    visit
}

/// A visit with its own clock, driven by touches and answers.
struct Story {
    visit: Visit,
    at: Duration,
    effects: Vec<Effect>,
}

impl Story {
    fn begin() -> Self {
        Self { visit: kiosk(), at: Duration::ZERO, effects: vec![] }
    }

    fn on(&mut self, event: Event) -> &mut Self {
        self.effects = self.visit.on(Moment(self.at), event);
        self
    }

    fn touch(&mut self, touch: Touch) -> &mut Self {
        self.on(Event::Touch(touch))
    }

    fn answer(&mut self, answer: Answer) -> &mut Self {
        let number = self.visit.number();
        self.on(Event::Answer(number, answer))
    }

    fn world(&mut self, news: WorldNews) -> &mut Self {
        self.on(Event::World(news))
    }

    /// A page of the scan that was asked for last.
    fn scanned(&mut self) -> &mut Self {
        self.answer(page(self.visit.citizen.scan))
    }

    fn scan_ends(&mut self, ended: ScanEnded) -> &mut Self {
        self.answer(Answer::ScanEnded(self.visit.citizen.scan, ended))
    }

    fn wait(&mut self, seconds: u64) -> &mut Self {
        for _ in 0..seconds * 4 {
            self.at += Duration::from_millis(250);
            self.on(Event::Tick);
        }
        self
    }

    fn page(&self) -> crate::screen::Page {
        self.visit.screen().page
    }

    /// From the start to a known person.
    fn identified(&mut self, code: &str) -> &mut Self {
        self.touch(Touch::FindProcedure)
            .touch(Touch::Search("ho tich".into()))
            .touch(Touch::Procedure(code.into()))
            .touch(Touch::Apply)
            .answer(Answer::Code(PresentedCode::IdCard(card())))
    }

    /// From the start to a complete dossier before the summary (or the signature).
    fn filled(&mut self, code: &str) -> &mut Self {
        self.identified(code)
            .touch(Touch::Next)
            .touch(Touch::Answer { question: "dien-thoai".into(), text: "0900000001".into() })
            .touch(Touch::Next)
            .touch(Touch::Scan)
            .scanned()
            .scan_ends(ScanEnded::Done)
            .touch(Touch::FocusPaper(1))
            .touch(Touch::SkipPaper(true))
            .touch(Touch::Next)
    }
}
