//! Questions and the one being answered, for the form and for typing who one is.

use domain::{
    Language,
    form::AnswerKind,
    screen::{Page, QuestionView},
};
use slint::ComponentHandle as _;

use crate::{
    figures,
    generated::{AnswerFaultKind, Asking, KioskWindow, OptionView, Question},
    models, typing,
};

pub(super) fn fill(window: &KioskWindow, page: &Page, language: Language) {
    let Some((questions, focused)) = typing::questions(page) else { return };
    let asking = window.global::<Asking>();
    let rows = questions.iter().map(|question| Question {
        id: question.id.as_str().into(),
        label: question.label.get(language).into(),
        help: figures::optional(question.help.as_ref(), language).into(),
        kind: (&question.kind).into(),
        optional: question.optional,
        shown: shown(question, language).into(),
        fault: question.fault.map_or(AnswerFaultKind::None, Into::into),
        from_card: question.from_card,
    });
    models::put(&asking.get_questions(), rows.collect(), |list| asking.set_questions(list));
    asking.set_focused(figures::count(focused));
    if let Some(question) = questions.get(focused) {
        let options = options(&question.kind).iter().map(|option| OptionView {
            id: option.id.as_str().into(),
            label: option.label.get(language).into(),
        });
        models::put(&asking.get_options(), options.collect(), |list| asking.set_options(list));
        asking.set_kind((&question.kind).into());
        asking.set_chosen(question.value.as_str().into());
    }
    asking.set_more(focused + 1 < questions.len());
}

/// The answers of the citizen before leave nothing behind.
pub(super) fn forget(window: &KioskWindow) {
    let asking = window.global::<Asking>();
    models::put(&asking.get_questions(), vec![], |list| asking.set_questions(list));
    models::put(&asking.get_options(), vec![], |list| asking.set_options(list));
    asking.set_chosen("".into());
}

fn options(kind: &AnswerKind) -> &[domain::form::Choice] {
    match kind {
        AnswerKind::Choice { options } => options,
        AnswerKind::Text { .. }
        | AnswerKind::PersonName
        | AnswerKind::Date
        | AnswerKind::PersonalNumber
        | AnswerKind::Phone
        | AnswerKind::Address
        | AnswerKind::Money
        | AnswerKind::Number { .. }
        | AnswerKind::YesNo => &[],
    }
}

fn shown(question: &QuestionView, language: Language) -> String {
    options(&question.kind).iter().find(|option| option.id == question.value).map_or_else(
        || typing::read_aloud(question),
        |option| option.label.get(language).to_owned(),
    )
}
