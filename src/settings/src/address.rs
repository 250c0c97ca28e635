//! Where a device is attached, as an operator writes it.

use std::{fmt, path::PathBuf, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text names no place of a device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not of the form {expected}")]
pub struct NotAnAddress {
    text: String,
    expected: &'static str,
}

/// Where the printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterPort {
    /// The kiosk has none.
    None,
    /// In the network, `host:port`.
    Tcp(String),
    /// At a serial port.
    Serial {
        /// The device file.
        path: String,
        /// Bits per second.
        baud_bps: u32,
    },
    /// At the USB.
    Usb {
        /// The maker's number.
        vendor: u16,
        /// The model's number.
        product: u16,
        /// Which one, where several have these numbers.
        pick: UsbPick,
    },
}

/// Which of several USB devices with the same numbers is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsbPick {
    /// There is only one.
    First,
    /// The one with this serial number.
    Serial(String),
    /// The one in this socket, as the kernel names it: `1-1.2`.
    Socket(String),
}

/// Where a code reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodePort {
    /// A gun at a serial port.
    Serial {
        /// The device file.
        path: String,
        /// Bits per second.
        baud_bps: u32,
    },
    /// A picture file that stands for a camera.
    Image(PathBuf),
    /// A camera: its device file, or its name as the system lists it.
    Camera(String),
    /// A gun that types like a keyboard: its input device file.
    Wedge(String),
}

fn serial(text: &str) -> Option<(String, u32)> {
    let (path, baud) = text.strip_prefix("serial:")?.rsplit_once('@')?;
    let baud_bps = baud.parse().ok().filter(|baud| *baud > 0)?;
    (!path.is_empty()).then(|| (path.to_owned(), baud_bps))
}

/// `usb:VENDOR:PRODUCT`, both four hexadecimal digits, then `:SERIAL` or `@SOCKET` if wanted.
fn usb(text: &str) -> Option<PrinterPort> {
    let (vendor, rest) = text.strip_prefix("usb:")?.split_once(':')?;
    let (product, pick) = match rest.split_once([':', '@']) {
        None => (rest, UsbPick::First),
        Some((_, "")) => return None,
        Some((product, which)) if rest.get(product.len()..=product.len()) == Some("@") => {
            (product, UsbPick::Socket(which.to_owned()))
        }
        Some((product, which)) => (product, UsbPick::Serial(which.to_owned())),
    };
    let number = |digits: &str| u16::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 4);
    Some(PrinterPort::Usb { vendor: number(vendor)?, product: number(product)?, pick })
}

impl FromStr for PrinterPort {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some((path, baud_bps)) = serial(text) {
            return Ok(Self::Serial { path, baud_bps });
        }
        if let Some(usb) = usb(text) {
            return Ok(usb);
        }
        let address = text.strip_prefix("tcp:").filter(|address| {
            address
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        });
        address.map(|address| Self::Tcp(address.to_owned())).ok_or_else(|| NotAnAddress {
            text: text.to_owned(),
            expected: "usb:VENDOR:PRODUCT[:SERIAL or @SOCKET], tcp:HOST:PORT, \
                       serial:PATH@BAUD or none",
        })
    }
}

impl FromStr for CodePort {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if let Some((path, baud_bps)) = serial(text) {
            return Ok(Self::Serial { path, baud_bps });
        }
        let place = |kind: &str| text.strip_prefix(kind).filter(|place| !place.is_empty());
        let image = place("image:").map(|path| Self::Image(path.into()));
        let camera = place("camera:").map(|place| Self::Camera(place.to_owned()));
        let wedge = place("wedge:").map(|path| Self::Wedge(path.to_owned()));
        image.or(camera).or(wedge).ok_or_else(|| NotAnAddress {
            text: text.to_owned(),
            expected: "camera:PLACE, serial:PATH@BAUD, wedge:PATH or image:PATH",
        })
    }
}

impl fmt::Display for PrinterPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Serial { path, baud_bps } => write!(f, "serial:{path}@{baud_bps}"),
            Self::Usb { vendor, product, pick } => {
                write!(f, "usb:{vendor:04x}:{product:04x}")?;
                match pick {
                    UsbPick::First => Ok(()),
                    UsbPick::Serial(serial) => write!(f, ":{serial}"),
                    UsbPick::Socket(socket) => write!(f, "@{socket}"),
                }
            }
        }
    }
}

impl fmt::Display for CodePort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, baud_bps } => write!(f, "serial:{path}@{baud_bps}"),
            Self::Image(path) => write!(f, "image:{}", path.display()),
            Self::Camera(place) => write!(f, "camera:{place}"),
            Self::Wedge(path) => write!(f, "wedge:{path}"),
        }
    }
}

impl Serialize for PrinterPort {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for CodePort {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PrinterPort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for CodePort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_operators_write_them() {
        let usb = |pick| Some(PrinterPort::Usb { vendor: 0x04b8, product: 0x0e15, pick });
        let serial = PrinterPort::Serial { path: "/dev/ttyS0".into(), baud_bps: 115_200 };
        for (text, expected) in [
            ("none", Some(PrinterPort::None)),
            ("tcp:10.0.0.9:9100", Some(PrinterPort::Tcp("10.0.0.9:9100".into()))),
            ("serial:/dev/ttyS0@115200", Some(serial)),
            ("tcp:10.0.0.9", None),
            ("tcp::9100", None),
            ("serial:/dev/ttyS0", None),
            ("serial:/dev/ttyS0@0", None),
            ("usb:04b8:0e15", usb(UsbPick::First)),
            ("usb:04b8:0e15:X:7", usb(UsbPick::Serial("X:7".into()))),
            ("usb:04b8:0e15@1-1.2", usb(UsbPick::Socket("1-1.2".into()))),
            ("usb:04b8:0e15:", None),
            ("usb:04b8:0e15@", None),
            ("usb:4b8:0e15", None),
            ("usb:04b8:0e1g", None),
            ("usb:04b8", None),
            ("usb", None),
        ] {
            let port = text.parse::<PrinterPort>().ok();
            assert_eq!(port, expected, "{text}");
            if let Some(port) = port {
                assert_eq!(port.to_string(), text);
            }
        }
        assert_eq!(
            "image:/run/f.png".parse::<CodePort>().ok(),
            Some(CodePort::Image("/run/f.png".into()))
        );
        for text in [
            "serial:/dev/gun@9600",
            "image:/run/f.png",
            "camera:/dev/v4l/by-id/usb-0-video-index0",
            "camera:HD Camera: Front",
            "wedge:/dev/input/by-id/usb-0-event-kbd",
        ] {
            assert_eq!(text.parse::<CodePort>().map(|port| port.to_string()).as_deref(), Ok(text));
        }
        for text in ["image:", "camera:", "wedge:", "serial:/dev/gun", "/dev/video0", ""] {
            assert!(text.parse::<CodePort>().is_err(), "{text}");
        }
    }
}
