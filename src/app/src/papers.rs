//! What stands on the ticket and on the slip. Vietnamese always; English below it for a
//! citizen who chose English.

use domain::{
    Bilingual, Language,
    visit::{Impression, SlipPaper, TicketPaper},
};
use hardware_api::{Block, PaperSlip, TextSize};
use jiff::Timestamp;

use crate::show_time;

/// Whether papers that were tried before say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reprints {
    /// They do: of two papers with one number an officer sees which is the second.
    #[default]
    Marked,
    /// They look like the first.
    Unmarked,
}

/// A queue ticket: center, field, number, time, people ahead, code.
#[must_use]
pub fn ticket_paper(paper: &TicketPaper, reprints: Reprints) -> PaperSlip {
    let ticket = &paper.ticket;
    let mut blocks = vec![
        Block::Center(TextSize::Normal, paper.center.vi.to_uppercase()),
        Block::Rule,
        Block::Center(TextSize::Normal, "PHIẾU SỐ THỨ TỰ".to_owned()),
    ];
    mark(&mut blocks, paper.language, paper.impression, reprints);
    blocks.push(Block::Center(TextSize::Large, ticket.field.vi.clone()));
    english(&mut blocks, paper.language, &ticket.field.en);
    blocks.extend([
        Block::Space(2),
        Block::Center(TextSize::Giant, ticket.number.to_string()),
        Block::Space(2),
        Block::Pair("Số người chờ trước".to_owned(), ticket.ahead.to_string()),
    ]);
    english(&mut blocks, paper.language, &format!("People ahead of you: {}", ticket.ahead));
    blocks.extend([
        Block::Pair("Lấy số lúc".to_owned(), show_time(ticket.issued_at)),
        Block::Space(2),
        Block::Qr(ticket.code.clone()),
        Block::Center(
            TextSize::Small,
            "Quét mã để xem lượt trên điện thoại. Vui lòng có mặt khi số được gọi.".to_owned(),
        ),
    ]);
    let call = "Scan to follow the queue. Please be here when your number is called.";
    english(&mut blocks, paper.language, call);
    PaperSlip { blocks }
}

/// A submission slip. It says itself that it is no official reception.
#[must_use]
pub fn slip_paper(paper: &SlipPaper, now: Timestamp, reprints: Reprints) -> PaperSlip {
    let (label, value, state) = match &paper.dossier {
        Some(code) => (
            Bilingual::new("Mã hồ sơ", "Dossier code"),
            code,
            Bilingual::new(
                "Hệ thống của tỉnh đã nhận được hồ sơ của quý vị.",
                "The province's system holds your dossier.",
            ),
        ),
        None => (
            Bilingual::new("Số nộp", "Submission number"),
            &paper.spoken,
            Bilingual::new(
                "Hồ sơ đã được niêm phong tại ki-ốt và sẽ tự gửi đi khi có mạng.",
                "Your dossier is sealed in this kiosk and will be sent as soon as the network is back.",
            ),
        ),
    };
    let mut blocks = vec![
        Block::Center(TextSize::Normal, paper.center.vi.to_uppercase()),
        Block::Rule,
        Block::Center(TextSize::Large, "PHIẾU XÁC NHẬN NỘP HỒ SƠ".to_owned()),
    ];
    english(&mut blocks, paper.language, "Confirmation of submission");
    mark(&mut blocks, paper.language, paper.impression, reprints);
    blocks.push(Block::Center(TextSize::Normal, paper.procedure.vi.clone()));
    english(&mut blocks, paper.language, &paper.procedure.en);
    blocks.extend([
        Block::Space(1),
        Block::Center(TextSize::Small, label.vi),
        Block::Center(TextSize::Large, value.clone()),
    ]);
    english(&mut blocks, paper.language, &label.en);
    blocks.extend([
        Block::Pair("Nộp lúc".to_owned(), show_time(now)),
        Block::Qr(paper.code.to_string()),
        Block::Center(TextSize::Normal, state.vi),
    ]);
    english(&mut blocks, paper.language, &state.en);
    blocks.extend([
        Block::Rule,
        Block::Center(
            TextSize::Small,
            "Phiếu này chưa phải là Giấy tiếp nhận hồ sơ và hẹn trả kết quả. Quý vị nhớ lấy lại \
             thẻ căn cước và giấy tờ gốc."
                .to_owned(),
        ),
    ]);
    let remember = "This is not the official reception form. Please take your card and originals.";
    english(&mut blocks, paper.language, remember);
    PaperSlip { blocks }
}

fn mark(blocks: &mut Vec<Block>, language: Language, impression: Impression, reprints: Reprints) {
    match (impression, reprints) {
        (Impression::Again, Reprints::Marked) => {
            blocks.push(Block::Center(TextSize::Normal, "(PHIẾU IN LẠI)".to_owned()));
            english(blocks, language, "Printed again");
        }
        (Impression::First, _) | (Impression::Again, Reprints::Unmarked) => {}
    }
}

fn english(blocks: &mut Vec<Block>, language: Language, words: &str) {
    match language {
        Language::En => blocks.push(Block::Center(TextSize::Small, words.to_owned())),
        Language::Vi => {}
    }
}

#[cfg(test)]
#[path = "papers_tests.rs"]
mod tests;
