//! The citizen's signature.

use domain::screen::{SignPage, SignState};
use slint::ComponentHandle as _;

use crate::{
    figures,
    generated::{KioskWindow, PinWarningKind, SignKind, SignModel},
};

pub(super) fn fill(window: &KioskWindow, page: &SignPage) {
    let model = window.global::<SignModel>();
    model.set_can_skip(page.optional);
    match &page.state {
        SignState::InsertToken => model.set_kind(SignKind::InsertToken),
        SignState::EnterPin { holder, issuer, digits, warning } => {
            model.set_holder(holder.as_str().into());
            model.set_issuer(issuer.as_str().into());
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

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<SignModel>();
    model.set_holder("".into());
    model.set_issuer("".into());
    model.set_digits(0);
}
