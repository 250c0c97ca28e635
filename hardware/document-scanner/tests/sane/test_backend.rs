//! SANE's own `test` backend, with `scanimage` as the witness. libsane reads its environment once
//! per process, so each scan is made by `scan-pages` in a process of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const DEFAULTS: &str = include_str!("test.conf");

/// A folder with the configuration of one simulated scanner, and room for its pages.
fn scanner(changes: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = DEFAULTS.lines().map(str::to_owned).collect();
    for (key, value) in changes {
        let known = lines.iter_mut().find(|line| line.split(' ').next() == Some(*key));
        *known.unwrap_or_else(|| panic!("{key} is no setting of the backend")) =
            format!("{key} {value}");
    }
    fs::write(folder.path().join("test.conf"), lines.join("\n")).unwrap();
    fs::write(folder.path().join("dll.conf"), "test\n").unwrap();
    fs::create_dir(folder.path().join("ours")).unwrap();
    fs::create_dir(folder.path().join("theirs")).unwrap();
    folder
}

fn run(folder: &Path, program: &str, words: &[&str]) -> Output {
    Command::new(program)
        .args(words)
        .current_dir(folder)
        .env("SANE_CONFIG_DIR", folder)
        .output()
        .unwrap_or_else(|error| panic!("{program} (package sane-utils) should run: {error}"))
}

/// What `scan-pages` said, line by line.
fn scan(folder: &TempDir, words: &str) -> Vec<String> {
    let words: Vec<&str> = ["test:0"].into_iter().chain(words.split(' ')).collect();
    let output = run(folder.path(), env!("CARGO_BIN_EXE_scan-pages"), &words);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    said.lines().map(str::to_owned).collect()
}

fn scanimage(folder: &TempDir, words: &str) -> Output {
    run(folder.path(), "scanimage", &words.split(' ').collect::<Vec<_>>())
}

/// Size and samples of a PNM file, whatever its comments.
fn read_pnm(file: &[u8]) -> (String, &[u8]) {
    let (mut head, mut rest) = (Vec::new(), file);
    while head.len() < 3 {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let line = String::from_utf8(rest[..end].to_vec()).unwrap();
        rest = &rest[end + 1..];
        if !line.starts_with('#') {
            head.push(line);
        }
    }
    (head.join(" "), rest)
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
    ];
    for (ours, theirs, dpi, picture, special) in cases {
        let quoted = format!("\"{picture}\"");
        let mut changes = vec![("test-picture", quoted.as_str())];
        match special {
            "three-pass" | "hand-scanner" => changes.push((special, "true")),
            "ppl-loss" => changes.push((special, "7")),
            _ => {}
        }
        let folder = scanner(&changes);
        let said = scan(&folder, &format!("flatbed {dpi} {ours} ours"));
        assert_eq!(said.last().map(String::as_str), Some("end Done"), "{said:?}");
        let area = if special == "hand-scanner" { "" } else { " -l 0 -t 0 -x 210 -y 297" };
        let words = format!("-d test:0 --mode {theirs} --depth 8 --resolution {dpi}{area}");
        let witness = scanimage(&folder, &format!("{words} --format=pnm"));
        assert!(witness.status.success(), "{}", String::from_utf8_lossy(&witness.stderr));
        let page = fs::read(folder.path().join("ours/1.pnm")).unwrap();
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
    let folder = scanner(&[("test-picture", "\"Color pattern\"")]);
    let said = scan(&folder, "feeder 75 color ours");
    assert_eq!((said.len(), said.last().unwrap().as_str()), (22, "end Done"), "{said:?}");
    let mut words = vec!["--source", "Automatic Document Feeder", "--batch=theirs/%d.pnm"];
    words.extend("-d test:0 --mode Color --depth 8 --resolution 75".split(' '));
    words.extend("-l 0 -t 0 -x 210 -y 297".split(' '));
    run(folder.path(), "scanimage", &words);
    for page in 1..=10 {
        let ours = fs::read(folder.path().join(format!("ours/{page}.pnm"))).unwrap();
        let theirs = fs::read(folder.path().join(format!("theirs/{page}.pnm"))).unwrap();
        assert!(read_pnm(&ours) == read_pnm(&theirs), "page {page}");
    }
    assert!(!folder.path().join("theirs/11.pnm").exists());
}

#[test]
fn a_caller_that_has_enough_stops_the_feeder() {
    let folder = scanner(&[]);
    let said = scan(&folder, "feeder 75 grey ours stop-after=3");
    assert_eq!((said.len(), said.last().unwrap().as_str()), (8, "end Cancelled"), "{said:?}");
}

#[test]
fn each_fault_of_the_backend_has_its_end() {
    let cases = [
        ("SANE_STATUS_JAMMED", "end Jammed"),
        ("SANE_STATUS_NO_DOCS", "end NoPaper"),
        ("SANE_STATUS_COVER_OPEN", "end CoverOpen"),
        ("SANE_STATUS_DEVICE_BUSY", "end Busy"),
        ("SANE_STATUS_CANCELLED", "end Cancelled"),
        ("SANE_STATUS_IO_ERROR", "error test:0 is not connected"),
        ("SANE_STATUS_NO_MEM", "error test:0 refused: there is not enough memory"),
        ("SANE_STATUS_ACCESS_DENIED", "error test:0 refused: this user may not use it"),
        ("SANE_STATUS_UNSUPPORTED", "error test:0 refused: it cannot do what was asked"),
        ("SANE_STATUS_INVAL", "error test:0 refused: a value that it offered is invalid"),
        ("SANE_STATUS_EOF", "error test:0 sent 0 of "),
    ];
    for (fault, expected) in cases {
        let folder = scanner(&[("read-status-code", &format!("\"{fault}\""))]);
        let said = scan(&folder, "feeder 75 color ours");
        assert!(said.last().unwrap().starts_with(expected), "{fault}: {said:?}");
        assert!(!folder.path().join("ours/1.pnm").exists(), "{fault}");
    }
}

/// A page that takes a minute at least.
const SLOW: [(&str, &str); 4] = [
    ("read-limit", "true"),
    ("read-limit-size", "1000"),
    ("read-delay", "true"),
    ("read-delay-duration", "100000"),
];

#[test]
fn a_scan_cancelled_in_the_middle_of_a_page_gives_no_page() {
    let folder = scanner(&SLOW);
    let began = Instant::now();
    let said = scan(&folder, "flatbed 300 color ours deadline-ms=600000 cancel-ms=700");
    assert_eq!(said.last().unwrap(), "end Cancelled", "{said:?}");
    assert!(!folder.path().join("ours/1.pnm").exists());
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_page_that_takes_longer_than_its_deadline_is_given_up() {
    let folder = scanner(&SLOW);
    let began = Instant::now();
    // The short ones end before or while the backend starts, which then overlooks it.
    for deadline_ms in [0, 1, 3, 10, 700] {
        let said = scan(&folder, &format!("flatbed 300 color ours deadline-ms={deadline_ms}"));
        let end =
            format!("error test:0 did not answer within {:?}", Duration::from_millis(deadline_ms));
        assert_eq!(said.last(), Some(&end), "{said:?}");
        assert!(!folder.path().join("ours/1.pnm").exists());
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn scanners_are_listed_and_unknown_names_are_gone() {
    let folder = scanner(&[]);
    let said = run(folder.path(), env!("CARGO_BIN_EXE_scan-pages"), &["list"]);
    let said = String::from_utf8(said.stdout).unwrap();
    let names: Vec<&str> = said.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names, ["test:0", "test:1"]);
    let words = ["test:9", "flatbed", "75", "color", "ours"];
    let output = run(folder.path(), env!("CARGO_BIN_EXE_scan-pages"), &words);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim(), "test:9 is not connected");
}
