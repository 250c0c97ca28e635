//! Everything once more, and handing it in.

use domain::{
    Language,
    screen::{Submitting, Summary},
};
use slint::ComponentHandle as _;

use super::identify;
use crate::{
    figures,
    generated::{AnswerRow, KioskWindow, PaperCount, SummaryModel},
    models,
};

pub(super) fn fill(window: &KioskWindow, page: &Summary, language: Language) {
    let model = window.global::<SummaryModel>();
    model.set_procedure(page.procedure.get(language).into());
    model.set_person(identify::person(&page.person));
    let answers = page.sections.iter().flat_map(|section| {
        section.answers.iter().enumerate().map(|(at, (label, answer))| AnswerRow {
            heading: if at == 0 { section.title.get(language) } else { "" }.into(),
            label: label.get(language).into(),
            answer: answer.get(language).into(),
        })
    });
    models::put(&model.get_answers(), answers.collect(), |list| model.set_answers(list));
    let papers = page.papers.iter().map(|(name, pages)| PaperCount {
        name: name.get(language).into(),
        pages: figures::count(*pages),
    });
    models::put(&model.get_papers(), papers.collect(), |list| model.set_papers(list));
    model.set_signed_by(page.signed_by.as_deref().unwrap_or_default().into());
    model.set_fee(figures::fee(&page.fee, language));
    model.set_failed(page.failed);
}

pub(super) fn fill_submitting(window: &KioskWindow, page: Submitting) {
    window.global::<SummaryModel>().set_submitting(page.into());
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<SummaryModel>();
    model.set_person(identify::nobody());
    model.set_signed_by("".into());
    models::put(&model.get_answers(), vec![], |list| model.set_answers(list));
    models::put(&model.get_papers(), vec![], |list| model.set_papers(list));
}
