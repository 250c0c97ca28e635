//! A pseudo-terminal whose far end has a name of our choice, like `/dev/serial/by-id` gives.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::SimulatorError;

/// The device's end of a serial line. Dropping it pulls the plug.
pub(crate) struct Pty {
    device: OwnedFd,
    // Held open: without any reader the device's end would report errors instead of silence.
    _host: OwnedFd,
    link: PathBuf,
}

impl Pty {
    /// Plugs a device in; programs find it at `link`.
    pub(crate) fn plug(link: &Path) -> Result<Self, SimulatorError> {
        let (device, host, name) = open().map_err(SimulatorError::Terminal)?;
        let _ = fs::remove_file(link);
        symlink(name, link).map_err(SimulatorError::make(link))?;
        Ok(Self { device, _host: host, link: link.to_owned() })
    }

    /// Reads what is there; `WouldBlock` when nothing is.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(&self.device, buffer)?)
    }

    /// Writes as much as fits; `WouldBlock` when nothing does.
    pub(crate) fn write(&self, data: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(&self.device, data)?)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.link);
    }
}

fn open() -> io::Result<(OwnedFd, OwnedFd, PathBuf)> {
    let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&device)?;
    unlockpt(&device)?;
    let name = ptsname(&device, Vec::new())?;
    let name = PathBuf::from(std::ffi::OsStr::from_bytes(name.as_bytes()));
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let host = rustix::fs::open(&name, flags, Mode::empty())?;
    let mut termios = tcgetattr(&host)?;
    termios.make_raw();
    tcsetattr(&host, OptionalActions::Now, &termios)?;
    rustix::fs::fcntl_setfl(&device, OFlags::NONBLOCK)?;
    Ok((device, host, name))
}
