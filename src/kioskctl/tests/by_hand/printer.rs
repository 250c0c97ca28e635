//! The ticket printer in the network, on a serial line and at the USB.

use std::process::Command;

use simulator::{PrinterFault, PrinterLine, PrinterSetup, PrinterSim};

use crate::stage::{Bench, project, python, succeed};

/// A printer on a loopback port and the settings for it.
fn in_the_network() -> (PrinterSim, Bench) {
    let printer = PrinterSim::start(&PrinterSetup::default()).unwrap();
    let bench = Bench::new(&format!("[printer]\nport = \"tcp:{}\"\n", printer.address()));
    (printer, bench)
}

#[test]
fn a_printer_that_is_well_says_so_and_prints() {
    let (printer, bench) = in_the_network();
    let said = bench.run("printer status").ended(0);
    assert_eq!(said.out, "paper ok, lid closed, knife ok, on line\n");
    let said = bench.run("--json printer status").ended(0);
    let status = r#"{"paper":"Ok","cover":"Closed","cutter":"Ok","online":true}"#;
    assert_eq!(said.out.trim_end(), status);
    bench.run("printer test").ended(0).says("the printer confirmed the whole slip");
    assert_eq!(bench.run("--json printer test").ended(0).out, "{\"printed\":true}\n");
    assert_eq!(printer.tickets().len(), 2);

    // What lies in the tray, to another reader of ESC/POS and another reader of codes.
    let bytes = bench.path("slip.bin");
    std::fs::write(&bytes, printer.received()).unwrap();
    let mut reader = Command::new(python());
    reader.arg(project().join("tests/rig/escpos_read.py")).arg(&bytes).arg(bench.path("slip"));
    assert!(succeed(&mut reader).contains(r#""unknown": """#));
    let mut zbar = Command::new("zbarimg");
    let codes = succeed(zbar.args(["-q", "--raw"]).arg(bench.path("slip-1.png")));
    assert!(codes.contains("motcua printer test\n") && codes.contains("A105-2611\n"), "{codes}");
}

#[test]
fn a_printed_slip_is_recorded_as_a_tape() {
    let (_printer, bench) = in_the_network();
    bench.run("printer test --record slip.jsonl").ended(0).says("the printer confirmed");
    let tape = std::fs::read_to_string(bench.path("slip.jsonl")).unwrap();
    let mut lines = tape.lines();
    let head = lines.next().unwrap();
    for words in [r#""device":"epson-tm-t20 at tcp:"#, r#""story":"kioskctl printer test""#] {
        assert!(head.contains(words), "{head}");
    }
    assert!(lines.next().unwrap().ends_with(r#""what":"opened"}"#), "{head}");
    let (out, answers): (Vec<_>, Vec<_>) = lines.partition(|line| line.contains(r#""what":"out""#));
    assert!(out.iter().any(|line| line.len() > 10_000), "the slip stands on it");
    assert!(answers.iter().any(|line| line.contains(r#""what":"in""#)));
    bench.run("printer test --record no/such/folder").failed(1, "could not write no/", "SET-004");
}

#[test]
fn what_is_wrong_with_a_printer_is_said_with_its_remedy() {
    let (printer, bench) = in_the_network();
    for (fault, words, code) in [
        (PrinterFault::PaperOut, "no paper, lid closed", "PRT-001"),
        (PrinterFault::CoverOpen, "lid open", "PRT-003"),
        (PrinterFault::CutterStuck, "knife stuck", "PRT-008"),
    ] {
        printer.set_fault(Some(fault));
        let said = bench.run("printer status");
        said.says(words).failed(1, "the printer cannot print now", code);
        let said = bench.run("printer test");
        said.failed(1, "the slip did not come out whole", code);
    }
    printer.set_fault(Some(PrinterFault::PaperLow));
    bench.run("printer status").ended(0).says("paper near its end");
    printer.set_fault(Some(PrinterFault::Silent));
    let silent = bench.run("printer status");
    let silent = silent.failed(1, "could not ask the printer how it is: 127.0.0.1:", "PRT-005");
    assert!(silent.err.contains("did not answer within"), "{}", silent.err);
    printer.set_fault(Some(PrinterFault::Unplugged));
    let gone = bench.run("printer test").failed(1, "could not print a slip", "PRT-005");
    assert!(gone.err.contains("is not connected"), "{}", gone.err);
}

#[test]
fn a_serial_printer_prints_and_a_line_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let line = PrinterLine::Serial(path.clone());
    let printer = PrinterSim::start(&PrinterSetup { line, ..PrinterSetup::default() }).unwrap();
    let bench = Bench::new(&format!("[printer]\nport = \"serial:{}@115200\"\n", path.display()));
    bench.run("printer test").ended(0).says("printed");
    drop(printer);
    bench.run("printer status").failed(1, "is not connected", "PRT-005");
}

/// At the emulated USB of `tests/rig`, which stands between libusb and the kernel.
#[test]
fn a_printer_at_the_usb_is_listed_as_the_settings_name_it() {
    let bench = Bench::new("");
    let list = |faults: &str| {
        let rig = project().join("tests/rig/usb_printer.py");
        let rig = format!("timeout 60 umockdev-wrapper /usr/bin/python3 {}", rig.display());
        bench.script(&format!("{rig} {faults} -- $KIOSKCTL --json printer list")).ended(0).out
    };
    let name = r#"{"name":"EPSON TM-T20","port":"usb:04b8:0e15:0001"}"#;
    assert_eq!(list("").lines().next(), Some(name));
    let twins = list("--fault no-serial --fault second");
    assert!(twins.contains("usb:04b8:0e15@"), "{twins}");
}
