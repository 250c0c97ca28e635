//! One life of a worker: hello, settings, calls one after the other.

use std::{
    os::fd::{AsFd as _, OwnedFd},
    process::ChildStderr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rustix::event::{EventfdFlags, eventfd};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    Gap,
    frame::{FrameError, Header, Kind},
    launch::Launch,
    message::{self, Opened},
    news::StopReason,
    pipe::{Inlet, Outlet, PipeError, Woken},
    process::Process,
};

/// How long a worker may take to introduce itself: its program may come from a slow disk.
const HELLO: Duration = Duration::from_secs(5);
/// How long it may take to look at its settings; opening the device comes later.
const OPEN: Duration = Duration::from_secs(5);
/// How long it may take to say that it is there.
const PONG: Duration = Duration::from_secs(2);

/// What to do after a part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Go on.
    On,
    /// Go on, and let the time count anew.
    Anew,
    /// Stop.
    Cancel,
}

/// Takes what comes on the way to an answer.
pub(crate) trait Parts {
    fn part(&mut self, body: &[u8]) -> Result<Flow, FrameError>;
    /// A place for the next samples, at most `count` of them and at least one.
    fn room(&mut self, count: usize) -> Result<&mut [u8], FrameError>;
    /// The place is filled.
    fn filled(&mut self, count: usize) -> Flow;
}

/// For calls without parts.
pub(crate) struct NoParts;

impl Parts for NoParts {
    fn part(&mut self, _body: &[u8]) -> Result<Flow, FrameError> {
        Err(FrameError::Message)
    }

    fn room(&mut self, _count: usize) -> Result<&mut [u8], FrameError> {
        Err(FrameError::Message)
    }

    fn filled(&mut self, _count: usize) -> Flow {
        Flow::On
    }
}

/// A running call, as seen by whoever wants to end it.
pub(crate) struct Running {
    call: Mutex<Option<(u32, Arc<Outlet>)>>,
    cancelled: AtomicBool,
    wake: OwnedFd,
}

impl Running {
    pub(crate) fn new() -> std::io::Result<Self> {
        let wake = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
        Ok(Self { call: Mutex::new(None), cancelled: AtomicBool::new(false), wake })
    }

    /// Asks the running call to stop; without one nothing happens.
    pub(crate) fn cancel(&self) {
        let call = self.call.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((call, outlet)) = &*call
            && !self.cancelled.swap(true, Ordering::SeqCst)
        {
            // A pipe that takes nothing belongs to a worker that is about to be killed.
            let _full = outlet.send(Kind::Cancel, *call, &[], Some(Instant::now()));
            let _counted = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
        }
    }

    /// Whether the call before was asked to stop.
    pub(crate) fn was_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn set(&self, running: Option<(u32, Arc<Outlet>)>) {
        let mut call = self.call.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            self.cancelled.store(false, Ordering::SeqCst);
            self.hush();
        }
        *call = running;
    }

    fn hush(&self) {
        let mut count = [0; 8];
        let _nobody_called = rustix::io::read(&self.wake, &mut count);
    }
}

/// A worker that has introduced itself and taken its settings.
pub(crate) struct Session {
    process: Process,
    inlet: Inlet,
    outlet: Arc<Outlet>,
    last_call: u32,
    cancel_grace: Duration,
    gaps: Vec<Gap>,
}

impl Session {
    /// Starts a worker. Its error output is for the supervisor to empty.
    pub(crate) fn start(launch: &Launch) -> Result<(Self, Option<ChildStderr>), StopReason> {
        let (process, inlet, outlet, stderr) = Process::start(launch)?;
        let mut session = Self {
            process,
            inlet,
            outlet: Arc::new(outlet),
            last_call: 0,
            cancel_grace: launch.class.cancel_grace(),
            gaps: Vec::new(),
        };
        session.greet(launch).map_err(|error| match error {
            PipeError::Late => StopReason::NoHello,
            error @ (PipeError::Closed | PipeError::Garbage(_)) => session.stop(error, HELLO),
        })?;
        session.open(launch)?;
        Ok((session, stderr))
    }

    fn greet(&mut self, launch: &Launch) -> Result<(), PipeError> {
        let until = Some(Instant::now() + HELLO);
        let (_, name) = self.receive(Kind::Hello, 0, until)?;
        if *name == *launch.class.name().as_bytes() {
            Ok(())
        } else {
            Err(FrameError::Message.into())
        }
    }

    fn open(&mut self, launch: &Launch) -> Result<(), StopReason> {
        let until = Some(Instant::now() + OPEN);
        let opened = self
            .outlet
            .send(Kind::Open, 0, &launch.settings, until)
            .and_then(|()| self.receive(Kind::Opened, 0, until))
            .and_then(|(_, body)| Ok(message::decode::<Opened>(&body)?));
        match opened {
            Ok(Ok(gaps)) => {
                self.gaps = gaps;
                Ok(())
            }
            Ok(Err(why)) => Err(StopReason::Refused(why)),
            Err(error) => Err(self.stop(error, OPEN)),
        }
    }

    /// The next frame, which must be of this kind.
    fn receive(
        &mut self,
        kind: Kind,
        call: u32,
        until: Option<Instant>,
    ) -> Result<(Header, Zeroizing<Vec<u8>>), PipeError> {
        let header = self.inlet.header(until)?;
        if (header.kind, header.call) != (kind, call) {
            return Err(FrameError::Message.into());
        }
        Ok((header, self.inlet.body(header, until)?))
    }

    /// Whether it still answers. After an error the session is over.
    pub(crate) fn ping(&mut self) -> Result<(), StopReason> {
        let until = Some(Instant::now() + PONG);
        let sent = self.outlet.send(Kind::Ping, 0, &[], until);
        let answered = sent.and_then(|()| self.receive(Kind::Pong, 0, until));
        answered.map(|_| ()).map_err(|error| self.stop(error, PONG))
    }

    /// Passes an order on and waits for its answer, `limit` long; a part that says so lets the
    /// time count anew. After an error the session is over.
    pub(crate) fn call(
        &mut self,
        order: &impl Serialize,
        limit: Duration,
        parts: &mut dyn Parts,
        running: &Running,
    ) -> Result<Zeroizing<Vec<u8>>, StopReason> {
        self.last_call = self.last_call.wrapping_add(1).max(1);
        let begin = Instant::now();
        let answer = self.converse(order, limit, parts, running);
        running.set(None);
        // Not the limit: a page renews it, and a cancellation cuts it short.
        let waited = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        answer.map_err(|error| self.stop(error, Duration::from_millis(waited)))
    }

    fn converse(
        &mut self,
        order: &impl Serialize,
        limit: Duration,
        parts: &mut dyn Parts,
        running: &Running,
    ) -> Result<Zeroizing<Vec<u8>>, PipeError> {
        let call = self.last_call;
        let mut until = Instant::now() + limit;
        self.outlet.send(Kind::Call, call, &message::encode(order)?, Some(until))?;
        running.set(Some((call, Arc::clone(&self.outlet))));
        let mut hurried = false;
        loop {
            // Asked each time: a worker that goes on talking must end as well.
            if running.was_cancelled() && !hurried {
                hurried = true;
                running.hush();
                until = until.min(Instant::now() + self.cancel_grace);
            }
            if self.inlet.wait(Some(running.wake.as_fd()), Some(until))? == Woken::Called {
                continue;
            }
            let header = self.inlet.header(Some(until))?;
            if header.call != call {
                return Err(FrameError::Message.into());
            }
            let flow = match header.kind {
                Kind::Answer => return self.inlet.body(header, Some(until)),
                Kind::Part => parts.part(&self.inlet.body(header, Some(until))?)?,
                Kind::Bulk => self.bulk(header, until, parts)?,
                Kind::Hello
                | Kind::Open
                | Kind::Opened
                | Kind::Call
                | Kind::Cancel
                | Kind::Ping
                | Kind::Pong => return Err(FrameError::Message.into()),
            };
            match flow {
                Flow::On => {}
                Flow::Anew if hurried => {}
                Flow::Anew => until = Instant::now() + limit,
                Flow::Cancel => running.cancel(),
            }
        }
    }

    fn bulk(
        &mut self,
        header: Header,
        until: Instant,
        parts: &mut dyn Parts,
    ) -> Result<Flow, PipeError> {
        let (mut left, mut flow) = (header.body_bytes(), Flow::On);
        while left > 0 {
            let room = parts.room(left)?;
            let count = room.len();
            self.inlet.read_exact(room, Some(until))?;
            left = left.checked_sub(count).filter(|_| count > 0).ok_or(FrameError::Message)?;
            flow = parts.filled(count);
        }
        Ok(flow)
    }

    /// What an error on the pipe says of the worker.
    fn stop(&mut self, error: PipeError, after: Duration) -> StopReason {
        match error {
            PipeError::Closed => self.process.how_it_ended(),
            PipeError::Late => StopReason::Silent { after },
            PipeError::Garbage(error) => StopReason::Garbage(error),
        }
    }

    /// What the worker could not shut.
    pub(crate) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Ends the session in good order: the worker may close its device.
    pub(crate) fn part(self) {
        let Self { process, outlet, .. } = self;
        drop(outlet);
        process.part();
    }

    /// Becomes readable when the process has ended.
    pub(crate) fn ended(&self) -> std::io::Result<OwnedFd> {
        self.process.ended()
    }

    /// How a session ended whose process is seen to have ended.
    pub(crate) fn how_it_ended(mut self) -> StopReason {
        self.process.how_it_ended()
    }
}
