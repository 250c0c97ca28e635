//! A maker's backend that fails as the stock ones cannot, loaded by the real libsane.

use std::path::Path;
use std::process::Command;

use crate::stage::{Stage, read_pnm};

/// Compiles the backend into a folder of its own and has libsane find it there.
fn scanner(fault: &str) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sane/vendor.c");
    let library = folder.path().join("libsane-vendor.so.1");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o"])
        .args([&library, &source])
        .status();
    assert!(compiled.expect("cc (build-essential) should run").success());
    std::fs::write(folder.path().join("dll.conf"), "vendor\n").unwrap();
    let place = folder.path().to_owned();
    Stage::new(folder, place.clone(), "vendor:one")
        .with("LD_LIBRARY_PATH", place)
        .with("FAULT", fault)
}

#[test]
fn a_sheet_fed_scanner_without_faults_gives_all_sides() {
    let stage = scanner("");
    assert_eq!(stage.scan("feeder 200 color ours"), (3, "end Done".into()));
    assert_eq!(stage.scan("duplex 200 grey ours"), (6, "end Done".into()));
    let page = stage.page("ours", 6).unwrap();
    assert_eq!(read_pnm(&page), ("P5 64 40 255".into(), &[6; 64 * 40][..]));
    let glass = "error vendor:one refused: it has no such source of paper";
    assert_eq!(stage.scan("flatbed 200 grey ours"), (0, glass.into()));
}

/// Fault: scanner · two sheets go in at once; SANE can only say JAMMED, the scanner's sensor says more → detection was switched on, the pages before are whole, the scan ends as a double feed
#[test]
fn two_sheets_at_once_are_noticed() {
    let stage = scanner("two-sheets");
    assert_eq!(stage.scan("feeder 200 grey ours"), (1, "end DoubleFeed".into()));
    assert_eq!(stage.scan("duplex 200 grey ours"), (2, "end DoubleFeed".into()));
}

/// Fault: scanner · a page has fewer or more bytes than its geometry, or half a line → no page, an error tells how much came
#[test]
fn a_page_that_does_not_fit_its_geometry_is_no_page() {
    for (fault, got) in [
        ("short", "2528 of 2560 bytes of a page"),
        ("long", "more lines than it announced"),
        ("hand", "2592 of 2624 bytes of a page"),
    ] {
        let stage = scanner(fault);
        let end = format!("error vendor:one sent {got}, which its protocol does not allow");
        assert_eq!(stage.scan("feeder 200 grey ours"), (1, end), "{fault}");
        assert_eq!(stage.page("ours", 2), None, "{fault}");
    }
}

/// Fault: scanner · the feeder says that it is empty in the middle of a page → the page is lost and told, not taken for the end of the stack
#[test]
fn a_feeder_that_runs_empty_in_a_page_has_lost_that_page() {
    let stage = scanner("empty-in-page");
    let (pages, end) = stage.scan("feeder 200 grey ours");
    assert!(pages == 1 && end.starts_with("error vendor:one sent "), "{pages} pages, {end}");
}

/// Fault: scanner · it was switched off and on between two jobs, so that the kept handle is stale → it is opened anew and scans
#[test]
fn a_stale_handle_is_replaced() {
    let stage = scanner("power-cut");
    let mut session = stage.session();
    for _ in 0..3 {
        assert_eq!(session.scan("feeder 200 grey ours"), (3, "end Done".into()));
    }
}

/// Fault: scanner · a status that no standard has → an error, the pages before are whole
#[test]
fn an_unknown_status_is_an_error() {
    let stage = scanner("unknown");
    let (pages, end) = stage.scan("feeder 200 grey ours");
    assert!(pages == 1 && end.contains("the unknown SANE status 99"), "{pages} pages, {end}");
}
