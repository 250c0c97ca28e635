//! The papers.

use domain::{
    Language,
    screen::{PageVerdict, PaperView, ScanPage, ScannerState},
};
use slint::ComponentHandle as _;

use super::procedure_info::condition;
use crate::{
    figures,
    generated::{KioskWindow, ScanModel, ScanTroubleKind, ScannedPage, ScannedPaper, VerdictKind},
    models,
};

pub(super) fn fill(window: &KioskWindow, page: &ScanPage, language: Language) {
    let model = window.global::<ScanModel>();
    let rows = page.papers.iter().map(|view| paper(view, language));
    models::put(&model.get_papers(), rows.collect(), |list| model.set_papers(list));
    model.set_focused(figures::count(page.focused));
    let (scanning, trouble) = match page.scanner {
        ScannerState::Idle => (false, ScanTroubleKind::None),
        ScannerState::Scanning => (true, ScanTroubleKind::None),
        ScannerState::Trouble(trouble) => (false, trouble.into()),
    };
    model.set_scanning(scanning);
    model.set_trouble(trouble);
    model.set_missing(page.missing);
    if let Some(view) = page.papers.get(page.focused) {
        model.set_paper(paper(view, language));
        let pages = view.pages.iter().map(|page| ScannedPage {
            picture: figures::picture(&page.picture),
            verdict: page.verdict.into(),
        });
        models::put(&model.get_pages(), pages.collect(), |list| model.set_pages(list));
        let faulty = view.pages.iter().rev().find(|page| page.verdict != PageVerdict::Good);
        model.set_worst(faulty.map_or(VerdictKind::Good, |page| page.verdict.into()));
    }
}

pub(super) fn forget(window: &KioskWindow) {
    let model = window.global::<ScanModel>();
    models::put(&model.get_pages(), vec![], |list| model.set_pages(list));
    models::put(&model.get_papers(), vec![], |list| model.set_papers(list));
}

fn paper(view: &PaperView, language: Language) -> ScannedPaper {
    let faulty = view.pages.iter().filter(|page| page.verdict != PageVerdict::Good).count();
    ScannedPaper {
        name: view.name.get(language).into(),
        condition: condition(&view.need, language).into(),
        hint: figures::optional(view.hint.as_ref(), language).into(),
        pages: figures::count(view.pages.len()),
        faulty: figures::count(faulty),
        skipped: view.skipped,
    }
}
