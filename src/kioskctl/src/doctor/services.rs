//! Looks at what is not a device: center, province, outbox, disk.

use std::{error::Error, path::Path, time::Duration};

use journal::Event;
use reqwest::Url;
use rusqlite::{Connection, OpenFlags};
use settings::KioskSettings;

use super::{Look, readiness::Row};

/// How long a server may take.
const ANSWER: Duration = Duration::from_secs(10);
/// Below this a day of dossiers may not fit.
const LITTLE_BYTES: u64 = 1 << 30;

pub(super) fn center(settings: &KioskSettings) -> Look {
    let url = address(&settings.center.url, "v1/fields");
    Box::new(move || match ask(url) {
        Ok(status) => Row::ready("center", format!("it answers ({status})")),
        Err(why) => Row::event("center", Event::CenterUnreachable).because(why),
    })
}

pub(super) fn province(settings: &KioskSettings) -> Look {
    let url = address(&settings.province.url, "v1/catalogue");
    Box::new(move || match ask(url) {
        Ok(status) => Row::ready("province", format!("it answers ({status})")),
        Err(why) => Row::event("province", Event::ProvinceUnreachable).because(why),
    })
}

fn address(base: &str, path: &str) -> Option<Url> {
    base.parse::<Url>().ok()?.join(path).ok()
}

fn ask(url: Option<Url>) -> Result<reqwest::StatusCode, String> {
    let url = url.ok_or("the address in the settings is none")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    // A request with a deadline can only be begun inside of the runtime.
    let asked = async { reqwest::Client::new().get(url).timeout(ANSWER).send().await };
    let answer = runtime.block_on(asked);
    let status = answer.map_err(|error| root(&error))?.status();
    if status.is_success() { Ok(status) } else { Err(status.to_string()) }
}

/// The last of the causes, which the others only wrap: `Connection refused`.
fn root(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), root)
}

/// Dossiers that wait here, and those the province does not take.
pub(super) fn outbox(settings: &KioskSettings) -> Look {
    let file = settings.storage.folder.join("outbox/outbox.sqlite");
    Box::new(move || {
        if !file.exists() {
            return Row::ready("outbox", "nothing was handed in here yet");
        }
        match count(&file) {
            Ok((0, 0)) => Row::ready("outbox", "no dossier waits"),
            Ok((waiting, 0)) => Row::ready("outbox", format!("{waiting} dossiers wait to be sent")),
            Ok((_, refused)) => Row::event("outbox", Event::DossierRefused).because(refused),
            Err(error) => Row::event("outbox", Event::OutboxFailed).because(error),
        }
    })
}

fn count(file: &Path) -> rusqlite::Result<(u32, u32)> {
    let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    store.busy_timeout(ANSWER)?;
    let sql = "SELECT count(*) FILTER (WHERE state = 'kept'), \
               count(*) FILTER (WHERE state = 'refused') FROM dossier";
    store.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn disk(settings: &KioskSettings) -> Look {
    let folder = settings.storage.folder.clone();
    Box::new(move || {
        let free = match rustix::fs::statvfs(&folder) {
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
            Err(error) => {
                let cause = format!("{}: {error}", folder.display());
                return Row::event("disk", Event::StorageUnusable).because(cause);
            }
        };
        let sentence = format!("{} MB free", free >> 20);
        if free < LITTLE_BYTES {
            return Row::event("disk", Event::DiskLow).because(sentence);
        }
        Row::ready("disk", sentence)
    })
}
