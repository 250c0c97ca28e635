//! Scans by hand with the kiosk's driver: for the bench, and for comparing it with `scanimage`.
//!
//! `scan-pages list` names the scanners. `scan-pages NAME JOB` scans once; `scan-pages NAME` takes
//! jobs line by line, all with the same open scanner. A job is
//! `flatbed|feeder DPI color|grey FOLDER [DEADLINE_MS [STOP_AFTER_PAGES [CANCEL_AFTER_MS]]]`:
//! it writes `FOLDER/1.pnm` and so on, and says how it ended.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use document_scanner::{Found, SaneScanner, list};
use hardware_api::{ColorMode, DocumentScanner, Pixels, ScanRequest, ScannedPage, Source};

const USAGE: &str = "usage: scan-pages list | scan-pages NAME [flatbed|feeder DPI color|grey FOLDER \
                     [DEADLINE_MS [STOP_AFTER_PAGES [CANCEL_AFTER_MS]]]]";

/// What one scan is to do.
struct Job<'a> {
    request: ScanRequest,
    folder: &'a Path,
    deadline: Duration,
    stop_after_pages: Option<u64>,
    cancel_after: Option<Duration>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["list"] => show_list(),
        [name] => open(name).and_then(|mut scanner| scan_lines(&mut scanner)),
        [name, job @ ..] => {
            open(name).and_then(|mut scanner| scan(&mut scanner, job)).and_then(|said| say(&said))
        }
        [] => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Without a place to complain there is nobody to complain to.
            let _ = writeln!(io::stderr(), "{why}");
            ExitCode::FAILURE
        }
    }
}

fn say(lines: &[String]) -> Result<(), String> {
    let mut out = io::stdout();
    let said = writeln!(out, "{}", lines.join("\n")).and_then(|()| out.flush());
    said.map_err(|error| format!("could not tell what happened: {error}"))
}

fn open(name: &str) -> Result<SaneScanner, String> {
    SaneScanner::open(name).map_err(|error| error.to_string())
}

fn scan_lines(scanner: &mut SaneScanner) -> Result<(), String> {
    for line in io::stdin().lines() {
        let line = line.map_err(|error| format!("could not read a job: {error}"))?;
        say(&scan(scanner, &line.split(' ').collect::<Vec<_>>())?)?;
    }
    Ok(())
}

impl<'a> Job<'a> {
    fn parse(words: &[&'a str]) -> Option<Self> {
        let [source, dpi, color, folder, limits @ ..] = words else { return None };
        let source = match *source {
            "flatbed" => Source::Flatbed,
            "feeder" => Source::Feeder,
            _ => return None,
        };
        let color = match *color {
            "color" => ColorMode::Color,
            "grey" => ColorMode::Grey,
            _ => return None,
        };
        let limits: Vec<u64> =
            limits.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
        let limit = |at: usize| limits.get(at).copied();
        Some(Self {
            request: ScanRequest { source, dpi: dpi.parse().ok()?, color },
            folder: Path::new(*folder),
            deadline: Duration::from_millis(limit(0).unwrap_or(60_000)),
            stop_after_pages: limit(1),
            cancel_after: limit(2).map(Duration::from_millis),
        })
    }
}

fn show_list() -> Result<(), String> {
    let found = list().map_err(|error| error.to_string())?;
    let line = |one: &Found| format!("{}\t{} {}", one.name, one.vendor, one.model);
    say(&found.iter().map(line).collect::<Vec<_>>())
}

fn scan(scanner: &mut SaneScanner, words: &[&str]) -> Result<Vec<String>, String> {
    let job = Job::parse(words).ok_or(USAGE)?;
    let mut said = Vec::new();
    match scanner.status(job.deadline) {
        Ok(status) => said.push(format!("feeder {:?}", status.feeder)),
        Err(error) => return Ok(vec![format!("error {error}")]),
    }
    if let Some(after) = job.cancel_after {
        let canceller = scanner.canceller();
        thread::spawn(move || {
            thread::sleep(after);
            canceller.cancel();
        });
    }
    let (mut count, mut failed) = (0, None);
    let end = scanner.scan(&job.request, job.deadline, &mut |page| {
        count += 1;
        said.push(format!("page {count} {}x{} {} dpi", page.width, page.height, page.dpi));
        failed = write_page(&job.folder.join(format!("{count}.pnm")), &page).err();
        failed.is_none() && job.stop_after_pages != Some(count)
    });
    match (failed, end) {
        (Some(error), _) => return Err(format!("could not write a page: {error}")),
        (None, Ok(end)) => said.push(format!("end {end:?}")),
        (None, Err(error)) => said.push(format!("error {error}")),
    }
    Ok(said)
}

fn write_page(path: &Path, page: &ScannedPage) -> io::Result<()> {
    let (kind, samples) = match &page.pixels {
        Pixels::Rgb(samples) => ("P6", samples),
        Pixels::Grey(samples) => ("P5", samples),
    };
    let mut file = format!("{kind}\n{} {}\n255\n", page.width, page.height).into_bytes();
    file.extend_from_slice(samples);
    std::fs::write(path, file)
}
