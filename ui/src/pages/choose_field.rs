//! For which field a number is wanted.

use domain::{Language, screen::ChooseField};
use slint::ComponentHandle as _;

use crate::{
    generated::{ChooseFieldModel, FieldView, KioskWindow},
    models,
};

pub(super) fn fill(window: &KioskWindow, page: &ChooseField, language: Language) {
    let model = window.global::<ChooseFieldModel>();
    model.set_paper(page.paper.into());
    let rows = page.fields.iter().map(|field| FieldView {
        code: field.code.as_str().into(),
        letter: field.letter.to_string().into(),
        name: field.name.get(language).into(),
        // Minus one: the center has not said.
        waiting: field.waiting.and_then(|n| i32::try_from(n).ok()).unwrap_or(-1),
    });
    models::put(&model.get_fields(), rows.collect(), |list| model.set_fields(list));
}
