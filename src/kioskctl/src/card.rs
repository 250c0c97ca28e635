//! The ID-card reader by hand.

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use app::CardDevice;
use hardware_api::{CardReader, CardStatus, DeviceError};
use identity::chip::{
    self, Access, ApduLink, Can, ChipError, ChipReading, Continue, Finding, LinkError, Opened,
    Passive, Request, Want, Why,
};
use journal::Event;
use serde_json::json;

use crate::{
    arguments::Card,
    failure::{Failure, Part},
    fleet::Fleet,
    interrupt::Interrupt,
    output::{self, Output},
    terminal,
};

/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// How long one command to the chip may take.
const COMMAND: Duration = Duration::from_secs(10);
/// What was tried on it.
pub(crate) const ASK: &str = "ask for the card reader";

pub(crate) fn run(
    command: &Card,
    fleet: impl FnOnce() -> Result<Fleet, Failure>,
    out: Output,
) -> Result<(), Failure> {
    match command {
        Card::List => list(out),
        Card::Status => {
            let mut device = fleet()?.card_reader()?;
            let status = device.reader.status(Duration::ZERO).map_err(Part::Card.could_not(ASK))?;
            out.say(describe(status), &status)?;
            match status {
                CardStatus::NoReader => Err(no_reader()),
                CardStatus::Empty | CardStatus::Present => Ok(()),
            }
        }
        Card::Test { can } => test(can.as_deref(), &fleet()?, out),
    }
}

fn list(out: Output) -> Result<(), Failure> {
    let could_not = Part::Card.could_not("ask the PC/SC service for readers");
    let readers = card_reader::list(ANSWER).map_err(could_not)?;
    for name in &readers {
        out.say(name, &json!({ "reader": name }))?;
    }
    if readers.is_empty() {
        out.remark("the PC/SC service knows no reader");
    }
    Ok(())
}

fn no_reader() -> Failure {
    let what = "no reader that the settings mean is plugged in, or the PC/SC service is not there";
    Failure::unfit(Event::CardReaderGone, what)
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
fn test(can: Option<&str>, fleet: &Fleet, out: Output) -> Result<(), Failure> {
    let mut device = fleet.card_reader()?;
    match device.reader.status(Duration::ZERO).map_err(Part::Card.could_not(ASK))? {
        CardStatus::NoReader => return Err(no_reader()),
        CardStatus::Empty => {
            return Err(Failure::unfit(Event::CardAbsent, "no card lies on the reader"));
        }
        CardStatus::Present => {}
    }
    let can = access_number(can)?;
    let CardDevice { reader, trust, .. } = &mut device;
    let info = reader.connect(ANSWER).map_err(Part::Card.could_not("wake the card"))?;
    let request =
        Request { access: Access::Can(can), want: Want::default(), trust, at: fleet.now() };
    let mut link = Link { reader: reader.as_mut(), max_response: info.max_response, failed: None };
    let (random, interrupt) = (kiosk::os_random(), Interrupt::listen(|| {}));
    let (started, is_watched) = (Instant::now(), output::is_watched() && !out.json);
    let reading = chip::read(&mut link, &request, &*random, &mut |progress| {
        if is_watched {
            let _nobody_reads = write!(io::stderr(), "\r{:3} %", progress.percent);
        }
        if interrupt.is_pressed() { Continue::Stop } else { Continue::Yes }
    });
    if is_watched {
        let _nobody_reads = write!(io::stderr(), "\r     \r");
    }
    let (took, failed) = (started.elapsed(), link.failed);
    let reading = reading.map_err(|error| match (failed, reader.status(Duration::ZERO)) {
        // A card and a reader that are gone look the same from a command.
        (Some(DeviceError::Gone { .. }), Ok(CardStatus::NoReader)) => no_reader(),
        (Some(error @ (DeviceError::Busy { .. } | DeviceError::Nonsense { .. })), _) => {
            Part::Card.could_not("send a command to the chip")(error)
        }
        _ => unread(&error),
    });
    reader.disconnect();
    let reading = reading?;
    say(&reading, took, out)?;
    judge(&reading, trust.is_empty())
}

fn access_number(given: Option<&str>) -> Result<Can, Failure> {
    let unfit = || Failure::unfit(Event::CardKeyRefused, "an access number has six digits");
    match given {
        Some(given) => Can::parse(given).ok_or_else(unfit),
        None => {
            let typed = terminal::ask_secret("Last six digits of the number on the card: ")?;
            Can::parse(&typed.ok_or_else(unfit)?).ok_or_else(unfit)
        }
    }
}

fn unread(error: &ChipError) -> Failure {
    let event = match error {
        ChipError::Stopped => return Failure::Interrupted,
        ChipError::WrongKey { .. } => Event::CardKeyRefused,
        ChipError::ReaderGone => Event::CardReaderGone,
        ChipError::Altered { .. } => Event::CardNotGenuine,
        ChipError::CardLeft { .. }
        | ChipError::Silent { .. }
        | ChipError::NeedsMrz
        | ChipError::NotAnIdCard
        | ChipError::Refused { .. }
        | ChipError::Malformed { .. }
        | ChipError::Unsupported
        | ChipError::NoRandomness
        | _ => Event::CardUnreadable,
    };
    Failure::unfit(event, format!("could not read the chip: {error}"))
}

fn say(reading: &ChipReading, took: Duration, out: Output) -> Result<(), Failure> {
    for (name, finding) in checks(reading) {
        let finding = describe_finding(finding);
        out.say(&format!("{name}: {finding}"), &json!({ "check": name, "finding": finding }))?;
    }
    let (trips, ms) = (reading.round_trips, took.as_millis());
    let opened = match reading.opened {
        Opened::Pace => "PACE",
        Opened::Bac => "BAC",
    };
    out.say(
        &format!("opened with {opened}; {trips} round trips in {ms} ms"),
        &json!({ "opened": opened, "round_trips": trips, "ms": ms }),
    )
}

fn checks(reading: &ChipReading) -> [(&'static str, Finding); 5] {
    let Passive { integrity, signature, issuer } = reading.checks.passive;
    [
        ("data unchanged", integrity),
        ("signature", signature),
        ("issuer", issuer),
        ("chip authentication", reading.checks.chip_authentication),
        ("active authentication", reading.checks.active_authentication),
    ]
}

/// Whether the kiosk would believe it. An issuer that nobody set up cannot be known.
fn judge(reading: &ChipReading, trusts_nobody: bool) -> Result<(), Failure> {
    let is_excused =
        |finding: Finding| trusts_nobody && finding == Finding::Failed(Why::IssuerUnknown);
    let mut failed = checks(reading).into_iter();
    match failed.find(|(_, finding)| finding.is_failed() && !is_excused(*finding)) {
        Some((name, _)) => {
            let what = format!("the chip failed a check that must hold: {name}");
            Err(Failure::unfit(Event::CardNotGenuine, what))
        }
        None => Ok(()),
    }
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
    /// Why the last command did not come back.
    failed: Option<DeviceError>,
}

impl ApduLink for Link<'_> {
    fn max_response(&self) -> usize {
        self.max_response
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.reader.transmit(command, COMMAND).map_err(|error| {
            let told = match error {
                DeviceError::Gone { .. } => LinkError::CardLeft,
                DeviceError::Silent { .. } => LinkError::Silent,
                DeviceError::Busy { .. }
                | DeviceError::Refused { .. }
                | DeviceError::Nonsense { .. }
                | DeviceError::Cancelled
                | _ => LinkError::ReaderGone,
            };
            self.failed = Some(error);
            told
        })
    }
}
