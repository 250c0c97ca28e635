//! Lines over USB bulk endpoints, as receipt printers (class 7) offer them.
//!
//! Written with libusb's own transfers and no driver of the kernel between: a short write is
//! counted and continued, a stall is cleared, and each wait has an end. The kernel's `usblp` is
//! asked to step aside and comes back when the line is closed.

mod endpoints;

use std::fmt;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use rusb::{Context, DeviceHandle, UsbContext as _};

use crate::list::usb_attribute;
use crate::{ClassStatus, Connect, Port, PortError, left_until};
use endpoints::Endpoints;

/// Bytes handed over at once: whole packets at every speed, and little enough that a stall is
/// seen soon.
const CHUNK: usize = 4096;
/// Pause after a device answered a read with nothing at all, as some do instead of waiting.
const EMPTY_ANSWER_PAUSE: Duration = Duration::from_millis(5);
/// How long a device may take to answer on its control endpoint.
const CONTROL: Duration = Duration::from_millis(200);
/// Longest a drained device is read from; one that talks for ever is not waited for.
const MOST_DISCARDED: usize = 64;

/// `GET_PORT_STATUS` of the USB printer class, to an interface.
const GET_PORT_STATUS: (u8, u8) = (0xA1, 0x01);

/// A device at the USB, by its maker's numbers.
#[derive(Debug, Clone)]
pub struct Usb {
    vendor: u16,
    product: u16,
    pick: UsbPick,
    name: String,
}

/// Which of several devices with the same numbers is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsbPick {
    /// The first one found: there is only one.
    First,
    /// The one with this serial number.
    Serial(String),
    /// The one in this socket, as the kernel names it: `1-1.2`.
    Socket(String),
}

impl fmt::Display for UsbPick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => Ok(()),
            Self::Serial(serial) => write!(f, ":{serial}"),
            Self::Socket(socket) => write!(f, "@{socket}"),
        }
    }
}

impl Usb {
    /// Names the device; nothing is opened.
    #[must_use]
    pub fn new(vendor: u16, product: u16, pick: UsbPick) -> Self {
        let name = format!("usb:{vendor:04x}:{product:04x}{pick}");
        Self { vendor, product, pick, name }
    }

    fn error(&self, error: rusb::Error) -> PortError {
        usb_error(&self.name, error, 0)
    }

    fn find(&self, context: &Context) -> Result<rusb::Device<Context>, PortError> {
        let devices = context.devices().map_err(|error| self.error(error))?;
        let found = devices.iter().find(|device| {
            let numbers = device.device_descriptor();
            numbers.is_ok_and(|numbers| {
                (numbers.vendor_id(), numbers.product_id()) == (self.vendor, self.product)
            }) && self.is_picked(device)
        });
        found.ok_or_else(|| self.error(rusb::Error::NoDevice))
    }

    /// Serial numbers are read from the kernel's books, so that no other device is opened.
    fn is_picked(&self, device: &rusb::Device<Context>) -> bool {
        match &self.pick {
            UsbPick::First => true,
            UsbPick::Serial(serial) => {
                usb_attribute(&socket_of(device), "serial").as_deref() == Some(serial)
            }
            UsbPick::Socket(socket) => socket_of(device) == *socket,
        }
    }
}

/// The kernel's name of a device's place: its bus, then the sockets on the way.
fn socket_of(device: &rusb::Device<Context>) -> String {
    let sockets = device.port_numbers().unwrap_or_default();
    let sockets: Vec<String> = sockets.iter().map(u8::to_string).collect();
    format!("{}-{}", device.bus_number(), sockets.join("."))
}

impl Connect for Usb {
    fn device(&self) -> &str {
        &self.name
    }

    fn connect(&self, _deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        // A context of its own for each line: one made anew sees what was plugged in meanwhile.
        let context = Context::new().map_err(|error| self.error(error))?;
        let device = self.find(&context)?;
        let endpoints = Endpoints::of(&device).map_err(|error| self.error(error))?;
        let handle = device.open().map_err(|error| self.error(error))?;
        // Unknown on some systems, which then have no driver in the way either.
        let _ = handle.set_auto_detach_kernel_driver(true);
        let claimed =
            handle.claim_interface(endpoints.interface).and_then(|()| match endpoints.setting {
                0 => Ok(()),
                setting => handle.set_alternate_setting(endpoints.interface, setting),
            });
        claimed.map_err(|error| self.error(error))?;
        Ok(Box::new(UsbLine { name: self.name.clone(), handle, endpoints, came: Vec::new() }))
    }
}

struct UsbLine {
    name: String,
    handle: DeviceHandle<Context>,
    endpoints: Endpoints,
    /// Bytes of the last packet that nobody has read yet.
    came: Vec<u8>,
}

impl UsbLine {
    fn error(&self, error: rusb::Error, sent: usize) -> PortError {
        usb_error(&self.name, error, sent)
    }

    /// Lets a halted endpoint work again, and says what was sure to have been taken.
    fn clear_halt(&mut self, endpoint: u8, sent: usize) -> PortError {
        match self.handle.clear_halt(endpoint) {
            Ok(()) => PortError::Halted { device: self.name.clone(), sent },
            Err(error) => self.error(error, sent),
        }
    }

    /// Waits for the next packet; an empty one is no error.
    fn receive(&mut self, wait: Duration) -> Result<Vec<u8>, rusb::Error> {
        let endpoint = self.endpoints.input.ok_or(rusb::Error::Timeout)?;
        // Whole packets: a shorter buffer would have the rest thrown away.
        let mut packet = vec![0; self.endpoints.packet];
        let count = self.handle.read_bulk(endpoint, &mut packet, wait)?;
        packet.truncate(count);
        Ok(packet)
    }
}

impl Port for UsbLine {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        while self.came.is_empty() {
            let left = left_until(deadline).ok_or_else(|| self.error(rusb::Error::Timeout, 0))?;
            match self.receive(left) {
                Ok(packet) if packet.is_empty() => std::thread::sleep(EMPTY_ANSWER_PAUSE),
                Ok(packet) => self.came = packet,
                Err(rusb::Error::Interrupted) => {}
                Err(rusb::Error::Pipe) => {
                    let endpoint = self.endpoints.input.unwrap_or_default();
                    return Err(self.clear_halt(endpoint, 0));
                }
                Err(error) => return Err(self.error(error, 0)),
            }
        }
        let count = self.came.len().min(buffer.len());
        let bytes: Vec<u8> = self.came.drain(..count).collect();
        buffer.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        Ok(count)
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let mut rest = data;
        while !rest.is_empty() {
            let sent = data.len() - rest.len();
            let left =
                left_until(deadline).ok_or_else(|| self.error(rusb::Error::Timeout, sent))?;
            let chunk = rest.get(..CHUNK).unwrap_or(rest);
            match self.handle.write_bulk(self.endpoints.output, chunk, left) {
                // Often fewer than were given: the rest is still ours.
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(rusb::Error::Timeout | rusb::Error::Interrupted) => {}
                Err(rusb::Error::Pipe) => {
                    return Err(self.clear_halt(self.endpoints.output, sent));
                }
                Err(error) => return Err(self.error(error, sent)),
            }
        }
        Ok(())
    }

    fn discard(&mut self) {
        self.came.clear();
        for _ in 0..MOST_DISCARDED {
            if !self.receive(Duration::from_millis(1)).is_ok_and(|packet| !packet.is_empty()) {
                return;
            }
        }
    }

    fn class_status(&mut self) -> Option<ClassStatus> {
        let (kind, request) = GET_PORT_STATUS;
        let mut status = [0];
        let index = u16::from(self.endpoints.interface);
        let asked = self.handle.read_control(kind, request, 0, index, &mut status, CONTROL);
        let [bits] = status;
        (asked == Ok(1)).then(|| ClassStatus::from_byte(bits))
    }
}

fn usb_error(name: &str, error: rusb::Error, sent: usize) -> PortError {
    let device = name.to_owned();
    let gone = |cause| PortError::Gone { device: name.to_owned(), cause };
    match error {
        rusb::Error::Timeout | rusb::Error::Interrupted => PortError::TimedOut { device, sent },
        rusb::Error::Busy => PortError::Busy { device },
        rusb::Error::Pipe => PortError::Halted { device, sent },
        rusb::Error::NoDevice | rusb::Error::NotFound => gone(ErrorKind::NotConnected),
        // No rule of udev lets us in.
        rusb::Error::Access => gone(ErrorKind::PermissionDenied),
        rusb::Error::Io => gone(ErrorKind::BrokenPipe),
        rusb::Error::NotSupported | rusb::Error::BadDescriptor => gone(ErrorKind::Unsupported),
        rusb::Error::Overflow => gone(ErrorKind::InvalidData),
        rusb::Error::NoMem => gone(ErrorKind::OutOfMemory),
        rusb::Error::InvalidParam | rusb::Error::Other => gone(ErrorKind::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_operators_write_it() {
        let name = |pick| Usb::new(0x04b8, 0x0e15, pick).device().to_owned();
        assert_eq!(name(UsbPick::First), "usb:04b8:0e15");
        assert_eq!(name(UsbPick::Serial("X7".into())), "usb:04b8:0e15:X7");
        assert_eq!(name(UsbPick::Socket("1-1.2".into())), "usb:04b8:0e15@1-1.2");
    }

    #[test]
    fn what_is_not_plugged_in_is_gone() {
        let deadline = Instant::now() + Duration::from_secs(1);
        let usb = Usb::new(0xFFFF, 0xFFFF, UsbPick::First);
        let error = usb.connect(deadline).err().unwrap();
        assert!(matches!(error, PortError::Gone { .. }), "{error}");
    }

    #[test]
    fn each_error_of_the_library_says_what_the_caller_can_do() {
        for (error, expected) in [
            (rusb::Error::NoDevice, "usb:x is not connected (not connected)"),
            (rusb::Error::Io, "usb:x is not connected (broken pipe)"),
            (rusb::Error::Access, "usb:x is not connected (permission denied)"),
            (rusb::Error::Busy, "usb:x is held by another program"),
            (rusb::Error::Timeout, "usb:x took 7 bytes, then no more in time"),
            (rusb::Error::Pipe, "usb:x stopped a transfer after 7 bytes"),
        ] {
            assert_eq!(usb_error("usb:x", error, 7).to_string(), expected);
        }
    }
}
