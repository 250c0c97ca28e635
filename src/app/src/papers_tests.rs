//! What a citizen reads on paper, as text.

use domain::visit::IssuedTicket;

use super::*;

fn words(slip: &PaperSlip) -> String {
    let lines = slip.blocks.iter().map(|block| match block {
        Block::Center(_, text) | Block::Left(_, text) => text.clone(),
        Block::Pair(label, value) => format!("{label}: {value}"),
        Block::Qr(code) | Block::Code128(code) => format!("[{code}]"),
        Block::Rule => "—".to_owned(),
        Block::Space(_) => String::new(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn ticket(language: Language) -> TicketPaper {
    TicketPaper {
        ticket: IssuedTicket {
            id: "t".into(),
            number: "A042".parse().unwrap(),
            field: Bilingual::new("Hộ tịch", "Civil status"),
            issued_at: "2026-11-21T17:30:00Z".parse().unwrap(),
            ahead: 7,
            code: "MOTCUA1:T:x".into(),
        },
        center: Bilingual::new("Trung tâm", "Center"),
        language,
        impression: Impression::First,
    }
}

#[test]
fn a_ticket_says_number_field_local_time_and_people_ahead() {
    let vietnamese = words(&ticket_paper(&ticket(Language::Vi), Reprints::Marked));
    for expected in
        ["A042", "Hộ tịch", "00:30 22/11/2026", "Số người chờ trước: 7", "[MOTCUA1:T:x]"]
    {
        assert!(vietnamese.contains(expected), "{expected} in {vietnamese}");
    }
    assert!(!vietnamese.contains("Civil status"));
    let english = words(&ticket_paper(&ticket(Language::En), Reprints::Marked));
    assert!(english.contains("Hộ tịch") && english.contains("Civil status"), "{english}");
}

#[test]
fn a_slip_never_calls_itself_a_reception_and_says_where_the_dossier_is() {
    let slip = |dossier: Option<&str>| SlipPaper {
        center: Bilingual::new("Trung tâm", "Center"),
        procedure: Bilingual::new("Đăng ký khai sinh", "Birth registration"),
        dossier: dossier.map(str::to_owned),
        spoken: "ABCD-1234".into(),
        code: "MOTCUA1:S:x".into(),
        language: Language::Vi,
        impression: Impression::First,
    };
    let now = Timestamp::UNIX_EPOCH;
    let received =
        words(&slip_paper(&slip(Some("H40.16-20261121-0000001")), now, Reprints::Marked));
    assert!(received.contains("Mã hồ sơ\nH40.16-20261121-0000001"), "{received}");
    let kept = words(&slip_paper(&slip(None), now, Reprints::Marked));
    assert!(kept.contains("Số nộp\nABCD-1234") && kept.contains("niêm phong"), "{kept}");
    for paper in [received, kept] {
        assert!(paper.contains("PHIẾU XÁC NHẬN NỘP HỒ SƠ"));
        assert!(paper.contains("chưa phải là Giấy tiếp nhận hồ sơ"), "{paper}");
    }
}

#[test]
fn a_second_paper_says_so_unless_the_house_does_not_want_it() {
    let again = |language| TicketPaper { impression: Impression::Again, ..ticket(language) };
    let marked = |language, reprints| words(&ticket_paper(&again(language), reprints));
    assert!(marked(Language::Vi, Reprints::Marked).contains("(PHIẾU IN LẠI)"));
    assert!(marked(Language::En, Reprints::Marked).contains("Printed again"));
    let unmarked = words(&ticket_paper(&ticket(Language::Vi), Reprints::Marked));
    assert_eq!(marked(Language::Vi, Reprints::Unmarked), unmarked);
}
