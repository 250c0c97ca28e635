//! Search among procedures.

use domain::{Language, screen::FindProcedure};
use slint::{ComponentHandle as _, ModelNotify, ModelRc};

use crate::{
    figures,
    generated::{FindProcedureModel, KioskWindow},
    models::Hits,
};

pub(super) fn fill(window: &KioskWindow, page: &FindProcedure, language: Language) {
    let model = window.global::<FindProcedureModel>();
    model.set_count(figures::count(page.rows.len()));
    let hits = Hits { rows: page.rows.clone(), language, notify: ModelNotify::default() };
    model.set_rows(ModelRc::new(hits));
    model.set_query(page.query.as_str().into());
}
