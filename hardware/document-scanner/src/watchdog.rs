//! Cancels a scan whose page takes longer than its deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::ffi::Cancel;

/// Watches one page.
pub(crate) struct Watchdog {
    done: Sender<()>,
    // A cancellation between two calls is overlooked by some backends: the reader asks this too.
    late: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watchdog {
    /// Cancels after `deadline` unless stopped before.
    pub(crate) fn start(cancel: Cancel, deadline: Duration) -> Self {
        let (done, is_done) = channel();
        let late = Arc::new(AtomicBool::new(false));
        let says_late = Arc::clone(&late);
        let thread = thread::spawn(move || {
            if is_done.recv_timeout(deadline) == Err(RecvTimeoutError::Timeout) {
                says_late.store(true, Ordering::SeqCst);
                cancel.cancel();
            }
        });
        Self { done, late, thread }
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_late(&self) -> bool {
        self.late.load(Ordering::SeqCst)
    }

    /// Stops watching; says whether it had to cancel.
    pub(crate) fn stop(self) -> bool {
        drop(self.done);
        // The thread does not panic, and there is nothing to do if it did.
        let _ = self.thread.join();
        self.late.load(Ordering::SeqCst)
    }
}
