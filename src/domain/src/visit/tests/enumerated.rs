//! Every state that can be reached with the whole alphabet of events, with every event of it.

use std::collections::{HashSet, VecDeque};

use super::{
    alphabet::{answers, touches, world},
    *,
};
use crate::screen::Page;

/// Long enough for any single wait, idle time and thanks together.
const LONG: u64 = 200;

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

/// Whether states behind this event are looked at with all events again. Devices that are lost stay
/// lost here, another language and an officer who was called change no way: each would multiply
/// all states.
fn leads_on(event: &Event) -> bool {
    !matches!(
        event,
        Event::World(_)
            | Event::Touch(Touch::Language(_) | Touch::CallStaff)
            | Event::Answer(_, Answer::Staff(_))
    )
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
    let (mut seen, mut home) = (HashSet::new(), HashSet::new());
    let mut open = VecDeque::from([kiosk()]);
    let mut pairs = 0_usize;
    while let Some(state) = open.pop_front() {
        for event in events(&state) {
            let mut next = state.clone();
            let follow = leads_on(&event);
            next.on(next.now, event.clone());
            pairs += 1;
            let page = next.page();
            assert!(
                page != Page::OutOfService || matches!(next.citizen.stage, Stage::Welcome),
                "{event:?} led from {:?} to a page that cannot be shown",
                state.page()
            );
            let key = key(&next);
            if !follow || home.insert(key.clone()) {
                gets_home(next.clone());
            }
            if follow && !is_deep(&next) && seen.insert(key) {
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
