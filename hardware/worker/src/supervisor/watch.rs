//! Watching a living worker: its end, its silence while idle, and how much it complains.

use std::{
    io::Read as _,
    os::fd::{AsFd as _, OwnedFd},
    process::ChildStderr,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Shared, State};
use crate::news::StopReason;

/// How often an idle worker is asked whether it is there.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How often is looked whether a worker that ended was given back.
const AFTER_END: Duration = Duration::from_millis(20);

/// What woke the watching thread.
#[derive(Default)]
struct Seen {
    ended: bool,
    complained: bool,
    nothing: bool,
}

impl Shared {
    /// Watches until the worker is no more: why, and how many lines it had complained. `None`
    /// when nobody wants one any more.
    pub(super) fn watch(
        &self,
        ended: std::io::Result<OwnedFd>,
        mut stderr: Option<ChildStderr>,
    ) -> Option<(StopReason, u64)> {
        let mut ended = ended.ok();
        let mut complaints = 0;
        // Whoever has borrowed a worker that ended mostly sees it too, but not when its last
        // answer came whole.
        let mut over = false;
        loop {
            let beat = if over { AFTER_END } else { HEARTBEAT };
            let mut seen = self.wait(beat, ended.as_ref(), stderr.as_ref());
            if seen.complained {
                match stderr.as_mut().and_then(count_lines) {
                    Some(lines) => complaints += lines,
                    None => stderr = None,
                }
            }
            over |= seen.ended;
            if over {
                ended = None;
                seen.ended = true;
            }
            if let Some(why) = self.look(&seen)? {
                return Some((why, complaints));
            }
        }
    }

    /// Why the worker is no more; `Some(None)` while it lives, `None` at the end of everything.
    #[expect(clippy::option_option, reason = "the outer one is for `?`")]
    fn look(&self, seen: &Seen) -> Option<Option<StopReason>> {
        let mut state = self.lock();
        let session = match std::mem::replace(&mut *state, State::Busy) {
            State::Closed => {
                *state = State::Closed;
                return None;
            }
            State::Lost(why) => return Some(Some(why)),
            State::Ready(session) if seen.ended || seen.nothing => session,
            other @ (State::Down(_) | State::Ready(_) | State::Busy) => {
                *state = other;
                return Some(None);
            }
        };
        // Busy meanwhile: a proxy that comes now waits.
        drop(state);
        Some(self.examine(session, seen.ended))
    }

    fn examine(&self, mut session: crate::session::Session, ended: bool) -> Option<StopReason> {
        if ended {
            return Some(session.how_it_ended());
        }
        match session.ping() {
            Ok(()) => {
                self.set(State::Ready(session));
                None
            }
            Err(why) => Some(why),
        }
    }

    fn wait(&self, beat: Duration, ended: Option<&OwnedFd>, stderr: Option<&ChildStderr>) -> Seen {
        let one = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
        let mut fds = vec![one(self.wake.as_fd())];
        fds.extend(ended.map(|fd| one(fd.as_fd())));
        fds.extend(stderr.map(|fd| one(fd.as_fd())));
        let beat = Timespec::try_from(beat).ok();
        let nothing = poll(&mut fds, beat.as_ref()) == Ok(0);
        let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
        let woken = ready.next().unwrap_or_default();
        let seen = Seen {
            ended: ended.is_some() && ready.next().unwrap_or_default(),
            complained: stderr.is_some() && ready.next().unwrap_or_default(),
            nothing,
        };
        if woken {
            let mut count = [0; 8];
            let _emptied = rustix::io::read(&self.wake, &mut count);
        }
        seen
    }
}

/// Lines in what there is to read; `None` at its end. What they say is dropped: a library may
/// have written anything.
fn count_lines(stderr: &mut ChildStderr) -> Option<u64> {
    let mut bytes = [0; 4096];
    let count = stderr.read(&mut bytes).ok().filter(|count| *count > 0)?;
    let lines = bytes.iter().take(count).filter(|byte| **byte == b'\n').count();
    u64::try_from(lines).ok()
}
