//! Sessions with printers and guns, recorded at the line as tapes that tests can play.
//!
//! The driver runs in this process then and in no worker: nobody waits at a counter.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use code_reader::{SerialGun, Wedge};
use hardware_api::{PaperWidth, Printer};
use journal::Event;
use printer_escpos::{EscPos, Model};
use settings::{CodePort, PaperSetting, PrinterPort};
use transport::{Connect, Recording, Serial, TapeHead, Tcp, Usb, UsbPick};

use crate::{
    failure::{Failure, Part},
    fleet::{Fleet, NamedReader},
    scanner,
};

/// The printer of the settings, recorded into `file`.
pub(crate) fn printer(fleet: &Fleet, file: &Path) -> Result<Box<dyn Printer>, Failure> {
    // Its worker looks at the settings, and says what is wrong with them.
    drop(fleet.printer()?);
    let settings = &fleet.settings().printer;
    let line: Box<dyn Connect> = match &settings.port {
        PrinterPort::Tcp(address) => Box::new(Tcp::new(address)),
        PrinterPort::Serial { path, baud_bps } => Box::new(Serial::new(path, *baud_bps)),
        PrinterPort::Usb { vendor, product, pick } => {
            Box::new(Usb::new(*vendor, *product, picked(pick)))
        }
        PrinterPort::None => return Err(Failure::NotSetUp(Part::Printer)),
    };
    let width = match settings.paper {
        PaperSetting::Mm58 => PaperWidth::Mm58,
        PaperSetting::Mm80 => PaperWidth::Mm80,
    };
    let device = format!("{} at {}", settings.model, settings.port);
    let line = recorded(line, fleet, file, device, "kioskctl printer test")?;
    let printer = Model::by_name(&settings.model).and_then(|it| EscPos::over(line, it, width));
    match printer {
        Ok(printer) => Ok(Box::new(printer)),
        Err(error) => Err(Failure::unfit(Event::WorkerRefused, error.to_string())),
    }
}

fn picked(pick: &settings::UsbPick) -> UsbPick {
    match pick {
        settings::UsbPick::First => UsbPick::First,
        settings::UsbPick::Serial(serial) => UsbPick::Serial(serial.clone()),
        settings::UsbPick::Socket(socket) => UsbPick::Socket(socket.clone()),
    }
}

/// The first gun of the settings, recorded into `file`. Cameras have no line.
pub(crate) fn gun(fleet: &Fleet, file: &Path) -> Result<NamedReader, Failure> {
    let mut lines = fleet.settings().codes.readers.iter().filter_map(|port| {
        let line: Box<dyn Connect> = match port {
            CodePort::Serial { path, baud_bps } => Box::new(Serial::new(path, *baud_bps)),
            CodePort::Wedge(path) => Box::new(Wedge::new(path)),
            CodePort::Image(_) | CodePort::Camera(_) => return None,
        };
        Some((port.to_string(), line))
    });
    let Some((name, line)) = lines.next() else {
        return Err(Failure::unfit(Event::NotSetUp, "the settings name no gun to be recorded"));
    };
    let line = recorded(line, fleet, file, name.clone(), "kioskctl code test")?;
    Ok((name, Box::new(SerialGun::over(line))))
}

fn recorded(
    line: Box<dyn Connect>,
    fleet: &Fleet,
    file: &Path,
    device: String,
    story: &str,
) -> Result<Box<dyn Connect>, Failure> {
    let head = TapeHead {
        device,
        firmware: "unknown".to_owned(),
        date: fleet.today().to_string(),
        story: story.to_owned(),
    };
    Ok(Box::new(Recording::new(line, created(file)?, &head)))
}

/// For its owner alone: what was held before a gun stands in it.
fn created(file: &Path) -> Result<File, Failure> {
    let options = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
    options.map_err(scanner::unwritten(file))
}
