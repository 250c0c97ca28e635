//! How the lab ends before its time: Ctrl-C, `kill`, a terminal that is closed. What is under way
//! ends in good order; what hangs, or a second signal, ends it at once. The programs that the lab
//! started die with it either way (`leash`).

use std::{io, thread, time::Duration};

use rustix::process::{Signal, getpid, kill_process};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::LabError;

/// Longest wait for a good order: servers finish what they are at.
const GRACE: Duration = Duration::from_secs(15);

/// Whether the lab has been told to end. All clones know the same.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Option<u8>>);

impl Stop {
    /// Nobody will ever ask.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::channel(None).1)
    }

    /// Listens from now on, on a thread of its own.
    ///
    /// # Errors
    /// When the system refuses to tell.
    pub fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (tell, asked) = watch::channel(None);
        let signals = {
            let _inside = runtime.enter();
            Signals::open()?
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || runtime.block_on(signals.obey(&tell)))?;
        Ok(Self(asked))
    }

    /// Refuses to go on once the lab has been told to end.
    pub(crate) fn check(&self) -> Result<(), LabError> {
        if self.0.borrow().is_some() { Err(LabError::Stopped) } else { Ok(()) }
    }

    /// What the program is to say to its caller, if a signal ended it: 128 and the signal, as
    /// shells do.
    #[must_use]
    pub fn exit_code(&self) -> Option<u8> {
        self.0.borrow().map(|signal| 128 | signal)
    }

    /// Waits until the lab is told to end.
    pub async fn asked(mut self) {
        if self.0.wait_for(Option::is_some).await.is_err() {
            // Nobody will ever ask.
            std::future::pending::<()>().await;
        }
    }
}

/// The signals that ask for an end.
struct Signals([(u8, tokio::signal::unix::Signal); 3]);

impl Signals {
    fn open() -> io::Result<Self> {
        Ok(Self([
            (1, signal(SignalKind::hangup())?),
            (2, signal(SignalKind::interrupt())?),
            (15, signal(SignalKind::terminate())?),
        ]))
    }

    async fn next(&mut self) -> u8 {
        let [(hangup, closed), (interrupt, pressed), (terminate, told)] = &mut self.0;
        tokio::select! {
            _ = closed.recv() => *hangup,
            _ = pressed.recv() => *interrupt,
            _ = told.recv() => *terminate,
        }
    }

    async fn obey(mut self, tell: &watch::Sender<Option<u8>>) {
        let first = self.next().await;
        tell.send_replace(Some(first));
        let _second_or_late = tokio::time::timeout(GRACE, self.next()).await;
        let _cannot_fail = kill_process(getpid(), Signal::KILL);
    }
}
