//! What everybody may see: the queue as far as it is on disk, and the stream of its news.

use std::sync::{Mutex, PoisonError, RwLock};

use bytes::Bytes;
use domain::{
    KioskId,
    queue::{Call, Change, Queue},
};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;
use wire::center::{CallHeard, FieldWaiting, Resync, Waiting};

use crate::config::CenterConfig;

/// News kept for slow listeners; who is further behind is resynchronised.
const BACKLOG: usize = 256;

/// The queue as far as it is on disk.
#[derive(Debug)]
pub struct Shown {
    queue: RwLock<Queue>,
    news: broadcast::Sender<Bytes>,
    help: Mutex<Vec<(KioskId, Timestamp)>>,
}

impl Shown {
    pub fn new(queue: Queue) -> Self {
        let (news, _) = broadcast::channel(BACKLOG);
        Self { queue: RwLock::new(queue), news, help: Mutex::default() }
    }

    /// Asks the queue.
    pub fn ask<T>(&self, question: impl FnOnce(&Queue) -> T) -> T {
        question(&self.queue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Everything at this moment as an event, and all that comes after it: nothing is missed
    /// and nothing comes twice, since news is sent with the queue held.
    pub fn follow(&self, config: &CenterConfig) -> (Bytes, broadcast::Receiver<Bytes>) {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        (resync(&queue, config).into(), self.news.subscribe())
    }

    /// Shows changes that are now on disk.
    pub fn advance(&self, changes: &[Change], config: &CenterConfig) {
        let mut queue = self.queue.write().unwrap_or_else(PoisonError::into_inner);
        // All of it in one piece: each listener costs one write, however much happened.
        let mut news = String::new();
        for change in changes {
            // The writer's own copy took the same change before: it fits.
            if queue.apply(change).is_ok() {
                news.push_str(&told(change, &queue));
            }
        }
        news.push_str(&event("queue", &Waiting { fields: waiting(&queue, config) }));
        self.send(news);
    }

    /// Shows another day.
    pub fn turn(&self, fresh: Queue, config: &CenterConfig) {
        let mut queue = self.queue.write().unwrap_or_else(PoisonError::into_inner);
        *queue = fresh;
        self.send(resync(&queue, config));
    }

    /// Notes that a citizen at `kiosk` asks for a person.
    pub fn call_help(&self, kiosk: KioskId, at: Timestamp) {
        let mut help = self.help.lock().unwrap_or_else(PoisonError::into_inner);
        if !help.iter().any(|(known, _)| *known == kiosk) && help.len() < BACKLOG {
            help.push((kiosk, at));
        }
        drop(help);
        self.send(event("help", &()));
    }

    /// Somebody goes to `kiosk`.
    pub fn answer_help(&self, kiosk: &KioskId) {
        let mut help = self.help.lock().unwrap_or_else(PoisonError::into_inner);
        help.retain(|(known, _)| known != kiosk);
        drop(help);
        self.send(event("help", &()));
    }

    /// Kiosks at which a citizen asks for a person, oldest first.
    pub fn help(&self) -> Vec<(KioskId, Timestamp)> {
        self.help.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn send(&self, news: String) {
        // Nobody listening is no failure.
        let _ = self.news.send(news.into());
    }
}

/// What boards hear of a change that `queue` has just taken.
fn told(change: &Change, queue: &Queue) -> String {
    match change {
        Change::Called { .. } | Change::Recalled { .. } => {
            queue.calls().next().map(|call| event("call", &heard(call))).unwrap_or_default()
        }
        Change::Issued { .. }
        | Change::Paper { .. }
        | Change::Absent { .. }
        | Change::Done { .. } => String::new(),
    }
}

/// How many wait in each field of the center.
pub fn waiting(queue: &Queue, config: &CenterConfig) -> Vec<FieldWaiting> {
    let one = |code: &domain::FieldCode| FieldWaiting {
        code: code.clone(),
        waiting: queue.waiting(code),
    };
    config.fields.iter().map(|field| one(&field.code)).collect()
}

fn resync(queue: &Queue, config: &CenterConfig) -> String {
    let calls = queue.calls().map(heard).collect();
    event("resync", &Resync { day: queue.day(), calls, fields: waiting(queue, config) })
}

fn heard(call: &Call) -> CallHeard {
    CallHeard {
        seq: call.seq,
        number: call.ticket,
        field: call.field.clone(),
        counter: call.counter,
        at: call.at,
    }
}

/// One event of the stream, encoded once for all listeners.
pub fn event(name: &str, data: &impl Serialize) -> String {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n")
}
