//! The scanner of tests/rig in the network, through libsane's airscan backend: another eSCL
//! server than the simulator, written on its own.

use std::thread::sleep;
use std::time::Duration;

use simulator::write_sane_config;

use crate::stage::{Rig, Stage, read_pnm};

const DEVICE: &str = "airscan:e0:Simulated";

/// A scanner with three sheets and these faults.
fn scanner(words: &[&str]) -> (Rig, Stage) {
    let rig = Rig::start("escl_scanner.py", words);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sane");
    write_sane_config(&config, rig.told("url")).unwrap();
    (rig, Stage::new(folder, config, DEVICE))
}

fn faulty(fault: &str) -> (Rig, Stage) {
    scanner(&["--fault", fault])
}

#[test]
fn both_sides_come_front_then_back_and_are_byte_for_byte_those_of_scanimage() {
    let (_rig, stage) = scanner(&["--sheets", "4"]);
    assert_eq!(stage.scan("duplex 75 color ours"), (8, "end Done".into()));
    let (_rig, witness) = scanner(&["--sheets", "4"]);
    witness.scanimage(
        "--source|ADF Duplex|--mode|Color|--resolution|75|-l|0|-t|0|-x|210|-y|297|--batch=theirs/%d.pnm",
    );
    for number in 1..=8_u8 {
        let (ours, theirs) =
            (stage.page("ours", number.into()), witness.page("theirs", number.into()));
        let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
        assert!(read_pnm(&ours) == read_pnm(&theirs), "page {number}");
        let (head, samples) = read_pnm(&ours);
        assert_eq!(head, "P6 620 877 255");
        let middle = samples[(877 / 2 * 620 + 620 / 2) * 3];
        assert!(middle.abs_diff(number * 10) < 4, "page {number} is as dark as {middle}");
    }
    assert_eq!(witness.page("theirs", 9), None);
}

#[test]
fn a_scanner_tells_what_it_can_do_without_moving_paper() {
    let (_rig, stage) = scanner(&[]);
    let said = stage.ask(&[DEVICE, "abilities"]);
    let expected = "ScannerCapabilities { sources: [Flatbed, Feeder, FeederBothSides], \
                    colors: [Color, Grey], dpi: These([75, 150, 200, 300, 600]), \
                    width_mm: Some(210), height_mm: Some(297), notices_double_feed: false }";
    assert_eq!(said, [expected]);
    assert_eq!(stage.scan("feeder 75 grey ours"), (3, "end Done".into()));
}

/// Fault: scanner · paper gets stuck on the second sheet, in simplex and in duplex → the pages before are whole, the scan ends as jammed
#[test]
fn a_jam_leaves_the_pages_before_it_whole() {
    for source in ["feeder", "duplex"] {
        let (_rig, stage) = faulty("jam@1");
        let end = stage.scan(&format!("{source} 75 grey ours"));
        assert_eq!(end, (1, "end Jammed".into()), "{source}");
    }
}

/// Fault: scanner · the lid is opened after the first sheet → the page before is whole, the scan ends with the cover open
#[test]
fn a_lid_opened_in_the_middle_of_a_stack_is_told() {
    let (_rig, stage) = faulty("cover@1");
    assert_eq!(stage.scan("feeder 75 grey ours"), (1, "end CoverOpen".into()));
}

/// Fault: scanner · eSCL answers 409 because the feeder does not see its paper → the scan ends with no paper
#[test]
fn an_empty_feeder_is_told() {
    let (_rig, stage) = faulty("empty");
    assert_eq!(stage.scan("feeder 75 grey ours"), (0, "end NoPaper".into()));
    assert_eq!(stage.scan("flatbed 75 grey ours"), (1, "end Done".into()));
}

/// Fault: scanner · eSCL answers 503 three times → the page is asked for again and comes
#[test]
fn a_scanner_that_warms_up_is_waited_for() {
    let (_rig, stage) = faulty("busy=3");
    assert_eq!(stage.scan("feeder 75 grey ours"), (3, "end Done".into()));
}

/// Fault: scanner · eSCL answers 503 for ever, another computer holds it → the scan ends as busy
#[test]
fn a_scanner_that_another_computer_holds_is_busy() {
    let (_rig, stage) = faulty("locked");
    assert_eq!(stage.scan("feeder 75 grey ours"), (0, "end Busy".into()));
}

/// Fault: scanner · a JPEG ends in its middle, by a broken line or as if it were whole → no page, an error
#[test]
fn half_a_picture_is_no_page() {
    for (fault, pages) in [("truncated", 0), ("truncated@1", 1), ("reset@1", 1), ("halved", 0)] {
        let (_rig, stage) = faulty(fault);
        let (came, end) = stage.scan("feeder 75 color ours");
        assert!(came == pages && end.starts_with("error "), "{fault}: {came} pages, {end}");
        assert_eq!(stage.page("ours", pages + 1), None, "{fault}");
    }
}

/// Fault: scanner · its eSCL documents are no XML → it counts as not connected
#[test]
fn a_scanner_that_talks_rubbish_is_gone() {
    let (_rig, stage) = faulty("xml");
    assert_eq!(stage.scan("feeder 75 grey ours"), (0, format!("{DEVICE} is not connected")));
}

/// Fault: scanner · a page comes after its deadline → the scan is cancelled, the scanner counts as silent
#[test]
fn a_page_that_comes_too_late_is_given_up() {
    let (_rig, stage) = faulty("slow=4");
    let (pages, end) = stage.scan("feeder 75 grey ours deadline-ms=1000");
    assert_eq!((pages, end), (0, format!("error {DEVICE} did not answer within 1s")));
}

/// Fault: scanner · the network peer falls silent, from the start or after a page → the driver hangs, its process is killed, the next one scans
#[test]
fn a_silent_peer_costs_a_process_and_no_more() {
    for (fault, begun) in [("silent", 0), ("silent@1", 1)] {
        let (mut rig, stage) = faulty(fault);
        let mut stuck = stage.start("feeder 75 grey ours deadline-ms=300");
        for _ in 0..begun {
            while stuck.hear().expect("a page should begin") != "begins" {}
        }
        sleep(Duration::from_millis(1500));
        assert!(stuck.is_running(), "{fault}");
        stuck.kill();
        rig.talk.kill();
        let port = rig.told("url").split([':', '/']).nth(4).unwrap().to_owned();
        let _mended = Rig::start("escl_scanner.py", &["--port", &port]);
        assert_eq!(stage.scan("feeder 75 grey ours"), (3, "end Done".into()), "{fault}");
    }
}

/// Fault: scanner · it is unplugged between two jobs, then comes back → one job fails as not connected, the next one scans
#[test]
fn a_scanner_unplugged_and_back_scans_again() {
    let (mut rig, stage) = scanner(&[]);
    let mut session = stage.session();
    assert_eq!(session.scan("flatbed 75 grey ours"), (1, "end Done".into()));
    rig.talk.kill();
    let gone = format!("error {DEVICE} is not connected");
    for _ in 0..2 {
        assert_eq!(session.scan("flatbed 75 grey ours"), (0, gone.clone()));
    }
    let port = rig.told("url").split([':', '/']).nth(4).unwrap().to_owned();
    let _back = Rig::start("escl_scanner.py", &["--port", &port]);
    assert_eq!(session.scan("feeder 75 grey ours"), (3, "end Done".into()));
}

/// Fault: scanner · it is unplugged in the middle of a stack → the pages before are whole, the scan ends as not connected
#[test]
fn a_scanner_unplugged_while_it_scans_is_gone() {
    let (mut rig, stage) = scanner(&["--sheets", "30", "--fault", "slow=0.3"]);
    let mut session = stage.session();
    session.begin("feeder 75 grey ours", 2);
    rig.talk.kill();
    assert_eq!(session.finish().1, format!("error {DEVICE} is not connected"));
    assert!(stage.page("ours", 1).is_some());
}
