//! The ID-card reader by hand.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use app::CardDevice;
use hardware_api::{CardReader, CardStatus, DeviceError};
use identity::chip::{
    self, Access, ApduLink, Can, Continue, Finding, LinkError, Passive, Request, Want,
};
use serde_json::json;

use crate::{arguments::Card, failure::Failure, fleet::Fleet, output::Output};

/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// How long one command to the chip may take.
const COMMAND: Duration = Duration::from_secs(10);

pub(crate) fn run(command: &Card, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    match command {
        Card::List => {
            for name in card_reader::list(ANSWER)? {
                out.say(&name, &json!({ "reader": name }))?;
            }
            Ok(())
        }
        Card::Status => {
            let status = fleet.card_reader()?.reader.status(Duration::ZERO)?;
            out.say(describe(status), &status)
        }
        Card::Test { can } => test(can, fleet, out),
    }
}

/// In words.
pub(crate) fn describe(status: CardStatus) -> &'static str {
    match status {
        CardStatus::NoReader => "there is no reader",
        CardStatus::Empty => "the reader is there, and no card",
        CardStatus::Present => "a card is there",
    }
}

/// Reads a chip as a visit would. What stands on it is personal and is not shown.
fn test(can: &str, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let CardDevice { mut reader, trust, .. } = fleet.card_reader()?;
    let info = reader.connect(ANSWER)?;
    let can = Can::parse(can).ok_or_else(|| Failure::Unfit("the CAN has six digits".to_owned()))?;
    let request =
        Request { access: Access::Can(can), want: Want::default(), trust: &trust, at: fleet.now() };
    let mut link = Link { reader: reader.as_mut(), max_response: info.max_response };
    let random = kiosk::os_random();
    let started = Instant::now();
    let reading = chip::read(&mut link, &request, &*random, &mut |progress| {
        // Without a terminal to show it on, progress is nothing.
        let _closed = write!(io::stderr(), "\r{:3} %", progress.percent);
        Continue::Yes
    });
    let _closed = writeln!(io::stderr());
    reader.disconnect();
    let reading = reading.map_err(|error| Failure::Unfit(error.to_string()))?;
    let took = started.elapsed();
    let Passive { integrity, signature, issuer } = reading.checks.passive;
    let facts = [
        ("data unchanged", integrity),
        ("signature", signature),
        ("issuer", issuer),
        ("chip authentication", reading.checks.chip_authentication),
        ("active authentication", reading.checks.active_authentication),
    ];
    for (name, finding) in facts {
        let finding = describe_finding(finding);
        out.say(&format!("{name}: {finding}"), &json!({ "check": name, "finding": finding }))?;
    }
    let (trips, ms) = (reading.round_trips, took.as_millis());
    let opened = format!("{:?}", reading.opened);
    out.say(
        &format!("opened with {opened}; {trips} round trips in {ms} ms"),
        &json!({ "opened": opened, "round_trips": trips, "ms": ms }),
    )
}

fn describe_finding(finding: Finding) -> String {
    match finding {
        Finding::Proven => "proven".to_owned(),
        Finding::Failed(why) => format!("FAILED: {why}"),
        Finding::NotOffered => "not offered by the chip".to_owned(),
        Finding::NotChecked(why) => format!("not checked: {why}"),
    }
}

/// The reader as the chip's protocol wants it.
struct Link<'a> {
    reader: &'a mut dyn CardReader,
    max_response: usize,
}

impl ApduLink for Link<'_> {
    fn max_response(&self) -> usize {
        self.max_response
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.reader.transmit(command, COMMAND).map_err(|error| match error {
            DeviceError::Gone { .. } => LinkError::CardLeft,
            DeviceError::Silent { .. } => LinkError::Silent,
            DeviceError::Busy { .. }
            | DeviceError::Refused { .. }
            | DeviceError::Nonsense { .. }
            | DeviceError::Cancelled
            | _ => LinkError::ReaderGone,
        })
    }
}
