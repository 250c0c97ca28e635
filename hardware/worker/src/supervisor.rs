//! Keeps one worker alive: starts it, watches it, starts it again, and lends it to its proxy.
//!
//! ```text
//!            started                  borrowed
//! Down ─────────────────▶ Ready ◀──────────────▶ Busy
//!  ▲                        │ ended, or no pong    │ ended, silent or broken
//!  └────────────────────────┴─────────────────────┘
//! ```
//! A thread of its own does the starting and watching, so that a dead worker is noticed and back
//! while nobody asks. Whoever borrows the worker talks to it directly.

mod watch;

use std::{
    io,
    os::fd::OwnedFd,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use hardware_api::DeviceError;
use rustix::event::{EventfdFlags, eventfd};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    launch::Launch,
    message::{self, Order},
    news::{StopReason, WorkerEvent, WorkerNews},
    session::{Parts, Running, Session},
};

/// A driver that keeps its own deadline needs this much longer to say so.
const GRACE: Duration = Duration::from_millis(500);
/// Longest wait for a worker that is just being started.
const STARTING: Duration = Duration::from_secs(2);
/// Pauses before a worker is started again; the last one stays. The first restart is at once: a
/// citizen may be waiting.
const PAUSES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
];

/// A worker kept alive.
pub(crate) struct Supervisor {
    shared: Arc<Shared>,
}

struct Shared {
    launch: Launch,
    state: Mutex<State>,
    changed: Condvar,
    /// Wakes the watching thread.
    wake: OwnedFd,
    running: Arc<Running>,
}

enum State {
    /// None runs; one is started at this moment.
    Down(Instant),
    /// One waits for work.
    Ready(Session),
    /// One is borrowed.
    Busy,
    /// The one that was borrowed is no more.
    Lost(StopReason),
    /// Nobody wants one any more.
    Closed,
}

impl Supervisor {
    /// Starts the worker, and goes on doing so.
    pub(crate) fn start(launch: Launch) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State::Down(Instant::now())),
            changed: Condvar::new(),
            wake: eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?,
            running: Arc::new(Running::new()?),
            launch,
        });
        let keeper = Arc::clone(&shared);
        let name = format!("keep-{}", shared.launch.class);
        // The worker dies with the thread that started it, so this one lives as long as both.
        thread::Builder::new().name(name).spawn(move || keeper.keep())?;
        Ok(Self { shared })
    }

    /// Has the worker do something and gives its answer. `limit` is the driver's; the worker may
    /// take a moment longer.
    pub(crate) fn call<T: DeserializeOwned>(
        &self,
        call: impl Serialize,
        limit: Duration,
        parts: &mut dyn Parts,
    ) -> Result<T, DeviceError> {
        self.call_within(call, limit, GRACE, parts)
    }

    /// The same for calls that may take `grace` beyond their limit.
    pub(crate) fn call_within<T: DeserializeOwned>(
        &self,
        call: impl Serialize,
        limit: Duration,
        grace: Duration,
        parts: &mut dyn Parts,
    ) -> Result<T, DeviceError> {
        let running = &self.shared.running;
        let patience = (limit + grace).min(STARTING);
        let order = Order { limit, call };
        let mut ask = || {
            self.shared.borrow(patience, |session| {
                let answer = session.call(&order, limit + grace, parts, running)?;
                message::decode(&answer).map_err(StopReason::Garbage)
            })
        };
        let done = match ask() {
            // Nothing of it was begun; the next worker may open what the device is now.
            Err(StopReason::Moved) => ask(),
            other => other,
        };
        done.map_err(|why| match why {
            StopReason::Silent { after } => DeviceError::Silent { device: self.device(), after },
            StopReason::NotStarted(_)
            | StopReason::NoHello
            | StopReason::Refused(_)
            | StopReason::Garbage(_)
            | StopReason::Ended(_)
            | StopReason::Signal(_)
            | StopReason::Moved
            | StopReason::Closed => DeviceError::Gone { device: self.device() },
        })
    }

    /// The device's name for people.
    pub(crate) fn device(&self) -> String {
        self.shared.launch.device.clone()
    }

    /// Ends the running call from another thread.
    pub(crate) fn running(&self) -> Arc<Running> {
        Arc::clone(&self.shared.running)
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // Before the watching thread ends: the worker dies with it.
        if let Some(session) = self.shared.take(Instant::now()) {
            session.part();
        }
        self.shared.set(State::Closed);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the state; nothing comes after the end.
    fn set(&self, state: State) {
        let matters = matches!(state, State::Lost(_) | State::Closed);
        let mut now = self.lock();
        if !matches!(*now, State::Closed) {
            *now = state;
        }
        drop(now);
        self.changed.notify_all();
        // The watching thread sleeps through calls that went well.
        if matters {
            let _counted = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
        }
    }

    /// Uses the worker, waiting for one that is being started.
    fn borrow<T>(
        &self,
        patience: Duration,
        use_it: impl FnOnce(&mut Session) -> Result<T, StopReason>,
    ) -> Result<T, StopReason> {
        let mut session = self.take(Instant::now() + patience).ok_or(StopReason::Closed)?;
        let done = use_it(&mut session);
        match &done {
            Ok(_) => self.set(State::Ready(session)),
            Err(why) => {
                // Killed first: what takes its place may want the same device.
                drop(session);
                self.set(State::Lost(why.clone()));
            }
        }
        done
    }

    fn take(&self, until: Instant) -> Option<Session> {
        let mut state = self.lock();
        loop {
            match std::mem::replace(&mut *state, State::Busy) {
                State::Ready(session) => return Some(session),
                other @ (State::Down(_) | State::Busy | State::Lost(_) | State::Closed) => {
                    *state = other;
                }
            }
            let hopeless = match &*state {
                State::Down(again) => *again > until,
                State::Closed => true,
                State::Ready(_) | State::Busy | State::Lost(_) => false,
            };
            let left = until.saturating_duration_since(Instant::now());
            if hopeless || left.is_zero() {
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Starts workers one after the other until nobody wants one.
    fn keep(&self) {
        let mut mishaps = 0_usize;
        let (mut away_since, mut told) = (None, Vec::new());
        loop {
            let (why, complaints) = match Session::start(&self.launch) {
                Ok((session, stderr)) => {
                    if let Some(since) = away_since.take() {
                        self.tell(WorkerEvent::Back { after: Instant::elapsed(&since) });
                    }
                    if told != session.gaps() {
                        told = session.gaps().to_vec();
                        self.tell(WorkerEvent::Unconfined { gaps: told.clone() });
                    }
                    let started = Instant::now();
                    let ended = session.ended();
                    self.set(State::Ready(session));
                    let Some(lost) = self.watch(ended, stderr) else { return };
                    if lost.0 == StopReason::Moved {
                        self.set(State::Down(Instant::now()));
                        continue;
                    }
                    let is_healthy = started.elapsed() >= self.launch.healthy;
                    mishaps = if is_healthy { 0 } else { mishaps };
                    lost
                }
                Err(why) => (why, 0),
            };
            away_since.get_or_insert_with(Instant::now);
            let pause = pause(&why, mishaps);
            mishaps += 1;
            self.set(State::Down(Instant::now() + pause));
            self.tell(WorkerEvent::Stopped { why, complaints, again_in: pause });
            if !self.sleep(pause) {
                return;
            }
        }
    }

    /// `false` when nobody wants a worker any more.
    fn sleep(&self, pause: Duration) -> bool {
        let closed = |state: &mut State| matches!(state, State::Closed);
        let state = self.changed.wait_timeout_while(self.lock(), pause, |state| !closed(state));
        let (mut state, _) = state.unwrap_or_else(PoisonError::into_inner);
        !closed(&mut state)
    }

    fn tell(&self, what: WorkerEvent) {
        let Launch { class, device, news, .. } = &self.launch;
        news(WorkerNews { class: *class, device: device.clone(), what });
    }
}

fn pause(why: &StopReason, mishaps: usize) -> Duration {
    let [.., longest] = PAUSES;
    match why {
        // The settings do not get better by themselves.
        StopReason::Refused(_) => longest,
        StopReason::NotStarted(_)
        | StopReason::NoHello
        | StopReason::Silent { .. }
        | StopReason::Garbage(_)
        | StopReason::Ended(_)
        | StopReason::Signal(_)
        | StopReason::Moved
        | StopReason::Closed => PAUSES.get(mishaps).copied().unwrap_or(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_restart_is_at_once_and_the_pauses_grow() {
        let pauses: Vec<_> = (0..7).map(|mishaps| pause(&StopReason::Closed, mishaps)).collect();
        assert_eq!(pauses[0], Duration::ZERO);
        assert!(pauses.is_sorted());
        assert_eq!(pauses[6], Duration::from_secs(30));
        assert_eq!(pause(&StopReason::Refused(String::new()), 0), Duration::from_secs(30));
    }
}
