//! How a dossier stands, for whoever holds its code and a second factor; and ratings.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use domain::Bilingual;
use intake::digest::sha256_hex;
use subtle::ConstantTimeEq as _;
use wire::province::{DossierReport, LookUpFactor, LookUpRequest, RatingGiven, StatusChange};

use crate::{Province, failure::Failure, input::Input, store::DossierRow};

/// Longest code worth looking for.
const CODE_MOST: usize = 64;

/// `POST /v1/look-ups`: a wrong code and a wrong factor cannot be told apart.
pub(crate) async fn look_up(
    State(province): State<Arc<Province>>,
    Input(request): Input<LookUpRequest>,
) -> Result<Json<DossierReport>, Failure> {
    let code = request.code.trim();
    if code.is_empty() || code.len() > CODE_MOST {
        return Err(Failure::LookUp);
    }
    let (upper, lower) = (code.to_ascii_uppercase(), code.to_ascii_lowercase());
    province.look_up_attempts.begin(&upper, province.clock.now()).map_err(Failure::LookUpLocked)?;
    let mut dossier = province.store.dossier(&upper).await?;
    if dossier.is_none() {
        dossier = province.store.dossier_of(&lower).await?;
    }
    let dossier = dossier.filter(|dossier| is_right(dossier, &request.factor));
    let Some(dossier) = dossier else {
        journal::record!(journal::Event::IntakeLookUpRefused);
        return Err(Failure::LookUp);
    };
    province.look_up_attempts.right(&upper);
    report(&province, dossier).await.map(Json)
}

fn is_right(dossier: &DossierRow, factor: &LookUpFactor) -> bool {
    let Some(manifest) = dossier.manifest() else { return false };
    let (given, expected) = match factor {
        LookUpFactor::LastFour(digits) => {
            (digits.clone(), manifest.applicant.personal_number.last_four())
        }
        LookUpFactor::SlipSecret(secret) => {
            (sha256_hex(secret.as_bytes()), manifest.slip_secret_sha256)
        }
    };
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

async fn report(province: &Province, dossier: DossierRow) -> Result<DossierReport, Failure> {
    let history = province.store.history(&dossier.code).await?;
    let changes = history.iter().map(|row| StatusChange { at: row.at(), status: row.status() });
    Ok(DossierReport {
        status: dossier.status(),
        history: changes.collect(),
        procedure: dossier.procedure.as_str().into(),
        procedure_name: Bilingual::new(dossier.procedure_vi, dossier.procedure_en),
        reason: dossier.reason,
        dossier: dossier.code.as_str().into(),
    })
}

/// `POST /v1/ratings`: the same request counts once.
pub(crate) async fn rate(
    State(province): State<Arc<Province>>,
    Input(given): Input<RatingGiven>,
) -> Result<StatusCode, Failure> {
    let named = (1..=CODE_MOST).contains(&given.request.len());
    if !named || given.kiosk.as_str().len() > CODE_MOST {
        return Err(Failure::BadRequest("request"));
    }
    province.store.rate(&given, province.clock.now().as_millisecond()).await?;
    Ok(StatusCode::NO_CONTENT)
}
