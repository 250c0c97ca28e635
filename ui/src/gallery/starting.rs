//! Welcome, numbers, procedures.

use std::sync::Arc;

use domain::{
    TicketNo,
    catalogue::{CopyKind, Fee, Need, OnlineLevel, ProcessingTime, Signature},
    screen::{
        Availability, ChooseField, FieldTile, FindProcedure, Issued, Page, PaperRow, ProcedureInfo,
        ProcedureRow, Shortcoming, TicketPage, TicketState, Welcome,
    },
};

use super::both;

pub(super) fn welcome() -> Page {
    Page::Welcome(Welcome {
        tickets: Availability::Ready,
        dossiers: Availability::Ready,
        look_up: Availability::Ready,
    })
}

pub(super) fn pages() -> Vec<(&'static str, Page)> {
    let issued = || Issued {
        number: TicketNo { letter: 'A', ordinal: 27 },
        ahead: 6,
        code: "MC1|A027".into(),
    };
    vec![
        ("welcome", welcome()),
        (
            "welcome-troubled",
            Page::Welcome(Welcome {
                tickets: Availability::Limited(Shortcoming::NoPaper),
                dossiers: Availability::Limited(Shortcoming::NoProvince),
                look_up: Availability::Down(Shortcoming::NoProvince),
            }),
        ),
        (
            "welcome-down",
            Page::Welcome(Welcome {
                tickets: Availability::Down(Shortcoming::NoCenter),
                dossiers: Availability::Down(Shortcoming::NoCatalogue),
                look_up: Availability::Ready,
            }),
        ),
        (
            "welcome-no-storage",
            Page::Welcome(Welcome {
                tickets: Availability::Limited(Shortcoming::NoPrinter),
                dossiers: Availability::Down(Shortcoming::NoStorage),
                look_up: Availability::Ready,
            }),
        ),
        ("choose-field", fields(Availability::Ready)),
        ("choose-field-no-paper", fields(Availability::Limited(Shortcoming::NoPaper))),
        ("ticket-issuing", ticket(TicketState::Issuing)),
        ("ticket-no-number", ticket(TicketState::NoNumber)),
        ("ticket-printing", ticket(TicketState::Printing(issued()))),
        ("ticket-printed", ticket(TicketState::Printed(issued()))),
        ("ticket-not-printed", ticket(TicketState::NotPrinted(issued(), Shortcoming::NoPaper))),
        ("find", find("", 2_000)),
        ("find-some", find("khai sinh", 3)),
        ("find-nothing", find("giấy phép bay", 0)),
        ("procedure", Page::ProcedureInfo(Arc::new(marital_status(Availability::Ready)))),
        (
            "procedure-limited",
            Page::ProcedureInfo(Arc::new(marital_status(Availability::Limited(
                Shortcoming::NoProvince,
            )))),
        ),
        (
            "procedure-down",
            Page::ProcedureInfo(Arc::new(marital_status(Availability::Down(
                Shortcoming::NoScanner,
            )))),
        ),
    ]
}

fn fields(paper: Availability) -> Page {
    let rows = [
        ("ho-tich", 'A', "Hộ tịch", "Civil status", Some(6)),
        ("chung-thuc", 'B', "Chứng thực", "Certification", Some(12)),
        ("dat-dai", 'C', "Đất đai", "Land", Some(0)),
        ("bao-tro-xa-hoi", 'D', "Bảo trợ xã hội", "Social protection", Some(1)),
        (
            "ho-kinh-doanh",
            'E',
            "Thành lập và hoạt động của hộ kinh doanh",
            "Household businesses",
            None,
        ),
        ("xay-dung", 'G', "Hoạt động xây dựng", "Construction", Some(3)),
        (
            "khieu-nai",
            'H',
            "Tiếp công dân, khiếu nại, tố cáo",
            "Complaints and denunciations",
            Some(0),
        ),
        ("tra-ket-qua", 'K', "Trả kết quả", "Collecting results", Some(4)),
    ];
    let fields = rows
        .into_iter()
        .map(|(code, letter, vi, en, waiting)| FieldTile {
            code: code.into(),
            letter,
            name: both(vi, en),
            waiting,
        })
        .collect();
    Page::ChooseField(ChooseField { fields, paper })
}

fn ticket(state: TicketState) -> Page {
    Page::Ticket(TicketPage { field: both("Hộ tịch", "Civil status"), state })
}

fn find(query: &str, count: usize) -> Page {
    let seeds = [
        ("1.001193", "Thủ tục đăng ký khai sinh", "Birth registration", Fee::Free),
        (
            "1.004873",
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Certificate of marital status",
            fee(15_000),
        ),
        (
            "1.000894",
            "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
            "Birth registration combined with the recognition of a father, mother or child",
            Fee::Free,
        ),
        (
            "2.000815",
            "Thủ tục chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm \
             quyền của Việt Nam cấp hoặc chứng nhận",
            "Certification of copies from originals of papers issued by competent Vietnamese bodies",
            Fee::Fixed { vnd: 2_000, per: Some(both("trang", "page")) },
        ),
    ];
    let rows: Vec<ProcedureRow> = seeds
        .into_iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(at, (code, vi, en, fee))| ProcedureRow {
            code: format!("{code}.{at}").as_str().into(),
            name: both(vi, en),
            field: both("Hộ tịch", "Civil status"),
            fee,
        })
        .collect();
    Page::FindProcedure(FindProcedure { query: query.to_owned(), rows: rows.into() })
}

fn fee(vnd: u64) -> Fee {
    Fee::Fixed { vnd, per: None }
}

fn marital_status(can_submit: Availability) -> ProcedureInfo {
    let paper = |vi: &str, en: &str, copy, need| PaperRow { name: both(vi, en), copy, need };
    ProcedureInfo {
        code: "1.004873".into(),
        name: both(
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            "Issue of a certificate of marital status",
        ),
        field: both("Hộ tịch", "Civil status"),
        competent: both("Ủy ban nhân dân cấp xã", "Commune People's Committee"),
        online: OnlineLevel::Whole,
        papers: vec![
            paper(
                "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân",
                "Application form",
                CopyKind::Original,
                Need::Always,
            ),
            paper(
                "Trích lục ghi chú ly hôn hoặc giấy chứng tử của vợ hoặc chồng",
                "Extract of the divorce note, or death certificate of the spouse",
                CopyKind::Copy,
                Need::When {
                    condition: both(
                        "đã từng kết hôn và đã ly hôn, hoặc vợ hay chồng đã chết",
                        "you were married before and are divorced or widowed",
                    ),
                },
            ),
            paper(
                "Văn bản ủy quyền có chứng thực",
                "Certified power of attorney",
                CopyKind::Original,
                Need::When {
                    condition: both("người khác đi thay", "somebody else comes for you")
                },
            ),
        ],
        fee: fee(15_000),
        time: ProcessingTime::WorkingDays { days: 3 },
        legal_basis: "Nghị định 123/2015/NĐ-CP; Thông tư 04/2020/TT-BTP".to_owned(),
        signature: Signature::Offered,
        can_submit,
    }
}
