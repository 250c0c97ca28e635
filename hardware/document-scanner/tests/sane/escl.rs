//! The simulated eSCL scanner, through libsane's airscan backend (package sane-airscan).

use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use simulator::{ScannerFault, ScannerSim, write_sane_config};

use crate::stage::{Stage, read_pnm};

const DEVICE: &str = "airscan:e0:Simulated";

fn scanner() -> (ScannerSim, Stage) {
    let scanner = ScannerSim::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sane");
    write_sane_config(&config, &scanner.url()).unwrap();
    (scanner, Stage::new(folder, config, DEVICE))
}

#[test]
fn the_feeder_is_emptied_and_then_has_no_paper() {
    let (scanner, stage) = scanner();
    for (job, pages) in [("feeder 75 color ours", 3), ("duplex 75 color ours", 6)] {
        scanner.load_forms(3);
        assert_eq!(stage.scan(job), (pages, "end Done".into()));
        assert_eq!(scanner.loaded(), 0);
        assert_eq!(stage.scan(job), (0, "end NoPaper".into()));
    }
}

#[test]
fn the_glass_gives_the_page_that_scanimage_gets() {
    let (_scanner, stage) = scanner();
    assert_eq!(stage.scan("flatbed 150 grey ours"), (1, "end Done".into()));
    let witness = stage.scanimage(
        "--source|Flatbed|--mode|Gray|--resolution|150|-l|0|-t|0|-x|210|-y|297|--format=pnm",
    );
    let ours = stage.page("ours", 1).unwrap();
    assert!(read_pnm(&ours).1.len() > 1_000_000 && read_pnm(&ours) == read_pnm(&witness.stdout));
}

/// Fault: scanner · jam, empty feeder, open cover, unplugged twice, switched off and on between jobs, all on one open scanner → each job ends as it should, and the next one scans
#[test]
fn one_open_scanner_lives_through_jobs_faults_and_a_power_cut() {
    let (scanner, stage) = scanner();
    let mut session = stage.session();
    let gone = format!("error {DEVICE} is not connected");
    let steps: [(Option<ScannerFault>, usize, usize, &str); 8] = [
        (None, 2, 2, "end Done"),
        (None, 0, 0, "end NoPaper"),
        (Some(ScannerFault::Jammed), 1, 0, "end Jammed"),
        (None, 0, 1, "end Done"),
        (Some(ScannerFault::CoverOpen), 1, 0, "end CoverOpen"),
        (Some(ScannerFault::Unplugged), 0, 0, &gone),
        (Some(ScannerFault::Unplugged), 0, 0, &gone),
        (None, 1, 2, "end Done"),
    ];
    for (step, (fault, loaded, pages, end)) in steps.into_iter().enumerate() {
        scanner.load_forms(loaded);
        set_fault(&scanner, fault);
        assert_eq!(session.scan("feeder 75 grey ours"), (pages, end.to_owned()), "step {step}");
    }
    // Off and on again between two jobs: the handle that was kept is stale.
    set_fault(&scanner, Some(ScannerFault::Unplugged));
    set_fault(&scanner, None);
    scanner.load_forms(1);
    assert_eq!(session.scan("feeder 75 grey ours"), (1, "end Done".to_owned()));
}

/// Breaks or mends the scanner and waits until the network knows.
fn set_fault(scanner: &ScannerSim, fault: Option<ScannerFault>) {
    let address = scanner.url().replace("http://", "").replace("/eSCL/", "");
    let is_there = fault != Some(ScannerFault::Unplugged);
    scanner.set_fault(fault);
    while TcpStream::connect(&address).is_ok() != is_there {
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn each_fault_of_the_scanner_has_its_end() {
    let gone = format!("error {DEVICE} is not connected");
    for fault in ScannerFault::ALL {
        let expected = match fault {
            ScannerFault::Jammed => "end Jammed",
            ScannerFault::Empty => "end NoPaper",
            ScannerFault::CoverOpen => "end CoverOpen",
            ScannerFault::Busy => "end Busy",
            ScannerFault::Truncated => &gone,
            ScannerFault::Unplugged => gone.trim_start_matches("error "),
            // Tested with the scanner of tests/rig.
            ScannerFault::Silent => continue,
        };
        let (scanner, stage) = scanner();
        scanner.load_forms(2);
        scanner.set_fault(Some(fault));
        assert_eq!(stage.scan("feeder 75 grey ours"), (0, expected.into()), "{fault:?}");
        assert_eq!(stage.page("ours", 1), None, "{fault:?}");
    }
}
