//! The ticket printer by hand.

use std::time::Duration;

use hardware_api::{Block, Cover, Cutter, Paper, PaperSlip, Printed, PrinterStatus, TextSize};
use serde_json::json;
use transport::UsbPrinter;

use crate::{arguments::Printer, failure::Failure, fleet::Fleet, output::Output};

/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// How long a slip may take to come out.
const PRINT: Duration = Duration::from_secs(30);

pub(crate) fn run(command: &Printer, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    match command {
        Printer::List => list(out),
        Printer::Status => {
            let status = fleet.printer()?.status(ANSWER)?;
            out.say(&describe(status), &status)?;
            fit(status)
        }
        Printer::Test => print(&specimen(), fleet, out),
    }
}

/// Prints a slip and says what became of it.
pub(crate) fn print(slip: &PaperSlip, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let printed = fleet.printer()?.print(slip, PRINT)?;
    match printed {
        Printed::Whole => out.say("printed; the printer confirmed the whole slip", &printed),
        Printed::Broken(status) => {
            Err(Failure::Unfit(format!("the slip did not come out whole: {}", describe(status))))
        }
    }
}

fn list(out: Output) -> Result<(), Failure> {
    for printer in transport::list_usb_printers() {
        let UsbPrinter { vendor, product, ref serial, ref name, .. } = printer;
        let serial = serial.as_ref().map(|serial| format!(":{serial}")).unwrap_or_default();
        let port = format!("usb:{vendor:04x}:{product:04x}{serial}");
        out.say(&format!("{port}  {name}"), &json!({ "port": port, "name": name }))?;
    }
    for path in transport::list_serial_ports() {
        let port = format!("serial:{}", path.display());
        out.say(&port, &json!({ "port": port }))?;
    }
    Ok(())
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

fn fit(status: PrinterStatus) -> Result<(), Failure> {
    if status.can_print() {
        return Ok(());
    }
    Err(Failure::Unfit("the printer cannot print now".to_owned()))
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
