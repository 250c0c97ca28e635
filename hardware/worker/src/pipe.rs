//! The two ends of a pipe: reading and writing frames, with a deadline where one is given.

use std::{
    io::{self, IoSlice},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use zeroize::Zeroizing;

use crate::frame::{FrameError, HEADER_BYTES, Header, Kind};

/// What Linux gives an ordinary user; pages then need few changes between the two processes.
const PIPE_BYTES: usize = 1 << 20;

/// A frame could not be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipeError {
    /// The other side is gone.
    #[error("the pipe is closed")]
    Closed,
    /// The other side kept silent too long, or took nothing.
    #[error("the other side of the pipe is silent")]
    Late,
    /// The other side wrote what is no frame.
    #[error("the other side of the pipe is broken")]
    Garbage(#[from] FrameError),
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The pipe can be used, or is closed.
    Ready,
    /// Somebody woke the waiting one.
    Called,
}

/// Waits for `fd`, or for `also` to become readable.
pub(crate) fn wait(
    fd: BorrowedFd<'_>,
    flags: PollFlags,
    also: Option<BorrowedFd<'_>>,
    until: Option<Instant>,
) -> Result<Woken, PipeError> {
    let mut fds = vec![PollFd::from_borrowed_fd(fd, flags)];
    fds.extend(also.map(|also| PollFd::from_borrowed_fd(also, PollFlags::IN)));
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match poll(&mut fds, left.as_ref()) {
            Ok(0) => return Err(PipeError::Late),
            Ok(_) => {
                let ready = fds.first().is_some_and(|fd| !fd.revents().is_empty());
                return Ok(if ready { Woken::Ready } else { Woken::Called });
            }
            Err(Errno::INTR) => {}
            Err(_) => return Err(PipeError::Closed),
        }
    }
}

/// The end that is read. It reads no further than a frame, so that nothing is held here and
/// samples go straight to their place.
pub(crate) struct Inlet {
    fd: OwnedFd,
}

impl Inlet {
    pub(crate) fn new(fd: OwnedFd) -> Self {
        Self { fd }
    }

    /// Waits until something can be read, or `also` wakes.
    pub(crate) fn wait(
        &self,
        also: Option<BorrowedFd<'_>>,
        until: Option<Instant>,
    ) -> Result<Woken, PipeError> {
        wait(self.fd.as_fd(), PollFlags::IN, also, until)
    }

    /// The first bytes of the next frame.
    pub(crate) fn header(&mut self, until: Option<Instant>) -> Result<Header, PipeError> {
        let mut bytes = [0; HEADER_BYTES];
        self.read_exact(&mut bytes, until)?;
        Ok(Header::parse(bytes)?)
    }

    /// The body of the frame whose header was read last. Wiped when dropped: PINs and answers of
    /// cards come through here.
    pub(crate) fn body(
        &mut self,
        header: Header,
        until: Option<Instant>,
    ) -> Result<Zeroizing<Vec<u8>>, PipeError> {
        let mut body = Zeroizing::new(vec![0; header.body_bytes()]);
        self.read_exact(&mut body, until)?;
        Ok(body)
    }

    /// Fills `bytes`.
    pub(crate) fn read_exact(
        &mut self,
        bytes: &mut [u8],
        until: Option<Instant>,
    ) -> Result<(), PipeError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let count = read(&self.fd, rest, until)?;
            rest = rest.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }
}

fn read(fd: &OwnedFd, bytes: &mut [u8], until: Option<Instant>) -> Result<usize, PipeError> {
    loop {
        match rustix::io::read(fd, &mut *bytes) {
            Ok(0) => return Err(PipeError::Closed),
            Ok(count) => return Ok(count),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                wait(fd.as_fd(), PollFlags::IN, None, until)?;
            }
            Err(_) => return Err(PipeError::Closed),
        }
    }
}

/// The end that is written. Frames of several threads do not mix.
pub(crate) struct Outlet {
    fd: OwnedFd,
    writing: Mutex<()>,
}

impl Outlet {
    pub(crate) fn new(fd: OwnedFd) -> Self {
        Self { fd, writing: Mutex::new(()) }
    }

    /// Writes a frame.
    pub(crate) fn send(
        &self,
        kind: Kind,
        call: u32,
        body: &[u8],
        until: Option<Instant>,
    ) -> Result<(), PipeError> {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        if length > kind.most_bytes() {
            return Err(FrameError::TooLong(length).into());
        }
        let header = Header { kind, call, length }.bytes();
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut head, mut body) = (&header[..], body);
        while !(head.is_empty() && body.is_empty()) {
            let mut count = self.write(&[IoSlice::new(head), IoSlice::new(body)], until)?;
            let of_head = count.min(head.len());
            head = head.get(of_head..).unwrap_or_default();
            count -= of_head;
            body = body.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    fn write(&self, parts: &[IoSlice<'_>], until: Option<Instant>) -> Result<usize, PipeError> {
        loop {
            match rustix::io::writev(&self.fd, parts) {
                Ok(count) => return Ok(count),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    wait(self.fd.as_fd(), PollFlags::OUT, None, until)?;
                }
                Err(_) => return Err(PipeError::Closed),
            }
        }
    }
}

/// Makes the kiosk's end one that never blocks, and the pipe a wide one.
pub(crate) fn prepare(fd: &OwnedFd) -> io::Result<()> {
    rustix::io::ioctl_fionbio(fd, true)?;
    // A machine that allows less is slower, not wrong.
    let _narrow = rustix::pipe::fcntl_setpipe_size(fd, PIPE_BYTES);
    Ok(())
}
