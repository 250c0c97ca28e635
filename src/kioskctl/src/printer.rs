//! The ticket printer by hand.

use std::time::Duration;

use hardware_api::{
    Block, Cover, Cutter, Paper, PaperSlip, Printed, Printer as Device, PrinterStatus, TextSize,
};
use journal::Event;
use serde_json::json;
use transport::UsbPrinter;

use crate::{
    arguments::Printer,
    failure::{Failure, Part},
    fleet::Fleet,
    output::Output,
    tape,
};

/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// How long a slip may take to come out.
const PRINT: Duration = Duration::from_secs(30);
/// What was tried on it.
pub(crate) const ASK: &str = "ask the printer how it is";

pub(crate) fn run(
    command: &Printer,
    fleet: impl FnOnce() -> Result<Fleet, Failure>,
    out: Output,
) -> Result<(), Failure> {
    match command {
        Printer::List => list(out),
        Printer::Status => {
            let status =
                fleet()?.printer()?.status(ANSWER).map_err(Part::Printer.could_not(ASK))?;
            out.say(&describe(status), &status)?;
            if status.can_print() {
                return Ok(());
            }
            Err(Failure::unfit(event(status), "the printer cannot print now"))
        }
        Printer::Test { record } => {
            let fleet = fleet()?;
            let printer = match record {
                Some(file) => tape::printer(&fleet, file)?,
                None => fleet.printer()?,
            };
            print_on(printer, &specimen(), out)
        }
    }
}

/// Prints a slip and says what became of it.
pub(crate) fn print(slip: &PaperSlip, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    print_on(fleet.printer()?, slip, out)
}

fn print_on(mut printer: Box<dyn Device>, slip: &PaperSlip, out: Output) -> Result<(), Failure> {
    let printed = printer.print(slip, PRINT).map_err(Part::Printer.could_not("print a slip"))?;
    match printed {
        Printed::Whole => {
            let data = json!({ "printed": true });
            out.say("printed; the printer confirmed the whole slip", &data)
        }
        Printed::Broken(status) => Err(Failure::unfit(
            event(status),
            format!("the slip did not come out whole: {}", describe(status)),
        )),
    }
}

fn list(out: Output) -> Result<(), Failure> {
    let printers = transport::list_usb_printers();
    let ports = transport::list_serial_ports();
    for printer in &printers {
        let port = address(printer, &printers);
        let words = format!("{port}  {}", printer.name);
        out.say(words.trim_end(), &json!({ "port": port, "name": printer.name }))?;
    }
    for path in &ports {
        // How fast the line is, nobody can see.
        let port = format!("serial:{}@BAUD", path.display());
        out.say(&port, &json!({ "port": port }))?;
    }
    if printers.is_empty() && ports.is_empty() {
        out.remark("there is no printer on USB and no serial port");
    }
    out.remark("a printer in the network is not listed; its port is tcp:HOST:9100");
    Ok(())
}

/// As the settings have it: among twins without serial numbers, the socket tells them apart.
fn address(printer: &UsbPrinter, all: &[UsbPrinter]) -> String {
    let UsbPrinter { vendor, product, serial, socket, .. } = printer;
    let twins = all.iter().filter(|it| (it.vendor, it.product) == (*vendor, *product)).count();
    let pick = match serial {
        Some(serial) => format!(":{serial}"),
        None if twins > 1 => format!("@{socket}"),
        None => String::new(),
    };
    format!("usb:{vendor:04x}:{product:04x}{pick}")
}

/// In words.
pub(crate) fn describe(status: PrinterStatus) -> String {
    let paper = match status.paper {
        Paper::Ok => "paper ok",
        Paper::Low => "paper near its end",
        Paper::Out => "no paper",
        Paper::Jammed => "paper stuck",
    };
    let cover = match status.cover {
        Cover::Closed => "lid closed",
        Cover::Open => "lid open",
    };
    let cutter = match status.cutter {
        Cutter::Ok => "knife ok",
        Cutter::Jammed => "knife stuck",
    };
    let line = if status.online { "on line" } else { "off line" };
    format!("{paper}, {cover}, {cutter}, {line}")
}

/// The row of the event table that says what to do first.
pub(crate) fn event(status: PrinterStatus) -> Event {
    match status {
        PrinterStatus { cover: Cover::Open, .. } => Event::PrinterCoverOpen,
        PrinterStatus { paper: Paper::Out, .. } => Event::PrinterPaperOut,
        PrinterStatus { paper: Paper::Jammed, .. } => Event::PrinterJammed,
        PrinterStatus { cutter: Cutter::Jammed, .. } => Event::PrinterCutterJammed,
        PrinterStatus { online: false, .. } => Event::PrinterGone,
        PrinterStatus { paper: Paper::Low, .. } => Event::PrinterPaperLow,
        PrinterStatus { paper: Paper::Ok, .. } => Event::PrinterReady,
    }
}

/// Every kind of block, with letters that poor printers get wrong.
fn specimen() -> PaperSlip {
    PaperSlip {
        blocks: vec![
            Block::Center(TextSize::Small, "kioskctl printer test".to_owned()),
            Block::Center(TextSize::Giant, "A105".to_owned()),
            Block::Center(TextSize::Large, "Đặng Thị Ngọc Ánh".to_owned()),
            Block::Left(TextSize::Normal, "ằ ẳ ẵ ắ ặ ờ ở ỡ ớ ợ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ".to_owned()),
            Block::Pair("Quầy số".to_owned(), "5".to_owned()),
            Block::Rule,
            Block::Qr("motcua printer test".to_owned()),
            Block::Space(3),
            Block::Code128("A105-2611".to_owned()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_without_a_serial_number_are_told_apart_by_their_sockets() {
        let printer = |product, serial: Option<&str>, socket: &str| UsbPrinter {
            vendor: 0x04b8,
            product,
            serial: serial.map(str::to_owned),
            socket: socket.to_owned(),
            name: String::new(),
        };
        let all = [printer(1, Some("X7"), "1-1"), printer(2, None, "1-2"), printer(2, None, "1-3")];
        let addresses: Vec<_> = all.iter().map(|it| address(it, &all)).collect();
        assert_eq!(addresses, ["usb:04b8:0001:X7", "usb:04b8:0002@1-2", "usb:04b8:0002@1-3"]);
        assert_eq!(address(&all[1], &all[..2]), "usb:04b8:0002");
        for address in addresses {
            assert!(address.parse::<settings::PrinterPort>().is_ok(), "{address}");
        }
    }
}
