//! A worker's process: started in a group of its own, killed with the whole of it, always reaped.

use std::{
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::ExitStatusExt as _,
    },
    process::{Child, ChildStderr, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::PollFlags,
    process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open},
};

use crate::{
    host::MOVED,
    launch::Launch,
    news::StopReason,
    pipe::{self, Inlet, Outlet, PipeError},
};

/// How long a process that closed its pipe may take to end by itself.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How long a process whose pipe was closed for good may take to close its device.
const PARTING: Duration = Duration::from_millis(600);
/// How long is waited for a killed process before that is left to a thread of its own.
const REAP: Duration = Duration::from_millis(200);

/// A running process. Dropping it kills it.
pub(crate) struct Process {
    child: Option<Child>,
    /// Becomes readable when it has ended.
    ended: OwnedFd,
}

impl Process {
    pub(crate) fn start(
        launch: &Launch,
    ) -> Result<(Self, Inlet, Outlet, Option<ChildStderr>), StopReason> {
        let not_started = |error: std::io::Error| StopReason::NotStarted(error.kind());
        let mut child = launch.command().spawn().map_err(not_started)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let ended = pidfd_open(Pid::from_child(&child), PidfdFlags::empty());
        let mut process = match ended {
            Ok(ended) => Self { child: Some(child), ended },
            Err(error) => {
                // Without a way to see it end it is not let run.
                let _already_ended = child.kill();
                let _reaped = child.wait();
                return Err(not_started(error.into()));
            }
        };
        let (Some(stdin), Some(stdout), stderr) = pipes else {
            process.end();
            return Err(StopReason::Closed);
        };
        let (stdin, stdout) = (OwnedFd::from(stdin), OwnedFd::from(stdout));
        pipe::prepare(&stdin).and_then(|()| pipe::prepare(&stdout)).map_err(not_started)?;
        Ok((process, Inlet::new(stdout), Outlet::new(stdin), stderr))
    }

    /// Becomes readable when the process has ended.
    pub(crate) fn ended(&self) -> std::io::Result<OwnedFd> {
        self.ended.try_clone()
    }

    /// Waits a moment for a process that has closed its pipe, and says how it ended.
    pub(crate) fn how_it_ended(&mut self) -> StopReason {
        let until = Instant::now() + LAST_WORDS;
        let by_itself = pipe::wait(self.ended.as_fd(), PollFlags::IN, None, Some(until))
            != Err(PipeError::Late);
        match self.end() {
            Some(status) if by_itself => match (status.code(), status.signal()) {
                (Some(MOVED), _) => StopReason::Moved,
                (Some(code), _) => StopReason::Ended(code),
                (None, Some(signal)) => StopReason::Signal(signal),
                (None, None) => StopReason::Closed,
            },
            Some(_) | None => StopReason::Closed,
        }
    }

    /// Waits for a process that was told to end, by its closed pipe, and kills it if it does not.
    pub(crate) fn part(mut self) {
        let until = Instant::now() + PARTING;
        let _late = pipe::wait(self.ended.as_fd(), PollFlags::IN, None, Some(until));
        self.end();
    }

    /// Kills the whole group and reaps the process. One that even SIGKILL does not end at once
    /// (it hangs inside the kernel) is left to a thread that waits for it: nobody else does.
    fn end(&mut self) -> Option<ExitStatus> {
        let mut child = self.child.take()?;
        // Before reaping: until then nobody else can have the number.
        let _already_ended = kill_process_group(Pid::from_child(&child), Signal::KILL);
        let until = Instant::now() + REAP;
        let _late = pipe::wait(self.ended.as_fd(), PollFlags::IN, None, Some(until));
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        let wait = move || {
            let _status = child.wait();
        };
        // Without a thread it stays a zombie until the kiosk ends: harmless.
        let _no_thread = thread::Builder::new().name("reaper".to_owned()).spawn(wait);
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
