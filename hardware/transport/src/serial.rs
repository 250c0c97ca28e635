//! Lines over serial ports: RS-232, USB converters, CDC-ACM devices, pseudo-terminals.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use serialport::{ClearBuffer, FlowControl, SerialPort, TTYPort};

use crate::{Connect, Port, PortError, left_until};

/// Pause before a full queue is tried again; at 9,600 bit/s ten bytes leave in it.
const FULL_QUEUE_PAUSE: Duration = Duration::from_millis(10);

/// A device at a serial port, 8 data bits, no parity, 1 stop bit.
#[derive(Debug, Clone)]
pub struct Serial {
    path: String,
    baud_bps: u32,
    flow: Flow,
}

/// How a device tells that its buffer is full. It must match a switch inside the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Not at all: code guns, USB devices that only look like serial ones.
    None,
    /// By the RTS and CTS wires. A cable without them stalls the line.
    RtsCts,
    /// By the bytes XON and XOFF, which are taken out of what the device sends.
    XonXoff,
}

impl Serial {
    /// Names the device; nothing is opened. Prefer a path below `/dev/serial/by-id`: a USB device
    /// that was pulled comes back under another number.
    #[must_use]
    pub fn new(path: impl Into<String>, baud_bps: u32) -> Self {
        Self { path: path.into(), baud_bps, flow: Flow::None }
    }

    /// The same device with flow control.
    #[must_use]
    pub fn with_flow(self, flow: Flow) -> Self {
        Self { flow, ..self }
    }
}

impl Connect for Serial {
    fn device(&self) -> &str {
        &self.path
    }

    fn connect(&self, _deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        let flow = match self.flow {
            Flow::None => FlowControl::None,
            Flow::RtsCts => FlowControl::Hardware,
            Flow::XonXoff => FlowControl::Software,
        };
        let builder = serialport::new(&self.path, self.baud_bps).flow_control(flow);
        let port = TTYPort::open(&builder).map_err(|error| self.open_error(&error))?;
        // The library opens for blocking use: a `write` longer than the free room of a stalled
        // line would then sleep for ever, whatever time limit was set. Ptys have 4 KB of room.
        fcntl(port.as_raw_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))
            .map_err(|_| PortError::from_io(&self.path, ErrorKind::Other, 0))?;
        Ok(Box::new(SerialLine { device: self.path.clone(), port }))
    }
}

impl Serial {
    fn open_error(&self, error: &serialport::Error) -> PortError {
        let device = self.path.clone();
        match error.kind {
            // The library's word for a port that is locked by another program.
            serialport::ErrorKind::NoDevice => PortError::Busy { device },
            serialport::ErrorKind::Io(ErrorKind::WouldBlock) => PortError::Busy { device },
            serialport::ErrorKind::Io(cause) => PortError::Gone { device, cause },
            serialport::ErrorKind::InvalidInput => {
                PortError::Gone { device, cause: ErrorKind::InvalidInput }
            }
            serialport::ErrorKind::Unknown => PortError::Gone { device, cause: ErrorKind::Other },
        }
    }
}

struct SerialLine {
    device: String,
    port: TTYPort,
}

impl SerialLine {
    fn error(&self, cause: ErrorKind, sent: usize) -> PortError {
        PortError::from_io(&self.device, cause, sent)
    }

    /// Tells the library how long to wait for the next event.
    fn wait_until(&mut self, deadline: Instant, sent: usize) -> Result<(), PortError> {
        let left = left_until(deadline).ok_or_else(|| self.error(ErrorKind::TimedOut, sent))?;
        let set = self.port.set_timeout(left);
        set.map_err(|_| self.error(ErrorKind::Other, sent))
    }
}

impl Port for SerialLine {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        loop {
            self.wait_until(deadline, 0)?;
            match self.port.read(buffer) {
                Ok(0) => return Err(self.error(ErrorKind::UnexpectedEof, 0)),
                Ok(count) => return Ok(count),
                Err(error) if is_transient(error.kind()) => {}
                Err(error) => return Err(self.error(error.kind(), 0)),
            }
        }
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let mut rest = data;
        while !rest.is_empty() {
            let sent = data.len() - rest.len();
            self.wait_until(deadline, sent)?;
            match self.port.write(rest) {
                Ok(0) => std::thread::sleep(FULL_QUEUE_PAUSE),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if is_transient(error.kind()) => std::thread::sleep(FULL_QUEUE_PAUSE),
                Err(error) => return Err(self.error(error.kind(), sent)),
            }
        }
        Ok(())
    }

    fn discard(&mut self) {
        // A port that refuses this is broken; the next read says so.
        let _ = self.port.clear(ClearBuffer::All);
    }
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        // Closing a serial port waits up to 30 s for a stalled queue to empty.
        let _ = self.port.clear(ClearBuffer::Output);
    }
}

fn is_transient(cause: ErrorKind) -> bool {
    matches!(cause, ErrorKind::Interrupted | ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(300)
    }

    fn pty() -> (TTYPort, String) {
        let (master, slave) = TTYPort::pair().unwrap();
        let path = slave.name().unwrap();
        (master, path)
    }

    #[test]
    fn a_missing_port_is_gone_and_a_held_one_is_busy() {
        let error = Serial::new("/dev/tty-of-nobody", 9600).connect(soon()).err().unwrap();
        assert!(matches!(error, PortError::Gone { .. }), "{error}");
        let (_master, path) = pty();
        let serial = Serial::new(path, 9600);
        let held = serial.connect(soon()).unwrap();
        let error = serial.connect(soon()).err().unwrap();
        assert!(matches!(error, PortError::Busy { .. }), "{error}");
        drop(held);
    }

    #[test]
    fn a_stalled_line_tells_how_much_it_took_and_never_hangs() {
        let (mut master, path) = pty();
        let mut port = Serial::new(path, 115_200).connect(soon()).unwrap();
        let began = Instant::now();
        let error = port.write_all(&[0x55; 40_000], soon()).unwrap_err();
        let PortError::TimedOut { sent, .. } = error else { panic!("{error}") };
        assert!(began.elapsed() < Duration::from_secs(5));
        let mut buffer = [0; 65_536];
        let mut arrived = 0;
        master.set_timeout(Duration::from_millis(200)).unwrap();
        while let Ok(count) = master.read(&mut buffer) {
            arrived += count;
        }
        assert_eq!(arrived, sent);
    }

    #[test]
    fn xoff_holds_the_line_until_xon_and_is_not_delivered() {
        let (mut master, path) = pty();
        let serial = Serial::new(path, 115_200).with_flow(Flow::XonXoff);
        let mut port = serial.connect(soon()).unwrap();
        master.write_all(&[0x13, b'a']).unwrap();
        let mut buffer = [0; 8];
        assert_eq!(port.read(&mut buffer, soon()), Ok(1));
        assert_eq!(buffer[0], b'a');
        assert!(port.write_all(b"held", soon()).is_err());
        master.write_all(&[0x11]).unwrap();
        port.write_all(b"sent", Instant::now() + Duration::from_secs(5)).unwrap();
        master.set_timeout(Duration::from_secs(5)).unwrap();
        assert!(master.read(&mut buffer).unwrap() > 0);
    }

    #[test]
    fn a_pulled_device_is_gone() {
        let (master, path) = pty();
        let mut port = Serial::new(path, 115_200).connect(soon()).unwrap();
        drop(master);
        let error = port.read(&mut [0; 8], soon()).unwrap_err();
        assert!(matches!(error, PortError::Gone { .. }), "{error}");
    }
}
