//! The simulated scanner seen by an independent client: `scanimage` through sane-airscan.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::{ScannerFault, ScannerSim, write_sane_config};

const DEVICE: &str = "airscan:e0:Simulated";

struct Scan {
    code: Option<i32>,
    messages: String,
    pages: usize,
}

/// Scans everything the source gives, at a low resolution, into `folder`.
fn scan(scanner: &ScannerSim, folder: &Path, source: &str, mode: &str) -> Scan {
    let config = folder.join("sane");
    write_sane_config(&config, &scanner.url()).unwrap();
    let output = Command::new("timeout")
        .args(["60", "scanimage", "-d", DEVICE, "--source", source, "--mode", mode])
        .args(["--resolution", "75", "-x", "210", "-y", "297", "--format=pnm"])
        .arg(format!("--batch={}/page%d.pnm", folder.display()))
        .args(if source == "Flatbed" { vec!["--batch-count=1"] } else { vec![] })
        .env("SANE_CONFIG_DIR", &config)
        .output()
        .expect("scanimage of sane-utils is installed");
    let pages = (1..).take_while(|n| folder.join(format!("page{n}.pnm")).exists()).count();
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    Scan { code: output.status.code(), messages, pages }
}

/// Width, height and kind of a PNM file.
fn size(path: &Path) -> (String, usize, usize) {
    let bytes = std::fs::read(path).unwrap();
    let head = String::from_utf8_lossy(&bytes[..64]).into_owned();
    let words: Vec<&str> = head.lines().filter(|line| !line.starts_with('#')).collect();
    let joined = words[..3].join(" ");
    let mut words = joined.split_whitespace();
    let kind = words.next().unwrap().to_owned();
    let mut number = || words.next().unwrap().parse().unwrap();
    (kind, number(), number())
}

#[test]
fn the_feeder_gives_all_its_pages_at_the_size_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = ScannerSim::start().unwrap();
    scanner.load_forms(3);
    let scan = scan(&scanner, folder.path(), "ADF", "Color");
    assert_eq!(scan.pages, 3, "{}", scan.messages);
    assert_eq!(scanner.loaded(), 0);
    let (kind, width, height) = size(&folder.path().join("page1.pnm"));
    assert_eq!(kind, "P6");
    assert!((618..=621).contains(&width) && (874..=878).contains(&height), "{width}x{height}");
}

#[test]
fn the_glass_gives_one_page_in_grey() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = ScannerSim::start().unwrap();
    let scan = scan(&scanner, folder.path(), "Flatbed", "Gray");
    assert_eq!((scan.pages, scan.code), (1, Some(0)), "{}", scan.messages);
    assert_eq!(size(&folder.path().join("page1.pnm")).0, "P5");
}

#[test]
fn own_pages_come_back_dot_for_dot() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = ScannerSim::start().unwrap();
    // As large as the whole glass at 75 dpi; left half dark.
    let (width, height) = (620_u16, 877_u16);
    let row = |_| (0..width).map(|x| if x < width / 2 { 20 } else { 230 });
    let pixels: Vec<u8> = (0..height).flat_map(row).collect();
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 95);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Luma).unwrap();
    scanner.load(vec![jpeg]);
    let scan = scan(&scanner, folder.path(), "ADF", "Gray");
    assert_eq!(scan.pages, 1, "{}", scan.messages);
    let path = folder.path().join("page1.pnm");
    let (_, columns, _) = size(&path);
    let bytes = std::fs::read(path).unwrap();
    let last_row = &bytes[bytes.len() - 20 * columns..][..columns];
    assert!(last_row[50] < 40 && last_row[columns - 50] > 200);
}

#[test]
fn every_fault_is_told_by_the_client_in_its_words() {
    // What scanimage's exit code or words are; unknown faults would fail the match below.
    for fault in ScannerFault::ALL {
        let folder = tempfile::tempdir().unwrap();
        let scanner = ScannerSim::start().unwrap();
        scanner.load_forms(1);
        scanner.set_fault(Some(fault));
        let expected = match fault {
            ScannerFault::Jammed => "jam",
            ScannerFault::Empty => "out of documents",
            ScannerFault::CoverOpen => "cover is open",
            ScannerFault::Busy => "busy",
            ScannerFault::Truncated => "I/O",
            ScannerFault::Unplugged => "I/O",
            // The client waits without an end here; drivers live in killable workers.
            ScannerFault::Silent => continue,
        };
        let scan = scan(&scanner, folder.path(), "ADF", "Gray");
        let words = scan.messages.to_lowercase();
        assert!(words.contains(&expected.to_lowercase()), "{fault:?}: {words}");
        assert_eq!(scan.pages, 0, "{fault:?}");
    }
}

#[test]
fn a_jam_on_the_second_page_leaves_the_first_whole() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = ScannerSim::start().unwrap();
    scanner.load_forms(3);
    scanner.fail_after(1, ScannerFault::Jammed);
    let scan = scan(&scanner, folder.path(), "ADF", "Gray");
    assert_eq!(scan.pages, 1, "{}", scan.messages);
    assert!(scan.messages.contains("jam"), "{}", scan.messages);
    assert_eq!(scanner.fault(), Some(ScannerFault::Jammed));
}

#[test]
fn a_silent_scanner_answers_again_once_mended_and_ends_at_once_when_dropped() {
    use std::io::{Read, Write};
    let scanner = ScannerSim::start().unwrap();
    scanner.set_fault(Some(ScannerFault::Silent));
    let address = scanner.url().replace("http://", "").replace("/eSCL/", "");
    let ask = || {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        stream.write_all(b"GET /eSCL/ScannerStatus HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        stream
    };
    let mut stream = ask();
    assert!(stream.read(&mut [0; 64]).is_err());
    scanner.set_fault(None);
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("ScannerAdfEmpty"), "{text}");
    scanner.set_fault(Some(ScannerFault::Silent));
    let _held = ask();
    let began = std::time::Instant::now();
    drop(scanner);
    assert!(began.elapsed() < Duration::from_secs(3));
}
