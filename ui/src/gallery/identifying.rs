//! Saying who one is.

use domain::{
    Evidence,
    form::AnswerKind,
    screen::{
        ChipFault, ChipPage, CodeFault, Identify, IdentifyState, KeyFault, Page, Person,
        QuestionView, Step,
    },
};
use jiff::civil::Date;

use super::{applying::FIVE, both};

pub(super) fn pages() -> Vec<(&'static str, Page)> {
    let waiting = |fault| IdentifyState::Waiting { fault };
    let states = [
        ("identify", waiting(None)),
        ("identify-payment", waiting(Some(CodeFault::Payment))),
        ("identify-health-card", waiting(Some(CodeFault::HealthCard))),
        ("identify-app-token", waiting(Some(CodeFault::AppToken))),
        ("identify-ours", waiting(Some(CodeFault::Ours))),
        ("identify-garbled", waiting(Some(CodeFault::Garbled))),
        ("identify-unknown", waiting(Some(CodeFault::Unknown))),
        ("identify-other-card", waiting(Some(CodeFault::OtherCard))),
        ("identify-chip-card", waiting(Some(CodeFault::ChipCard))),
        ("identify-unreadable-card", waiting(Some(CodeFault::UnreadableCard))),
        ("identify-removed-card", waiting(Some(CodeFault::RemovedCard))),
        ("identify-no-reader", waiting(Some(CodeFault::NoReader))),
        ("identify-typing", IdentifyState::Typing { questions: who(), focused: 1 }),
        ("identify-known", IdentifyState::Known(person())),
    ];
    let chip = [
        ("chip-key", ChipPage::Key { digits: 2, fault: None }),
        ("chip-key-wrong", ChipPage::Key { digits: 0, fault: Some(KeyFault::Wrong) }),
        (
            "chip-key-payment",
            ChipPage::Key { digits: 0, fault: Some(KeyFault::Code(CodeFault::Payment)) },
        ),
        ("chip-lines", ChipPage::Lines { questions: lines(), focused: 2, refused: false }),
        ("chip-lines-refused", ChipPage::Lines { questions: lines(), focused: 0, refused: true }),
        ("chip-lay", ChipPage::Lay { removed: false }),
        ("chip-removed", ChipPage::Lay { removed: true }),
        ("chip-reading", ChipPage::Reading { percent: 62 }),
        ("chip-wrong-key", ChipPage::Failed(ChipFault::WrongKey)),
        ("chip-silent", ChipPage::Failed(ChipFault::Silent)),
        ("chip-unreadable", ChipPage::Failed(ChipFault::Unreadable)),
        ("chip-not-genuine", ChipPage::Failed(ChipFault::NotGenuine)),
        ("chip-not-an-id-card", ChipPage::Failed(ChipFault::NotAnIdCard)),
        ("chip-no-reader", ChipPage::Failed(ChipFault::NoReader)),
    ];
    let verified = Person { evidence: Evidence::ChipTrusted, ..person() };
    let step = Step { at: 1, of: FIVE };
    let page = |chip, state| Page::Identify(Identify { step, chip, state });
    let mut pages: Vec<_> =
        states.into_iter().map(|(name, state)| (name, page(true, state))).collect();
    pages.extend(chip.map(|(name, it)| (name, page(true, IdentifyState::Chip(it)))));
    pages.push(("identify-chip", page(false, IdentifyState::Known(verified))));
    pages
}

pub(super) fn person() -> Person {
    Person {
        name: "Nguyễn Thị Minh Khuê".to_owned(),
        masked_number: "001******417".to_owned(),
        birth_date: Date::new(1990, 9, 5).ok(),
        residence: Some(
            "Số 12, ngõ 34 phố Hàng Gai, phường Hoàn Kiếm, thành phố Hà Nội".to_owned(),
        ),
        evidence: Evidence::Code,
    }
}

pub(super) fn question(
    id: &str,
    vi: &str,
    en: &str,
    kind: AnswerKind,
    value: &str,
) -> QuestionView {
    QuestionView {
        id: id.to_owned(),
        label: both(vi, en),
        help: None,
        kind,
        optional: false,
        value: value.to_owned(),
        fault: None,
        from_card: false,
    }
}

pub(super) fn who() -> Vec<QuestionView> {
    vec![
        question(
            "number",
            "Số định danh cá nhân",
            "Personal number",
            AnswerKind::PersonalNumber,
            "001190000417",
        ),
        question(
            "name",
            "Họ, chữ đệm và tên",
            "Full name",
            AnswerKind::PersonName,
            "Nguyễn Thị Minh",
        ),
        question("birth", "Ngày, tháng, năm sinh", "Date of birth", AnswerKind::Date, ""),
    ]
}

fn lines() -> Vec<QuestionView> {
    let mut questions = who();
    questions.remove(1);
    let mut expiry = question(
        "expiry",
        "Thẻ có giá trị đến ngày",
        "Date of expiry of the card",
        AnswerKind::Date,
        "0509",
    );
    expiry.optional = true;
    expiry.help = Some(both(
        "Ngày in trên thẻ sau chữ “Có giá trị đến”. Nếu thẻ ghi “Không thời hạn”, xin để trống.",
        "The day printed on the card after “Date of expiry”. If the card says “Không thời hạn” \
         (no expiry), leave this empty.",
    ));
    questions.push(expiry);
    questions
}
