//! A dossier while it is being made: in memory only.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use jiff::civil::Date;

use super::{PageId, Submission, SubmissionPaper};
use crate::{
    Bilingual, CardFacts, ChipLines, Evidence, FurtherFacts, Language, PersonalNumber,
    catalogue::{Need, Procedure},
    form::{AnswerFault, AnswerKind, Question, Section, read_date, show_date},
    screen::{PageView, Person, QuestionView},
};

/// Names of the three questions that identify by typing.
const NUMBER: &str = "personal-number";
const NAME: &str = "name";
const BIRTH: &str = "birth-date";
/// What a chip of the older kind wants besides.
const EXPIRY: &str = "card-expiry";

/// What the citizen has entered so far.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) procedure: Arc<Procedure>,
    pub(super) edition: u64,
    pub(super) person: Option<(CardFacts, Evidence)>,
    /// Answers as typed, to the form and to the questions that identify.
    answers: BTreeMap<String, String>,
    from_card: BTreeSet<String>,
    faults: BTreeMap<String, AnswerFault>,
    pub(super) papers: Vec<PaperDraft>,
    pub(super) signed_by: Option<String>,
}

/// One required paper while it is being collected.
#[derive(Debug, Clone, Default)]
pub(super) struct PaperDraft {
    pub(super) pages: Vec<(PageId, PageView)>,
    pub(super) skipped: bool,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("procedure", &self.procedure.code).finish_non_exhaustive()
    }
}

impl Draft {
    pub(super) fn new(procedure: Arc<Procedure>, edition: u64) -> Self {
        let papers = procedure.papers.iter().map(|_| PaperDraft::default()).collect();
        Self {
            procedure,
            edition,
            person: None,
            answers: BTreeMap::new(),
            from_card: BTreeSet::new(),
            faults: BTreeMap::new(),
            papers,
            signed_by: None,
        }
    }

    pub(super) fn section(&self, at: usize) -> Option<&Section> {
        self.procedure.form.sections.get(at)
    }

    pub(super) fn sections(&self) -> usize {
        self.procedure.form.sections.len()
    }

    /// Takes who somebody is and fills what the form wants of it, except where the citizen
    /// has written something else.
    pub(super) fn identify(
        &mut self,
        facts: CardFacts,
        further: &FurtherFacts,
        evidence: Evidence,
    ) {
        // What another card said must not stand beside what this one says.
        for question in std::mem::take(&mut self.from_card) {
            self.answers.remove(&question);
        }
        self.signed_by = None;
        for question in self.procedure.form.sections.iter().flat_map(|s| &s.questions) {
            let Some(answer) = question.prefill.and_then(|prefill| prefill.answer(&facts, further))
            else {
                continue;
            };
            if self.answers.get(&question.id).is_none_or(String::is_empty) {
                self.answers.insert(question.id.clone(), answer);
                self.from_card.insert(question.id.clone());
            }
        }
        self.person = Some((facts, evidence));
    }

    /// Whether a chip would say more than what is known of the person.
    pub(super) fn may_learn_from_chip(&self) -> bool {
        self.person.as_ref().is_none_or(|(_, evidence)| *evidence < Evidence::ChipIntegrity)
    }

    /// An answer changed; what was wrong with it is no longer said, and signatures made over
    /// other answers fall.
    pub(super) fn answer(&mut self, question: &str, text: String) {
        self.faults.remove(question);
        self.from_card.remove(question);
        self.signed_by = None;
        self.answers.insert(question.to_owned(), text);
    }

    fn typed(&self, question: &str) -> &str {
        self.answers.get(question).map_or("", String::as_str)
    }

    /// Checks all of `questions`; the position of the first that is wrong, if one is.
    fn check(&mut self, questions: &[Question], today: Date) -> Option<usize> {
        let mut first = None;
        for (at, question) in questions.iter().enumerate() {
            match question.check(self.typed(&question.id), today) {
                Ok(stored) => {
                    self.faults.remove(&question.id);
                    self.answers.insert(question.id.clone(), stored);
                }
                Err(fault) => {
                    self.faults.insert(question.id.clone(), fault);
                    first = first.or(Some(at));
                }
            }
        }
        first
    }

    /// Checks a section of the form; the first wrong question, if one is.
    pub(super) fn check_section(&mut self, at: usize, today: Date) -> Option<usize> {
        let procedure = Arc::clone(&self.procedure);
        let section = procedure.form.sections.get(at)?;
        self.check(&section.questions, today)
    }

    /// Checks the questions that identify by typing and takes them when they are right.
    pub(super) fn check_typed_person(&mut self, today: Date) -> Option<usize> {
        let first = self.check(&identity_questions(), today);
        let number = PersonalNumber::parse(self.typed(NUMBER));
        if let (None, Ok(personal_number)) = (first, number) {
            let facts = CardFacts {
                personal_number,
                name: self.typed(NAME).to_owned(),
                birth_date: read_date(self.typed(BIRTH)),
                sex: None,
                residence: None,
                issue_date: None,
            };
            self.identify(facts, &FurtherFacts::default(), Evidence::Typed);
        }
        first
    }

    /// What is known of the person need not be typed again.
    pub(super) fn begin_lines(&mut self) {
        let Some((facts, _)) = &self.person else { return };
        let number = facts.personal_number.digits().to_owned();
        let birth = facts.birth_date.map(show_date);
        for (question, known) in [(NUMBER, Some(number)), (BIRTH, birth)] {
            if let (true, Some(known)) = (self.typed(question).is_empty(), known) {
                self.answers.insert(question.to_owned(), known);
            }
        }
    }

    /// What of a card's lines is to be typed: what is not known, or all of it.
    fn line_questions(&self, all: bool) -> Vec<Question> {
        let [number, _, birth] = identity_questions();
        let known = self.person.as_ref().map(|(facts, _)| facts);
        let mut questions = vec![];
        if all || known.is_none() {
            questions.push(number);
        }
        if all || known.is_none_or(|facts| facts.birth_date.is_none()) {
            questions.push(birth);
        }
        questions.push(expiry_question());
        questions
    }

    pub(super) fn line_views(&self, all: bool) -> Vec<QuestionView> {
        self.line_questions(all).iter().map(|question| self.view(question)).collect()
    }

    /// What the card's lines say as typed and known, or which question is answered wrongly.
    pub(super) fn check_lines(&mut self, all: bool, today: Date) -> Result<ChipLines, usize> {
        let questions = self.line_questions(all);
        let expiry = questions.len().saturating_sub(1);
        let (past, coming) = questions.split_at(expiry);
        // An expiry may lie ahead, and does.
        let wrong = self.check(past, today);
        let wrong = wrong.or(self.check(coming, Date::MAX).map(|_| expiry));
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let known = self.person.as_ref().map(|(facts, _)| facts).filter(|_| !all);
        let number = match known {
            Some(facts) => Some(facts.personal_number.clone()),
            None => PersonalNumber::parse(self.typed(NUMBER)).ok(),
        };
        let birth =
            known.and_then(|facts| facts.birth_date).or_else(|| read_date(self.typed(BIRTH)));
        let expiry = match self.typed(EXPIRY) {
            "" => ChipLines::FOR_EVER,
            day => read_date(day).ok_or(expiry)?,
        };
        let (Some(number), Some(birth)) = (number, birth) else { return Err(0) };
        Ok(ChipLines { number, birth, expiry })
    }

    pub(super) fn identity_views(&self) -> Vec<QuestionView> {
        identity_questions().iter().map(|question| self.view(question)).collect()
    }

    pub(super) fn views(&self, section: &Section) -> Vec<QuestionView> {
        section.questions.iter().map(|question| self.view(question)).collect()
    }

    fn view(&self, question: &Question) -> QuestionView {
        QuestionView {
            id: question.id.clone(),
            label: question.label.clone(),
            help: question.help.clone(),
            kind: question.answer.clone(),
            optional: question.optional,
            value: self.typed(&question.id).to_owned(),
            fault: self.faults.get(&question.id).copied(),
            from_card: self.from_card.contains(&question.id),
        }
    }

    pub(super) fn person_view(&self) -> Option<Person> {
        self.person.as_ref().map(|(facts, evidence)| Person {
            name: facts.name.clone(),
            masked_number: facts.personal_number.masked(),
            birth_date: facts.birth_date,
            residence: facts.residence.clone(),
            evidence: *evidence,
        })
    }

    /// An answer as a person reads it.
    pub(super) fn spoken_answer(&self, question: &Question) -> Bilingual {
        let stored = self.typed(&question.id);
        match &question.answer {
            AnswerKind::Choice { options } => options
                .iter()
                .find(|option| option.id == stored)
                .map_or_else(|| Bilingual::new(stored, stored), |option| option.label.clone()),
            AnswerKind::YesNo if stored == "yes" => Bilingual::new("Có", "Yes"),
            AnswerKind::YesNo if stored == "no" => Bilingual::new("Không", "No"),
            AnswerKind::PersonalNumber => {
                let masked = PersonalNumber::parse(stored)
                    .map_or_else(|_| stored.to_owned(), |number| number.masked());
                Bilingual::new(masked.clone(), masked)
            }
            AnswerKind::Text { .. }
            | AnswerKind::PersonName
            | AnswerKind::Date
            | AnswerKind::Phone
            | AnswerKind::Address
            | AnswerKind::Money
            | AnswerKind::Number { .. }
            | AnswerKind::YesNo => Bilingual::new(stored, stored),
        }
    }

    /// The first paper that must be there and is not.
    pub(super) fn first_missing_paper(&self) -> Option<usize> {
        self.procedure.papers.iter().zip(&self.papers).position(|(paper, draft)| {
            let excused = draft.skipped && paper.need != Need::Always;
            draft.pages.is_empty() && !excused
        })
    }

    pub(super) fn papers(&self) -> Vec<SubmissionPaper> {
        self.procedure
            .papers
            .iter()
            .zip(&self.papers)
            .filter(|(_, draft)| !draft.pages.is_empty())
            .map(|(paper, draft)| SubmissionPaper {
                id: paper.id.clone(),
                name: paper.name.clone(),
                pages: draft.pages.iter().map(|(id, _)| *id).collect(),
            })
            .collect()
    }

    pub(super) fn submission(&self, language: Language) -> Option<Submission> {
        let (applicant, evidence) = self.person.clone()?;
        let asked = |id: &str| {
            self.procedure.form.sections.iter().flat_map(|s| &s.questions).any(|q| q.id == id)
        };
        Some(Submission {
            procedure: self.procedure.code.clone(),
            valid_from: self.procedure.valid_from,
            edition: self.edition,
            applicant,
            evidence,
            language,
            answers: self
                .answers
                .iter()
                .filter(|(id, text)| asked(id) && !text.is_empty())
                .map(|(id, text)| (id.clone(), text.clone()))
                .collect(),
            papers: self.papers(),
            signed: self.signed_by.is_some(),
        })
    }
}

/// The questions that identify by typing.
fn identity_questions() -> [Question; 3] {
    let question = |id: &str, vi: &str, en: &str, answer| Question {
        id: id.to_owned(),
        label: Bilingual::new(vi, en),
        help: None,
        answer,
        optional: false,
        prefill: None,
    };
    [
        question(
            NUMBER,
            "Số định danh cá nhân (12 số)",
            "Personal number (12 digits)",
            AnswerKind::PersonalNumber,
        ),
        question(NAME, "Họ, chữ đệm và tên", "Full name", AnswerKind::PersonName),
        question(BIRTH, "Ngày, tháng, năm sinh", "Date of birth", AnswerKind::Date),
    ]
}

fn expiry_question() -> Question {
    Question {
        id: EXPIRY.to_owned(),
        label: Bilingual::new("Thẻ có giá trị đến ngày", "Date of expiry of the card"),
        help: Some(Bilingual::new(
            "Ngày in trên thẻ sau chữ “Có giá trị đến”. Nếu thẻ ghi “Không thời hạn”, xin để trống.",
            "The day printed on the card after “Date of expiry”. If the card says “Không thời hạn” \
             (no expiry), leave this empty.",
        )),
        answer: AnswerKind::Date,
        optional: true,
        prefill: None,
    }
}
