//! What is plugged in, read from the kernel's books. Nothing is opened: a list may be asked for
//! while a device is at work.

use std::fs;
use std::path::{Path, PathBuf};

const USB_DEVICES: &str = "/sys/bus/usb/devices";
const SERIAL_BY_ID: &str = "/dev/serial/by-id";

/// The USB class of printers.
const PRINTER: u8 = 7;
/// Kind and least length of an interface's descriptor, and where its class stands.
const INTERFACE: (u8, usize, usize) = (4, 9, 5);

/// A printer at the USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbPrinter {
    /// Its maker's number.
    pub vendor: u16,
    /// Its model's number.
    pub product: u16,
    /// Its serial number, if it has one.
    pub serial: Option<String>,
    /// The socket it is in, as the kernel names it: `1-1.2`.
    pub socket: String,
    /// What it calls itself: maker and model.
    pub name: String,
}

/// The printers (class 7) at the USB, in the order of their sockets.
#[must_use]
pub fn list_usb_printers() -> Vec<UsbPrinter> {
    usb_printers(Path::new(USB_DEVICES))
}

/// Serial ports under names that do not change when a device is pulled and comes back.
#[must_use]
pub fn list_serial_ports() -> Vec<PathBuf> {
    sorted_entries(Path::new(SERIAL_BY_ID))
}

/// One of the kernel's notes on the device in a socket.
pub(crate) fn usb_attribute(socket: &str, attribute: &str) -> Option<String> {
    text(&Path::new(USB_DEVICES).join(socket), attribute)
}

fn usb_printers(folder: &Path) -> Vec<UsbPrinter> {
    sorted_entries(folder).iter().filter_map(|device| usb_printer(device)).collect()
}

fn usb_printer(device: &Path) -> Option<UsbPrinter> {
    let descriptors = fs::read(device.join("descriptors")).ok()?;
    if !is_printer(&descriptors) {
        return None;
    }
    let number = |attribute| u16::from_str_radix(&text(device, attribute)?, 16).ok();
    let names = [text(device, "manufacturer"), text(device, "product")];
    Some(UsbPrinter {
        vendor: number("idVendor")?,
        product: number("idProduct")?,
        serial: text(device, "serial"),
        socket: device.file_name()?.to_str()?.to_owned(),
        name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
    })
}

/// Whether one of the interfaces is a printer's. Descriptors stand one after the other, each led
/// by its length and kind.
fn is_printer(descriptors: &[u8]) -> bool {
    let (interface, least, class) = INTERFACE;
    let mut rest = descriptors;
    while let [length, kind, ..] = rest {
        let (length, kind) = (usize::from(*length), *kind);
        let (Some(descriptor), Some(next)) = (rest.get(..length), rest.get(length..)) else {
            return false;
        };
        if kind == interface && length >= least && descriptor.get(class) == Some(&PRINTER) {
            return true;
        }
        if length == 0 {
            return false;
        }
        rest = next;
    }
    false
}

fn text(folder: &Path, attribute: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(attribute)).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn sorted_entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A device, its configuration, one interface of this class with two endpoints.
    fn descriptors(class: u8) -> Vec<u8> {
        let mut bytes = vec![18, 1];
        bytes.resize(18, 0);
        bytes.extend([9, 2, 32, 0, 1, 1, 0, 0xC0, 1]);
        bytes.extend([9, 4, 0, 0, 2, class, 1, 2, 0]);
        bytes.extend([7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0]);
        bytes
    }

    fn plug(folder: &Path, socket: &str, class: u8, notes: &[(&str, &str)]) {
        let device = folder.join(socket);
        fs::create_dir(&device).unwrap();
        fs::write(device.join("descriptors"), descriptors(class)).unwrap();
        for (attribute, text) in notes {
            fs::write(device.join(attribute), format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn printers_are_listed_by_what_the_kernel_knows_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let epson = [("idVendor", "04b8"), ("idProduct", "0e15"), ("serial", "X7")];
        plug(folder.path(), "1-2", PRINTER, &epson);
        let names = [("manufacturer", "EPSON"), ("product", "TM-T20")];
        plug(folder.path(), "1-1.4", PRINTER, &[&epson[..2], &names[..]].concat());
        plug(folder.path(), "1-3", 3, &epson);
        plug(folder.path(), "1-4", PRINTER, &[]);
        let listed = usb_printers(folder.path());
        let seen: Vec<_> = listed.iter().map(|p| (p.socket.as_str(), p.name.as_str())).collect();
        assert_eq!(seen, [("1-1.4", "EPSON TM-T20"), ("1-2", "")]);
        assert_eq!(listed[1].serial.as_deref(), Some("X7"));
        assert_eq!((listed[1].vendor, listed[1].product), (0x04b8, 0x0e15));
        assert!(usb_printers(&folder.path().join("missing")).is_empty());
    }

    proptest! {
        #[test]
        fn any_descriptors_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            is_printer(&bytes);
        }
    }
}
