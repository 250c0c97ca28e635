//! How long the driver takes for an A4 page, 300 dpi, colour, from SANE's `test` backend, which
//! takes no time of its own: the median of some pages, in parts as they come and put together,
//! beside `scanimage`. Prints one JSON line per figure.

use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use document_scanner::SaneScanner;
use hardware_api::{
    ColorMode, DocumentScanner, ScanEnd, ScanPart, ScanRequest, Source, StreamingScanner,
};

const ROUNDS: usize = 15;
const DEADLINE: Duration = Duration::from_secs(60);
const REQUEST: ScanRequest =
    ScanRequest { source: Source::Flatbed, dpi: 300, color: ColorMode::Color };
const PAGE_BYTES: usize = 2480 * 3507 * 3;
const SETTINGS: &str = include_str!("../tests/sane/test.conf");

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    // libsane reads its environment once: who measures is a process that was given it.
    if env::args().nth(1).as_deref() == Some("measure") {
        return measure();
    }
    let folder = tempfile::tempdir()?;
    let settings = SETTINGS.replace("Solid black", "Color pattern");
    fs::write(folder.path().join("test.conf"), settings)?;
    fs::write(folder.path().join("dll.conf"), "test\n")?;
    let witness = witness(folder.path())?;
    let mut own = Command::new(env::current_exe()?);
    let done = own
        .args(["measure", &format!("{witness:.1}")])
        .env("SANE_CONFIG_DIR", folder.path())
        .status()?;
    if done.success() { Ok(()) } else { Err("the measurement failed".into()) }
}

/// Milliseconds that `scanimage` takes, start and all.
fn witness(config: &std::path::Path) -> Result<f64> {
    let words = "-d test:0 --mode Color --depth 8 --resolution 300 -l 0 -t 0 -x 210 -y 297";
    median(|| {
        let mut scanimage = Command::new("scanimage");
        scanimage.args(words.split(' ')).env("SANE_CONFIG_DIR", config);
        let status = scanimage.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err("scanimage failed".into()) }
    })
}

fn measure() -> Result<()> {
    let peer: f64 = env::args().nth(2).unwrap_or_default().parse()?;
    let mut scanner = SaneScanner::open("test:0")?;
    let parts = median(|| {
        let mut bytes = 0;
        let end = scanner.scan_parts(&REQUEST, DEADLINE, &mut |part| {
            if let ScanPart::Samples(samples) = part {
                bytes += black_box(samples).len();
            }
            true
        })?;
        check(end, bytes)
    })?;
    let pages = median(|| {
        let mut bytes = 0;
        let end = scanner.scan(&REQUEST, DEADLINE, &mut |page| {
            if let hardware_api::Pixels::Rgb(samples) = black_box(&page.pixels) {
                bytes = samples.len();
            }
            true
        })?;
        check(end, bytes)
    })?;
    say("scanner: A4, 300 dpi, colour, in parts as they come", parts, peer)?;
    say("scanner: A4, 300 dpi, colour, a whole page", pages, peer)
}

fn check(end: ScanEnd, bytes: usize) -> Result<()> {
    if end == ScanEnd::Done && bytes == PAGE_BYTES {
        Ok(())
    } else {
        Err(format!("{bytes} bytes, then {end:?}").into())
    }
}

/// Milliseconds, the median of all rounds but the first.
fn median(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    run()?;
    let mut all = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        run()?;
        all.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    all.sort_by(f64::total_cmp);
    all.get(ROUNDS / 2).copied().ok_or_else(|| "no rounds".into())
}

fn say(name: &str, value: f64, peer: f64) -> Result<()> {
    let met = value <= peer;
    writeln!(
        io::stdout(),
        "{{\"name\":\"{name}\",\"value\":{value:.1},\"unit\":\"ms\",\"target\":\"≤ 1 × peer\",\
         \"met\":{met},\"peer\":\"scanimage\",\"peer_value\":{peer:.1}}}"
    )?;
    Ok(())
}
