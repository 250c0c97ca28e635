//! Talking to the province: catalogue, look-up, ratings. Dossiers go through the outbox.

use std::{path::Path, sync::Arc, time::Duration};

use domain::{
    SubmissionId,
    screen::{DossierStatus, HistoryRow, Rating},
    visit::{Answer, LookUpAnswer, LookUpSecret, VisitNo, WorldNews},
};
use journal::Event as Log;
use reqwest::{StatusCode, header};
use tokio::time::sleep;
use wire::province::{CatalogueEdition, DossierReport, LookUpFactor, LookUpRequest, RatingGiven};

use super::{DEADLINE, Failed, Wires};
use crate::{Event, Pace, random_hex, show_time};

/// A catalogue of thousands of procedures takes its time on a thin line.
const CATALOGUE_DEADLINE: Duration = Duration::from_secs(30);
/// How often a rating is tried before it is given up.
const RATING_TRIES: u32 = 5;
/// Wait after the first try; it grows by as much with each.
const RATING_WAIT: Duration = Duration::from_secs(3);

/// Asks the province again and again for its catalogue.
pub(super) async fn watch(wires: Wires) {
    let mut edition = 0;
    if let Some(copy) = read_copy(&wires.addresses.catalogue_copy) {
        edition = copy.edition;
        tell(&wires, copy).await;
    }
    let (mut etag, mut known) = (None, None);
    loop {
        let answer = ask(&wires, etag.as_deref()).await;
        let failed = if let Catalogue::None(failed) = &answer { Some(*failed) } else { None };
        if known != Some(failed) {
            known = Some(failed);
            match failed {
                None => journal::record!(Log::ProvinceBack),
                Some(Failed::Silent) => journal::record!(Log::ProvinceUnreachable),
                Some(Failed::Refused(status)) => journal::record!(Log::ProvinceRefused, status),
            }
            wires.deliver(Event::World(WorldNews::Province(failed.is_none()))).await;
        }
        if let Catalogue::New(new, tag) = answer {
            etag = tag;
            // An older edition than one already seen is never taken.
            if new.edition >= edition {
                edition = new.edition;
                keep_copy(&wires.addresses.catalogue_copy, &new);
                journal::record!(Log::CatalogueRefreshed, edition);
                tell(&wires, *new).await;
            } else {
                journal::record!(Log::CatalogueRefused, edition = new.edition);
            }
        }
        let Pace { province, province_silent, .. } = wires.pace;
        let rest = if failed.is_none() { province } else { province_silent };
        Wires::rest(&wires.province_doubt, rest).await;
    }
}

enum Catalogue {
    New(Box<CatalogueEdition>, Option<String>),
    Same,
    None(Failed),
}

async fn ask(wires: &Wires, etag: Option<&str>) -> Catalogue {
    let silence = Catalogue::None(Failed::Silent);
    let Ok(url) = wires.addresses.province.join("v1/catalogue") else { return silence };
    let mut request = wires.http.get(url).timeout(CATALOGUE_DEADLINE);
    if let Some(etag) = etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    let Ok(response) = request.send().await else { return silence };
    match response.status() {
        StatusCode::NOT_MODIFIED => Catalogue::Same,
        StatusCode::OK => {
            let etag = response.headers().get(header::ETAG);
            let etag = etag.and_then(|value| value.to_str().ok()).map(str::to_owned);
            match response.json().await {
                Ok(edition) => Catalogue::New(Box::new(edition), etag),
                Err(_) => {
                    journal::record!(Log::CatalogueRefused);
                    Catalogue::Same
                }
            }
        }
        status => Catalogue::None(Failed::Refused(status.as_u16())),
    }
}

async fn tell(wires: &Wires, edition: CatalogueEdition) {
    let news = WorldNews::Catalogue(Arc::new(edition.catalogue), edition.edition);
    wires.deliver(Event::World(news)).await;
}

fn read_copy(path: &Path) -> Option<CatalogueEdition> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// The copy only makes a start without the province possible; losing it loses nothing.
fn keep_copy(path: &Path, edition: &CatalogueEdition) {
    let Ok(json) = serde_json::to_vec(edition) else { return };
    let new = path.with_extension("new");
    let kept = std::fs::write(&new, json).and_then(|()| std::fs::rename(&new, path));
    if let Err(error) = kept {
        journal::record!(Log::CatalogueNotCopied, %error);
    }
}

pub(super) async fn look_up(wires: Wires, visit: VisitNo, code: String, factor: LookUpSecret) {
    let factor = match factor {
        LookUpSecret::LastFour(digits) => LookUpFactor::LastFour(digits),
        LookUpSecret::Slip(secret) => LookUpFactor::SlipSecret(secret),
    };
    let answer = found(&wires, &LookUpRequest { code, factor }).await;
    wires.answer(visit, Answer::LookedUp(answer)).await;
}

async fn found(wires: &Wires, request: &LookUpRequest) -> LookUpAnswer {
    let Ok(url) = wires.addresses.province.join("v1/look-ups") else {
        return LookUpAnswer::NoProvince;
    };
    let Ok(response) = wires.http.post(url).timeout(DEADLINE).json(request).send().await else {
        // Whoever watches the province looks at once, and tells staff and the start page.
        wires.province_doubt.notify_one();
        return LookUpAnswer::NoProvince;
    };
    let status = response.status();
    match status {
        StatusCode::TOO_MANY_REQUESTS => return LookUpAnswer::Locked,
        StatusCode::NOT_FOUND => return LookUpAnswer::NotFound,
        _ => {}
    }
    let report: Option<DossierReport> =
        if status.is_success() { response.json().await.ok() } else { None };
    let Some(report) = report else {
        journal::record!(Log::ProvinceRefused, status = status.as_u16());
        return LookUpAnswer::ProvinceFails;
    };
    LookUpAnswer::Found(DossierStatus {
        code: report.dossier.0,
        procedure: report.procedure_name,
        status: report.status,
        reason: report.reason,
        history: report
            .history
            .into_iter()
            .map(|change| HistoryRow { at: show_time(change.at), status: change.status })
            .collect(),
    })
}

/// Hands a rating over. It counts once however often it is sent.
pub(super) async fn rate(wires: Wires, submission: Option<SubmissionId>, rating: Rating) {
    let given = RatingGiven {
        request: random_hex::<16>(&wires.random),
        kiosk: wires.kiosk.clone(),
        submission,
        rating,
    };
    let Ok(url) = wires.addresses.province.join("v1/ratings") else { return };
    for attempt in 0..RATING_TRIES {
        let sent = wires.http.post(url.clone()).timeout(DEADLINE).json(&given).send().await;
        if sent.is_ok_and(|response| !response.status().is_server_error()) {
            return;
        }
        sleep(RATING_WAIT * (attempt + 1)).await;
    }
    journal::record!(Log::RatingLost);
}
