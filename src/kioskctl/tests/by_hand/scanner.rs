//! The document scanner, through libsane and its backend for the network.

use std::{fs, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use simulator::{ScannerFault, ScannerSim, write_sane_config};

use crate::stage::{Bench, Running};

const DEVICE: &str = "airscan:e0:Simulated";

/// A scanner with so many sheets, and the settings for it.
fn scanner(sheets: usize) -> (ScannerSim, Bench) {
    let scanner = ScannerSim::start().unwrap();
    scanner.load_forms(sheets);
    let bench = Bench::new(&format!("[scanner]\nname = \"{DEVICE}\"\ndpi = 150\n"));
    let config = bench.path("sane");
    write_sane_config(&config, &scanner.url()).unwrap();
    (scanner, bench.with("SANE_CONFIG_DIR", config))
}

#[test]
fn a_scanner_is_found_asked_and_scans_as_a_citizen_would() {
    let (scanner, bench) = scanner(2);
    bench.run("scanner list").ended(0).says(DEVICE);
    bench.run("scanner status").ended(0).says("it answers");
    let json = bench.run("--json scanner status").ended(0);
    assert!(json.out.contains(r#""ready":true"#), "{}", json.out);
    let said = bench.run("scanner test --out pages").ended(0).says("2 pages\n");
    assert!(said.out.contains("page 1: 1240 x 1754 pixels, 150 dpi, good"), "{}", said.out);
    for page in ["pages/page-001.jpg", "pages/page-002.jpg"] {
        assert!(fs::read(bench.path(page)).unwrap().starts_with(&[0xFF, 0xD8, 0xFF]), "{page}");
    }
    bench.run("scanner test").failed(1, "there was no paper", "SCN-009");
    scanner.load_forms(1);
    let unwritten = bench.run("scanner test --out kiosk.toml/pages");
    unwritten.failed(1, "could not write kiosk.toml/pages", "SET-004");
    assert_eq!(scanner.loaded(), 1, "nothing was scanned for nothing");
}

#[test]
fn what_is_wrong_with_a_scanner_is_said_with_its_remedy() {
    for (fault, words, code) in [
        (ScannerFault::Jammed, "after 0 pages: paper is stuck", "SCN-002"),
        (ScannerFault::CoverOpen, "the cover is open", "SCN-003"),
        (ScannerFault::Busy, "another program or computer holds the scanner", "SCN-007"),
    ] {
        let (scanner, bench) = scanner(1);
        scanner.set_fault(Some(fault));
        bench.run("scanner test").failed(1, words, code);
    }
    let (scanner, bench) = scanner(3);
    scanner.fail_after(1, ScannerFault::Jammed);
    let said = bench.run("scanner test --out pages").says("page 1: ");
    said.failed(1, "the scan ended after 1 pages: paper is stuck", "SCN-002");
    assert!(bench.path("pages/page-001.jpg").exists(), "what came before is kept");
    drop(scanner);
    let gone = bench.run("scanner status");
    gone.failed(1, "could not ask the scanner how it is: airscan:e0:Simulated", "SCN-001");
}

/// The job at the scanner must be ended too, else it stays busy for the next one.
#[test]
fn ctrl_c_ends_a_scan_in_good_order() {
    let (scanner, bench) = scanner(200);
    let mut command = bench.command("scanner test");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    while scanner.loaded() > 198 {
        std::thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&child.0), Signal::INT).unwrap();
    let status = child.0.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(scanner.loaded() > 0, "it went on scanning");
    scanner.unload();
    scanner.load_forms(1);
    bench.run("scanner test").ended(0).says("1 pages");
}
