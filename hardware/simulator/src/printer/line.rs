//! The printer's socket or serial port.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;

use super::PrinterLine;
use crate::SimulatorError;
use crate::pty::Pty;

/// A plugged or unplugged line.
pub(super) enum Line {
    Tcp { address: SocketAddr, listener: Option<TcpListener>, host: Option<TcpStream> },
    Serial { path: PathBuf, pty: Option<Pty> },
}

impl Line {
    pub(super) fn open(line: &PrinterLine) -> Result<Self, SimulatorError> {
        match line {
            PrinterLine::Tcp(wanted) => {
                let failed =
                    |source| SimulatorError::Listen { address: wanted.to_string(), source };
                let listener = listen(*wanted).map_err(failed)?;
                let address = listener.local_addr().map_err(failed)?;
                Ok(Self::Tcp { address, listener: Some(listener), host: None })
            }
            PrinterLine::Serial(path) => {
                Ok(Self::Serial { path: path.clone(), pty: Some(Pty::plug(path)?) })
            }
        }
    }

    pub(super) fn address(&self) -> String {
        match self {
            Self::Tcp { address, .. } => address.to_string(),
            Self::Serial { path, .. } => path.display().to_string(),
        }
    }

    pub(super) fn unplug(&mut self) {
        match self {
            Self::Tcp { listener, host, .. } => (*listener, *host) = (None, None),
            Self::Serial { pty, .. } => *pty = None,
        }
    }

    pub(super) fn plug(&mut self) {
        match self {
            Self::Tcp { address, listener, .. } => *listener = listen(*address).ok(),
            Self::Serial { path, pty } => *pty = Pty::plug(path).ok(),
        }
    }

    /// Takes up to `most` bytes that are there. One host is served at a time, as printers do.
    pub(super) fn read(&mut self, most: usize) -> Vec<u8> {
        let mut buffer = vec![0; most];
        let read = match self {
            Self::Tcp { listener, host, .. } => {
                if host.is_none() {
                    *host = listener.as_ref().and_then(accept);
                }
                let Some(stream) = host else { return Vec::new() };
                let read = stream.read(&mut buffer);
                if matches!(&read, Ok(0)) || read.as_ref().is_err_and(|e| !is_pause(e.kind())) {
                    *host = None;
                }
                read
            }
            Self::Serial { pty: Some(pty), .. } => pty.read(&mut buffer),
            Self::Serial { pty: None, .. } => Ok(0),
        };
        buffer.truncate(read.unwrap_or(0));
        buffer
    }

    /// Answers; a host that does not listen loses the answer.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Tcp { host: Some(stream), .. } => drop(stream.write(bytes)),
            Self::Serial { pty: Some(pty), .. } => drop(pty.write(bytes)),
            Self::Tcp { host: None, .. } | Self::Serial { pty: None, .. } => {}
        }
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn accept(listener: &TcpListener) -> Option<TcpStream> {
    let (stream, _) = listener.accept().ok()?;
    stream.set_nonblocking(true).ok()?;
    stream.set_nodelay(true).ok()?;
    Some(stream)
}

fn is_pause(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
