//! Reading the chip of the ID card.

use domain::{
    Language,
    screen::{ChipPage, KeyFault, Page},
};
use slint::ComponentHandle as _;

use super::asking;
use crate::{
    figures,
    generated::{ChipKind, ChipModel, CodeFaultKind, KioskWindow},
};

pub(super) fn fill(window: &KioskWindow, whole: &Page, page: &ChipPage, language: Language) {
    let model = window.global::<ChipModel>();
    match page {
        ChipPage::Key { digits, fault } => {
            model.set_digits(figures::count(*digits));
            let (wrong, code) = match fault {
                None => (false, CodeFaultKind::None),
                Some(KeyFault::Wrong) => (true, CodeFaultKind::None),
                Some(KeyFault::Code(code)) => (false, (*code).into()),
            };
            model.set_wrong_key(wrong);
            model.set_code_fault(code);
            model.set_kind(ChipKind::Key);
        }
        ChipPage::Lines { refused, .. } => {
            asking::fill(window, whole, language);
            model.set_lines_refused(*refused);
            model.set_kind(ChipKind::Lines);
        }
        ChipPage::Lay { removed } => {
            model.set_removed(*removed);
            model.set_kind(ChipKind::Lay);
        }
        ChipPage::Reading { percent } => {
            model.set_percent((*percent).into());
            model.set_kind(ChipKind::Reading);
        }
        ChipPage::Failed(fault) => {
            model.set_fault((*fault).into());
            model.set_again(fault.is_worth_another_try());
            model.set_kind(ChipKind::Failed);
        }
    }
}
