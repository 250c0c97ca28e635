//! Scans by hand with the kiosk's driver: for the bench, and for comparing it with `scanimage`.
//!
//! `scan-pages list`
//! `scan-pages NAME flatbed|feeder DPI color|grey FOLDER [DEADLINE_MS [STOP_AFTER_PAGES [CANCEL_AFTER_MS]]]`
//!
//! Writes `FOLDER/1.pnm` and so on, and says how it ended.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use document_scanner::{SaneScanner, list};
use hardware_api::{ColorMode, DocumentScanner, Pixels, ScanRequest, ScannedPage, Source};

const USAGE: &str = "usage: scan-pages list | scan-pages NAME flatbed|feeder DPI color|grey FOLDER \
                     [DEADLINE_MS [STOP_AFTER_PAGES [CANCEL_AFTER_MS]]]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = match words.as_slice() {
        ["list"] => show_list(),
        [name, source, dpi, color, folder, limits @ ..] if limits.len() <= 3 => {
            match (request(source, dpi, color), numbers(limits)) {
                (Some(request), Some(limits)) => scan(name, &request, Path::new(folder), limits),
                (None, _) | (_, None) => Err(USAGE.to_owned()),
            }
        }
        _ => Err(USAGE.to_owned()),
    };
    match said {
        Ok(said) => finish(&mut io::stdout(), &said, ExitCode::SUCCESS),
        Err(said) => finish(&mut io::stderr(), &said, ExitCode::FAILURE),
    }
}

fn finish(to: &mut dyn Write, said: &str, code: ExitCode) -> ExitCode {
    if writeln!(to, "{said}").is_ok() { code } else { ExitCode::FAILURE }
}

fn request(source: &str, dpi: &str, color: &str) -> Option<ScanRequest> {
    let source = match source {
        "flatbed" => Source::Flatbed,
        "feeder" => Source::Feeder,
        _ => return None,
    };
    let color = match color {
        "color" => ColorMode::Color,
        "grey" => ColorMode::Grey,
        _ => return None,
    };
    Some(ScanRequest { source, dpi: dpi.parse().ok()?, color })
}

fn numbers(words: &[&str]) -> Option<[Option<u64>; 3]> {
    let number =
        |at: usize| words.get(at).map(|word| word.parse().ok()).map_or(Some(None), |n| n.map(Some));
    Some([number(0)?, number(1)?, number(2)?])
}

fn show_list() -> Result<String, String> {
    let found = list().map_err(|error| error.to_string())?;
    let lines = found.iter().map(|one| format!("{}\t{} {}", one.name, one.vendor, one.model));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn scan(
    name: &str,
    request: &ScanRequest,
    folder: &Path,
    [deadline_ms, stop_after, cancel_after_ms]: [Option<u64>; 3],
) -> Result<String, String> {
    let mut scanner = SaneScanner::open(name).map_err(|error| error.to_string())?;
    let deadline = Duration::from_millis(deadline_ms.unwrap_or(60_000));
    let mut said = Vec::new();
    let status = scanner.status(deadline).map_err(|error| error.to_string())?;
    said.push(format!("feeder {:?}", status.feeder));
    if let Some(after) = cancel_after_ms {
        let canceller = scanner.canceller();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(after));
            canceller.cancel();
        });
    }
    let (mut count, mut failed) = (0, None);
    let end = scanner.scan(request, deadline, &mut |page| {
        count += 1;
        said.push(format!("page {count} {}x{} {} dpi", page.width, page.height, page.dpi));
        failed = write_page(&folder.join(format!("{count}.pnm")), &page).err();
        failed.is_none() && stop_after != Some(count)
    });
    match (failed, end) {
        (Some(error), _) => return Err(format!("could not write a page: {error}")),
        (None, Ok(end)) => said.push(format!("end {end:?}")),
        (None, Err(error)) => said.push(format!("error {error}")),
    }
    Ok(said.join("\n"))
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
