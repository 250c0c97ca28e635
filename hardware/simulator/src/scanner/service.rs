//! What the scanner does when it is asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use super::escl::{self, JobLine, ScanSettings};
use super::http::{Answer, Request};
use super::{ScannerFault, page};
use crate::worker::lock;

const JOBS: &str = "/eSCL/ScanJobs";

/// Paper, jobs and the fault of the scanner.
#[derive(Default)]
pub(super) struct Device {
    /// Sheets waiting; `None` is a form that is drawn when it is scanned.
    pub feeder: VecDeque<Option<Vec<u8>>>,
    /// What lies on the glass; `None` is the form.
    pub glass: Option<Vec<u8>>,
    pub fault: Option<ScannerFault>,
    pub later: Option<(usize, ScannerFault)>,
    jobs: BTreeMap<String, Job>,
    made: u32,
}

struct Job {
    settings: ScanSettings,
    pages: usize,
    /// The back of the sheet that was drawn in last, when it is still to come.
    back: Option<Picture>,
    ended: bool,
}

/// What stands on a side of a sheet.
#[derive(Clone)]
enum Picture {
    /// A form, drawn at the wanted size.
    Form,
    /// Nothing.
    Blank,
    /// This, as JPEG.
    Jpeg(Vec<u8>),
}

impl Picture {
    fn of(sheet: Option<Vec<u8>>) -> Self {
        sheet.map_or(Self::Form, Self::Jpeg)
    }

    /// Forms are printed on both sides.
    fn behind(&self) -> Self {
        match self {
            Self::Form => Self::Form,
            Self::Blank | Self::Jpeg(_) => Self::Blank,
        }
    }

    fn jpeg(self, settings: ScanSettings) -> Vec<u8> {
        match self {
            Self::Form => page::form(settings),
            Self::Blank => page::blank(settings),
            Self::Jpeg(jpeg) => jpeg,
        }
    }
}

/// Answers a request.
pub(super) fn answer(device: &Mutex<Device>, request: &Request) -> Answer {
    let xml = |text: String| Answer::of(200).body("text/xml", text.into_bytes());
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/eSCL/ScannerCapabilities") => xml(escl::capabilities()),
        ("GET", "/eSCL/ScannerStatus") => xml(status(&lock(device))),
        ("POST", JOBS) => begin(&mut lock(device), request),
        ("DELETE", path) => end(&mut lock(device), path),
        ("GET", path) => match path.strip_suffix("/NextDocument") {
            Some(job) => next_page(device, job),
            None => Answer::of(404),
        },
        _ => Answer::of(404),
    }
}

fn status(device: &Device) -> String {
    let state = match device.fault {
        Some(ScannerFault::Busy) => "Processing",
        Some(ScannerFault::Jammed | ScannerFault::CoverOpen) => "Stopped",
        _ => "Idle",
    };
    let feeder = match device.fault {
        Some(ScannerFault::Jammed) => "ScannerAdfJam",
        // The specification's word is "HatchOpen"; sane-airscan 0.99 knows only this one.
        Some(ScannerFault::CoverOpen) => "ScannerAdfDoorOpen",
        Some(ScannerFault::Empty) => "ScannerAdfEmpty",
        _ if device.feeder.is_empty() => "ScannerAdfEmpty",
        _ => "ScannerAdfLoaded",
    };
    let jobs = device.jobs.iter();
    let jobs = jobs.map(|(path, job)| JobLine { path, pages: job.pages, ended: job.ended });
    escl::status(state, feeder, jobs)
}

fn begin(device: &mut Device, request: &Request) -> Answer {
    let settings = escl::scan_settings(&request.body);
    match device.fault {
        Some(ScannerFault::Busy) => return Answer::of(503).with("Retry-After", "1"),
        Some(ScannerFault::Jammed | ScannerFault::CoverOpen | ScannerFault::Empty)
            if settings.from_feeder =>
        {
            return Answer::of(409);
        }
        _ if settings.from_feeder && device.feeder.is_empty() => return Answer::of(409),
        _ => {}
    }
    device.made += 1;
    let path = format!("{JOBS}/{:08}", device.made);
    let place = format!("http://{}{path}", request.host);
    device.jobs.insert(path, Job { settings, pages: 0, back: None, ended: false });
    Answer::of(201).with("Location", place)
}

fn end(device: &mut Device, path: &str) -> Answer {
    let known = device.jobs.remove(path).is_some();
    Answer::of(if known { 200 } else { 404 })
}

fn next_page(device: &Mutex<Device>, path: &str) -> Answer {
    let (side, settings, truncated) = match take_side(&mut lock(device), path) {
        Ok(taken) => taken,
        Err(refusal) => return refusal,
    };
    // Drawn without holding the device: status requests are answered meanwhile.
    let mut answer = Answer::of(200).body("image/jpeg", side.jpeg(settings));
    if truncated {
        answer.sent /= 2;
    }
    answer
}

type Taken = (Picture, ScanSettings, bool);

fn take_side(device: &mut Device, path: &str) -> Result<Taken, Answer> {
    let fault = device.fault;
    let job = device.jobs.get_mut(path).ok_or_else(|| Answer::of(404))?;
    let settings = job.settings;
    match fault {
        Some(ScannerFault::Busy) => return Err(Answer::of(503).with("Retry-After", "1")),
        Some(ScannerFault::Jammed | ScannerFault::CoverOpen) if settings.from_feeder => {
            return Err(Answer::of(409));
        }
        Some(ScannerFault::Empty) if settings.from_feeder => job.ended = true,
        _ => {}
    }
    let side = match (settings.from_feeder, job.ended, job.pages) {
        (_, true, _) => None,
        (true, false, _) => job.back.take().or_else(|| device.feeder.pop_front().map(Picture::of)),
        (false, false, 0) => Some(Picture::of(device.glass.clone())),
        (false, false, _) => None,
    };
    let Some(side) = side else {
        job.ended = true;
        return Err(Answer::of(404));
    };
    let at_back = settings.both_sides && job.pages % 2 == 1;
    job.back = (settings.both_sides && !at_back).then(|| side.behind());
    job.pages += 1;
    let due = device.later.as_mut().is_some_and(|(pages, _)| {
        *pages = pages.saturating_sub(1);
        *pages == 0
    });
    if due {
        device.fault = device.later.take().map(|(_, fault)| fault);
    }
    Ok((side, settings, fault == Some(ScannerFault::Truncated)))
}
