//! Measures how long a usual 80 mm ticket takes from the call to the printer's word that it is on
//! paper: over a serial line paced to 115,200 bit/s, over TCP, and over libusb.
//!
//! ```text
//! cargo run --release -p printer-escpos --example ticket_bench
//! ```
//! Drawing, status and confirmation are in it; the printer's mechanics are not, since simulated
//! paper moves at once. Prints one JSON line per figure.

#[path = "../src/usual_ticket.rs"]
mod usual_ticket;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use hardware_api::{PaperWidth, Printed, Printer as _};
use printer_escpos::{EscPos, Model, UsbPick};
use serde_json::json;
use simulator::{PrinterLine, PrinterSetup, PrinterSim};

type Outcome<T> = Result<T, Box<dyn Error>>;

const DEADLINE: Duration = Duration::from_secs(20);
const BAUD_BPS: u32 = 115_200;
const SERIAL_MOST_S: f64 = 2.5;
const FAST_MOST_MS: f64 = 100.0;
/// The word that has this program measure the USB it was started under.
const AT_USB: &str = "at-usb";

fn main() -> ExitCode {
    let at_usb = std::env::args().nth(1).is_some_and(|word| word == AT_USB);
    let measured = if at_usb { usb() } else { all() };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ticket_bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn all() -> Outcome<()> {
    serial()?;
    tcp()?;
    let rig = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig/usb_printer.py");
    let status = Command::new("umockdev-wrapper")
        .args([PathBuf::from("/usr/bin/python3"), rig, "--".into(), std::env::current_exe()?])
        .arg(AT_USB)
        .status()?;
    if status.success() { Ok(()) } else { Err("the USB could not be measured".into()) }
}

fn serial() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("ticket-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let simulated = PrinterSim::start(&PrinterSetup {
        line: PrinterLine::Serial(folder.join("printer")),
        baud_bps: Some(BAUD_BPS),
        ..PrinterSetup::default()
    })?;
    let printer = EscPos::open_serial(simulated.address(), BAUD_BPS, model()?, PaperWidth::Mm80)?;
    let seconds = median(printer, 3)?.as_secs_f64();
    figure("ticket, serial line at 115,200 bit/s", seconds, "s", SERIAL_MOST_S)?;
    let last = simulated.tickets().pop().ok_or("no ticket")?;
    let bytes = f64::from(u32::try_from(last.bytes().len())?);
    figure("ticket, bytes", bytes, "bytes", SERIAL_MOST_S * f64::from(BAUD_BPS) / 10.0)?;
    drop(simulated);
    Ok(std::fs::remove_dir_all(&folder)?)
}

fn tcp() -> Outcome<()> {
    let simulated = PrinterSim::start(&PrinterSetup::default())?;
    let printer = EscPos::open_tcp(simulated.address(), model()?, PaperWidth::Mm80)?;
    figure("ticket, TCP", milliseconds(median(printer, 9)?), "ms", FAST_MOST_MS)
}

fn usb() -> Outcome<()> {
    let printer = EscPos::open_usb(0x04b8, 0x0e15, UsbPick::First, model()?, PaperWidth::Mm80)?;
    figure("ticket, USB", milliseconds(median(printer, 9)?), "ms", FAST_MOST_MS)
}

fn model() -> Outcome<Model> {
    Ok(Model::by_name("epson-tm-t20")?)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle of so many rounds, after one that finds the printer as an earlier process left it.
fn median(mut printer: EscPos, rounds: usize) -> Outcome<Duration> {
    let slip = usual_ticket::ticket();
    let mut taken = Vec::new();
    for _ in 0..=rounds {
        let began = Instant::now();
        let printed = printer.print(&slip, DEADLINE)?;
        taken.push(began.elapsed());
        if printed != Printed::Whole {
            return Err(format!("not printed: {printed:?}").into());
        }
    }
    let mut measured = taken.split_off(1);
    measured.sort();
    measured.get(rounds / 2).copied().ok_or_else(|| "no round".into())
}

fn figure(name: &str, value: f64, unit: &str, most: f64) -> Outcome<()> {
    let rounded = (value * 1000.0).round() / 1000.0;
    let line = json!({
        "name": name, "value": rounded, "unit": unit,
        "target": format!("≤ {most} {unit}"), "met": value <= most,
    });
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}
