//! SANE's own `test` backend, with `scanimage` as the witness.

use std::fs;
use std::time::{Duration, Instant};

use crate::stage::{Stage, read_pnm};

const DEFAULTS: &str = include_str!("test.conf");

/// A simulated scanner with changed settings.
fn scanner(changes: &[(&str, &str)]) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = DEFAULTS.lines().map(str::to_owned).collect();
    for (key, value) in changes {
        let known = lines.iter_mut().find(|line| line.split(' ').next() == Some(*key));
        *known.unwrap_or_else(|| panic!("{key} is no setting of the backend")) =
            format!("{key} {value}");
    }
    fs::write(folder.path().join("test.conf"), lines.join("\n")).unwrap();
    fs::write(folder.path().join("dll.conf"), "test\n").unwrap();
    let config = folder.path().to_owned();
    Stage::new(folder, config, "test:0")
}

fn answering(status: &str) -> Stage {
    scanner(&[("read-status-code", &format!("\"SANE_STATUS_{status}\""))])
}

#[test]
fn a_page_is_byte_for_byte_that_of_scanimage() {
    let cases = [
        ("color", "Color", 200, "Color pattern", ""),
        ("color", "Color", 75, "Grid", ""),
        ("grey", "Gray", 300, "Color pattern", ""),
        ("color", "Color", 75, "Color pattern", "three-pass"),
        ("grey", "Gray", 75, "Grid", "ppl-loss"),
        ("color", "Color", 50, "Color pattern", "hand-scanner"),
        ("color", "Color", 100, "Color pattern", "read-limit"),
    ];
    for (ours, theirs, dpi, picture, special) in cases {
        let quoted = format!("\"{picture}\"");
        let mut changes = vec![("test-picture", quoted.as_str())];
        match special {
            "three-pass" | "hand-scanner" => changes.push((special, "true")),
            "ppl-loss" => changes.push((special, "7")),
            "read-limit" => changes.extend([(special, "true"), ("read-limit-size", "1001")]),
            _ => {}
        }
        let stage = scanner(&changes);
        let end = stage.scan(&format!("flatbed {dpi} {ours} ours"));
        assert_eq!(end, (1, "end Done".into()), "{special}");
        let area = if special == "hand-scanner" { "" } else { "|-l|0|-t|0|-x|210|-y|297" };
        let words = format!("--mode|{theirs}|--depth|8|--resolution|{dpi}{area}|--format=pnm");
        let witness = stage.scanimage(&words);
        assert!(witness.status.success(), "{}", String::from_utf8_lossy(&witness.stderr));
        let page = stage.page("ours", 1).unwrap();
        let (our_head, our_samples) = read_pnm(&page);
        let (their_head, their_samples) = read_pnm(&witness.stdout);
        assert_eq!(our_head, their_head, "{theirs} {picture} {special}");
        let same = our_samples == without_padding(&their_head, their_samples);
        assert!(same, "{theirs} {picture} {special}: other samples");
    }
}

/// `scanimage` leaves the padding of lines in its files.
fn without_padding(head: &str, samples: &[u8]) -> Vec<u8> {
    let words: Vec<&str> = head.split(' ').collect();
    let [kind, width, height, _] = words[..] else { panic!("{head}") };
    let pixels: usize = width.parse().unwrap();
    let line = samples.len() / height.parse::<usize>().unwrap();
    let used = if kind == "P6" { pixels * 3 } else { pixels };
    samples.chunks(line).flat_map(|line| &line[..used]).copied().collect()
}

#[test]
fn a_feeder_gives_its_ten_pages_and_then_no_paper() {
    let stage = scanner(&[("test-picture", "\"Color pattern\"")]);
    assert_eq!(stage.scan("feeder 75 color ours"), (10, "end Done".into()));
    stage.scanimage(
        "--source|Automatic Document Feeder|--batch=theirs/%d.pnm|--mode|Color|--depth|8\
         |--resolution|75|-l|0|-t|0|-x|210|-y|297",
    );
    for number in 1..=10 {
        let (ours, theirs) = (stage.page("ours", number), stage.page("theirs", number));
        assert!(read_pnm(&ours.unwrap()) == read_pnm(&theirs.unwrap()), "page {number}");
    }
    assert_eq!(stage.page("theirs", 11), None);
}

#[test]
fn a_caller_that_has_enough_stops_the_feeder() {
    let stage = scanner(&[]);
    assert_eq!(stage.scan("feeder 75 grey ours stop-after=3"), (3, "end Cancelled".into()));
}

#[test]
fn one_side_only_is_refused_where_both_are_asked_for() {
    let stage = scanner(&[]);
    let end = "error test:0 refused: it scans one side only";
    assert_eq!(stage.scan("duplex 75 grey ours"), (0, end.into()));
}

fn each_has_its_end(cases: &[(&str, &str)]) {
    for (status, expected) in cases {
        let stage = answering(status);
        let (pages, end) = stage.scan("feeder 75 color ours");
        assert!(pages == 0 && end.starts_with(expected), "{status}: {pages} pages, {end}");
        assert_eq!(stage.page("ours", 1), None, "{status}");
    }
}

/// Fault: scanner · SANE says JAMMED, NO_DOCS, COVER_OPEN or DEVICE_BUSY → the scan ends so, no page is kept
#[test]
fn what_a_person_can_mend_is_an_end_of_the_scan() {
    each_has_its_end(&[
        ("JAMMED", "end Jammed"),
        ("NO_DOCS", "end NoPaper"),
        ("COVER_OPEN", "end CoverOpen"),
        ("DEVICE_BUSY", "end Busy"),
    ]);
}

/// Fault: scanner · SANE says UNSUPPORTED, INVAL, NO_MEM or ACCESS_DENIED → an error that tells the operator why
#[test]
fn what_an_operator_must_mend_is_told_with_its_reason() {
    each_has_its_end(&[
        ("UNSUPPORTED", "error test:0 refused: it cannot do what was asked"),
        ("INVAL", "error test:0 refused: a value that it offered is invalid"),
        ("NO_MEM", "error test:0 refused: there is not enough memory"),
        ("ACCESS_DENIED", "error test:0 refused: this user may not use it"),
    ]);
}

/// Fault: scanner · SANE says IO_ERROR → the scanner counts as not connected
#[test]
fn a_broken_line_means_that_the_scanner_is_gone() {
    each_has_its_end(&[("IO_ERROR", "error test:0 is not connected")]);
}

/// Fault: scanner · SANE says EOF before all lines came → the truncated page is no page, an error tells how much came
#[test]
fn a_page_that_ends_too_early_is_no_page() {
    each_has_its_end(&[("EOF", "error test:0 sent 0 of ")]);
}

/// Fault: scanner · SANE says CANCELLED although nobody here asked, the scanner's own button → the scan ends as cancelled
#[test]
fn a_scan_ended_at_the_scanner_itself_is_cancelled() {
    each_has_its_end(&[("CANCELLED", "end Cancelled")]);
}

/// A page that takes a minute at least.
const SLOW: [(&str, &str); 4] = [
    ("read-limit", "true"),
    ("read-limit-size", "1000"),
    ("read-delay", "true"),
    ("read-delay-duration", "100000"),
];

/// Fault: scanner · the scan is cancelled at the first, a middle or the last line of a page → no page, and the same driver scans again
#[test]
fn a_scan_can_be_cancelled_at_any_line() {
    let stage = scanner(&[]);
    let mut session = stage.session();
    for row in [0, 1, 438, 875, 876] {
        let cancelled = session.scan(&format!("feeder 75 grey ours cancel-row={row}"));
        assert_eq!(cancelled, (0, "end Cancelled".into()), "row {row}");
        assert_eq!(stage.page("ours", 1), None, "row {row}");
    }
    assert_eq!(session.scan("flatbed 75 grey ours"), (1, "end Done".into()));
    assert!(stage.page("ours", 1).unwrap().len() > 620 * 876);
}

/// Fault: scanner · the scan is cancelled from another thread while the driver waits for bytes → no page, at once
#[test]
fn a_scan_cancelled_while_it_waits_gives_no_page() {
    let stage = scanner(&SLOW);
    let began = Instant::now();
    let end = stage.scan("flatbed 300 color ours deadline-ms=600000 cancel-ms=700");
    assert_eq!(end, (0, "end Cancelled".into()));
    assert_eq!(stage.page("ours", 1), None);
    assert!(began.elapsed() < Duration::from_secs(60));
}

/// Fault: scanner · a page takes longer than its deadline → the scan is cancelled, the scanner counts as silent
#[test]
fn a_page_that_takes_longer_than_its_deadline_is_given_up() {
    let stage = scanner(&SLOW);
    let began = Instant::now();
    // The short ones end before or while the backend starts, which then overlooks it.
    for deadline_ms in [0, 1, 3, 10, 700] {
        let (pages, end) = stage.scan(&format!("flatbed 300 color ours deadline-ms={deadline_ms}"));
        let deadline = Duration::from_millis(deadline_ms);
        assert_eq!(end, format!("error test:0 did not answer within {deadline:?}"));
        assert!(pages == 0 && stage.page("ours", 1).is_none());
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn scanners_are_listed_and_unknown_names_are_gone() {
    let stage = scanner(&[]);
    let said = stage.ask(&["list"]);
    let names: Vec<&str> = said.iter().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names, ["test:0", "test:1"]);
    let unknown = stage.ask(&["test:9", "flatbed", "75", "color", "ours"]);
    assert_eq!(unknown, ["test:9 is not connected"]);
}
