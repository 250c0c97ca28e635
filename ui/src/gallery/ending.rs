//! Submitting, looking up, leaving.

use domain::{
    catalogue::Fee,
    dossier::Status,
    ids::DossierCode,
    screen::{
        DossierPlace, DossierStatus, HistoryRow, LookUp, LookUpField, LookUpState, Page, Rate,
        Rating, Received, Shortcoming, SlipState, Step, Submitting, Summary, SummarySection,
    },
};

use super::{both, identifying::person};

const CODE: &str = "000.00.15.H26-261121-0007";

pub(super) fn pages() -> Vec<(&'static str, Page)> {
    let province = || DossierPlace::Province(DossierCode::from(CODE));
    let kiosk = || DossierPlace::Kiosk("K03-0042".to_owned());
    let look_up = |code: &str, factor: &str, focused, state| {
        Page::LookUp(LookUp { code: code.into(), factor: factor.into(), focused, state })
    };
    vec![
        ("summary", summary(false, Some("Nguyễn Thị Minh Khuê".to_owned()))),
        ("summary-failed", summary(true, None)),
        ("submitting-sealing", Page::Submitting(Submitting::Sealing)),
        ("submitting-sending", Page::Submitting(Submitting::Sending)),
        ("received-province", received(province(), SlipState::Printed)),
        ("received-kiosk", received(kiosk(), SlipState::Printing)),
        ("received-no-slip", received(kiosk(), SlipState::NotPrinted(Shortcoming::NoPrinter))),
        ("look-up", look_up("000.00.15.H26-2611", "", LookUpField::Code, LookUpState::Typing)),
        ("look-up-factor", look_up(CODE, "04", LookUpField::Factor, LookUpState::Typing)),
        ("look-up-asking", look_up(CODE, "0417", LookUpField::Factor, LookUpState::Asking)),
        ("look-up-not-a-code", look_up("000.00", "", LookUpField::Code, LookUpState::NotACode)),
        ("look-up-not-a-factor", look_up(CODE, "04", LookUpField::Factor, LookUpState::NotAFactor)),
        ("look-up-not-found", look_up(CODE, "0418", LookUpField::Factor, LookUpState::NotFound)),
        ("look-up-locked", look_up(CODE, "0418", LookUpField::Factor, LookUpState::Locked)),
        ("look-up-no-reader", look_up("", "", LookUpField::Code, LookUpState::NoReader)),
        (
            "look-up-province-fails",
            look_up(CODE, "0417", LookUpField::Code, LookUpState::ProvinceFails),
        ),
        ("look-up-no-province", look_up(CODE, "0417", LookUpField::Code, LookUpState::NoProvince)),
        ("status-in-progress", status(&[1, 2, 4], None)),
        (
            "status-papers-asked",
            status(&[1, 2, 4, 5], Some("Bổ sung bản sao trích lục ghi chú ly hôn có chứng thực.")),
        ),
        (
            "status-refused",
            status(&[1, 3], Some("Hồ sơ không thuộc thẩm quyền giải quyết của phường.")),
        ),
        ("status-result-given", status(&[1, 2, 4, 9, 10], None)),
        ("rate", Page::Rate(Rate { given: None })),
        ("rate-given", Page::Rate(Rate { given: Some(Rating::Satisfied) })),
        ("goodbye", Page::Goodbye),
        ("out-of-service", Page::OutOfService),
    ]
}

fn summary(failed: bool, signed_by: Option<String>) -> Page {
    let row = |vi: &str, en: &str, answer: &str| (both(vi, en), both(answer, answer));
    Page::Summary(Summary {
        step: Step { at: 5, of: 5 },
        procedure: both(
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Issue of a certificate of marital status",
        ),
        person: person(),
        sections: vec![
            SummarySection {
                title: both("Người yêu cầu", "The applicant"),
                answers: vec![
                    row("Họ, chữ đệm và tên", "Full name", "Nguyễn Thị Minh Khuê"),
                    row("Số điện thoại", "Phone number", "0912 345 678"),
                    row("Nghề nghiệp", "Occupation", ""),
                    (
                        both("Ông, bà đã từng kết hôn chưa?", "Have you ever been married?"),
                        both("Không", "No"),
                    ),
                ],
            },
            SummarySection {
                title: both("Nội dung yêu cầu", "The request"),
                answers: vec![
                    (
                        both("Mục đích sử dụng", "Purpose"),
                        both("Để đăng ký kết hôn", "To register a marriage"),
                    ),
                    row("Số bản cần cấp", "Number of copies", "2"),
                ],
            },
        ],
        papers: vec![
            (both("Tờ khai", "Application form"), 2),
            (both("Giấy tờ chứng minh nơi cư trú", "Proof of residence"), 1),
        ],
        signed_by,
        fee: Fee::Fixed { vnd: 15_000, per: None },
        failed,
    })
}

fn received(place: DossierPlace, slip: SlipState) -> Page {
    Page::Received(Received {
        place,
        code: format!("MC1|{CODE}").into(),
        slip,
        procedure: both(
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Issue of a certificate of marital status",
        ),
    })
}

fn status(numbers: &[u8], reason: Option<&str>) -> Page {
    let at = [
        "08:05 20/11/2026",
        "10:30 20/11/2026",
        "14:00 20/11/2026",
        "09:15 23/11/2026",
        "16:40 24/11/2026",
    ];
    let history: Vec<HistoryRow> = numbers
        .iter()
        .zip(at)
        .map(|(number, at)| HistoryRow { at: at.to_owned(), status: Status::from(*number) })
        .collect();
    Page::DossierStatus(DossierStatus {
        code: CODE.to_owned(),
        procedure: both(
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Issue of a certificate of marital status",
        ),
        status: history.last().map_or(Status::New, |row| row.status),
        reason: reason.map(str::to_owned),
        history,
    })
}
