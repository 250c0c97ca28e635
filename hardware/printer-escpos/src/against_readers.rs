//! What the driver sends and draws, judged by readers and clients that share nothing with it, and
//! by pictures that were approved by eye.

use std::path::{Path, PathBuf};
use std::process::Command;

use hardware_api::{Block, PaperSlip, PaperWidth, Printed, Printer};
use simulator::PrinterFault;

use crate::Bitmap;
use crate::against_simulator::{DEADLINE, printer, simulated, wait_for_effect};
use crate::raster::render;
use crate::rig::{AtLine, run_on_usb};
use crate::usual_ticket::ticket;

#[test]
fn an_independent_reader_sees_the_same_picture_and_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let simulated = simulated();
    assert_eq!(printer(&simulated).print(&ticket(), DEADLINE), Ok(Printed::Whole));
    let bytes = folder.path().join("ticket.bin");
    std::fs::write(&bytes, simulated.received()).unwrap();
    let prefix = folder.path().join("paper");
    let report = python("escpos_read.py", &[bytes.to_str().unwrap(), prefix.to_str().unwrap()]);
    assert!(report.ends_with(r#""unknown": ""}"#), "{report}");
    let seen = folder.path().join("paper-1.png");
    assert_same(&read_png(&seen), &render(&ticket(), PaperWidth::Mm80));
    let zbar = Command::new("zbarimg").args(["-q", "--raw"]).arg(&seen).output();
    let code = zbar.expect("zbarimg of zbar-tools is installed").stdout;
    assert_eq!(String::from_utf8_lossy(&code), "https://mc.example.vn/v/A105-7Q2K9D\n");
}

#[test]
fn an_independent_client_reads_the_simulated_status_alike() {
    let simulated = simulated();
    let (host, port) = simulated.address().split_once(':').unwrap();
    let cases = [
        (None, r#"{"online": true, "paper": 2}"#),
        (Some(PrinterFault::PaperLow), r#"{"online": true, "paper": 1}"#),
        (Some(PrinterFault::PaperOut), r#"{"online": false, "paper": 0}"#),
        (Some(PrinterFault::CoverOpen), r#"{"online": false, "paper": 2}"#),
    ];
    for (fault, expected) in cases {
        simulated.set_fault(fault);
        wait_for_effect();
        assert_eq!(python("escpos_status.py", &[host, port]), expected, "{fault:?}");
    }
}

#[test]
fn an_independent_client_reads_the_emulators_status_alike() {
    let mut line = AtLine::start(&["tcp"]);
    let (host, port) = line.device.split_once(':').unwrap();
    let cases = [
        (None, r#"{"online": true, "paper": 2}"#),
        (Some("paper-low"), r#"{"online": true, "paper": 1}"#),
        (Some("paper-out"), r#"{"online": false, "paper": 0}"#),
        (Some("cover"), r#"{"online": false, "paper": 2}"#),
        (Some("knife"), r#"{"online": false, "paper": 2}"#),
    ];
    for (fault, expected) in cases {
        line.rig.tell("mend");
        if let Some(fault) = fault {
            line.rig.tell(&format!("set {fault}"));
        }
        assert_eq!(python("escpos_status.py", &[host, port]), expected, "{fault:?}");
    }
}

#[test]
fn lsusb_sees_the_simulated_printer_as_one() {
    let said = run_on_usb(&[], Path::new("/usr/bin/lsusb"), &["-v"]);
    let expected =
        ["04b8:0e15", "TM-T20", "7 Printer", "Bidirectional", "EP 1 OUT", "EP 2 IN", "0001"];
    for words in expected {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn an_independent_reader_reads_the_bars() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("bars.png");
    for text in ["A105-7Q2K9D", "000.00.01.H26-261122-0001", "20261122000123", "A1234", "!~ x"] {
        for width in [PaperWidth::Mm80, PaperWidth::Mm58] {
            let drawn = render(&PaperSlip { blocks: vec![Block::Code128(text.into())] }, width);
            // A text too long for the narrow paper stands there in letters.
            if drawn.height() < 100 {
                assert_eq!(width, PaperWidth::Mm58, "{text}");
                continue;
            }
            write_png_on_paper(&picture, &drawn);
            let zbar = Command::new("zbarimg").args(["-q", "--raw"]).arg(&picture).output();
            let read = zbar.expect("zbarimg of zbar-tools is installed").stdout;
            assert_eq!(String::from_utf8_lossy(&read), format!("{text}\n"), "{width:?}");
        }
    }
}

#[test]
fn the_ticket_looks_as_it_was_approved() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = [(PaperWidth::Mm80, "ticket-80mm.png"), (PaperWidth::Mm58, "ticket-58mm.png")];
    let drawn = cases.map(|(width, name)| (name, render(&ticket(), width)));
    for (name, picture) in &drawn {
        let golden = here.join("tests/golden").join(name);
        // A new look is approved by looking at what this leaves.
        if std::env::var_os("MOTCUA_WRITE_GOLDEN").is_some() {
            write_png(&golden, picture);
        }
        assert_same(&read_png(&golden), picture);
    }
}

/// A picture as rows of booleans.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    black: Vec<bool>,
}

pub(crate) fn assert_same(seen: &Picture, drawn: &Bitmap) {
    assert_eq!((seen.width, seen.height), (drawn.width(), drawn.height()));
    let dots = (0..seen.height).flat_map(|y| (0..seen.width).map(move |x| (x, y)));
    let differing =
        dots.zip(&seen.black).filter(|((x, y), black)| drawn.is_black(*x, *y) != **black);
    assert_eq!(differing.count(), 0, "dots differ");
}

pub(crate) fn read_png(path: &Path) -> Picture {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    let black = samples[..info.buffer_size()].iter().map(|sample| *sample < 128).collect();
    Picture { width: info.width, height: info.height, black }
}

/// With the white edges that no head reaches.
fn write_png_on_paper(path: &Path, bitmap: &Bitmap) {
    const EDGE: u32 = 32;
    let edge = [0xFF; 4];
    let rows = bitmap.rows().map(|row| row.iter().map(|byte| !byte).collect::<Vec<u8>>());
    let bits: Vec<u8> = rows.flat_map(|row| [&edge[..], &row, &edge[..]].concat()).collect();
    write_bits(path, bitmap.width() + 2 * EDGE, bitmap.height(), &bits);
}

fn write_png(path: &Path, bitmap: &Bitmap) {
    let bits: Vec<u8> = bitmap.bits().iter().map(|byte| !byte).collect();
    write_bits(path, bitmap.width(), bitmap.height(), &bits);
}

fn write_bits(path: &Path, width: u32, height: u32, bits: &[u8]) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap().write_image_data(bits).unwrap();
}

/// Runs a script of the rig and returns what it printed.
pub(crate) fn python(script: &str, arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let places = ["/opt/motcua-venv/bin/python".into(), root.join(".venv/bin/python")];
    let usual = places.into_iter().find(|place: &PathBuf| place.exists());
    #[expect(clippy::disallowed_methods, reason = "tests find their interpreter so")]
    let given = std::env::var("MOTCUA_PYTHON").ok().map(PathBuf::from);
    let python = given.or(usual).expect("Python for tests is set up by scripts/setup");
    let output =
        Command::new(python).arg(root.join("tests/rig").join(script)).args(arguments).output();
    let output = output.expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
