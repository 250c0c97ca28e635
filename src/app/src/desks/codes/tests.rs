//! The desk with a reader that does what the test says.

use std::sync::mpsc::{Receiver, Sender, channel};

use hardware_api::Seen;

use super::*;
use crate::event::{Event, inbox};

const LONG: Duration = Duration::from_secs(20);

/// What the desk did with its reader.
#[derive(Debug, PartialEq, Eq)]
enum Did {
    Next,
    Rest,
}

struct Played {
    script: Receiver<Result<Option<Sight>, DeviceError>>,
    did: Sender<Did>,
    resting: bool,
    there: Arc<Mutex<bool>>,
}

impl CodeReader for Played {
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError> {
        if std::mem::take(&mut self.resting) {
            let _ = self.did.send(Did::Next);
        }
        self.script.recv_timeout(wait).unwrap_or(Ok(None))
    }

    fn rest(&mut self) {
        if !std::mem::replace(&mut self.resting, true) {
            let _ = self.did.send(Did::Rest);
        }
    }

    fn is_there(&mut self) -> Result<(), DeviceError> {
        let there = *self.there.lock().unwrap();
        there.then_some(()).ok_or(DeviceError::Gone { device: "played".to_owned() })
    }
}

struct Stage {
    desk: CodeDesk,
    script: Sender<Result<Option<Sight>, DeviceError>>,
    did: Receiver<Did>,
    there: Arc<Mutex<bool>>,
    events: Receiver<Event>,
}

fn stage() -> Stage {
    let ((script, played), (did, seen)) = (channel(), channel());
    let there = Arc::new(Mutex::new(true));
    let reader = Played { script: played, did, resting: false, there: Arc::clone(&there) };
    let (inbox, events) = inbox();
    let clock: Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
    let desk = CodeDesk::start(vec![Box::new(reader)], Pace::default(), &clock, &inbox);
    let stage = Stage { desk, script, did: seen, there, events };
    assert_eq!(stage.did(), Did::Rest, "nobody wants codes yet");
    assert!(stage.reader_is_told(true));
    stage
}

impl Stage {
    fn did(&self) -> Did {
        self.did.recv_timeout(LONG).unwrap()
    }

    fn event(&self) -> Event {
        self.events.recv_timeout(LONG).unwrap()
    }

    fn reader_is_told(&self, there: bool) -> bool {
        matches!(self.event(), Event::World(WorldNews::CodeReader(told)) if told == there)
    }
}

fn code(text: &str) -> Result<Option<Sight>, DeviceError> {
    Ok(Some(Sight::Code(Seen { bytes: text.as_bytes().to_vec() })))
}

fn view(hint: Option<Hint>) -> Result<Option<Sight>, DeviceError> {
    Ok(Some(Sight::View(View { width: 2, height: 1, luma: vec![7, 8], hint })))
}

#[test]
fn codes_and_views_reach_who_wants_them_and_a_reader_rests_otherwise() {
    let stage = stage();
    stage.desk.watch(VisitNo(3));
    assert_eq!(stage.did(), Did::Next);
    stage.script.send(code("https://example.org/")).unwrap();
    assert!(matches!(
        stage.event(),
        Event::Answer(VisitNo(3), Answer::Code(PresentedCode::Unknown))
    ));
    for (hint, shown) in [
        (Hint::Closer, CodeHint::Closer),
        (Hint::Tilt, CodeHint::Tilt),
        (Hint::Glare, CodeHint::Glare),
        (Hint::HoldStill, CodeHint::HoldStill),
    ] {
        stage.script.send(view(Some(hint))).unwrap();
        let Event::View(newest) = stage.event() else { panic!("a view should have come") };
        let (visit, view) = newest.take().unwrap();
        assert_eq!((visit, view.hint), (VisitNo(3), Some(shown)));
        assert_eq!((view.picture.width, view.picture.height), (2, 1));
        assert_eq!(*view.picture.rgb, [7, 7, 7, 8, 8, 8]);
    }
    stage.desk.stop();
    assert_eq!(stage.did(), Did::Rest);
}

#[test]
fn what_the_camera_saw_last_is_forgotten_when_nobody_wants_it() {
    let stage = stage();
    stage.desk.watch(VisitNo(3));
    stage.script.send(view(None)).unwrap();
    let Event::View(newest) = stage.event() else { panic!("a view should have come") };
    stage.desk.stop();
    assert_eq!(newest.take(), None);
}

/// Fault: code · a reader is pulled while nobody uses it, and plugged in again → staff are told of both, without waking it
#[test]
fn a_resting_reader_that_leaves_and_comes_back_is_told() {
    let stage = stage();
    *stage.there.lock().unwrap() = false;
    assert!(stage.reader_is_told(false));
    *stage.there.lock().unwrap() = true;
    assert!(stage.reader_is_told(true));
    assert!(stage.did.try_recv().is_err(), "it was not woken for that");
}
