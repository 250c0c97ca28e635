//! Answers as citizens type them, and what is stored or said of each.

use jiff::civil::date;

use super::*;

fn question(answer: AnswerKind) -> Question {
    Question {
        id: "q".into(),
        label: Bilingual::new("Câu hỏi", "Question"),
        help: None,
        answer,
        optional: false,
        prefill: None,
    }
}

#[test]
fn answers_are_stored_in_one_form_or_refused_with_the_reason() {
    use AnswerFault::*;
    let choice = AnswerKind::Choice {
        options: vec![Choice { id: "a".into(), label: Bilingual::new("A", "A") }],
    };
    for (kind, typed, expected) in [
        (AnswerKind::Text { max: 5 }, " tiê\u{301}ng ", Ok("tiếng")),
        (AnswerKind::Text { max: 5 }, "nghiêng", Err(TooLong)),
        (AnswerKind::Text { max: 5 }, "   ", Err(Missing)),
        (AnswerKind::PersonName, "Y  Blắc Niê", Ok("Y Blắc Niê")),
        (AnswerKind::PersonName, "An 2", Err(NotAName)),
        (AnswerKind::PersonName, "--", Err(NotAName)),
        (AnswerKind::Date, "29/02/2004", Ok("29/02/2004")),
        (AnswerKind::Date, "29022004", Ok("29/02/2004")),
        (AnswerKind::Date, "1-9-1999", Ok("01/09/1999")),
        (AnswerKind::Date, "29/02/2005", Err(NotADate)),
        (AnswerKind::Date, "1/1/99", Err(NotADate)),
        (AnswerKind::Date, "22/11/2026", Err(InTheFuture)),
        (AnswerKind::PersonalNumber, "001 099 000 001", Ok("001099000001")),
        (AnswerKind::PersonalNumber, "00109900000", Err(NotAPersonalNumber)),
        (AnswerKind::Phone, "0900 000 001", Ok("0900000001")),
        (AnswerKind::Phone, "+84900000001", Ok("0900000001")),
        (AnswerKind::Phone, "900000001", Err(NotAPhone)),
        (AnswerKind::Money, "100.000.000", Ok("100000000")),
        (AnswerKind::Money, "1e9", Err(NotANumber)),
        (AnswerKind::Number { min: 1, max: 9 }, "9", Ok("9")),
        (AnswerKind::Number { min: 1, max: 9 }, "10", Err(OutOfRange)),
        (choice.clone(), "a", Ok("a")),
        (choice, "b", Err(NotAnOption)),
        (AnswerKind::YesNo, "yes", Ok("yes")),
        (AnswerKind::YesNo, "maybe", Err(NotAnOption)),
    ] {
        let stored = question(kind.clone()).check(typed, date(2026, 11, 21));
        assert_eq!(stored.as_deref(), expected.as_ref().map(|s| *s), "{kind:?} {typed}");
    }
}

#[test]
fn an_optional_answer_may_stay_empty_but_not_be_wrong() {
    let optional = Question { optional: true, ..question(AnswerKind::Phone) };
    assert_eq!(optional.check(" ", date(2026, 1, 1)).as_deref(), Ok(""));
    assert_eq!(optional.check("12", date(2026, 1, 1)), Err(AnswerFault::NotAPhone));
}

#[test]
fn no_text_makes_a_check_panic() {
    proptest::proptest!(|(typed in ".{0,40}")| {
        for kind in [AnswerKind::Date, AnswerKind::PersonName, AnswerKind::Phone, AnswerKind::Money,
            AnswerKind::PersonalNumber] {
            let _ = question(kind).check(&typed, date(2026, 1, 1));
        }
    });
}
