//! Scans by hand with the kiosk's driver: for the bench, and for comparing it with `scanimage`.
//!
//! `scan-pages list` names the scanners, `scan-pages NAME abilities` tells what one can do.
//! `scan-pages NAME JOB` scans once; `scan-pages NAME` takes jobs line by line, all with the same
//! open scanner. A job is `flatbed|feeder|duplex DPI color|grey FOLDER`, then any of
//! `deadline-ms=N` (for a page), `stop-after=PAGES`, `cancel-ms=N`, `cancel-row=N` (of the first
//! page): it writes `FOLDER/1.pnm` and so on, tells what happens as it happens, and how it ended.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use document_scanner::{Found, SaneScanner, list};
use hardware_api::{
    CapableScanner, ColorMode, DocumentScanner, PageBuilder, Pixels, ScanPart, ScanRequest,
    ScannedPage, Source, StreamingScanner,
};

const USAGE: &str = "usage: scan-pages list | scan-pages NAME [abilities | \
                     flatbed|feeder|duplex DPI color|grey FOLDER [deadline-ms=N] [stop-after=PAGES] \
                     [cancel-ms=N] [cancel-row=N]]";

/// What one scan is to do.
struct Job<'a> {
    request: ScanRequest,
    folder: &'a Path,
    deadline: Duration,
    stop_after: Option<usize>,
    cancel_after: Option<Duration>,
    cancel_row: Option<usize>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["list"] => show_list(),
        [name] => open(name).and_then(|mut scanner| scan_lines(&mut scanner)),
        [name, "abilities"] => open(name).and_then(|mut scanner| show_abilities(&mut scanner)),
        [name, job @ ..] => open(name).and_then(|mut scanner| scan(&mut scanner, job)),
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

/// Says it at once: who listens may act while the scan goes on.
fn say(line: &str) -> Result<(), String> {
    let mut out = io::stdout();
    let said = writeln!(out, "{line}").and_then(|()| out.flush());
    said.map_err(|error| format!("could not tell what happened: {error}"))
}

fn open(name: &str) -> Result<SaneScanner, String> {
    SaneScanner::open(name).map_err(|error| error.to_string())
}

fn scan_lines(scanner: &mut SaneScanner) -> Result<(), String> {
    for line in io::stdin().lines() {
        let line = line.map_err(|error| format!("could not read a job: {error}"))?;
        scan(scanner, &line.split(' ').collect::<Vec<_>>())?;
    }
    Ok(())
}

impl<'a> Job<'a> {
    fn parse(words: &[&'a str]) -> Option<Self> {
        let [source, dpi, color, folder, limits @ ..] = words else { return None };
        let source = match *source {
            "flatbed" => Source::Flatbed,
            "feeder" => Source::Feeder,
            "duplex" => Source::FeederBothSides,
            _ => return None,
        };
        let color = match *color {
            "color" => ColorMode::Color,
            "grey" => ColorMode::Grey,
            _ => return None,
        };
        let mut job = Self {
            request: ScanRequest { source, dpi: dpi.parse().ok()?, color },
            folder: Path::new(*folder),
            deadline: Duration::from_secs(60),
            stop_after: None,
            cancel_after: None,
            cancel_row: None,
        };
        for limit in limits {
            let (name, value) = limit.split_once('=')?;
            match name {
                "deadline-ms" => job.deadline = Duration::from_millis(value.parse().ok()?),
                "stop-after" => job.stop_after = Some(value.parse().ok()?),
                "cancel-ms" => job.cancel_after = Some(Duration::from_millis(value.parse().ok()?)),
                "cancel-row" => job.cancel_row = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(job)
    }
}

fn show_list() -> Result<(), String> {
    let found = list().map_err(|error| error.to_string())?;
    let line = |one: &Found| say(&format!("{}\t{} {}", one.name, one.vendor, one.model));
    found.iter().try_for_each(line)
}

fn show_abilities(scanner: &mut SaneScanner) -> Result<(), String> {
    let able = scanner.capabilities(Duration::from_secs(5)).map_err(|error| error.to_string())?;
    say(&format!("{able:?}"))
}

fn scan(scanner: &mut SaneScanner, words: &[&str]) -> Result<(), String> {
    let job = Job::parse(words).ok_or(USAGE)?;
    match scanner.status(job.deadline) {
        Ok(status) => say(&format!("feeder {:?}", status.feeder))?,
        Err(error) => return say(&format!("error {error}")),
    }
    let canceller = scanner.canceller();
    if let Some(after) = job.cancel_after {
        let canceller = canceller.clone();
        thread::spawn(move || {
            thread::sleep(after);
            canceller.cancel();
        });
    }
    let mut builder = PageBuilder::default();
    let (mut pages, mut failed) = (0, None);
    let end = scanner.scan_parts(&job.request, job.deadline, &mut |part| {
        let mut take = || -> Result<bool, String> {
            if let ScanPart::Begin(_) = part {
                say("begins")?;
            }
            if let Some(page) = builder.take(part).map_err(|error| error.to_string())? {
                pages += 1;
                keep(&job, pages, &page)?;
            }
            if pages == 0 && job.cancel_row.is_some_and(|row| builder.rows() >= row) {
                canceller.cancel();
            }
            Ok(job.stop_after.is_none_or(|most| pages < most))
        };
        take().unwrap_or_else(|why| {
            failed = Some(why);
            false
        })
    });
    match (failed, end) {
        (Some(why), _) => Err(why),
        (None, Ok(end)) => say(&format!("end {end:?}")),
        (None, Err(error)) => say(&format!("error {error}")),
    }
}

fn keep(job: &Job<'_>, number: usize, page: &ScannedPage) -> Result<(), String> {
    write_page(&job.folder.join(format!("{number}.pnm")), page)
        .map_err(|error| format!("could not write a page: {error}"))?;
    say(&format!("page {number} {}x{} {} dpi", page.width, page.height, page.dpi))
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
