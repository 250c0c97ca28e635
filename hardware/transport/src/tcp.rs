//! Lines over TCP, as network printers offer them on port 9100.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Instant;

use crate::{Connect, Port, PortError, left_until};

/// A device at `host:port`.
#[derive(Debug, Clone)]
pub struct Tcp {
    address: String,
}

impl Tcp {
    /// Names the device; nothing is opened. Prefer an IP literal: a name is looked up by the
    /// system's resolver, which keeps its own time limit.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into() }
    }
}

impl Connect for Tcp {
    fn device(&self) -> &str {
        &self.address
    }

    fn connect(&self, deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        let fail = |cause: ErrorKind| PortError::from_io(&self.address, cause, 0);
        let mut last = ErrorKind::NotFound;
        for address in self.address.to_socket_addrs().map_err(|error| fail(error.kind()))? {
            let left = left_until(deadline).ok_or_else(|| fail(ErrorKind::TimedOut))?;
            match TcpStream::connect_timeout(&address, left) {
                Ok(stream) => {
                    // Status requests are three bytes; waiting to fill a packet would delay them.
                    stream.set_nodelay(true).map_err(|error| fail(error.kind()))?;
                    return Ok(Box::new(TcpPort { device: self.address.clone(), stream }));
                }
                Err(error) => last = error.kind(),
            }
        }
        Err(fail(last))
    }
}

struct TcpPort {
    device: String,
    stream: TcpStream,
}

impl TcpPort {
    fn error(&self, cause: ErrorKind, sent: usize) -> PortError {
        PortError::from_io(&self.device, cause, sent)
    }
}

impl Port for TcpPort {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        loop {
            let left = left_until(deadline).ok_or_else(|| self.error(ErrorKind::TimedOut, 0))?;
            let read =
                self.stream.set_read_timeout(Some(left)).and_then(|()| self.stream.read(buffer));
            match read {
                Ok(0) => return Err(self.error(ErrorKind::UnexpectedEof, 0)),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(error.kind(), 0)),
            }
        }
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let mut rest = data;
        while !rest.is_empty() {
            let sent = data.len() - rest.len();
            let left = left_until(deadline).ok_or_else(|| self.error(ErrorKind::TimedOut, sent))?;
            let wrote =
                self.stream.set_write_timeout(Some(left)).and_then(|()| self.stream.write(rest));
            match wrote {
                Ok(0) => return Err(self.error(ErrorKind::WriteZero, sent)),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(error.kind(), sent)),
            }
        }
        Ok(())
    }

    fn discard(&mut self) {
        let mut bin = [0; 256];
        if self.stream.set_nonblocking(true).is_ok() {
            while matches!(self.stream.read(&mut bin), Ok(1..)) {}
            // A socket that refuses this is broken; the next read says so.
            let _ = self.stream.set_nonblocking(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(200)
    }

    fn pair() -> (Box<dyn Port>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let port = Tcp::new(address).connect(Instant::now() + Duration::from_secs(5)).unwrap();
        (port, listener.accept().unwrap().0)
    }

    #[test]
    fn nobody_listening_is_gone() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let error = Tcp::new(address).connect(soon()).err().unwrap();
        assert!(matches!(error, PortError::Gone { .. }), "{error}");
    }

    #[test]
    fn a_silent_device_times_out_and_a_closed_one_is_gone() {
        let (mut port, device) = pair();
        let mut buffer = [0; 8];
        let error = port.read(&mut buffer, soon()).unwrap_err();
        assert!(matches!(error, PortError::TimedOut { sent: 0, .. }), "{error}");
        drop(device);
        let error = port.read(&mut buffer, soon()).unwrap_err();
        assert!(matches!(error, PortError::Gone { .. }), "{error}");
    }

    #[test]
    fn a_device_that_stops_reading_tells_how_much_it_took() {
        let (mut port, device) = pair();
        let data = vec![0x55; 64 << 20];
        let error = port.write_all(&data, soon()).unwrap_err();
        let PortError::TimedOut { sent, .. } = error else { panic!("{error}") };
        assert!(sent > 0 && sent < data.len());
        drop(device);
    }

    #[test]
    fn stale_answers_are_thrown_away() {
        let (mut port, mut device) = pair();
        device.write_all(b"stale").unwrap();
        let mut buffer = [0; 8];
        assert!(port.read(&mut buffer[..1], soon()).is_ok());
        port.discard();
        assert!(port.read(&mut buffer, soon()).is_err());
        device.write_all(b"fresh").unwrap();
        assert!(port.read(&mut buffer, Instant::now() + Duration::from_secs(5)).is_ok());
    }
}
