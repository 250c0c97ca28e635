//! Cancels a scan whose page takes longer than its deadline.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::ffi::Cancel;

/// Watches one page.
pub(crate) struct Watchdog {
    done: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Watchdog {
    /// Cancels after `deadline` unless stopped before.
    pub(crate) fn start(cancel: Cancel, deadline: Duration) -> Self {
        let (done, is_done) = channel();
        let thread = thread::spawn(move || {
            let late = is_done.recv_timeout(deadline) == Err(RecvTimeoutError::Timeout);
            if late {
                cancel.cancel();
            }
            late
        });
        Self { done, thread }
    }

    /// Stops watching; says whether it had to cancel.
    pub(crate) fn stop(self) -> bool {
        drop(self.done);
        self.thread.join().unwrap_or(true)
    }
}
