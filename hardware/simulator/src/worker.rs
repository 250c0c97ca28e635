//! A thread that ends with its owner, and state shared with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often an idle fake looks whether something came.
pub(crate) const TICK: Duration = Duration::from_millis(4);

/// Tells a thread to end.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A running thread; dropping it ends the thread and waits for that.
pub(crate) struct Worker {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn start(work: impl FnOnce(Stop) + Send + 'static) -> Self {
        let stop = Stop::default();
        let seen = stop.clone();
        Self { stop, thread: Some(std::thread::spawn(move || work(seen))) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.0.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A fake that panicked has printed why; its owner is ending anyway.
            let _ = thread.join();
        }
    }
}

/// Locks, even after another thread panicked while holding the lock.
pub(crate) fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
