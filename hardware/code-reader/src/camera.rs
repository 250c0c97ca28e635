//! A camera as a code reader: one thread takes pictures, another reads them.
//!
//! The picture for the citizen is made beside the reading and never waits for it: of the pictures
//! that come while one is being read, the newest is read next and the others never. While it
//! rests the camera is closed and both threads are gone; nothing that was seen is kept but the
//! hashes of the codes in view.

mod reading;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hardware_api::{CodeReader, DeviceError, Seen, Sight, View};

use crate::picture::Frame;
use crate::presentation::Presentations;
use crate::view::{Hints, shrink};

/// Pictures are at least this far apart: fifteen a second.
const PERIOD: Duration = Duration::from_millis(66);

/// How long one wait for a picture lasts, and with it how soon a camera comes to rest.
const POLL: Duration = Duration::from_millis(100);

/// A camera that sends nothing whole for so long is broken.
const BROKEN: Duration = Duration::from_secs(3);

/// Codes that may wait to be asked for; the oldest makes room.
const MAX_CODES: usize = 8;

/// What pictures are taken with.
pub(crate) trait Optics: Send + Sync {
    /// The device as configured.
    fn device(&self) -> String;

    /// Whether it is there, without opening it.
    fn is_there(&self) -> Result<(), DeviceError>;

    /// Opens it.
    fn open(&self) -> Result<Box<dyn Stream>, DeviceError>;
}

/// An opened camera.
pub(crate) trait Stream {
    /// Waits for the newest picture; older ones are dropped.
    fn shoot(&mut self, wait: Duration) -> Result<Shot, DeviceError>;
}

/// What came of waiting for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shot {
    /// A whole picture.
    Whole(Arc<Frame>),
    /// One that was cut on its way.
    Cut,
    /// None, and that is nothing bad.
    Nothing,
}

/// A camera with a decoder behind it.
pub struct Camera {
    optics: Arc<dyn Optics>,
    presentations: Arc<Mutex<Presentations>>,
    awake: Option<Awake>,
    resting_since: Instant,
}

impl Camera {
    /// A camera, opened by the first call to `next`.
    pub(crate) fn new(optics: impl Optics + 'static) -> Self {
        Self {
            optics: Arc::new(optics),
            presentations: Arc::default(),
            awake: None,
            resting_since: Instant::now(),
        }
    }

    fn wake(&mut self) -> &Awake {
        let now = Instant::now();
        let (optics, presentations) = (&self.optics, &self.presentations);
        self.awake.get_or_insert_with(|| {
            // What lay before the camera when it went to rest is no new presentation now: a card
            // that one citizen forgot must not be read for the next.
            let rested = now.saturating_duration_since(self.resting_since);
            lock(presentations).skip(rested);
            Awake::start(Arc::clone(optics), Arc::clone(presentations))
        })
    }
}

impl CodeReader for Camera {
    /// After an error the next call opens the camera again.
    fn next(&mut self, wait: Duration) -> Result<Option<Sight>, DeviceError> {
        let deadline = Instant::now() + wait;
        let answer = self.wake().next(deadline);
        if answer.is_err() {
            self.rest();
        }
        answer
    }

    fn rest(&mut self) {
        if self.awake.take().is_some() {
            self.resting_since = Instant::now();
        }
    }

    fn is_there(&mut self) -> Result<(), DeviceError> {
        self.optics.is_there()
    }
}

/// The two threads of a camera that is open. Dropping it ends both.
struct Awake {
    desk: Arc<Desk>,
    threads: Vec<JoinHandle<()>>,
    device: String,
}

impl Awake {
    fn start(optics: Arc<dyn Optics>, presentations: Arc<Mutex<Presentations>>) -> Self {
        let desk = Arc::new(Desk::default());
        let device = optics.device();
        let (taker, reader) = (Arc::clone(&desk), Arc::clone(&desk));
        let threads = [
            spawn("camera", move || take_pictures(&*optics, &taker)),
            spawn("decoder", move || reading::read_pictures(&reader, &presentations)),
        ];
        Self { desk, threads: threads.into_iter().flatten().collect(), device }
    }

    fn next(&self, deadline: Instant) -> Result<Option<Sight>, DeviceError> {
        let mut table = lock(&self.desk.table);
        loop {
            // A code goes before the view that shows it.
            if let Some(bytes) = table.codes.pop_front() {
                return Ok(Some(Sight::Code(Seen { bytes })));
            }
            if let Some(error) = table.failed.take() {
                return Err(error);
            }
            // A thread that ended without a word could not be started or crashed in a library.
            if self.threads.len() < 2 || self.threads.iter().any(JoinHandle::is_finished) {
                return Err(DeviceError::Gone { device: self.device.clone() });
            }
            if let Some(view) = table.view.take() {
                return Ok(Some(Sight::View(view)));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let woken = self.desk.news.wait_timeout(table, left.min(POLL));
            table = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        lock(&self.desk.table).ended = true;
        self.desk.news.notify_all();
        for thread in self.threads.drain(..) {
            // One that panicked has nothing left to tell: `next` has seen that it ended.
            let _ = thread.join();
        }
    }
}

/// A system that cannot start a thread gives a camera that is gone.
fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work).ok()
}

/// Between the threads.
#[derive(Default)]
struct Desk {
    table: Mutex<Table>,
    news: Condvar,
}

/// What lies between them: the newest of each, and never a queue of pictures.
#[derive(Default)]
struct Table {
    frame: Option<Arc<Frame>>,
    codes: VecDeque<Vec<u8>>,
    view: Option<View>,
    hints: Hints,
    failed: Option<DeviceError>,
    ended: bool,
}

impl Desk {
    fn ended(&self) -> bool {
        lock(&self.table).ended
    }

    fn fail(&self, error: DeviceError) {
        lock(&self.table).failed = Some(error);
        self.news.notify_all();
    }

    fn show(&self, frame: &Arc<Frame>) {
        let hint = lock(&self.table).hints.at(Instant::now());
        let view = shrink(frame, hint);
        let mut table = lock(&self.table);
        table.frame = Some(Arc::clone(frame));
        table.view = Some(view);
        drop(table);
        self.news.notify_all();
    }
}

fn take_pictures(optics: &dyn Optics, desk: &Desk) {
    let mut stream = match optics.open() {
        Ok(stream) => stream,
        Err(error) => return desk.fail(error),
    };
    let mut cut_since = None;
    while !desk.ended() {
        let began = Instant::now();
        match stream.shoot(POLL) {
            Ok(Shot::Whole(frame)) => {
                cut_since = None;
                desk.show(&frame);
            }
            Ok(Shot::Cut) => {
                if began.saturating_duration_since(*cut_since.get_or_insert(began)) >= BROKEN {
                    let got = "only pictures that end in the middle".to_owned();
                    return desk.fail(DeviceError::Nonsense { device: optics.device(), got });
                }
            }
            Ok(Shot::Nothing) => cut_since = None,
            Err(error) => return desk.fail(error),
        }
        // What comes meanwhile is dropped unconverted.
        thread::sleep(PERIOD.saturating_sub(began.elapsed()));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "camera_tests.rs"]
mod tests;
