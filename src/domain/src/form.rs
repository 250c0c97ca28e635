//! Forms: questions with kinds, and the checks that every answer passes at the border.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Bilingual, CardFacts, FurtherFacts, PersonalNumber, text::nfc};

/// What must be filled in, in sections.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSchema {
    /// The sections in order; one is on the screen at a time.
    pub sections: Vec<Section>,
}

impl FormSchema {
    /// Whether a question is to be answered with what the law calls sensitive.
    #[must_use]
    pub fn asks_beliefs(&self) -> bool {
        let mut questions = self.sections.iter().flat_map(|section| &section.questions);
        questions.any(|it| matches!(it.prefill, Some(Prefill::Ethnicity | Prefill::Religion)))
    }
}

/// Questions that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub title: Bilingual,
    /// Its questions in order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Name within the form, `a-z0-9-`.
    pub id: String,
    /// The question.
    pub label: Bilingual,
    /// One sentence of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Bilingual>,
    /// What kind of answer.
    pub answer: AnswerKind,
    /// Whether it may stay empty.
    #[serde(default, skip_serializing_if = "is_required")]
    pub optional: bool,
    /// Which fact of the ID card fills it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Prefill>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_required(optional: &bool) -> bool {
    !optional
}

/// Kinds of answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum AnswerKind {
    /// Free text on one line.
    Text {
        /// Most characters.
        #[serde(default = "two_hundred")]
        max: u16,
    },
    /// A person's full name.
    PersonName,
    /// A past or present day, typed `dd/mm/yyyy`.
    Date,
    /// A 12-digit personal number.
    PersonalNumber,
    /// A Vietnamese phone number: 10 digits from 0.
    Phone,
    /// An address.
    Address,
    /// Whole dong.
    Money,
    /// A whole number.
    Number {
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
    },
    /// One of several.
    Choice {
        /// The options.
        options: Vec<Choice>,
    },
    /// Yes (`yes`) or no (`no`).
    YesNo,
}

fn two_hundred() -> u16 {
    200
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub id: String,
    /// What is shown.
    pub label: Bilingual,
}

/// A fact of the ID card that answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefill {
    /// Full name.
    Name,
    /// Personal number.
    PersonalNumber,
    /// Date of birth.
    BirthDate,
    /// Sex: `male` or `female`.
    Sex,
    /// Place of residence.
    Residence,
    /// Date of issue of the card.
    CardIssueDate,
    /// Nationality; from a chip only, as are those below.
    Nationality,
    /// Home town.
    HomeTown,
    /// Number of the old card.
    FormerNumber,
    /// Ethnic group; asked of a chip only for a form that has this.
    Ethnicity,
    /// Religion; asked of a chip only for a form that has this.
    Religion,
}

impl Prefill {
    /// The answer that these facts give, in the form the question stores.
    #[must_use]
    pub fn answer(self, facts: &CardFacts, further: &FurtherFacts) -> Option<String> {
        match self {
            Self::Name => Some(facts.name.clone()),
            Self::PersonalNumber => Some(facts.personal_number.digits().to_owned()),
            Self::BirthDate => facts.birth_date.map(show_date),
            Self::Sex => facts.sex.map(|sex| {
                match sex {
                    crate::Sex::Male => "male",
                    crate::Sex::Female => "female",
                }
                .to_owned()
            }),
            Self::Residence => facts.residence.clone(),
            Self::CardIssueDate => facts.issue_date.map(show_date),
            Self::Nationality => further.nationality.clone(),
            Self::HomeTown => further.home_town.clone(),
            Self::FormerNumber => further.former_number.clone(),
            Self::Ethnicity => further.ethnicity.clone(),
            Self::Religion => further.religion.clone(),
        }
    }
}

/// A day as Vietnamese forms write it, `dd/mm/yyyy`.
#[must_use]
pub fn show_date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// Reads `dd/mm/yyyy`, also with `-` or `.` between, or eight digits alone.
#[must_use]
pub fn read_date(text: &str) -> Option<Date> {
    let digits: Vec<&str> = text.trim().split(['/', '-', '.', ' ']).collect();
    let parse = |day: &str, month: &str, year: &str| {
        (year.len() == 4).then_some(())?;
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    match digits.as_slice() {
        [day, month, year] => parse(day, month, year),
        [all] if all.len() == 8 && all.is_ascii() => {
            parse(all.get(..2)?, all.get(2..4)?, all.get(4..)?)
        }
        _ => None,
    }
}

/// Why an answer is not taken; the screen has one sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerFault {
    /// It must be filled in.
    Missing,
    /// More characters than fit.
    TooLong,
    /// A name has letters, spaces, hyphens and apostrophes only.
    NotAName,
    /// Not a day of the calendar.
    NotADate,
    /// Later than today.
    InTheFuture,
    /// Not twelve digits.
    NotAPersonalNumber,
    /// Not ten digits from 0.
    NotAPhone,
    /// Not a whole number.
    NotANumber,
    /// Outside the bounds.
    OutOfRange,
    /// None of the options.
    NotAnOption,
}

impl Question {
    /// Checks an answer as typed and returns it as stored: NFC, trimmed, digits bare.
    /// An empty answer to an optional question is stored as empty.
    pub fn check(&self, typed: &str, today: Date) -> Result<String, AnswerFault> {
        let text = nfc(typed.trim());
        if text.is_empty() {
            return if self.optional { Ok(text) } else { Err(AnswerFault::Missing) };
        }
        let bare = || text.chars().filter(|c| !" .-,".contains(*c)).collect::<String>();
        match &self.answer {
            AnswerKind::Text { max } => within(text, *max),
            AnswerKind::Address => within(text, 300),
            AnswerKind::PersonName => check_name(&text),
            AnswerKind::Date => match read_date(&text).ok_or(AnswerFault::NotADate)? {
                day if day > today => Err(AnswerFault::InTheFuture),
                day => Ok(show_date(day)),
            },
            AnswerKind::PersonalNumber => PersonalNumber::parse(&bare())
                .map(|number| number.digits().to_owned())
                .map_err(|_| AnswerFault::NotAPersonalNumber),
            AnswerKind::Phone => check_phone(&bare()),
            AnswerKind::Money => check_number(&bare(), 0, u64::from(u32::MAX) * 1000),
            AnswerKind::Number { min, max } => {
                check_number(&bare(), u64::from(*min), u64::from(*max))
            }
            AnswerKind::Choice { options } => {
                one_of(text, options.iter().map(|option| option.id.as_str()))
            }
            AnswerKind::YesNo => one_of(text, ["yes", "no"].into_iter()),
        }
    }
}

fn within(text: String, max: u16) -> Result<String, AnswerFault> {
    if text.chars().count() > usize::from(max) { Err(AnswerFault::TooLong) } else { Ok(text) }
}

fn check_name(text: &str) -> Result<String, AnswerFault> {
    let allowed = |c: char| c.is_alphabetic() || " '-.’".contains(c);
    if !text.chars().all(allowed) || !text.chars().any(char::is_alphabetic) {
        return Err(AnswerFault::NotAName);
    }
    within(text.split_whitespace().collect::<Vec<_>>().join(" "), 100)
}

fn check_phone(digits: &str) -> Result<String, AnswerFault> {
    let local = digits.strip_prefix("+84").map_or_else(|| digits.to_owned(), |n| format!("0{n}"));
    let right =
        local.len() == 10 && local.starts_with('0') && local.bytes().all(|b| b.is_ascii_digit());
    if right { Ok(local) } else { Err(AnswerFault::NotAPhone) }
}

fn check_number(digits: &str, min: u64, max: u64) -> Result<String, AnswerFault> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AnswerFault::NotANumber);
    }
    let number: u64 = digits.parse().map_err(|_| AnswerFault::OutOfRange)?;
    if (min..=max).contains(&number) {
        Ok(number.to_string())
    } else {
        Err(AnswerFault::OutOfRange)
    }
}

fn one_of<'a>(
    text: String,
    mut options: impl Iterator<Item = &'a str>,
) -> Result<String, AnswerFault> {
    if options.any(|option| option == text) { Ok(text) } else { Err(AnswerFault::NotAnOption) }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
