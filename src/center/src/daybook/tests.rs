//! Torn, tampered, foreign: what a daybook survives and what it refuses.

use domain::{
    CounterNo,
    queue::{Event, RequestKey, TicketId},
};
use jiff::{Timestamp, civil::date};

use super::*;

const DAY: Date = date(2026, 11, 21);

fn center() -> CenterId {
    "hcc-thu".into()
}

fn events() -> Vec<Event> {
    let issue = |wish: u8| Event::Issue {
        request: RequestKey::parse(&format!("{wish:032x}")).unwrap(),
        id: TicketId::from_random([wish; 10]),
        field: "ho-tich".into(),
        letter: 'A',
        kiosk: "ki-ốt".into(),
    };
    let next = Event::Next { counter: CounterNo(1), serves: vec!["ho-tich".into()], open: None };
    vec![issue(1), issue(2), next, issue(3)]
}

/// Writes a day; the queue after each line of the book.
fn written(folder: &Path) -> (PathBuf, Vec<Queue>) {
    let Opened { mut book, mut queue, .. } = Daybook::open(folder, &center(), DAY).unwrap();
    let mut after = vec![queue.clone()];
    for event in events() {
        let changes = queue.on(&event, Timestamp::UNIX_EPOCH).unwrap().changes;
        book.append(&changes).unwrap();
        after.push(queue.clone());
    }
    (book.path, after)
}

#[test]
fn a_book_opened_again_tells_of_the_same_queue_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (_, after) = written(folder.path());
    let opened = Daybook::open(folder.path(), &center(), DAY).unwrap();
    assert_eq!((Some(&opened.queue), opened.torn), (after.last(), 0));
    let (mut book, mut queue) = (opened.book, opened.queue);
    let counter = CounterNo(1);
    let done = Event::Done { counter, ticket: queue.open_call(counter).unwrap().number };
    book.append(&queue.on(&done, Timestamp::UNIX_EPOCH).unwrap().changes).unwrap();
    assert_eq!(Daybook::open(folder.path(), &center(), DAY).unwrap().queue, queue);
}

#[test]
fn a_book_torn_at_any_byte_opens_with_all_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (path, after) = written(folder.path());
    let text = std::fs::read(&path).unwrap();
    for length in 0..text.len() {
        let kept = &text[..length];
        std::fs::write(&path, kept).unwrap();
        let whole = kept.iter().filter(|b| **b == b'\n').count();
        let opened = Daybook::open(folder.path(), &center(), DAY).unwrap();
        assert_eq!(&opened.queue, &after[whole.saturating_sub(1)], "cut to {length} bytes");
        let end = kept.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        assert_eq!(opened.torn, length - end);
        let again = Daybook::open(folder.path(), &center(), DAY).unwrap();
        assert_eq!(again.torn, 0, "what was torn is gone from the file");
    }
}

#[test]
fn zeros_after_a_power_cut_are_a_torn_end_too() {
    let folder = tempfile::tempdir().unwrap();
    let (path, after) = written(folder.path());
    let mut text = std::fs::read(&path).unwrap();
    text.extend([0; 700]);
    std::fs::write(&path, text).unwrap();
    let opened = Daybook::open(folder.path(), &center(), DAY).unwrap();
    assert_eq!((Some(&opened.queue), opened.torn), (after.last(), 700));
}

#[test]
fn a_book_that_was_tampered_with_refuses_to_open() {
    type Tamper = fn(&mut Vec<String>);
    let cases: [(Tamper, usize); 6] = [
        (|lines| lines[2] = lines[2].replace("A002", "A007"), 3),
        (|lines| drop(lines.remove(1)), 2),
        (|lines| lines.swap(1, 2), 2),
        (|lines| lines[4] = lines[3].clone(), 5),
        (|lines| lines[3] = "{}".to_owned(), 4),
        (|lines| lines[1] = lines[1].replacen("\"hash\":\"", "\"hash\":\"0", 1), 2),
    ];
    for (tamper, broken) in cases {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = written(folder.path());
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        tamper(&mut lines);
        let text = lines.join("\n") + "\n";
        std::fs::write(&path, &text).unwrap();
        match Daybook::open(folder.path(), &center(), DAY) {
            Err(DaybookError::Chain { line, .. }) => assert_eq!(line, broken),
            other => panic!("{other:?}"),
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "a refused book is left alone");
    }
}

#[test]
fn a_book_of_another_center_day_or_version_refuses_to_open() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = written(folder.path());
    let other = Daybook::open(folder.path(), &"another".into(), DAY);
    assert!(matches!(other, Err(DaybookError::Foreign { .. })), "{other:?}");
    let tomorrow = DAY.tomorrow().unwrap();
    std::fs::copy(&path, folder.path().join(format!("queue-{tomorrow}.jsonl"))).unwrap();
    let other = Daybook::open(folder.path(), &center(), tomorrow);
    assert!(matches!(other, Err(DaybookError::Foreign { .. })), "{other:?}");
    let body = r#"{"format":"motcua-daybook","version":2,"center":"hcc-thu","day":"2026-11-21"}"#;
    let line = format!("{HEAD}{}{MIDDLE}{body}}}\n", chained(NO_HASH, body));
    std::fs::write(&path, line).unwrap();
    let other = Daybook::open(folder.path(), &center(), DAY);
    assert!(matches!(other, Err(DaybookError::Foreign { .. })), "{other:?}");
}

#[test]
fn a_chain_that_holds_but_contradicts_itself_refuses_to_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = Daybook::open(folder.path(), &center(), DAY).unwrap();
    let ticket = "A009".parse().unwrap();
    let at = Timestamp::UNIX_EPOCH;
    opened.book.append(&[Change::Called { ticket, counter: CounterNo(1), at }]).unwrap();
    let opened = Daybook::open(folder.path(), &center(), DAY);
    assert!(matches!(opened, Err(DaybookError::Replay { line: 2, .. })), "{opened:?}");
}

#[test]
fn a_folder_is_held_by_one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let hold = Hold::take(folder.path()).unwrap();
    assert!(matches!(Hold::take(folder.path()), Err(DaybookError::Held(_))));
    drop(hold);
    assert!(Hold::take(folder.path()).is_ok());
}
