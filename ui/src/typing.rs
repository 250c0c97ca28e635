//! Which line of the page is being typed on, and how what is typed meets what the screen says.

use std::collections::VecDeque;

use domain::{
    form::AnswerKind,
    screen::{ChipPage, IdentifyState, LookUpField, LookUpState, Page, QuestionView, Screen},
    touch::Touch,
};

use crate::{
    generated::PageKind,
    keyboard::{Board, Capitals, Grouping, Key, Shape},
};

/// The line being typed on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Answer(String),
    Search,
    LookUp(LookUpField),
}

/// Where *next line* leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextLine {
    Question(usize),
    LookUp(LookUpField),
}

/// A line as the screen has it.
struct Line {
    target: Target,
    shape: Shape,
    value: String,
    next: Option<NextLine>,
}

/// The keyboard and the line it types on.
pub(crate) struct Typing {
    at: Option<(PageKind, Target)>,
    next: Option<NextLine>,
    choice: Option<String>,
    board: Board,
    telex: bool,
    /// Texts handed out and not yet seen on a screen: a fast typist is ahead of the screens.
    sent: VecDeque<String>,
}

/// More texts than this are never on their way; then the screen is right.
const MOST_SENT: usize = 64;

impl Typing {
    pub(crate) fn new() -> Self {
        Self {
            at: None,
            next: None,
            choice: None,
            board: Board::new(WORDS, "", false),
            telex: false,
            sent: VecDeque::new(),
        }
    }

    /// The keyboard, for drawing.
    pub(crate) fn board(&self) -> &Board {
        &self.board
    }

    /// Follows the screen: another line, or the same one with a text of its own.
    pub(crate) fn follow(&mut self, screen: &Screen) {
        self.choice = choice(&screen.page);
        if matches!(screen.page, Page::Welcome(_) | Page::Goodbye) {
            self.telex = false;
        }
        let Some(line) = line(&screen.page) else {
            *self = Self { telex: self.telex, choice: self.choice.take(), ..Self::new() };
            return;
        };
        self.next = line.next;
        let at = (PageKind::from(&screen.page), line.target);
        if self.at.as_ref() != Some(&at) {
            self.at = Some(at);
            self.board = Board::new(line.shape, &line.value, self.telex);
            self.sent.clear();
        } else if let Some(seen) = self.sent.iter().position(|sent| *sent == line.value) {
            self.sent.drain(..=seen);
        } else if self.board.value() != line.value {
            self.board.set(&line.value);
            self.sent.clear();
        }
    }

    /// Presses a key; what to hand out, if the line changed.
    pub(crate) fn press(&mut self, key: Key) -> Option<Touch> {
        let (_, target) = self.at.as_ref()?;
        let changed = self.board.press(key);
        self.telex = self.board.telex();
        if !changed {
            return None;
        }
        let text = self.board.value();
        self.sent.push_back(text.clone());
        if self.sent.len() > MOST_SENT {
            self.sent.pop_front();
        }
        Some(match target {
            Target::Answer(question) => Touch::Answer { question: question.clone(), text },
            Target::Search => Touch::Search(text),
            Target::LookUp(field) => Touch::LookUpText(*field, text),
        })
    }

    /// *Next line*, or the end of the last one.
    pub(crate) fn next_line(&self) -> Option<Touch> {
        match self.next {
            Some(NextLine::Question(at)) => Some(Touch::FocusQuestion(at)),
            Some(NextLine::LookUp(field)) => Some(Touch::LookUpFocus(field)),
            None => match &self.at {
                Some((_, Target::Answer(_) | Target::LookUp(_))) => Some(Touch::Next),
                Some((_, Target::Search)) | None => None,
            },
        }
    }

    /// An option of the focused question was touched.
    pub(crate) fn choose(&self, option: &str) -> Option<Touch> {
        let question = self.choice.clone()?;
        Some(Touch::Answer { question, text: option.to_owned() })
    }
}

const WORDS: Shape = Shape::Words { max: 200, capitals: Capitals::First };

fn line(page: &Page) -> Option<Line> {
    match page {
        Page::FindProcedure(page) => Some(Line {
            target: Target::Search,
            shape: Shape::Words { max: 100, capitals: Capitals::Never },
            value: page.query.clone(),
            next: None,
        }),
        Page::Identify(page) => match &page.state {
            IdentifyState::Typing { questions, focused }
            | IdentifyState::Chip(ChipPage::Lines { questions, focused, .. }) => {
                question(questions, *focused)
            }
            IdentifyState::Waiting { .. } | IdentifyState::Known(_) | IdentifyState::Chip(_) => {
                None
            }
        },
        Page::Form(page) => question(&page.questions, page.focused),
        Page::LookUp(page) if page.state != LookUpState::Asking => {
            let (value, shape, next) = match page.focused {
                LookUpField::Code => (
                    &page.code,
                    Shape::Code { max: 64 },
                    Some(NextLine::LookUp(LookUpField::Factor)),
                ),
                LookUpField::Factor => {
                    (&page.factor, Shape::Digits { max: 4, grouping: Grouping::Bare }, None)
                }
            };
            Some(Line { target: Target::LookUp(page.focused), shape, value: value.clone(), next })
        }
        Page::LookUp(_)
        | Page::Welcome(_)
        | Page::ChooseField(_)
        | Page::Ticket(_)
        | Page::ProcedureInfo(_)
        | Page::Scan(_)
        | Page::Sign(_)
        | Page::Summary(_)
        | Page::Submitting(_)
        | Page::Received(_)
        | Page::DossierStatus(_)
        | Page::Rate(_)
        | Page::Goodbye
        | Page::OutOfService => None,
    }
}

/// The questions of a page, where it has any, and which is being answered.
pub(crate) fn questions(page: &Page) -> Option<(&[QuestionView], usize)> {
    let (Page::Form(domain::screen::FormPage { questions, focused, .. })
    | Page::Identify(domain::screen::Identify {
        state:
            IdentifyState::Typing { questions, focused }
            | IdentifyState::Chip(ChipPage::Lines { questions, focused, .. }),
        ..
    })) = page
    else {
        return None;
    };
    Some((questions, *focused))
}

fn choice(page: &Page) -> Option<String> {
    let (questions, focused) = questions(page)?;
    let question = questions.get(focused)?;
    shape(&question.kind).is_none().then(|| question.id.clone())
}

fn question(questions: &[QuestionView], focused: usize) -> Option<Line> {
    let question = questions.get(focused)?;
    Some(Line {
        target: Target::Answer(question.id.clone()),
        shape: shape(&question.kind)?,
        value: question.value.clone(),
        next: questions.get(focused + 1).map(|_| NextLine::Question(focused + 1)),
    })
}

/// How an answer is typed; choices are not.
fn shape(kind: &AnswerKind) -> Option<Shape> {
    let digits = |max, grouping| Some(Shape::Digits { max, grouping });
    match kind {
        AnswerKind::Text { max } => {
            Some(Shape::Words { max: usize::from(*max), capitals: Capitals::First })
        }
        AnswerKind::PersonName => Some(Shape::Words { max: 100, capitals: Capitals::Words }),
        AnswerKind::Address => Some(Shape::Words { max: 300, capitals: Capitals::First }),
        AnswerKind::Date => digits(8, Grouping::Date),
        AnswerKind::PersonalNumber => digits(12, Grouping::PersonalNumber),
        AnswerKind::Phone => digits(10, Grouping::Phone),
        AnswerKind::Money => digits(13, Grouping::Thousands),
        AnswerKind::Number { max, .. } => digits(max.to_string().len(), Grouping::Bare),
        AnswerKind::Choice { .. } | AnswerKind::YesNo => None,
    }
}

/// An answer as it is read when it is not being typed.
pub(crate) fn read_aloud(question: &QuestionView) -> String {
    match shape(&question.kind) {
        Some(shape @ Shape::Digits { .. }) => Board::new(shape, &question.value, false).shown().0,
        Some(Shape::Words { .. } | Shape::Code { .. }) | None => question.value.clone(),
    }
}

#[cfg(test)]
#[path = "typing_tests.rs"]
mod tests;
