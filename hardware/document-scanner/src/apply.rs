//! Setting the options of an open scanner.

use hardware_api::{Feeder, ScanRequest, ScannerCapabilities, Source};

use crate::ffi::{Changed, Handle};
use crate::options::{self, Unfit, Wish};
use crate::status::Status;

/// Why a request cannot be carried out by this scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The backend refused a value it offered.
    Status(Status),
    /// It cannot do this at all.
    Unfit(Unfit),
}

impl From<Status> for Refused {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<Unfit> for Refused {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

/// Sets all options for a request; returns the dots per inch in force.
pub(crate) fn apply(handle: &mut Handle, request: &ScanRequest) -> Result<u16, Refused> {
    let mut known = handle.descriptors()?;
    let mut dpi = f64::from(request.dpi);
    for wish in options::wishes() {
        let Some(setting) = options::setting(wish, &known, request, dpi)? else { continue };
        let changed = handle.set(&setting)?;
        if wish == Wish::Resolution {
            dpi = setting.option.number(handle.word(setting.option)?).unwrap_or(dpi);
        }
        if changed == Changed::OtherOptions {
            known = handle.descriptors()?;
        }
    }
    Ok(rounded(dpi))
}

/// What the options tell of the feeder without scanning.
pub(crate) fn feeder(handle: &mut Handle) -> Result<Feeder, Status> {
    let known = handle.descriptors()?;
    let has_feeder = |source: &Source| *source != Source::Flatbed;
    if !options::abilities(&known).sources.iter().any(has_feeder) {
        return Ok(Feeder::Absent);
    }
    Ok(match options::feeder_sensor(&known).map(|sensor| handle.word(sensor)) {
        Some(Ok(0)) => Feeder::Empty,
        Some(Ok(_)) => Feeder::Loaded,
        Some(Err(_)) | None => Feeder::Unknown,
    })
}

/// What the options tell of the scanner.
pub(crate) fn abilities(handle: &mut Handle) -> Result<ScannerCapabilities, Status> {
    Ok(options::abilities(&handle.descriptors()?))
}

/// Whether the scanner says that the paper that stopped it was two sheets.
pub(crate) fn fed_two(handle: &mut Handle) -> bool {
    let known = handle.descriptors().unwrap_or_default();
    let sensor = options::double_feed_sensor(&known);
    sensor.is_some_and(|sensor| handle.word(sensor).is_ok_and(|word| word != 0))
}

#[expect(clippy::as_conversions, reason = "a float becomes the nearest integer, saturating")]
fn rounded(value: f64) -> u16 {
    value.round() as u16
}
