//! Who is applying.

use domain::{
    Language,
    form::show_date,
    screen::{Identify, IdentifyState, Page, Person},
};
use slint::ComponentHandle as _;

use super::{asking, chip};
use crate::generated::{
    CodeFaultKind, EvidenceKind, IdentifyKind, IdentifyModel, KioskWindow, PersonView,
};

pub(super) fn fill(window: &KioskWindow, page: &Page, identify: &Identify, language: Language) {
    let model = window.global::<IdentifyModel>();
    model.set_chip(identify.chip);
    match &identify.state {
        IdentifyState::Waiting { fault } => {
            model.set_fault(fault.map_or(CodeFaultKind::None, Into::into));
            model.set_kind(IdentifyKind::Waiting);
        }
        IdentifyState::Typing { .. } => {
            asking::fill(window, page, language);
            model.set_kind(IdentifyKind::Typing);
        }
        IdentifyState::Known(known) => {
            model.set_person(person(known));
            model.set_kind(IdentifyKind::Known);
        }
        IdentifyState::Chip(chip) => {
            chip::fill(window, page, chip, language);
            model.set_kind(IdentifyKind::Chip);
        }
    }
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<IdentifyModel>();
    model.set_person(nobody());
}

pub(super) fn person(person: &Person) -> PersonView {
    PersonView {
        name: person.name.as_str().into(),
        number: person.masked_number.as_str().into(),
        born: person.birth_date.map(show_date).unwrap_or_default().into(),
        residence: person.residence.as_deref().unwrap_or_default().into(),
        evidence: person.evidence.into(),
    }
}

pub(super) fn nobody() -> PersonView {
    PersonView {
        name: "".into(),
        number: "".into(),
        born: "".into(),
        residence: "".into(),
        evidence: EvidenceKind::Typed,
    }
}
