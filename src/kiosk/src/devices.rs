//! Devices by settings: a proxy for each, with its driver in a worker. A device that is not
//! there yet is looked for at each use.

use std::{io, path::Path, sync::Arc};

use app::{Devices, Pace, Reprints, ScannerDevice};
use hardware_api::{ColorMode, ScanRequest, Source};
use settings::{ColorSetting, KioskSettings, Scanner, SourceSetting};
use worker::{CardProxy, CodeProxy, Launch, PrinterProxy, ScannerProxy, TokenProxy};

use crate::{
    card::{self, IssuerFileError},
    trust::{self, TrustFileError},
    workers::{WorkerError, Workers},
};

/// A device is set up wrongly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A worker. Caller: see there.
    #[error("could not set up a device's worker")]
    Worker(#[from] WorkerError),
    /// A certificate or list. Caller: mend `token.roots`, `token.chain` or `token.revoked`.
    #[error("could not set up whose certificates may sign")]
    Trust(#[from] TrustFileError),
    /// A certificate of an issuer of chips. Caller: mend `card.trust`.
    #[error("could not set up whose chips are believed")]
    Issuer(#[from] IssuerFileError),
}

/// All devices that the settings name, each in a worker started from `program`.
///
/// # Errors
/// When the installation or the settings are wrong; a device that is absent is none.
pub fn devices(settings: &KioskSettings, program: &Path) -> Result<Devices, OpenError> {
    devices_at(Pace::default(), settings, program)
}

/// The same with workers that are taken for healthy after another time.
pub(crate) fn devices_at(
    pace: Pace,
    settings: &KioskSettings,
    program: &Path,
) -> Result<Devices, OpenError> {
    let workers = Workers::of(settings, program, pace.healthy)?;
    let mut devices = Devices { trust: trust::store(&settings.token)?, ..Devices::default() };
    if !settings.papers.mark_reprints {
        devices.reprints = Reprints::Unmarked;
    }
    if let Some(launch) = workers.printer {
        devices.printer = Some(Box::new(started(launch, PrinterProxy::start)?));
    }
    if let Some(launch) = workers.scanner {
        devices.scanner = Some(scanner(started(launch, ScannerProxy::start)?, &settings.scanner));
    }
    for launch in workers.codes {
        devices.codes.push(Box::new(started(launch, CodeProxy::start)?));
    }
    if let Some(launch) = workers.card {
        let reader = started(launch, CardProxy::start)?;
        devices.card = Some(card::device(reader, &settings.card)?);
    }
    if let Some(launch) = workers.token {
        devices.token = Some(Box::new(started(launch, TokenProxy::start)?));
    }
    Ok(devices)
}

fn started<P>(
    launch: Launch,
    start: impl FnOnce(Launch) -> io::Result<P>,
) -> Result<P, WorkerError> {
    let class = launch.class();
    start(launch).map_err(|source| WorkerError::System { class, source })
}

fn scanner(scanner: ScannerProxy, set: &Scanner) -> ScannerDevice {
    let cancel = scanner.canceller();
    let request = ScanRequest {
        source: match set.source {
            SourceSetting::Feeder => Source::Feeder,
            SourceSetting::FeederBothSides => Source::FeederBothSides,
            SourceSetting::Flatbed => Source::Flatbed,
        },
        dpi: set.dpi,
        color: match set.color {
            ColorSetting::Color => ColorMode::Color,
            ColorSetting::Grey => ColorMode::Grey,
        },
    };
    ScannerDevice { scanner: Box::new(scanner), cancel: Arc::new(move || cancel.cancel()), request }
}
