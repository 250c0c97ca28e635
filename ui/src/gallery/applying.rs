//! Handing in.

use domain::{
    Bilingual,
    catalogue::Need,
    form::{AnswerFault, AnswerKind, Choice},
    screen::{
        CertificatePurpose, CertificateStanding, CertificateView, FormPage, Page, PageVerdict,
        PageView, PaperView, Picture, PinWarning, QuestionView, ScanPage, ScanTrouble,
        ScannerState, SignPage, SignState, Step,
    },
};
use jiff::civil::date;

use super::{
    both,
    identifying::{self, question, who},
};

pub(super) const FIVE: usize = 5;

pub(super) fn pages() -> Vec<(&'static str, Page)> {
    let mut pages = identifying::pages();
    pages.extend(form_pages());
    pages.extend(scan_pages());
    pages.extend(sign_pages());
    pages
}

fn applicant() -> Vec<QuestionView> {
    let text = AnswerKind::Text { max: 200 };
    let mut name = question(
        "name",
        "Họ, chữ đệm và tên người yêu cầu",
        "Full name of the applicant",
        AnswerKind::PersonName,
        "Nguyễn Thị Minh Khuê",
    );
    name.from_card = true;
    let mut address = question(
        "address",
        "Nơi cư trú hiện nay",
        "Present residence",
        AnswerKind::Address,
        "Số 12, ngõ 34 phố Hàng Gai, phường Hoàn Kiếm",
    );
    address.help = Some(both(
        "Ghi số nhà, đường phố, phường hoặc xã, tỉnh hoặc thành phố.",
        "House number, street, ward or commune, province or city.",
    ));
    let phone = question("phone", "Số điện thoại", "Phone number", AnswerKind::Phone, "0912345678");
    let mut job = question("job", "Nghề nghiệp", "Occupation", text, "");
    job.optional = true;
    let purpose = question(
        "purpose",
        "Mục đích sử dụng giấy xác nhận",
        "What the certificate is for",
        purposes(),
        "",
    );
    let married = question(
        "married",
        "Ông, bà đã từng kết hôn chưa?",
        "Have you ever been married?",
        AnswerKind::YesNo,
        "no",
    );
    let since = question(
        "since",
        "Cư trú tại đây từ ngày",
        "Living here since",
        AnswerKind::Date,
        "05/09/20",
    );
    let copies = question(
        "copies",
        "Số bản cần cấp",
        "Number of copies",
        AnswerKind::Number { min: 1, max: 20 },
        "2",
    );
    vec![name, address, phone, job, purpose, married, since, copies]
}

fn purposes() -> AnswerKind {
    let option = |id: &str, vi: &str, en: &str| Choice { id: id.to_owned(), label: both(vi, en) };
    AnswerKind::Choice {
        options: vec![
            option("marry", "Để đăng ký kết hôn", "To register a marriage"),
            option("house", "Để mua bán, chuyển nhượng nhà đất", "To buy or sell a house or land"),
            option("loan", "Để vay vốn ngân hàng", "To take a bank loan"),
            option("abroad", "Để học tập, lao động ở nước ngoài", "To study or work abroad"),
        ],
    }
}

pub(super) fn form_with_text() -> Page {
    form(1, applicant())
}

fn form(focused: usize, questions: Vec<QuestionView>) -> Page {
    Page::Form(FormPage {
        step: Step { at: 2, of: FIVE },
        title: both("Người yêu cầu", "The applicant"),
        section: Step { at: 1, of: 2 },
        questions,
        focused,
    })
}

fn form_pages() -> Vec<(&'static str, Page)> {
    let faults = [
        AnswerFault::NotAName,
        AnswerFault::TooLong,
        AnswerFault::NotAPhone,
        AnswerFault::Missing,
        AnswerFault::NotAnOption,
        AnswerFault::Missing,
        AnswerFault::NotADate,
        AnswerFault::OutOfRange,
    ];
    let mut faulty = applicant();
    for (question, fault) in faulty.iter_mut().zip(faults) {
        question.fault = Some(fault);
    }
    let mut others = who();
    let faults =
        [AnswerFault::NotAPersonalNumber, AnswerFault::NotANumber, AnswerFault::InTheFuture];
    for (question, fault) in others.iter_mut().zip(faults) {
        question.fault = Some(fault);
    }
    vec![
        ("form-text", form_with_text()),
        ("form-name", form(0, applicant())),
        ("form-phone", form(2, applicant())),
        ("form-empty", form(3, applicant())),
        ("form-choice", form(4, applicant())),
        ("form-yes-no", form(5, applicant())),
        ("form-date", form(6, applicant())),
        ("form-number", form(7, applicant())),
        ("form-faults", form(2, faulty)),
        ("form-more-faults", form(0, others)),
    ]
}

fn papers() -> Vec<PaperView> {
    let paper = |name: Bilingual, need, pages: Vec<PageView>| PaperView {
        name,
        need,
        hint: Some(both(
            "Quét cả hai mặt nếu mặt sau có chữ.",
            "Scan both sides if something is written on the back.",
        )),
        pages,
        skipped: false,
    };
    let page = |verdict| PageView { picture: sheet(verdict), verdict };
    vec![
        paper(
            both("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", "Application form"),
            Need::Always,
            vec![
                page(PageVerdict::Good),
                page(PageVerdict::Good),
                page(PageVerdict::Blurred),
                page(PageVerdict::Dark),
                page(PageVerdict::Blank),
            ],
        ),
        paper(both("Trích lục ghi chú ly hôn", "Extract of the divorce note"), divorced(), vec![]),
        paper(both("Giấy tờ chứng minh nơi cư trú", "Proof of residence"), Need::Always, vec![]),
    ]
}

fn divorced() -> Need {
    Need::When { condition: both("đã từng kết hôn và đã ly hôn", "you are divorced") }
}

fn scan(focused: usize, scanner: ScannerState, missing: bool) -> Page {
    let step = Step { at: 3, of: FIVE };
    Page::Scan(ScanPage { step, papers: papers(), focused, scanner, missing })
}

fn scan_pages() -> Vec<(&'static str, Page)> {
    let trouble = |trouble| scan(2, ScannerState::Trouble(trouble), false);
    let mut skipped = papers();
    if let Some(paper) = skipped.get_mut(1) {
        paper.skipped = true;
    }
    let skipped = ScanPage {
        step: Step { at: 3, of: FIVE },
        papers: skipped,
        focused: 1,
        scanner: ScannerState::Idle,
        missing: false,
    };
    vec![
        ("scan-empty", scan(2, ScannerState::Idle, false)),
        ("scan-pages", scan(0, ScannerState::Idle, false)),
        ("scan-scanning", scan(2, ScannerState::Scanning, false)),
        ("scan-condition", scan(1, ScannerState::Idle, false)),
        ("scan-skipped", Page::Scan(skipped)),
        ("scan-missing", scan(2, ScannerState::Idle, true)),
        ("scan-no-paper", trouble(ScanTrouble::NoPaper)),
        ("scan-jammed", trouble(ScanTrouble::Jammed)),
        ("scan-double-feed", trouble(ScanTrouble::DoubleFeed)),
        ("scan-unreadable", trouble(ScanTrouble::Unreadable)),
        ("scan-cover-open", trouble(ScanTrouble::CoverOpen)),
        ("scan-busy", trouble(ScanTrouble::Busy)),
        ("scan-no-scanner", trouble(ScanTrouble::NoScanner)),
    ]
}

fn sign_pages() -> Vec<(&'static str, Page)> {
    use CertificateStanding as Standing;
    let of = |standing| CertificateView { standing, ..certificate() };
    let enter = |certificate, of, digits, warning| SignState::EnterPin {
        certificate,
        choice: Step { at: 1, of },
        digits,
        warning,
    };
    let pin = |digits, warning| enter(certificate(), 1, digits, warning);
    let unknown = |choices| enter(of(Standing::RevocationUnknown), choices, 0, None);
    let states = [
        ("sign-insert", true, SignState::InsertToken),
        ("sign-insert-required", false, SignState::InsertToken),
        ("sign-token-left", true, SignState::TokenLeft),
        ("sign-pin", true, pin(4, None)),
        ("sign-pin-revocation-unknown", true, unknown(1)),
        ("sign-choosing", true, unknown(2)),
        (
            "sign-choosing-wrong-pin",
            true,
            enter(of(Standing::RevocationUnknown), 2, 0, Some(PinWarning::WrongPin)),
        ),
        ("sign-wrong-pin", true, pin(0, Some(PinWarning::WrongPin))),
        ("sign-last-try", true, SignState::ConfirmLastTry(certificate())),
        ("sign-last-try-required", false, SignState::ConfirmLastTry(certificate())),
        ("sign-final-try", true, pin(6, Some(PinWarning::FinalTry))),
        ("sign-locked", false, pin(0, Some(PinWarning::Locked))),
        ("sign-failed", true, pin(0, Some(PinWarning::Failed))),
        ("sign-expired", true, SignState::Unusable(of(Standing::Expired))),
        ("sign-not-yet-valid", true, SignState::Unusable(of(Standing::NotYetValid))),
        ("sign-revoked", false, SignState::Unusable(of(Standing::Revoked))),
        ("sign-untrusted", true, SignState::Unusable(of(Standing::Untrusted))),
        ("sign-signing", true, SignState::Signing),
        ("sign-signed", true, SignState::Signed { holder: "Nguyễn Thị Minh Khuê".to_owned() }),
    ];
    let step = Step { at: 4, of: FIVE };
    states
        .into_iter()
        .map(|(name, optional, state)| (name, Page::Sign(SignPage { step, optional, state })))
        .collect()
}

fn certificate() -> CertificateView {
    CertificateView {
        holder: "Nguyễn Thị Minh Khuê".to_owned(),
        issuer: "Tập đoàn Bưu chính Viễn thông Việt Nam".to_owned(),
        valid_until: date(2027, 6, 30),
        purpose: CertificatePurpose::Commitment,
        standing: CertificateStanding::Good,
    }
}

/// Something like what a camera sees: a light card before a dark ground.
pub(super) fn scene(width: u32, height: u32) -> Picture {
    painted(width, height, |x, y| {
        let card = (60..260).contains(&x) && (30..150).contains(&y);
        let code = (200..245).contains(&x) && (50..95).contains(&y) && (x / 3 + y / 3) % 2 == 0;
        if code {
            30
        } else if card {
            225
        } else {
            70
        }
    })
}

/// Something like a scanned page.
fn sheet(verdict: PageVerdict) -> Picture {
    painted(150, 212, |x, y| {
        let line = (18..if y % 3 == 0 { 132 } else { 120 }).contains(&x) && y > 30 && y % 12 < 3;
        match verdict {
            PageVerdict::Blank => 250,
            PageVerdict::Good => {
                if line {
                    60
                } else {
                    248
                }
            }
            PageVerdict::Dark => {
                if line {
                    20
                } else {
                    70
                }
            }
            PageVerdict::Blurred => {
                if line || y % 12 < 6 {
                    205
                } else {
                    225
                }
            }
        }
    })
}

fn painted(width: u32, height: u32, shade: impl Fn(u32, u32) -> u8) -> Picture {
    let rgb: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| [shade(x, y); 3])
        .collect();
    Picture { width, height, rgb: rgb.into() }
}
