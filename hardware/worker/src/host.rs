//! The worker's side: introduces itself, takes settings, then orders one after the other.
//!
//! One thread reads, so that a cancellation is heard while the driver works and the process ends
//! at once when the kiosk has: whatever the driver hangs in.

use std::{
    io,
    os::fd::OwnedFd,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    Class, Gap,
    frame::{FrameError, Kind},
    message::{self, Opened, Order},
    pipe::{Inlet, Outlet, PipeError},
};

/// How the process ends when the kiosk is gone: as it should.
const KIOSK_GONE: i32 = 0;
/// How long a driver may take to close its device when the kiosk is gone; whatever it hangs in
/// ends then.
const CLOSING: Duration = Duration::from_millis(400);
/// How it ends when the kiosk wrote what is no frame.
pub const GARBAGE: i32 = 65;
/// How it ends when its device came back as another file, which it may not open.
pub const MOVED: i32 = 75;

/// How a conversation ended that went as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The settings cannot be used, and the kiosk knows it.
    Refused,
    /// The device is another file now; the order that found it so was not begun.
    Moved,
}

/// What a worker shut itself in with.
pub trait Walls {
    /// What it could not shut.
    fn gaps(&self) -> &[Gap];

    /// Whether its device is another file by now than the one that was let in.
    fn device_moved(&self) -> bool;
}

/// The two pipes to the kiosk.
pub struct Pipes {
    inlet: Inlet,
    outlet: Arc<Outlet>,
}

impl Pipes {
    /// Takes standard input and output away from whatever libraries may do with them: those read
    /// nothing and write nowhere from now on.
    ///
    /// # Errors
    /// When the process has no such.
    pub fn take() -> io::Result<Self> {
        let take = |fd| rustix::io::fcntl_dupfd_cloexec(fd, 3);
        let (input, output): (OwnedFd, OwnedFd) =
            (take(rustix::stdio::stdin())?, take(rustix::stdio::stdout())?);
        let nothing = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdin(&nothing)?;
        rustix::stdio::dup2_stdout(&nothing)?;
        Ok(Self { inlet: Inlet::new(input), outlet: Arc::new(Outlet::new(output)) })
    }

    /// Introduces the worker and takes the settings of its device.
    ///
    /// # Errors
    /// When the kiosk is gone or broken.
    pub fn greet<S: DeserializeOwned>(&mut self, class: Class) -> Result<S, PipeError> {
        self.outlet.send(Kind::Hello, 0, class.name().as_bytes(), None)?;
        let header = self.inlet.header(None)?;
        if (header.kind, header.call) != (Kind::Open, 0) {
            return Err(FrameError::Message.into());
        }
        Ok(message::decode(&self.inlet.body(header, None)?)?)
    }

    /// Says that the settings cannot be used.
    ///
    /// # Errors
    /// When the kiosk is gone.
    pub fn refuse(&self, why: &str) -> Result<Ended, PipeError> {
        let opened: Opened = Err(why.to_owned());
        self.outlet.send(Kind::Opened, 0, &message::encode(&opened)?, None)?;
        Ok(Ended::Refused)
    }

    /// Says that the settings can be used, and carries out orders until the kiosk is gone or the
    /// device moved. `cancel` is called from another thread while an order runs.
    ///
    /// # Errors
    /// When the kiosk is gone or broken, or the system gives no thread.
    pub fn serve<C: DeserializeOwned>(
        self,
        walls: &dyn Walls,
        cancel: impl Fn() + Send + 'static,
        mut work: impl FnMut(Order<C>, &Reply) -> Result<(), PipeError>,
    ) -> Result<Ended, PipeError> {
        let (orders, waiting) = sync_channel(1);
        let outlet = Arc::clone(&self.outlet);
        let cancelled = Arc::new(AtomicU32::new(0));
        let listener = Listener {
            inlet: self.inlet,
            outlet: Arc::clone(&self.outlet),
            orders,
            cancelled: Arc::clone(&cancelled),
        };
        let listen = move || listener.listen(&cancel);
        let thread = thread::Builder::new().name("listen".to_owned());
        thread.spawn(listen).map_err(|_| PipeError::Closed)?;
        let opened: Opened = Ok(walls.gaps().to_vec());
        outlet.send(Kind::Opened, 0, &message::encode(&opened)?, None)?;
        let waiting: Receiver<(u32, Zeroizing<Vec<u8>>)> = waiting;
        while let Ok((call, body)) = waiting.recv() {
            if walls.device_moved() {
                return Ok(Ended::Moved);
            }
            let order = message::decode(&body)?;
            drop(body);
            work(order, &Reply { call, outlet: &outlet, cancelled: &cancelled })?;
        }
        Err(PipeError::Closed)
    }
}

/// The way back of one order.
pub struct Reply<'a> {
    call: u32,
    outlet: &'a Outlet,
    cancelled: &'a AtomicU32,
}

impl Reply<'_> {
    /// Whether the kiosk wants no more of it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst) == self.call
    }

    /// Something on the way to the answer.
    ///
    /// # Errors
    /// When the kiosk is gone.
    pub fn part(&self, part: &impl Serialize) -> Result<(), PipeError> {
        self.outlet.send(Kind::Part, self.call, &message::encode(part)?, None)
    }

    /// Samples on the way to the answer.
    ///
    /// # Errors
    /// When the kiosk is gone.
    pub fn bulk(&self, samples: &[u8]) -> Result<(), PipeError> {
        let most = usize::try_from(Kind::Bulk.most_bytes()).unwrap_or(usize::MAX);
        samples
            .chunks(most)
            .try_for_each(|piece| self.outlet.send(Kind::Bulk, self.call, piece, None))
    }

    /// The answer.
    ///
    /// # Errors
    /// When the kiosk is gone, or the answer is longer than answers may be.
    pub fn answer(&self, answer: &impl Serialize) -> Result<(), PipeError> {
        self.outlet.send(Kind::Answer, self.call, &message::encode(answer)?, None)
    }
}

struct Listener {
    inlet: Inlet,
    outlet: Arc<Outlet>,
    orders: SyncSender<(u32, Zeroizing<Vec<u8>>)>,
    cancelled: Arc<AtomicU32>,
}

impl Listener {
    /// Ends the process with the conversation: the driver may hang, and nothing else ends it.
    fn listen(mut self, cancel: &dyn Fn()) {
        let code = match self.hear(cancel) {
            Ok(()) | Err(PipeError::Closed | PipeError::Late) => {
                // Without orders to come the other thread closes the device and ends the process:
                // a scanner that is left open may be found so by nobody, and a printer's driver
                // of the kernel comes back only then.
                drop(self.orders);
                thread::sleep(CLOSING);
                KIOSK_GONE
            }
            Err(PipeError::Garbage(_)) => GARBAGE,
        };
        std::process::exit(code);
    }

    fn hear(&mut self, cancel: &dyn Fn()) -> Result<(), PipeError> {
        loop {
            let header = self.inlet.header(None)?;
            let body = self.inlet.body(header, None)?;
            match header.kind {
                Kind::Call => {
                    // The kiosk waits for each answer; a full channel is a broken kiosk.
                    let sent = self.orders.try_send((header.call, body));
                    sent.map_err(|_| FrameError::Message)?;
                }
                Kind::Cancel => {
                    self.cancelled.store(header.call, Ordering::SeqCst);
                    cancel();
                }
                Kind::Ping => self.outlet.send(Kind::Pong, header.call, &[], None)?,
                Kind::Hello
                | Kind::Open
                | Kind::Opened
                | Kind::Part
                | Kind::Bulk
                | Kind::Answer
                | Kind::Pong => return Err(FrameError::Message.into()),
            }
        }
    }
}
