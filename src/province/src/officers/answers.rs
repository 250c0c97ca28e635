//! The answers of a form in the words of the catalogue edition they were given under.

use domain::{
    Bilingual, Language,
    catalogue::Procedure,
    form::{AnswerKind, Question},
};
use intake::Manifest;

use super::words;

/// A question with its answer, ready to be shown.
pub(super) struct Shown {
    pub(super) label: String,
    pub(super) value: String,
}

/// Questions that stood together.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) answers: Vec<Shown>,
}

/// The answers in the order of the form; those whose question is unknown come last, bare.
pub(super) fn groups(
    manifest: &Manifest,
    procedure: Option<&Procedure>,
    language: Language,
) -> Vec<Group> {
    let sections = procedure.map(|p| p.form.sections.as_slice()).unwrap_or_default();
    let answer_to = |id: &str| manifest.answers.iter().find(|answer| answer.question == id);
    let mut groups: Vec<Group> = Vec::new();
    for section in sections {
        let answers = section.questions.iter().filter_map(|question| {
            let answer = answer_to(&question.id)?;
            let label = question.label.get(language).to_owned();
            Some(Shown { label, value: value(question, &answer.value, language) })
        });
        groups.push(Group {
            title: section.title.get(language).to_owned(),
            answers: answers.collect(),
        });
    }
    let known = |id: &str| sections.iter().flat_map(|s| &s.questions).any(|q| q.id == id);
    let rest = manifest.answers.iter().filter(|answer| !known(&answer.question));
    let answers: Vec<Shown> = rest
        .map(|answer| Shown { label: answer.question.clone(), value: answer.value.clone() })
        .collect();
    groups.push(Group { title: String::new(), answers });
    groups.retain(|group| !group.answers.is_empty());
    groups
}

fn value(question: &Question, stored: &str, language: Language) -> String {
    if stored.is_empty() {
        return words::EMPTY.say(language).to_owned();
    }
    match &question.answer {
        AnswerKind::Choice { options } => options
            .iter()
            .find(|option| option.id == stored)
            .map_or(stored, |option| option.label.get(language))
            .to_owned(),
        AnswerKind::YesNo if stored == "yes" => words::YES.say(language).to_owned(),
        AnswerKind::YesNo if stored == "no" => words::NO.say(language).to_owned(),
        AnswerKind::PersonalNumber => domain::PersonalNumber::parse(stored)
            .map_or_else(|_| stored.to_owned(), |number| number.masked()),
        AnswerKind::Money => format!("{} đ", grouped(stored)),
        AnswerKind::Text { .. }
        | AnswerKind::PersonName
        | AnswerKind::Date
        | AnswerKind::Phone
        | AnswerKind::Address
        | AnswerKind::Number { .. }
        | AnswerKind::YesNo => stored.to_owned(),
    }
}

/// Digits in groups of three with dots, as dong are written.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// The name of a paper of a procedure.
pub(super) fn paper<'a>(procedure: Option<&'a Procedure>, id: &str) -> Option<&'a Bilingual> {
    procedure?.papers.iter().find(|paper| paper.id == id).map(|paper| &paper.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dong_are_grouped_by_thousands() {
        for (digits, expected) in
            [("0", "0"), ("999", "999"), ("1000", "1.000"), ("12345678", "12.345.678")]
        {
            assert_eq!(grouped(digits), expected);
        }
    }
}
