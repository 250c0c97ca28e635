//! The same pages with every name, answer and reason four times as long: nothing may be cut off
//! or pushed from the glass when a province, a street or a law is wordier than expected.

use std::sync::Arc;

use domain::{
    Bilingual,
    catalogue::{Fee, Need},
    form::AnswerKind,
    screen::{
        CertificateView, IdentifyState, Page, PaperRow, PaperView, Person, ProcedureRow,
        QuestionView, Screen, SignState, SummarySection,
    },
};

/// The names of long pages, and of the pages they are made of.
const PAGES: [(&str, &str); 22] = [
    ("long-choose-field", "choose-field"),
    ("long-ticket", "ticket-not-printed"),
    ("long-find", "find-some"),
    ("long-procedure", "procedure-limited"),
    ("long-typing", "identify-typing"),
    ("long-known", "identify-known"),
    ("long-form-text", "form-text"),
    ("long-form-choice", "form-choice"),
    ("long-form-faults", "form-faults"),
    ("long-scan-empty", "scan-empty"),
    ("long-scan-pages", "scan-pages"),
    ("long-scan-condition", "scan-condition"),
    ("long-scan-trouble", "scan-double-feed"),
    ("long-sign-pin", "sign-choosing"),
    ("long-sign-wrong-pin", "sign-wrong-pin"),
    ("long-sign-untrusted", "sign-untrusted"),
    ("long-sign-last-try", "sign-last-try"),
    ("long-sign-signed", "sign-signed"),
    ("long-summary", "summary-failed"),
    ("long-received", "received-no-slip"),
    ("long-status", "status-papers-asked"),
    ("long-welcome", "welcome-no-storage"),
];

/// The long pages of `screens`.
pub(super) fn screens(screens: &[(&str, Screen)]) -> Vec<(&'static str, Screen)> {
    let longer = |(name, of): (&'static str, &str)| {
        let (_, screen) = screens.iter().find(|(named, _)| *named == of)?;
        let mut screen = screen.clone();
        both(&mut screen.center);
        page(&mut screen.page);
        Some((name, screen))
    };
    PAGES.into_iter().filter_map(longer).collect()
}

fn text(words: &mut String) {
    if !words.is_empty() {
        *words = [words.as_str(); 4].join(" ");
    }
}

fn both(words: &mut Bilingual) {
    text(&mut words.vi);
    text(&mut words.en);
}

fn page(page: &mut Page) {
    match page {
        Page::ChooseField(page) => {
            page.fields.iter_mut().for_each(|field| both(&mut field.name));
        }
        Page::Ticket(page) => both(&mut page.field),
        Page::FindProcedure(page) => page.rows = page.rows.iter().map(longer_row).collect(),
        Page::ProcedureInfo(page) => {
            let page = Arc::make_mut(page);
            for words in [&mut page.name, &mut page.field, &mut page.competent] {
                both(words);
            }
            text(&mut page.legal_basis);
            page.fee = wordy_fee();
            page.papers.iter_mut().for_each(needed_paper);
        }
        Page::Identify(page) => match &mut page.state {
            IdentifyState::Typing { questions, .. } => questions.iter_mut().for_each(question),
            IdentifyState::Known(known) => person(known),
            IdentifyState::Waiting { .. } | IdentifyState::Chip(_) => {}
        },
        Page::Form(page) => {
            both(&mut page.title);
            page.questions.iter_mut().for_each(question);
        }
        Page::Scan(page) => page.papers.iter_mut().for_each(scanned_paper),
        Page::Sign(page) => match &mut page.state {
            SignState::Unusable(of) | SignState::ConfirmLastTry(of) => certificate(of),
            SignState::EnterPin { certificate: of, .. } => certificate(of),
            SignState::Signed { holder } => text(holder),
            SignState::InsertToken | SignState::TokenLeft | SignState::Signing => {}
        },
        Page::Summary(page) => {
            both(&mut page.procedure);
            person(&mut page.person);
            page.sections.iter_mut().for_each(section);
            page.papers.iter_mut().for_each(|(name, _)| both(name));
            page.fee = wordy_fee();
        }
        Page::Received(page) => both(&mut page.procedure),
        Page::DossierStatus(page) => {
            both(&mut page.procedure);
            page.reason.iter_mut().for_each(text);
        }
        Page::Welcome(_)
        | Page::Submitting(_)
        | Page::LookUp(_)
        | Page::Rate(_)
        | Page::Goodbye
        | Page::OutOfService => {}
    }
}

fn longer_row(row: &ProcedureRow) -> ProcedureRow {
    let mut row = row.clone();
    both(&mut row.name);
    both(&mut row.field);
    row
}

/// The wordiest fee of the catalogue.
fn wordy_fee() -> Fee {
    Fee::InWords {
        words: super::both(
            "2.000 đồng/trang cho trang 1 và 2; từ trang thứ 3: 1.000 đồng/trang; tối đa 200.000 \
             đồng/bản (tính theo trang của bản chính)",
            "2,000 dong a page for pages 1 and 2, then 1,000 dong a page, at most 200,000 dong a \
             copy (pages of the original)",
        ),
    }
}

fn need(need: &mut Need) {
    match need {
        Need::When { condition } => both(condition),
        Need::Always => {}
    }
}

fn needed_paper(paper: &mut PaperRow) {
    both(&mut paper.name);
    need(&mut paper.need);
}

fn scanned_paper(paper: &mut PaperView) {
    both(&mut paper.name);
    need(&mut paper.need);
    paper.hint.iter_mut().for_each(both);
}

fn person(person: &mut Person) {
    text(&mut person.name);
    person.residence.iter_mut().for_each(text);
}

fn question(question: &mut QuestionView) {
    both(&mut question.label);
    question.help.iter_mut().for_each(both);
    match &mut question.kind {
        AnswerKind::Choice { options } => {
            options.iter_mut().for_each(|option| both(&mut option.label));
        }
        AnswerKind::Text { .. } | AnswerKind::PersonName | AnswerKind::Address => {
            text(&mut question.value);
        }
        AnswerKind::Date
        | AnswerKind::PersonalNumber
        | AnswerKind::Phone
        | AnswerKind::Money
        | AnswerKind::Number { .. }
        | AnswerKind::YesNo => {}
    }
}

fn certificate(certificate: &mut CertificateView) {
    text(&mut certificate.holder);
    text(&mut certificate.issuer);
}

fn section(section: &mut SummarySection) {
    both(&mut section.title);
    for (label, answer) in &mut section.answers {
        both(label);
        both(answer);
    }
}
