//! Code readers by hand, and codes in pictures.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use code_reader::decode::{self, Luma};
use hardware_api::Sight;
use identity::Presented;
use serde::Serialize;
use serde_json::json;

use crate::{
    arguments::Code,
    failure::Failure,
    fleet::Fleet,
    output::{self, Output},
};

/// How long one look lasts.
const LOOK: Duration = Duration::from_millis(250);

pub(crate) fn run(command: &Code, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    match command {
        Code::List => list(fleet, out),
        Code::Status => {
            for (name, reader) in &mut fleet.code_readers()? {
                reader.is_there()?;
                out.say(
                    &format!("{name}: it is there"),
                    &json!({ "reader": name, "there": true }),
                )?;
            }
            Ok(())
        }
        Code::Read { files, batch: None } => files.iter().try_for_each(|file| print(file, out)),
        Code::Read { batch: Some(list), .. } => batch(list),
        Code::Test { seconds, reveal } => watch(Duration::from_secs(*seconds), *reveal, fleet, out),
    }
}

fn list(fleet: &Fleet, out: Output) -> Result<(), Failure> {
    for path in transport::list_serial_ports() {
        let words = format!("serial port {}", path.display());
        out.say(&words, &json!({ "serial": path }))?;
    }
    for port in &fleet.settings().codes.readers {
        out.say(&format!("in the settings: {port}"), &json!({ "reader": port.to_string() }))?;
    }
    Ok(())
}

/// What one picture held.
#[derive(Serialize)]
struct Held {
    file: PathBuf,
    /// Payloads that are text.
    out: Vec<String>,
    /// Payloads that are not, in hexadecimal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bytes: Vec<String>,
    /// Microseconds of decoding, without reading the file.
    us: u128,
}

fn print(file: &Path, out: Output) -> Result<(), Failure> {
    let (payloads, us) = read(file)?;
    if out.json {
        return output::line(&held(file, payloads, us));
    }
    let mut stdout = io::stdout().lock();
    for payload in payloads {
        stdout.write_all(&payload)?;
        stdout.write_all(b"\n")?;
    }
    Ok(())
}

/// A picture that cannot be read is a line without payloads, so that a list of thousands is not
/// lost to one file; it is told on the side.
fn batch(list: &Path) -> Result<(), Failure> {
    let paths = fs::read_to_string(list)
        .map_err(|source| Failure::Read { path: list.to_owned(), source })?;
    for path in paths.lines().filter(|line| !line.is_empty()).map(Path::new) {
        let (payloads, us) = read(path).or_else(|failure| {
            writeln!(io::stderr(), "kioskctl: {failure}").map(|()| (vec![], 0))
        })?;
        output::line(&held(path, payloads, us))?;
    }
    Ok(())
}

fn held(file: &Path, payloads: Vec<Vec<u8>>, us: u128) -> Held {
    let (mut out, mut bytes) = (vec![], vec![]);
    for payload in payloads {
        match String::from_utf8(payload) {
            Ok(text) => out.push(text),
            Err(other) => bytes.push(other.as_bytes().iter().map(|b| format!("{b:02x}")).collect()),
        }
    }
    Held { file: file.to_owned(), out, bytes, us }
}

fn read(file: &Path) -> Result<(Vec<Vec<u8>>, u128), Failure> {
    let bytes = fs::read(file).map_err(|source| Failure::Read { path: file.to_owned(), source })?;
    let not_a_picture = || Failure::NotAPicture(file.to_owned());
    let frame = code_reader::Frame::decode(&bytes).ok_or_else(not_a_picture)?;
    let luma: Luma<'_> = frame.luma().ok_or_else(not_a_picture)?;
    let started = Instant::now();
    let payloads = decode::read_still(&luma);
    Ok((payloads, started.elapsed().as_micros()))
}

/// Says of each code which kind it is. The first one ends the test.
fn watch(time: Duration, reveal: bool, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let mut readers = fleet.code_readers()?;
    let end = Instant::now() + time;
    while Instant::now() < end {
        for (name, reader) in &mut readers {
            if let Some(Sight::Code(code)) = reader.next(LOOK)? {
                return show(name, &code.bytes, reveal, fleet, out);
            }
        }
    }
    Err(Failure::Unfit("no code was seen".to_owned()))
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
