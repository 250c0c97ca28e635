//! The document scanner by hand.

use std::{fs, path::Path, time::Duration};

use documents::page::{PageCheck, Pixels as Samples, RawPage};
use hardware_api::{Feeder, Pixels, ScanEnd, ScannedPage, ScannerStatus};
use serde_json::json;

use crate::{arguments::Scanner, failure::Failure, fleet::Fleet, output::Output};

/// How long an answer may take; a scanner that sleeps takes its time to wake.
pub(crate) const ANSWER: Duration = Duration::from_secs(15);
/// How long one page may take.
const PAGE: Duration = Duration::from_secs(60);

pub(crate) fn run(command: &Scanner, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    match command {
        Scanner::List => list(out),
        Scanner::Status => {
            let status = fleet.scanner()?.scanner.status(ANSWER)?;
            out.say(&describe(status), &status)
        }
        Scanner::Test { out: folder } => scan(folder.as_deref(), fleet, out),
    }
}

fn list(out: Output) -> Result<(), Failure> {
    for found in document_scanner::list()? {
        let words = format!("{}  {} {}", found.name, found.vendor, found.model);
        let data = json!({ "name": found.name, "vendor": found.vendor, "model": found.model });
        out.say(&words, &data)?;
    }
    Ok(())
}

/// In words.
pub(crate) fn describe(status: ScannerStatus) -> String {
    let feeder = match status.feeder {
        Feeder::Absent => "no feeder",
        Feeder::Unknown => "a feeder that does not tell",
        Feeder::Empty => "nothing in the feeder",
        Feeder::Loaded => "paper in the feeder",
    };
    let ready = if status.ready { "it answers" } else { "it is not ready" };
    format!("{ready}; {feeder}")
}

fn scan(folder: Option<&Path>, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let mut device = fleet.scanner()?;
    let request = device.request;
    let mut pages = Vec::new();
    let end = device.scanner.scan(&request, PAGE, &mut |page| {
        pages.push(page);
        true
    })?;
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    for (number, page) in (1..).zip(&pages) {
        let raw = raw(page)?;
        let verdict = match raw.check() {
            PageCheck::Good => "good",
            PageCheck::Blank => "blank",
            PageCheck::TooDark => "too dark",
            PageCheck::Blurred => "blurred",
        };
        let words = format!("page {number}: {} x {} pixels, {verdict}", page.width, page.height);
        let data = json!({ "page": number, "width": page.width, "height": page.height, "verdict": verdict });
        out.say(&words, &data)?;
        if let Some(folder) = folder {
            fs::write(folder.join(format!("page-{number:03}.jpg")), raw.encode()?)?;
        }
    }
    match end {
        ScanEnd::Done => {
            out.say(&format!("{} pages", pages.len()), &json!({ "pages": pages.len() }))
        }
        ScanEnd::Cancelled
        | ScanEnd::NoPaper
        | ScanEnd::Jammed
        | ScanEnd::DoubleFeed
        | ScanEnd::CoverOpen
        | ScanEnd::Busy => Err(Failure::Unfit(format!("the scan ended with {end:?}"))),
    }
}

fn raw(page: &ScannedPage) -> Result<RawPage<'_>, Failure> {
    let samples = match &page.pixels {
        Pixels::Rgb(samples) => Samples::Rgb(samples),
        Pixels::Grey(samples) => Samples::Grey(samples),
    };
    Ok(RawPage::new(page.width, page.height, page.dpi, samples)?)
}
