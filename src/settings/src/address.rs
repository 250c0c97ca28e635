//! Where a device is attached, as an operator writes it.

use std::{fmt, path::PathBuf, str::FromStr};

use serde::{Deserialize, Deserializer};

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
}

fn serial(text: &str) -> Option<(String, u32)> {
    let (path, baud) = text.strip_prefix("serial:")?.rsplit_once('@')?;
    let baud_bps = baud.parse().ok().filter(|baud| *baud > 0)?;
    (!path.is_empty()).then(|| (path.to_owned(), baud_bps))
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
        let address = text.strip_prefix("tcp:").filter(|address| {
            address
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        });
        address.map(|address| Self::Tcp(address.to_owned())).ok_or_else(|| NotAnAddress {
            text: text.to_owned(),
            expected: "tcp:HOST:PORT, serial:PATH@BAUD or none",
        })
    }
}

impl FromStr for CodePort {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if let Some((path, baud_bps)) = serial(text) {
            return Ok(Self::Serial { path, baud_bps });
        }
        let path = text.strip_prefix("image:").filter(|path| !path.is_empty());
        path.map(|path| Self::Image(path.into())).ok_or_else(|| NotAnAddress {
            text: text.to_owned(),
            expected: "serial:PATH@BAUD or image:PATH",
        })
    }
}

impl fmt::Display for PrinterPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Serial { path, baud_bps } => write!(f, "serial:{path}@{baud_bps}"),
        }
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
        let serial = PrinterPort::Serial { path: "/dev/ttyS0".into(), baud_bps: 115_200 };
        for (text, expected) in [
            ("none", Some(PrinterPort::None)),
            ("tcp:10.0.0.9:9100", Some(PrinterPort::Tcp("10.0.0.9:9100".into()))),
            ("serial:/dev/ttyS0@115200", Some(serial)),
            ("tcp:10.0.0.9", None),
            ("tcp::9100", None),
            ("serial:/dev/ttyS0", None),
            ("serial:/dev/ttyS0@0", None),
            ("usb", None),
        ] {
            assert_eq!(text.parse::<PrinterPort>().ok(), expected, "{text}");
        }
        assert_eq!(
            "image:/run/f.png".parse::<CodePort>().ok(),
            Some(CodePort::Image("/run/f.png".into()))
        );
        assert!("image:".parse::<CodePort>().is_err());
    }
}
