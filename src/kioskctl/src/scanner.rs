//! The document scanner by hand.

use std::{
    fs,
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use documents::page::{PageCheck, Pixels as Samples, RawPage};
use hardware_api::{DeviceError, Feeder, Pixels, ScanEnd, ScannedPage, ScannerStatus};
use journal::Event;
use serde_json::json;

use crate::{
    arguments::Scanner,
    failure::{Failure, Part},
    fleet::Fleet,
    interrupt::Interrupt,
    output::Output,
};

/// How long an answer may take; a scanner that sleeps takes its time to wake.
pub(crate) const ANSWER: Duration = Duration::from_secs(15);
/// How long one page may take.
const PAGE: Duration = Duration::from_secs(60);
/// How long SANE may look around in the network.
const SEARCH: Duration = Duration::from_secs(60);
/// What was tried on it.
pub(crate) const ASK: &str = "ask the scanner how it is";

pub(crate) fn run(
    command: &Scanner,
    fleet: impl FnOnce() -> Result<Fleet, Failure>,
    out: Output,
) -> Result<(), Failure> {
    match command {
        Scanner::List => list(out),
        Scanner::Status => {
            let mut device = fleet()?.scanner()?;
            let status = device.scanner.status(ANSWER).map_err(Part::Scanner.could_not(ASK))?;
            out.say(&describe(status), &status)?;
            if status.ready {
                return Ok(());
            }
            Err(Failure::unfit(Event::ScannerGone, "the scanner cannot be used now"))
        }
        Scanner::Test { out: folder } => scan(folder.as_deref(), &fleet()?, out),
    }
}

fn list(out: Output) -> Result<(), Failure> {
    let could_not = Part::Scanner.could_not("search for scanners");
    let (tell, told) = mpsc::channel();
    // A backend that waits for ever for a peer keeps its thread, not the person.
    let _no_thread = thread::Builder::new().spawn(move || tell.send(document_scanner::list()));
    let found = told
        .recv_timeout(SEARCH)
        .unwrap_or_else(|_| Err(DeviceError::Silent { device: "SANE".to_owned(), after: SEARCH }))
        .map_err(could_not)?;
    for one in &found {
        let words = format!("{}  {} {}", one.name, one.vendor, one.model);
        let data = json!({ "name": one.name, "vendor": one.vendor, "model": one.model });
        out.say(&words, &data)?;
    }
    if found.is_empty() {
        out.remark("SANE finds no scanner");
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
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(unwritten(folder))?;
    }
    let cancel = Arc::clone(&device.cancel);
    let interrupt = Interrupt::listen(move || cancel());
    let (mut pages, mut shown) = (0_usize, Ok(()));
    let request = device.request;
    let end = device.scanner.scan(&request, PAGE, &mut |page| {
        pages += 1;
        shown = show(pages, &page, folder, out);
        shown.is_ok() && !interrupt.is_pressed()
    });
    shown?;
    let end = end.map_err(Part::Scanner.could_not("scan"))?;
    let said = (&*format!("{pages} pages"), &json!({ "pages": pages }));
    let (event, why) = match end {
        ScanEnd::Done => return out.say(said.0, said.1),
        ScanEnd::Cancelled => return Err(Failure::Interrupted),
        ScanEnd::NoPaper => (Event::ScannerEmpty, "there was no paper"),
        ScanEnd::Jammed => (Event::ScannerJammed, "paper is stuck"),
        ScanEnd::DoubleFeed => (Event::ScannerDoubleFeed, "two sheets went in at once"),
        ScanEnd::CoverOpen => (Event::ScannerCoverOpen, "the cover is open"),
        ScanEnd::Busy => (Event::ScannerBusy, "another program or computer holds the scanner"),
    };
    Err(Failure::unfit(event, format!("the scan ended after {pages} pages: {why}")))
}

/// Says how a page is, and keeps it.
fn show(
    number: usize,
    page: &ScannedPage,
    folder: Option<&Path>,
    out: Output,
) -> Result<(), Failure> {
    let raw = raw(page)?;
    let verdict = match raw.check() {
        PageCheck::Good => "good",
        PageCheck::Blank => "blank",
        PageCheck::TooDark => "too dark",
        PageCheck::Blurred => "blurred",
    };
    let ScannedPage { width, height, dpi, .. } = page;
    let words = format!("page {number}: {width} x {height} pixels, {dpi} dpi, {verdict}");
    let data = json!({
        "page": number, "width": width, "height": height, "dpi": dpi, "verdict": verdict,
    });
    out.say(&words, &data)?;
    if let Some(folder) = folder {
        let file = folder.join(format!("page-{number:03}.jpg"));
        fs::write(&file, raw.encode()?).map_err(unwritten(&file))?;
    }
    Ok(())
}

/// A file or folder that could not be written.
pub(crate) fn unwritten(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    move |source| Failure::File { tried: "write", path: path.to_owned(), source }
}

fn raw(page: &ScannedPage) -> Result<RawPage<'_>, Failure> {
    let samples = match &page.pixels {
        Pixels::Rgb(samples) => Samples::Rgb(samples),
        Pixels::Grey(samples) => Samples::Grey(samples),
    };
    Ok(RawPage::new(page.width, page.height, page.dpi, samples)?)
}
