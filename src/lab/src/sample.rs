//! Answers of a made-up citizen, by kind of question.

use domain::form::AnswerKind;

/// An answer that the question takes.
#[must_use]
pub fn answer(kind: &AnswerKind, question: &str) -> String {
    match kind {
        AnswerKind::Text { .. } if question.contains("business") => {
            "Hộ kinh doanh Hương Quê".to_owned()
        }
        AnswerKind::Text { .. } if question.contains("trade") => {
            "Bán lẻ lương thực trong cửa hàng".to_owned()
        }
        AnswerKind::Text { .. } => "Theo giấy tờ kèm theo".to_owned(),
        AnswerKind::PersonName => "Nguyễn Văn An".to_owned(),
        AnswerKind::Date => "15/01/1999".to_owned(),
        AnswerKind::PersonalNumber => "001099000001".to_owned(),
        AnswerKind::Phone => "0900000001".to_owned(),
        AnswerKind::Address => "Số 1 Phố Thử, phường Hoàn Kiếm, thành phố Hà Nội".to_owned(),
        AnswerKind::Money => "50.000.000".to_owned(),
        AnswerKind::Number { min, .. } => min.to_string(),
        AnswerKind::Choice { options } => {
            options.first().map(|option| option.id.clone()).unwrap_or_default()
        }
        AnswerKind::YesNo => "no".to_owned(),
    }
}
