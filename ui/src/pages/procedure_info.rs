//! What a procedure needs.

use domain::{
    Language,
    catalogue::{Need, OnlineLevel, ProcessingTime},
    screen::ProcedureInfo,
};
use slint::ComponentHandle as _;

use crate::{
    figures,
    generated::{KioskWindow, NeededPaper, ProcedureInfoModel, TimeKind},
    models,
};

pub(super) fn fill(window: &KioskWindow, page: &ProcedureInfo, language: Language) {
    let model = window.global::<ProcedureInfoModel>();
    model.set_code(page.code.as_str().into());
    model.set_name(page.name.get(language).into());
    model.set_field(page.field.get(language).into());
    model.set_competent(page.competent.get(language).into());
    model.set_whole(page.online == OnlineLevel::Whole);
    model.set_fee(figures::fee(&page.fee, language));
    let (time, days) = match page.time {
        ProcessingTime::SameDay => (TimeKind::SameDay, 0),
        ProcessingTime::WorkingDays { days } => (TimeKind::WorkingDays, days),
        ProcessingTime::Days { days } => (TimeKind::Days, days),
    };
    model.set_time(time);
    model.set_days(days.into());
    model.set_legal_basis(page.legal_basis.as_str().into());
    model.set_signature(page.signature.into());
    model.set_can_submit(page.can_submit.into());
    let papers = page.papers.iter().map(|paper| NeededPaper {
        name: paper.name.get(language).into(),
        copy: paper.copy.into(),
        condition: condition(&paper.need, language).into(),
    });
    models::put(&model.get_papers(), papers.collect(), |list| model.set_papers(list));
}

/// When a paper is needed; empty for always.
pub(super) fn condition(need: &Need, language: Language) -> &str {
    match need {
        Need::Always => "",
        Need::When { condition } => condition.get(language),
    }
}
