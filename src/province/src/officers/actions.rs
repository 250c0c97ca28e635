//! What an officer does to a dossier.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{dossier::Status, text::nfc};
use serde::Deserialize;

use super::{
    dossier::{Digits, STEPS, render},
    layout,
    session::Signed,
    words,
};
use crate::{
    Province,
    failure::Failure,
    store::{NewStatus, Turned},
};

/// Most characters of a reason.
const REASON_MOST: usize = 1000;

#[derive(Deserialize)]
pub(super) struct Step {
    csrf: String,
    to: u8,
    #[serde(default)]
    reason: String,
}

/// `POST /dossiers/{code}/status`
pub(super) async fn turn(
    State(province): State<Arc<Province>>,
    officer: Signed,
    Path(code): Path<String>,
    Form(step): Form<Step>,
) -> Result<Response, Failure> {
    let again = async |status, words| {
        render(&province, &officer, &code, Digits::Masked, status, Some(words)).await
    };
    if !officer.wrote(&step.csrf) {
        return again(StatusCode::FORBIDDEN, words::FORM_OLD).await;
    }
    let to = Status::from(step.to);
    if !STEPS.iter().any(|(known, _)| *known == to) {
        return again(StatusCode::CONFLICT, words::TURNED_MEANWHILE).await;
    }
    let reason = nfc(step.reason.trim());
    let reason = (to == Status::Refused).then_some(reason.as_str());
    if reason.is_some_and(|text| text.is_empty() || text.chars().count() > REASON_MOST) {
        return again(StatusCode::UNPROCESSABLE_ENTITY, words::REASON_MISSING).await;
    }
    let change = NewStatus {
        dossier: &code,
        to,
        officer: &officer.account,
        reason,
        now: province.clock.now(),
    };
    match province.store.turn(&change).await? {
        Turned::Done => Ok(Redirect::to(&format!("/dossiers/{code}")).into_response()),
        Turned::NotAllowed => again(StatusCode::CONFLICT, words::TURNED_MEANWHILE).await,
        Turned::NotFound => again(StatusCode::NOT_FOUND, words::NOT_FOUND).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Reveal {
    csrf: String,
}

/// `POST /dossiers/{code}/personal-number`: shows all digits, once, and writes it down.
pub(super) async fn reveal(
    State(province): State<Arc<Province>>,
    officer: Signed,
    Path(code): Path<String>,
    Form(form): Form<Reveal>,
) -> Result<Response, Failure> {
    if !officer.wrote(&form.csrf) {
        return Ok(layout::sentence(
            &province,
            officer.language,
            Some(&officer),
            StatusCode::FORBIDDEN,
            words::FORM_OLD,
        ));
    }
    render(&province, &officer, &code, Digits::All, StatusCode::OK, None).await
}
