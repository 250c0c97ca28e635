//! Which dossier, and how it stands.

use domain::{
    Language,
    dossier::Status,
    screen::{DossierStatus, LookUp, LookUpField},
};
use slint::ComponentHandle as _;

use crate::{
    generated::{DossierStatusModel, HistoryView, KioskWindow, LookUpModel, MoodKind},
    models,
};

pub(super) fn fill(window: &KioskWindow, page: &LookUp) {
    let model = window.global::<LookUpModel>();
    model.set_code(page.code.as_str().into());
    model.set_factor(page.factor.as_str().into());
    model.set_focused(match page.focused {
        LookUpField::Code => 0,
        LookUpField::Factor => 1,
    });
    model.set_kind(page.state.into());
}

pub(super) fn fill_status(window: &KioskWindow, page: &DossierStatus, language: Language) {
    let model = window.global::<DossierStatusModel>();
    model.set_code(page.code.as_str().into());
    model.set_procedure(page.procedure.get(language).into());
    model.set_status(page.status.name().get(language).into());
    model.set_mood(mood(page.status));
    model.set_reason(page.reason.as_deref().unwrap_or_default().into());
    // The newest first: that is what the citizen came for.
    let history = page.history.iter().rev().map(|row| HistoryView {
        at: row.at.as_str().into(),
        status: row.status.name().get(language).into(),
        mood: mood(row.status),
    });
    models::put(&model.get_history(), history.collect(), |list| model.set_history(list));
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<LookUpModel>();
    model.set_code("".into());
    model.set_factor("".into());
    let model = window.global::<DossierStatusModel>();
    model.set_code("".into());
    model.set_reason("".into());
    model.set_procedure("".into());
    models::put(&model.get_history(), vec![], |list| model.set_history(list));
}

fn mood(status: Status) -> MoodKind {
    match status {
        Status::Accepted | Status::Finished | Status::ResultGiven => MoodKind::Good,
        Status::New | Status::InProgress | Status::WithdrawalAsked | Status::Other(_) => {
            MoodKind::Wait
        }
        Status::Refused | Status::MorePapersAsked | Status::PaymentAsked | Status::Stopped => {
            MoodKind::Halt
        }
    }
}
