//! Every row of the table, and the promises under random interleavings.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const LAND: &str = "dat-dai";
const CIVIL: &str = "ho-tich";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn number(text: &str) -> TicketNo {
    text.parse().unwrap()
}

fn issue(wish: u32, field: &str) -> Event {
    let mut bytes = [0; 10];
    bytes[..4].copy_from_slice(&wish.to_le_bytes().map(|b| b & 31));
    bytes[4..8].copy_from_slice(&wish.to_le_bytes().map(|b| b >> 5));
    Event::Issue {
        request: RequestKey::parse(&format!("{wish:032x}")).unwrap(),
        id: TicketId::from_random(bytes),
        field: field.into(),
        letter: if field == CIVIL { 'A' } else { 'B' },
        kiosk: "k1".into(),
    }
}

fn next(counter: u16, fields: &[&str], open: Option<&str>) -> Event {
    let serves = fields.iter().map(|&f| f.into()).collect();
    Event::Next { counter: CounterNo(counter), serves, open: open.map(number) }
}

fn call_again(counter: u16, fields: &[&str], open: Option<&str>, ticket: &str) -> Event {
    let serves = fields.iter().map(|&f| f.into()).collect();
    let ticket = number(ticket);
    Event::CallAgain { counter: CounterNo(counter), serves, open: open.map(number), ticket }
}

fn recall(counter: u16, ticket: &str) -> Event {
    Event::Recall { counter: CounterNo(counter), ticket: number(ticket) }
}

fn absent(counter: u16, ticket: &str) -> Event {
    Event::Absent { counter: CounterNo(counter), ticket: number(ticket) }
}

fn done(counter: u16, ticket: &str) -> Event {
    Event::Done { counter: CounterNo(counter), ticket: number(ticket) }
}

fn after(events: &[Event]) -> Queue {
    let mut queue = Queue::new(date(2026, 11, 21));
    for (second, event) in (0..).zip(events) {
        queue.on(event, at(second)).unwrap();
    }
    queue
}

/// What a change is and whom it is about: `called A001`.
fn told(changes: &[Change]) -> Vec<String> {
    let word = |change: &Change| serde_json::to_value(change).unwrap()["what"].clone();
    changes.iter().map(|c| format!("{} {}", word(c).as_str().unwrap(), c.ticket())).collect()
}

fn check(before: &[Event], event: &Event, expected: Result<&[&str], Refusal>) {
    let mut queue = after(before);
    let untouched = queue.clone();
    let outcome = queue.on(event, at(1000)).map(|outcome| told(&outcome.changes));
    let expected = expected.map(|told| told.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(outcome, expected, "{event:?} after {before:?}");
    if outcome.is_err() {
        assert_eq!(queue, untouched, "a refusal changes nothing");
    }
}

#[test]
fn numbers_count_per_letter_from_001() {
    let queue = after(&[issue(1, CIVIL), issue(2, LAND), issue(3, CIVIL)]);
    let numbers: Vec<_> = queue.tickets().iter().map(|t| t.number.to_string()).collect();
    assert_eq!(numbers, ["A001", "B001", "A002"]);
}

#[test]
fn the_same_wish_gets_the_same_ticket() {
    check(&[issue(1, CIVIL)], &issue(1, CIVIL), Ok(&[]));
    check(&[issue(1, CIVIL), next(1, &[CIVIL], None)], &issue(1, CIVIL), Ok(&[]));
    check(&[issue(1, CIVIL)], &issue(1, LAND), Err(Refusal::KeyReused));
    check(&[issue(1, CIVIL)], &issue(2, LAND), Ok(&["issued B001"]));
}

#[test]
fn a_name_once_drawn_is_not_given_again() {
    let Event::Issue { id, .. } = issue(1, CIVIL) else { unreachable!() };
    let Event::Issue { request, field, letter, kiosk, .. } = issue(2, CIVIL) else {
        unreachable!()
    };
    let twin = Event::Issue { request, id, field, letter, kiosk };
    check(&[issue(1, CIVIL)], &twin, Err(Refusal::IdTaken));
}

#[test]
fn the_oldest_of_the_counters_fields_comes_first() {
    let hall = [issue(1, LAND), issue(2, CIVIL), issue(3, LAND)];
    check(&hall, &next(1, &[CIVIL, LAND], None), Ok(&["called B001"]));
    check(&hall, &next(1, &[CIVIL], None), Ok(&["called A001"]));
    check(&hall, &next(1, &["thue"], None), Ok(&[]));
    check(&hall, &next(1, &[], None), Ok(&[]));
}

#[test]
fn next_finishes_the_open_call_whether_or_not_somebody_waits() {
    let called = [issue(1, CIVIL), issue(2, CIVIL), next(1, &[CIVIL], None)];
    check(&called, &next(1, &[CIVIL], Some("A001")), Ok(&["done A001", "called A002"]));
    let last = [issue(1, CIVIL), next(1, &[CIVIL], None)];
    check(&last, &next(1, &[CIVIL], Some("A001")), Ok(&["done A001"]));
}

#[test]
fn a_double_click_on_next_skips_nobody() {
    let called = [issue(1, CIVIL), issue(2, CIVIL), next(1, &[CIVIL], None)];
    let not_open =
        |open: Option<&str>| Refusal::NotOpen { counter: CounterNo(1), open: open.map(number) };
    check(&called, &next(1, &[CIVIL], None), Err(not_open(Some("A001"))));
    check(&called, &next(1, &[CIVIL], Some("A002")), Err(not_open(Some("A001"))));
    check(&called, &call_again(1, &[CIVIL], None, "A001"), Err(not_open(Some("A001"))));
    check(&called[..2], &next(1, &[CIVIL], Some("A001")), Err(not_open(None)));
}

#[test]
fn an_open_call_is_recalled_missed_or_done_only_where_it_is_open() {
    let called = [issue(1, CIVIL), issue(2, CIVIL), next(1, &[CIVIL], None)];
    check(&called, &recall(1, "A001"), Ok(&["recalled A001"]));
    check(&called, &absent(1, "A001"), Ok(&["absent A001"]));
    check(&called, &done(1, "A001"), Ok(&["done A001"]));
    for (counter, ticket, open) in [(1, "A002", Some("A001")), (2, "A001", None)] {
        let refusal = Refusal::NotOpen { counter: CounterNo(counter), open: open.map(number) };
        check(&called, &recall(counter, ticket), Err(refusal.clone()));
        check(&called, &absent(counter, ticket), Err(refusal.clone()));
        check(&called, &done(counter, ticket), Err(refusal));
    }
}

#[test]
fn an_absent_citizen_who_is_back_is_called_again() {
    let missed = [
        issue(1, CIVIL),
        issue(2, CIVIL),
        next(1, &[CIVIL], None),
        absent(1, "A001"),
        next(1, &[CIVIL], None),
    ];
    check(
        &missed,
        &call_again(1, &[CIVIL], Some("A002"), "A001"),
        Ok(&["done A002", "called A001"]),
    );
    check(&missed, &call_again(2, &[CIVIL], None, "A001"), Ok(&["called A001"]));
    check(&missed, &call_again(2, &[LAND], None, "A001"), Err(Refusal::NotServed(number("A001"))));
    check(&missed, &call_again(2, &[CIVIL], None, "A002"), Err(Refusal::NotAbsent(number("A002"))));
    check(&missed, &call_again(2, &[CIVIL], None, "A009"), Err(Refusal::UnknownTicket));
}

#[test]
fn paper_is_noted_once_and_for_known_tickets_only() {
    let Event::Issue { id, .. } = issue(1, CIVIL) else { unreachable!() };
    let told = |paper| Event::Paper { id: id.clone(), paper };
    check(&[issue(1, CIVIL)], &told(Paper::Printed), Ok(&["paper A001"]));
    check(&[issue(1, CIVIL), told(Paper::Printed)], &told(Paper::Printed), Ok(&[]));
    check(&[issue(1, CIVIL), told(Paper::ShownOnly)], &told(Paper::Printed), Ok(&["paper A001"]));
    check(&[], &told(Paper::Printed), Err(Refusal::UnknownTicket));
}

#[test]
fn ahead_counts_those_who_wait_in_the_same_field() {
    let queue = after(&[
        issue(1, CIVIL),
        issue(2, LAND),
        issue(3, CIVIL),
        issue(4, CIVIL),
        next(1, &[CIVIL], None),
    ]);
    for (ticket, ahead) in [("A001", 0), ("A002", 0), ("A003", 1), ("B001", 0), ("B009", 0)] {
        assert_eq!(queue.ahead(number(ticket)), ahead, "{ticket}");
    }
    assert_eq!((queue.waiting(&CIVIL.into()), queue.waiting(&"thue".into())), (2, 0));
}

#[test]
fn boards_remember_six_calls_newest_first_each_ticket_once() {
    let mut events: Vec<Event> = (0..8).map(|wish| issue(wish, CIVIL)).collect();
    events.extend((1..=8).map(|counter| next(counter, &[CIVIL], None)));
    events.push(recall(4, "A004"));
    let queue = after(&events);
    let calls: Vec<_> = queue.calls().map(|call| call.ticket.to_string()).collect();
    assert_eq!(calls, ["A004", "A008", "A007", "A006", "A005", "A003"]);
    assert!(queue.calls().map(|call| call.seq).is_sorted_by(|a, b| a > b));
}

#[test]
fn the_day_turns_at_midnight_in_viet_nam() {
    for (at, day) in
        [("2026-11-21T16:59:59Z", date(2026, 11, 21)), ("2026-11-21T17:00:00Z", date(2026, 11, 22))]
    {
        assert_eq!(local_day(at.parse().unwrap()), day);
    }
}

#[test]
fn a_daybook_that_contradicts_itself_is_refused() {
    let queue = after(&[issue(1, CIVIL), next(1, &[CIVIL], None)]);
    let (counter, at) = (CounterNo(2), at(5));
    for change in [
        Change::Called { ticket: number("A001"), counter, at },
        Change::Called { ticket: number("A009"), counter, at },
        Change::Called { ticket: number("A001"), counter: CounterNo(1), at },
        Change::Done { ticket: number("A001"), counter, at },
        Change::Recalled { ticket: number("A009"), counter, at },
    ] {
        let mut broken = queue.clone();
        assert_eq!(broken.apply(&change).unwrap_err().number, 3, "{change:?}");
        assert_eq!(broken, queue);
    }
}

/// A wild officer: any key at any time, with what is really open there or with nonsense.
#[derive(Debug, Clone)]
enum Key {
    Issue(u32, bool),
    Next(u16, bool),
    Recall(u16),
    Absent(u16),
    Done(u16),
    CallAgain(u16, usize),
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => (0..400_u32, any::<bool>()).prop_map(|(wish, land)| Key::Issue(wish, land)),
        4 => (1..=8_u16, prop::bool::weighted(0.9)).prop_map(|(c, seen)| Key::Next(c, seen)),
        1 => (1..=8_u16).prop_map(Key::Recall),
        1 => (1..=8_u16).prop_map(Key::Absent),
        1 => (1..=8_u16).prop_map(Key::Done),
        1 => (1..=8_u16, 0..10_usize).prop_map(|(c, which)| Key::CallAgain(c, which)),
    ]
}

/// Counters 1–3 serve civil status, 4–5 land, 6–8 both.
fn served(counter: u16) -> &'static [&'static str] {
    match counter {
        1..=3 => &[CIVIL],
        4..=5 => &[LAND],
        _ => &[CIVIL, LAND],
    }
}

fn press(queue: &Queue, key: &Key) -> Event {
    let open = |counter: u16| {
        queue.open_call(CounterNo(counter)).map_or("Z999".to_owned(), |t| t.number.to_string())
    };
    let seen = |counter: u16| queue.open_call(CounterNo(counter)).map(|t| t.number.to_string());
    match key {
        Key::Issue(wish, land) => issue(*wish, if *land { LAND } else { CIVIL }),
        Key::Next(c, true) => next(*c, served(*c), seen(*c).as_deref()),
        Key::Next(c, false) => next(*c, served(*c), Some("Z999")),
        Key::Recall(c) => recall(*c, &open(*c)),
        Key::Absent(c) => absent(*c, &open(*c)),
        Key::Done(c) => done(*c, &open(*c)),
        Key::CallAgain(c, which) => {
            let missing =
                queue.tickets().iter().filter(|t| matches!(t.state, State::Absent { .. }));
            let ticket = missing.map(|t| t.number.to_string()).nth(*which);
            call_again(*c, served(*c), seen(*c).as_deref(), &ticket.unwrap_or("Z998".to_owned()))
        }
    }
}

/// Every waiting ticket is in exactly one line, every open call at exactly one counter.
fn agrees_with_itself(queue: &Queue) {
    let waits = queue.tickets().iter().filter(|t| t.state == State::Waiting).count();
    let lines: usize = queue.waiting.values().map(VecDeque::len).sum();
    assert_eq!(waits, lines);
    let called = queue.tickets().iter().filter(|t| matches!(t.state, State::Called { .. }));
    let open: BTreeSet<_> =
        (1..=8).filter_map(|c| queue.open_call(CounterNo(c))).map(|t| t.number).collect();
    assert_eq!(called.map(|t| t.number).collect::<BTreeSet<_>>(), open);
    let numbers: BTreeSet<_> = queue.tickets().iter().map(|t| t.number).collect();
    assert_eq!(numbers.len(), queue.tickets().len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn eight_counters_never_double_never_skip_and_replay_gives_the_same(
        keys in prop::collection::vec(key(), 1..400)
    ) {
        let mut queue = Queue::new(date(2026, 11, 21));
        let mut book = Vec::new();
        let mut waiting: Vec<(TicketNo, FieldCode)> = Vec::new();
        for (second, key) in (0..).zip(&keys) {
            let event = press(&queue, key);
            let Ok(outcome) = queue.on(&event, at(second)) else { continue };
            for change in &outcome.changes {
                let ticket = queue.ticket(change.ticket()).unwrap().clone();
                match change {
                    Change::Issued { field, .. } => waiting.push((ticket.number, field.clone())),
                    Change::Called { counter, .. } if matches!(event, Event::Next { .. }) => {
                        // Called by next: it was the oldest of the counter's fields, and waits no more.
                        let mine = |field: &FieldCode| served(counter.0).contains(&field.as_str());
                        let oldest = waiting.iter().position(|(_, field)| mine(field)).unwrap();
                        prop_assert_eq!(waiting.remove(oldest).0, ticket.number);
                    }
                    Change::Called { .. } | Change::Paper { .. } | Change::Recalled { .. }
                    | Change::Absent { .. } | Change::Done { .. } => {}
                }
            }
            agrees_with_itself(&queue);
            book.extend(outcome.changes);
        }
        let mut replayed = Queue::new(date(2026, 11, 21));
        for change in &book {
            let line = serde_json::to_string(change).unwrap();
            replayed.apply(&serde_json::from_str(&line).unwrap()).unwrap();
        }
        prop_assert_eq!(replayed, queue);
    }
}
