//! Every state that can be reached with a fixed alphabet of events, with every event of it.

use std::collections::{HashSet, VecDeque};

use super::*;
use crate::{
    Language, SubmissionId,
    ids::DossierCode,
    screen::{
        CertificateStanding, ChipFault, LookUpField, Page, PinWarning, Rating, ScanTrouble,
        Shortcoming,
    },
};

/// Long enough for any single wait, idle time and thanks together.
const LONG: u64 = 200;

fn touches() -> Vec<Touch> {
    vec![
        Touch::StillHere,
        Touch::Language(Language::En),
        Touch::Language(Language::Vi),
        Touch::Help,
        Touch::CloseHelp,
        Touch::Back,
        Touch::Next,
        Touch::Finish,
        Touch::TakeTicket,
        Touch::FindProcedure,
        Touch::LookUpDossier,
        Touch::Field("ho-tich".into()),
        Touch::Field("nowhere".into()),
        Touch::PrintAgain,
        Touch::Search("1.001612".into()),
        Touch::Procedure("1.004873".into()),
        Touch::Procedure("1.001612".into()),
        Touch::Apply,
        Touch::TypeInstead,
        Touch::CodeInstead,
        Touch::ChipInstead,
        Touch::Answer { question: "dien-thoai".into(), text: "0900000001".into() },
        Touch::FocusQuestion(1),
        Touch::FocusQuestion(99),
        Touch::FocusPaper(1),
        Touch::FocusPaper(99),
        Touch::Scan,
        Touch::CancelScan,
        Touch::RemovePage(0),
        Touch::SkipPaper(true),
        Touch::PinDigit(1),
        Touch::PinErase,
        Touch::Answer { question: "card-expiry".into(), text: "15/01/2039".into() },
        Touch::PinEnter,
        Touch::TryLast,
        Touch::OtherCertificate,
        Touch::WithoutSignature,
        Touch::Submit,
        Touch::LookUpText(LookUpField::Code, "H40.16-20261121-0000001".into()),
        Touch::LookUpText(LookUpField::Factor, "0001".into()),
        Touch::Rate(Rating::Neutral),
    ]
}

fn answers(scan: ScanNo) -> Vec<Answer> {
    let present = |standing, warning| TokenNews::Present {
        certificates: vec![certificate(standing); 2],
        warning,
    };
    vec![
        Answer::Issued(issued()),
        Answer::NotIssued,
        Answer::Paper(PrintOutcome::Printed),
        Answer::Paper(PrintOutcome::Failed(Shortcoming::NoPaper)),
        Answer::Code(PresentedCode::IdCard(card())),
        Answer::Code(PresentedCode::Payment),
        Answer::Preview(camera_view()),
        Answer::Code(PresentedCode::Dossier("H40.16-20261121-0000001".into())),
        page(scan),
        Answer::ScanEnded(scan, ScanEnded::Done),
        Answer::ScanEnded(scan, ScanEnded::Trouble(ScanTrouble::Jammed)),
        Answer::ScanEnded(ScanNo(u64::MAX), ScanEnded::Done),
        Answer::Token(present(CertificateStanding::Good, None)),
        Answer::Token(present(CertificateStanding::Good, Some(PinWarning::FinalTry))),
        Answer::Token(present(CertificateStanding::Revoked, None)),
        Answer::Token(TokenNews::Absent),
        Answer::Token(TokenNews::Left),
        Answer::Token(TokenNews::Signed { holder: "A".into() }),
        Answer::Token(TokenNews::NotSigned(PinWarning::Locked)),
        Answer::Chip(ChipNews::Reading(50)),
        Answer::Chip(ChipNews::Read(Box::new(chip_facts()))),
        Answer::Chip(ChipNews::NeedsLines),
        Answer::Chip(ChipNews::Failed(ChipFault::Removed)),
        Answer::Chip(ChipNews::Failed(ChipFault::WrongKey)),
        Answer::Chip(ChipNews::Failed(ChipFault::Unreadable)),
        Answer::Chip(ChipNews::Failed(ChipFault::NotGenuine)),
        Answer::Kept { submission: SubmissionId("s".into()), spoken: "S".into(), code: "C".into() },
        Answer::NotKept,
        Answer::Delivered(DossierCode("H40-1".into())),
        Answer::LookedUp(LookUpAnswer::NotFound),
        Answer::LookedUp(LookUpAnswer::Locked),
        Answer::LookedUp(LookUpAnswer::NoProvince),
    ]
}

fn world() -> Vec<WorldNews> {
    vec![
        WorldNews::Printer(Some(Shortcoming::NoPaper)),
        WorldNews::Printer(None),
        WorldNews::Scanner(false),
        WorldNews::CardReader(false),
        WorldNews::Center(None),
        WorldNews::Province(false),
        WorldNews::Outbox(false),
    ]
}

/// What tells two states apart, with counts of pages and digits cut off at two so that there
/// are finitely many.
fn key(visit: &Visit) -> String {
    let screen = visit.screen();
    let mut key = format!("{screen:?}");
    if let Some(draft) = &visit.citizen.draft {
        key.push_str(&format!(
            "{:?} {:?} {} {}",
            draft.procedure.code,
            draft.person.as_ref().map(|(_, evidence)| *evidence),
            visit.citizen.wrong_keys,
            draft.signed_by.is_some()
        ));
    }
    key
}

/// Not followed further: more of the same.
fn is_deep(visit: &Visit) -> bool {
    let pages = visit.citizen.draft.iter().flat_map(|draft| &draft.papers).map(|p| p.pages.len());
    let pin = matches!(&visit.citizen.stage,
        Stage::Sign(citizen::SignStage::Pin { pin, .. }) if pin.len() > 1);
    let key = matches!(&visit.citizen.stage,
        Stage::Identify(citizen::IdentifyStage::Chip(citizen::ChipStage::Key { key, .. }))
            if key.digits().len() > 1);
    pages.sum::<usize>() > 1 || pin || key
}

fn events(visit: &Visit) -> Vec<Event> {
    let number = visit.number();
    let mut all: Vec<Event> = touches().into_iter().map(Event::Touch).collect();
    all.extend(answers(visit.citizen.scan).into_iter().map(|answer| Event::Answer(number, answer)));
    all.extend(world().into_iter().map(Event::World));
    all.push(Event::Tick);
    all
}

#[test]
fn from_every_state_with_every_event_the_citizen_gets_home_and_nothing_stays() {
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([kiosk()]);
    let mut pairs = 0_usize;
    while let Some(state) = open.pop_front() {
        for event in events(&state) {
            let mut next = state.clone();
            // Devices that are lost stay lost here, which would double all states for each.
            let follow = !matches!(event, Event::World(_));
            next.on(next.now, event.clone());
            pairs += 1;
            let page = next.page();
            assert!(
                page != Page::OutOfService || matches!(next.citizen.stage, Stage::Welcome),
                "{event:?} led from {:?} to a page that cannot be shown",
                state.page()
            );
            gets_home(next.clone());
            if follow && !is_deep(&next) && seen.insert(key(&next)) {
                open.push_back(next);
            }
        }
    }
    assert!(seen.len() > 100 && pairs > 5_000, "{} states, {pairs} pairs", seen.len());
}

/// Left alone, every state ends at a clean start within bounded time.
fn gets_home(mut visit: Visit) {
    let begin = visit.now;
    for second in 1..=LONG {
        visit.on(Moment(begin.0 + Duration::from_secs(second)), Event::Tick);
        if visit.citizen.is_untouched() && !matches!(visit.citizen.stage, Stage::Goodbye) {
            assert!(!format!("{:?}", visit.citizen).contains(CANARY));
            assert!(visit.citizen.draft.is_none());
            return;
        }
    }
    panic!("still at {:?} after {LONG} s", visit.page());
}
