//! The thread that reads: the newest picture, whenever it is done with the last.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Desk, MAX_CODES, lock};
use crate::decode::{Budget, Look, Reader, Sighting};
use crate::picture::Frame;
use crate::presentation::Presentations;

/// After a picture the thread pauses as long as it took, up to this: reading costs half a core
/// at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

pub(super) fn read_pictures(desk: &Desk, presentations: &Mutex<Presentations>) {
    let mut reader = Reader::new();
    while let Some(frame) = newest(desk) {
        let began = Instant::now();
        if let Some(luma) = frame.luma() {
            let look = reader.frame(&luma, Budget::PREVIEW);
            tell(desk, look, began, presentations);
        }
        thread::sleep(began.elapsed().min(LONGEST_PAUSE));
    }
}

/// Waits for a picture; `None` when the camera comes to rest.
fn newest(desk: &Desk) -> Option<Arc<Frame>> {
    let mut table = lock(&desk.table);
    loop {
        if table.ended {
            return None;
        }
        if let Some(frame) = table.frame.take() {
            return Some(frame);
        }
        table = desk.news.wait(table).unwrap_or_else(PoisonError::into_inner);
    }
}

fn tell(desk: &Desk, look: Look, looked: Instant, presentations: &Mutex<Presentations>) {
    let now = Instant::now();
    let mut begun = look.codes;
    let read = !begun.is_empty();
    {
        let mut presentations = lock(presentations);
        begun.retain(|code| presentations.begins_in_look(&code.bytes, looked, now));
    }
    let mut table = lock(&desk.table);
    if read {
        table.hints.clear();
    } else {
        table.hints.note(look.sighting.as_ref().and_then(Sighting::hint), now);
    }
    for code in begun {
        if table.codes.len() == MAX_CODES {
            table.codes.pop_front();
        }
        table.codes.push_back(code.bytes);
    }
    drop(table);
    desk.news.notify_all();
}
