//! Kept or received.

use domain::{
    Language,
    screen::{DossierPlace, Received, SlipState},
};
use slint::{ComponentHandle as _, Image};

use crate::{
    figures,
    generated::{KioskWindow, ReceivedModel, ShortcomingKind, SlipKind},
};

pub(super) fn fill(window: &KioskWindow, page: &Received, language: Language) {
    let model = window.global::<ReceivedModel>();
    let (at_province, number) = match &page.place {
        DossierPlace::Province(code) => (true, code.as_str()),
        DossierPlace::Kiosk(number) => (false, number.as_str()),
    };
    model.set_at_province(at_province);
    model.set_number(number.into());
    model.set_code(figures::qr(&page.code));
    let (slip, shortcoming) = match page.slip {
        SlipState::Printing => (SlipKind::Printing, ShortcomingKind::None),
        SlipState::Printed => (SlipKind::Printed, ShortcomingKind::None),
        SlipState::NotPrinted(shortcoming) => (SlipKind::NotPrinted, shortcoming.into()),
    };
    model.set_slip(slip);
    model.set_shortcoming(shortcoming);
    model.set_procedure(page.procedure.get(language).into());
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<ReceivedModel>();
    model.set_number("".into());
    model.set_code(Image::default());
    model.set_procedure("".into());
}
