//! The citizen's signature.

use domain::{
    form::show_date,
    screen::{CertificatePurpose, CertificateView, SignPage, SignState},
};
use slint::ComponentHandle as _;

use crate::{
    figures,
    generated::{KioskWindow, PinWarningKind, SignKind, SignModel, StandingKind},
};

pub(super) fn fill(window: &KioskWindow, page: &SignPage) {
    let model = window.global::<SignModel>();
    model.set_can_skip(page.optional);
    match &page.state {
        SignState::InsertToken => model.set_kind(SignKind::InsertToken),
        SignState::TokenLeft => model.set_kind(SignKind::TokenLeft),
        SignState::Unusable(certificate) => {
            show(&model, certificate);
            model.set_kind(SignKind::Unusable);
        }
        SignState::ConfirmLastTry(certificate) => {
            show(&model, certificate);
            model.set_kind(SignKind::ConfirmLastTry);
        }
        SignState::EnterPin { certificate, choice, digits, warning } => {
            show(&model, certificate);
            model.set_choice(figures::count(choice.at));
            model.set_choices(figures::count(choice.of));
            model.set_digits(figures::count(*digits));
            model.set_warning(warning.map_or(PinWarningKind::None, Into::into));
            model.set_kind(SignKind::EnterPin);
        }
        SignState::Signing => model.set_kind(SignKind::Signing),
        SignState::Signed { holder } => {
            model.set_holder(holder.as_str().into());
            model.set_kind(SignKind::Signed);
        }
    }
}

fn show(model: &SignModel<'_>, certificate: &CertificateView) {
    model.set_holder(certificate.holder.as_str().into());
    model.set_issuer(certificate.issuer.as_str().into());
    model.set_valid_until(show_date(certificate.valid_until).into());
    model.set_for_commitment(certificate.purpose == CertificatePurpose::Commitment);
    model.set_standing(certificate.standing.into());
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<SignModel>();
    model.set_holder("".into());
    model.set_issuer("".into());
    model.set_valid_until("".into());
    model.set_standing(StandingKind::Good);
    model.set_choice(1);
    model.set_choices(1);
    model.set_digits(0);
}
