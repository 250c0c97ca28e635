//! Identifying by the chip, told as stories.

use super::*;
use crate::{
    ChipAccess, ChipKey, ChipLines,
    form::AnswerFault,
    screen::{ChipFault, ChipPage, CodeFault, IdentifyState, KeyFault, Page, QuestionView},
};

const KEY: &str = "000009";

impl Story {
    /// To the page on which one identifies.
    fn identifying(&mut self) -> &mut Self {
        self.touch(Touch::FindProcedure)
            .touch(Touch::Search("ho tich".into()))
            .touch(Touch::Procedure("1.001612".into()))
            .touch(Touch::Apply)
    }

    fn chip(&mut self, news: ChipNews) -> &mut Self {
        self.answer(Answer::Chip(news))
    }

    fn identify(&self) -> IdentifyState {
        let Page::Identify(identify) = self.page() else { panic!("not identifying") };
        identify.state
    }

    #[track_caller]
    fn shows(&self, page: &ChipPage) {
        assert_eq!(self.identify(), IdentifyState::Chip(page.clone()));
    }

    /// What the last event had asked of the chip.
    fn asked(&self) -> Option<(&str, bool)> {
        self.effects.iter().find_map(|effect| {
            let Effect::ReadChip { access: ChipAccess::Digits(key), beliefs } = effect else {
                return None;
            };
            Some((key.digits(), *beliefs))
        })
    }
}

const LAY: ChipPage = ChipPage::Lay { removed: false };

#[test]
fn the_code_opens_the_chip_and_the_chip_fills_the_form() {
    let mut story = Story::begin();
    story.identifying().touch(Touch::ChipInstead);
    story.shows(&ChipPage::Key { digits: 0, fault: None });
    assert!(story.effects.contains(&Effect::WatchCodes));
    story.answer(Answer::Code(PresentedCode::IdCard(card())));
    story.shows(&LAY);
    assert_eq!(story.asked(), Some((KEY, false)), "the form asks for no beliefs");
    story.chip(ChipNews::Reading(3)).chip(ChipNews::Reading(60)).chip(ChipNews::Reading(20));
    story.shows(&ChipPage::Reading { percent: 60 });
    story.chip(ChipNews::Read(Box::new(chip_facts())));
    let IdentifyState::Known(person) = story.identify() else { panic!("unknown") };
    assert_eq!((person.name.as_str(), person.evidence), (CANARY, Evidence::ChipTrusted));
    let Page::Identify(identify) = story.page() else { unreachable!() };
    assert!(!identify.chip, "a chip has nothing to add");
    story.touch(Touch::Next);
    let Page::Form(form) = story.page() else { panic!("no form") };
    assert!(form.questions[0].from_card && form.questions[0].value == CANARY);
}

#[test]
fn six_typed_digits_open_the_chip_as_well() {
    let mut story = Story::begin();
    story.identifying().touch(Touch::ChipInstead).touch(Touch::PinDigit(7)).touch(Touch::PinErase);
    for digit in [0, 0, 0, 0, 0] {
        story.touch(Touch::PinDigit(digit));
    }
    story.shows(&ChipPage::Key { digits: 5, fault: None });
    story.touch(Touch::PinDigit(9));
    story.shows(&LAY);
    assert_eq!(story.asked(), Some((KEY, false)));
}

#[test]
fn who_is_known_from_the_code_goes_straight_to_the_reader() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead);
    story.shows(&LAY);
    assert_eq!(story.asked(), Some((KEY, false)));
    story.touch(Touch::Back);
    assert!(matches!(story.identify(), IdentifyState::Known(it) if it.evidence == Evidence::Code));
    assert!(story.effects.contains(&Effect::StopChip));
}

#[test]
fn a_form_that_asks_for_beliefs_has_them_read_and_filled() {
    let mut story = Story::begin();
    let mut asking = procedure("1.001612", Signature::None);
    let ethnic = question("dan-toc", AnswerKind::Text { max: 40 }, Some(Prefill::Ethnicity));
    asking.form.sections[0].questions.push(ethnic);
    let catalogue = Catalogue { fields: vec![], procedures: vec![asking] };
    story.on(Event::World(WorldNews::Catalogue(Arc::new(catalogue), 2)));
    story.identified("1.001612").touch(Touch::ChipInstead);
    assert_eq!(story.asked(), Some((KEY, true)));
    story.chip(ChipNews::Read(Box::new(chip_facts()))).touch(Touch::Next);
    let Page::Form(form) = story.page() else { panic!("no form") };
    assert_eq!(form.questions[2].value, "Kinh");
}

#[test]
fn a_wrong_key_is_asked_for_again_but_not_for_ever() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead);
    for _ in 1..3 {
        story.chip(ChipNews::Reading(1)).chip(ChipNews::Failed(ChipFault::WrongKey));
        story.shows(&ChipPage::Key { digits: 0, fault: Some(KeyFault::Wrong) });
        story.answer(Answer::Code(PresentedCode::Payment));
        let shown = Some(KeyFault::Code(CodeFault::Payment));
        story.shows(&ChipPage::Key { digits: 0, fault: shown });
        story.answer(Answer::Code(PresentedCode::IdCard(card())));
        story.shows(&LAY);
    }
    story.chip(ChipNews::Failed(ChipFault::WrongKey));
    story.shows(&ChipPage::Failed(ChipFault::WrongKey));
    story.touch(Touch::Next);
    story.shows(&ChipPage::Failed(ChipFault::WrongKey));
    story.touch(Touch::Back).touch(Touch::ChipInstead);
    story.shows(&ChipPage::Failed(ChipFault::WrongKey));
    assert_eq!(story.asked(), None, "a chip is not tried on");
    story.touch(Touch::Back).touch(Touch::Next);
    assert!(matches!(story.page(), Page::Form(_)), "the code is enough to go on");
}

#[test]
fn a_card_taken_away_too_early_is_read_when_it_lies_there_again() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead);
    story.chip(ChipNews::Reading(40)).chip(ChipNews::Failed(ChipFault::Removed));
    story.shows(&ChipPage::Lay { removed: true });
    assert_eq!(story.asked(), Some((KEY, false)));
    story.chip(ChipNews::Reading(5));
    story.shows(&ChipPage::Reading { percent: 5 });
}

#[test]
fn every_other_failure_leaves_the_code_and_a_next_step() {
    for (fault, again) in [
        (ChipFault::Silent, true),
        (ChipFault::Unreadable, true),
        (ChipFault::NotAnIdCard, true),
        (ChipFault::NotGenuine, false),
        (ChipFault::NoReader, false),
    ] {
        let mut story = Story::begin();
        story.identified("1.001612").touch(Touch::ChipInstead);
        story.chip(ChipNews::Reading(40)).chip(ChipNews::Failed(fault));
        story.shows(&ChipPage::Failed(fault));
        story.touch(Touch::Next);
        assert_eq!(story.asked().is_some(), again, "{fault:?}");
        story.touch(Touch::Back);
        let IdentifyState::Known(person) = story.identify() else { panic!("{fault:?}") };
        assert_eq!(person.evidence, Evidence::Code, "{fault:?}: no more than was proven");
    }
}

#[test]
fn a_chip_that_never_ends_is_given_up_by_the_machine() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead).chip(ChipNews::Reading(40));
    story.wait(44).chip(ChipNews::Reading(41));
    story.shows(&ChipPage::Reading { percent: 41 });
    story.wait(1);
    story.shows(&ChipPage::Failed(ChipFault::Silent));
    // Nobody is there any more: everything is forgotten, what is read later too.
    let late = story.visit.number();
    story.wait(60);
    assert!(!format!("{:?}", story.visit.citizen).contains(CANARY));
    story.on(Event::Answer(late, Answer::Chip(ChipNews::Read(Box::new(chip_facts())))));
    assert!(story.visit.citizen.draft.is_none());
}

#[test]
fn without_a_reader_no_chip_is_offered() {
    let mut story = Story::begin();
    story.on(Event::World(WorldNews::CardReader(false)));
    story.identifying();
    let Page::Identify(identify) = story.page() else { panic!("not identifying") };
    assert!(!identify.chip);
    story.touch(Touch::ChipInstead);
    assert!(matches!(story.identify(), IdentifyState::Waiting { .. }));
}

#[test]
fn what_opens_a_chip_is_never_shown() {
    let key = ChipKey::of(&card().personal_number);
    assert_eq!(key.digits(), KEY);
    let access = ChipAccess::Digits(key.clone());
    let shown = format!("{key:?} {:?}", Effect::ReadChip { access, beliefs: true });
    assert!(!shown.contains(KEY), "{shown}");
    let lines = ChipLines {
        number: card().personal_number,
        birth: date(1999, 1, 15),
        expiry: date(2039, 1, 15),
    };
    let shown = format!("{:?}", ChipAccess::Lines(Box::new(lines)));
    assert!(!shown.contains("1999") && !shown.contains(KEY), "{shown}");
}

impl Story {
    /// The questions about the card's lines.
    fn lines(&self) -> (Vec<QuestionView>, usize, bool) {
        let IdentifyState::Chip(ChipPage::Lines { questions, focused, refused }) = self.identify()
        else {
            panic!("{:?}", self.identify())
        };
        (questions, focused, refused)
    }

    fn asks(&self) -> Vec<String> {
        self.lines().0.into_iter().map(|it| it.id).collect()
    }

    fn types(&mut self, question: &str, text: &str) -> &mut Self {
        self.touch(Touch::Answer { question: question.into(), text: text.into() })
    }

    /// What of the lines the last event had asked of the chip.
    fn asked_lines(&self) -> Option<ChipLines> {
        self.effects.iter().find_map(|effect| {
            let Effect::ReadChip { access: ChipAccess::Lines(lines), .. } = effect else {
                return None;
            };
            Some((**lines).clone())
        })
    }
}

#[test]
fn a_chip_of_the_older_kind_wants_the_expiry_that_no_code_holds() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead);
    story.chip(ChipNews::Reading(4)).chip(ChipNews::NeedsLines);
    assert_eq!(story.asks(), ["card-expiry"], "number and birth are known from the code");
    story.types("card-expiry", "31/02/2039").touch(Touch::Next);
    assert_eq!(story.lines().0[0].fault, Some(AnswerFault::NotADate));
    story.types("card-expiry", "15/01/2039").touch(Touch::Next);
    story.shows(&LAY);
    let lines = story.asked_lines().unwrap();
    assert_eq!((lines.birth, lines.expiry), (date(1999, 1, 15), date(2039, 1, 15)));
    assert_eq!(lines.number, card().personal_number);
    // The card was taken away meanwhile: nothing is asked again.
    story.chip(ChipNews::Failed(ChipFault::Removed));
    assert_eq!(story.asked_lines(), Some(lines));
    story.chip(ChipNews::Read(Box::new(chip_facts())));
    assert!(matches!(story.identify(), IdentifyState::Known(_)));
}

#[test]
fn a_card_that_is_good_for_ever_leaves_the_expiry_empty() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead).chip(ChipNews::NeedsLines);
    story.touch(Touch::Next);
    assert_eq!(story.asked_lines().unwrap().expiry, ChipLines::FOR_EVER);
}

#[test]
fn after_six_typed_digits_an_older_chip_wants_number_and_birth_too() {
    let mut story = Story::begin();
    story.identifying().touch(Touch::ChipInstead);
    for digit in [0, 0, 0, 0, 0, 9] {
        story.touch(Touch::PinDigit(digit));
    }
    story.chip(ChipNews::NeedsLines);
    assert_eq!(story.asks(), ["personal-number", "birth-date", "card-expiry"]);
    story.types("birth-date", "15/01/1999").touch(Touch::Next);
    assert_eq!((story.lines().1, story.asked_lines()), (0, None), "the number is missing");
    story.types("personal-number", "001199000009").touch(Touch::FocusQuestion(2));
    assert_eq!(story.lines().1, 2);
    story.touch(Touch::Next);
    assert_eq!(story.asked_lines().unwrap().number, card().personal_number);
}

#[test]
fn lines_that_the_chip_refuses_are_all_asked_again_with_what_was_typed() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead).chip(ChipNews::NeedsLines);
    story.types("card-expiry", "15/01/2038").touch(Touch::Next);
    story.chip(ChipNews::Failed(ChipFault::WrongKey));
    let (questions, _, refused) = story.lines();
    let typed: Vec<_> = questions.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(typed, ["001199000009", "15/01/1999", "15/01/2038"]);
    assert!(refused);
    for _ in 1..3 {
        story.touch(Touch::Next).chip(ChipNews::Failed(ChipFault::WrongKey));
    }
    story.shows(&ChipPage::Failed(ChipFault::WrongKey));
    story.touch(Touch::Back);
    assert!(matches!(story.identify(), IdentifyState::Known(it) if it.evidence == Evidence::Code));
}

#[test]
fn lines_that_are_not_enough_either_are_not_asked_for_ever() {
    let mut story = Story::begin();
    story.identified("1.001612").touch(Touch::ChipInstead).chip(ChipNews::NeedsLines);
    story.touch(Touch::Next).chip(ChipNews::NeedsLines);
    story.shows(&ChipPage::Failed(ChipFault::Unreadable));
}

#[test]
fn a_reader_that_leaves_is_said_at_once_and_used_when_it_is_back() {
    let mut story = Story::begin();
    story.identifying().touch(Touch::ChipInstead).touch(Touch::PinDigit(0));
    story.world(WorldNews::CardReader(false));
    story.shows(&ChipPage::Failed(ChipFault::NoReader));
    story.world(WorldNews::CardReader(true));
    story.shows(&ChipPage::Key { digits: 1, fault: None });
    story.answer(Answer::Code(PresentedCode::IdCard(card())));
    story.world(WorldNews::CardReader(false)).chip(ChipNews::Failed(ChipFault::NoReader));
    story.shows(&ChipPage::Failed(ChipFault::NoReader));
    story.world(WorldNews::CardReader(true));
    story.shows(&LAY);
    assert_eq!(story.asked(), Some((KEY, false)));
}

#[test]
fn a_card_laid_down_where_a_code_is_wanted_is_told_about() {
    for (code, fault) in [
        (PresentedCode::OtherCard, CodeFault::OtherCard),
        (PresentedCode::ChipCard, CodeFault::ChipCard),
        (PresentedCode::UnreadableCard, CodeFault::UnreadableCard),
        (PresentedCode::RemovedCard, CodeFault::RemovedCard),
    ] {
        let mut story = Story::begin();
        story.identifying().answer(Answer::Code(code.clone()));
        assert_eq!(story.identify(), IdentifyState::Waiting { fault: Some(fault) });
        story.touch(Touch::ChipInstead).answer(Answer::Code(code.clone()));
        // An ID card lies there already while its key is asked for: nothing is wrong with that.
        let said = (code != PresentedCode::ChipCard).then_some(KeyFault::Code(fault));
        story.shows(&ChipPage::Key { digits: 0, fault: said });
    }
}
