//! Code readers by hand.

mod pictures;

use std::time::{Duration, Instant};

use hardware_api::{Hint, Sight};
use identity::Presented;
use journal::Event;
use serde_json::json;

use crate::{
    arguments::Code,
    failure::{Failure, Part},
    fleet::{Fleet, NamedReader},
    interrupt::Interrupt,
    output::Output,
    tape,
};

/// How long one look lasts.
const LOOK: Duration = Duration::from_millis(250);

pub(crate) fn run(
    command: &Code,
    fleet: impl FnOnce() -> Result<Fleet, Failure>,
    out: Output,
) -> Result<(), Failure> {
    match command {
        Code::List => list(out),
        Code::Status => status(&fleet()?, out),
        Code::Read { files, batch: None } => pictures::print(files, out),
        Code::Read { batch: Some(list), .. } => pictures::batch(list),
        Code::Test { seconds, reveal, record } => {
            let fleet = fleet()?;
            let readers = match record {
                Some(file) => vec![tape::gun(&fleet, file)?],
                None => fleet.code_readers()?,
            };
            watch(readers, Duration::from_secs(*seconds), *reveal, &fleet, out)
        }
    }
}

fn list(out: Output) -> Result<(), Failure> {
    let mut found = false;
    let mut say = |reader: String, name: &str| {
        found = true;
        let words = format!("{reader}  {name}");
        out.say(words.trim_end(), &json!({ "reader": reader, "name": name }))
    };
    for camera in code_reader::cameras() {
        say(format!("camera:{}", camera.path.display()), &camera.name)?;
    }
    for path in transport::list_serial_ports() {
        // How fast the line is, nobody can see.
        say(format!("serial:{}@BAUD", path.display()), "")?;
    }
    for path in code_reader::keyboards() {
        say(format!("wedge:{}", path.display()), "")?;
    }
    if !found {
        out.remark(
            "there is no camera, no serial port and no keyboard that a code could come from",
        );
    }
    Ok(())
}

fn status(fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let mut missing = Ok(());
    for (name, reader) in &mut fleet.code_readers()? {
        match reader.is_there() {
            Ok(()) => {
                let data = json!({ "reader": name, "there": true });
                out.say(&format!("{name}: it is there"), &data)?;
            }
            Err(error) => {
                let data = json!({ "reader": name, "there": false });
                out.say(&format!("{name}: {error}"), &data)?;
                let failure = Part::Codes.could_not("find every code reader of the settings");
                missing = missing.and(Err(failure(error)));
            }
        }
    }
    missing
}

/// Says of the first code which kind it is. A reader that fails leaves it to the others.
fn watch(
    mut readers: Vec<NamedReader>,
    time: Duration,
    reveal: bool,
    fleet: &Fleet,
    out: Output,
) -> Result<(), Failure> {
    let interrupt = Interrupt::listen(|| {});
    let (end, mut told) = (Instant::now() + time, None);
    out.remark(&format!("hold a code to the reader; {} s", time.as_secs()));
    while Instant::now() < end {
        if interrupt.is_pressed() {
            return Err(Failure::Interrupted);
        }
        let mut failed = None;
        let mut at = 0;
        while let Some((name, reader)) = readers.get_mut(at) {
            match reader.next(LOOK) {
                Ok(Some(Sight::Code(code))) => {
                    let shown = show(name, &code.bytes, reveal, fleet, out);
                    rest(&mut readers);
                    return shown;
                }
                Ok(Some(Sight::View(view))) => tell(view.hint, &mut told, out),
                Ok(None) => {}
                Err(error) => {
                    let failure = Part::Codes.could_not("wait for a code")(error);
                    readers.remove(at);
                    if !readers.is_empty() {
                        out.complain(&failure);
                    }
                    failed = Some(failure);
                    continue;
                }
            }
            at += 1;
        }
        if let (Some(failure), true) = (failed, readers.is_empty()) {
            return Err(failure);
        }
    }
    rest(&mut readers);
    let waited = format!("no code was seen within {} s", time.as_secs());
    Err(Failure::unfit(Event::NoCodeSeen, waited))
}

fn rest(readers: &mut [NamedReader]) {
    readers.iter_mut().for_each(|(_, reader)| reader.rest());
}

/// What would help, when that changed.
fn tell(hint: Option<Hint>, told: &mut Option<Hint>, out: Output) {
    if hint != *told {
        *told = hint;
        match hint {
            Some(Hint::Closer) => out.remark("closer"),
            Some(Hint::Tilt) => out.remark("hold it straight"),
            Some(Hint::Glare) => out.remark("turn it out of the light"),
            Some(Hint::HoldStill) => out.remark("hold it still"),
            None => {}
        }
    }
}

fn show(
    reader: &str,
    bytes: &[u8],
    reveal: bool,
    fleet: &Fleet,
    out: Output,
) -> Result<(), Failure> {
    let kind = kind(&identity::classify(bytes, fleet.today()));
    let payload = reveal.then(|| String::from_utf8_lossy(bytes));
    let shown = payload.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    let words = format!("{reader}: {kind}, {} bytes{shown}", bytes.len());
    let data = json!({ "reader": reader, "kind": kind, "bytes": bytes.len(), "payload": payload });
    out.say(&words, &data)
}

fn kind(presented: &Presented) -> &'static str {
    match presented {
        Presented::IdCard(_) => "ID card",
        Presented::DamagedIdCard(_) => "ID card, damaged",
        Presented::Ticket(_) => "queue ticket",
        Presented::SubmissionSlip(_) => "submission slip",
        Presented::DossierCode(_) => "dossier code",
        Presented::VietQr => "payment code",
        Presented::HealthCard => "health card",
        Presented::AppToken => "token of an app",
        Presented::Unknown => "unknown",
    }
}
