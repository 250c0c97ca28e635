//! From settings to a kiosk's parts: the one place where drivers are chosen.
//!
//! The `kiosk` program puts the parts together with the screen; the lab puts the same parts
//! together with simulated devices, so that what is tried there is what is shipped.

mod card;
mod devices;
mod embedded;
mod trust;
mod workers;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use app::{Addresses, Clock, Pace, Parts, Random, outbox::OutboxParts};
use intake::{ReceiptKey, SealingKey};
use reqwest::Url;
use settings::{KioskSettings, Layer, LogForm, SettingsError};

pub use card::{IssuerFileError, issuers};
pub use devices::{OpenError, devices};
pub use embedded::{EmbeddedCenter, EmbeddedError, start_center};
pub use trust::TrustFileError;
pub use workers::{Unconfined, WorkerError, check_workers, worker_program};

/// A kiosk cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The settings cannot be used.
    #[error("could not use the settings")]
    Settings(#[from] SettingsError),
    /// An address is none. Caller: mend the key.
    #[error("{key} is not an address that ends with a slash: {value}")]
    Address {
        /// Which key.
        key: &'static str,
        /// Its value.
        value: String,
    },
    /// A public key of the province is none. Caller: ask the province for it.
    #[error("{key} is not a key")]
    Key {
        /// Which setting.
        key: &'static str,
        /// Why.
        #[source]
        source: intake::keys::NotAKey,
    },
    /// There is no key to believe receipts by: dossiers would be sent and never let go.
    #[error("province.receipt_keys is empty")]
    NoReceiptKey,
    /// A device is set up wrongly. One that is merely absent is no error.
    #[error("could not set up the devices")]
    Device(#[from] OpenError),
}

/// The built-in layer of settings and a machine's file.
pub fn read_layers(file: Option<&PathBuf>) -> Result<Vec<Layer>, StartError> {
    let mut layers = vec![Layer::built_in()];
    if let Some(file) = file {
        layers.push(Layer::read(file)?);
    }
    Ok(layers)
}

/// Reads settings from the built-in layer and a machine's file.
pub fn read_settings(file: Option<&PathBuf>) -> Result<KioskSettings, StartError> {
    Ok(settings::load(&read_layers(file)?)?)
}

/// Starts the log as set.
pub fn start_log(settings: &KioskSettings) {
    let format = match settings.log.format {
        LogForm::Text => journal::LogFormat::Text,
        LogForm::Json => journal::LogFormat::Json,
    };
    journal::init(format, &settings.log.filter);
}

/// Puts the parts of a kiosk together. The devices' workers are started from `worker`.
pub fn parts(
    settings: &KioskSettings,
    worker: &Path,
    pace: Pace,
    clock: Clock,
    runtime: tokio::runtime::Handle,
) -> Result<Parts, StartError> {
    let province = address("province.url", &settings.province.url)?;
    let uploads = province.join("v1/uploads").map_err(|_| StartError::Address {
        key: "province.url",
        value: settings.province.url.clone(),
    })?;
    let folder = settings.storage.folder.clone();
    Ok(Parts {
        kiosk: settings.kiosk.id.clone(),
        center: settings.kiosk.center_name.clone(),
        timing: settings.timing.deadlines(),
        devices: devices::devices_at(pace, settings, worker)?,
        addresses: Addresses {
            center: address("center.url", &settings.center.url)?,
            province,
            catalogue_copy: folder.join("catalogue.json"),
        },
        outbox: OutboxParts {
            folder: folder.join("outbox"),
            sealing_key: sealing_key(settings)?,
            receipt_keys: receipt_keys(settings)?,
            uploads,
            witness: Arc::new(|_| {}),
        },
        pace,
        clock,
        random: os_random(),
        runtime,
    })
}

fn address(key: &'static str, value: &str) -> Result<Url, StartError> {
    let wrong = || StartError::Address { key, value: value.to_owned() };
    let url: Url = value.parse().map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.path().ends_with('/');
    if plain { Ok(url) } else { Err(wrong()) }
}

fn sealing_key(settings: &KioskSettings) -> Result<SealingKey, StartError> {
    let key = "province.sealing_key";
    settings.province.sealing_key.parse().map_err(|source| StartError::Key { key, source })
}

fn receipt_keys(settings: &KioskSettings) -> Result<Vec<ReceiptKey>, StartError> {
    let key = "province.receipt_keys";
    if settings.province.receipt_keys.is_empty() {
        return Err(StartError::NoReceiptKey);
    }
    let keys = settings.province.receipt_keys.iter();
    keys.map(|text| text.parse().map_err(|source| StartError::Key { key, source })).collect()
}

/// Random bytes from the operating system. Without them nothing can be sealed or named, so a
/// machine that has none is waited for.
#[must_use]
pub fn os_random() -> Random {
    Arc::new(|bytes| {
        while getrandom::fill(bytes).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
    })
}

/// The machine's clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
pub fn os_clock() -> Clock {
    Arc::new(jiff::Timestamp::now)
}
