//! One section of the form.

use domain::{
    Language,
    screen::{FormPage, Page},
};
use slint::ComponentHandle as _;

use super::asking;
use crate::{
    figures,
    generated::{FormModel, KioskWindow},
};

pub(super) fn fill(window: &KioskWindow, page: &Page, form: &FormPage, language: Language) {
    let model = window.global::<FormModel>();
    model.set_title(form.title.get(language).into());
    model.set_section_at(figures::count(form.section.at));
    model.set_section_of(figures::count(form.section.of));
    asking::fill(window, page, language);
}
