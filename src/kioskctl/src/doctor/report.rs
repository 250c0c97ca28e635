//! The report as text for a terminal, as a slip for the ticket printer, and as PDF.

use hardware_api::{Block, PaperSlip, PaperWidth, TextSize};
use jiff::tz::{self, TimeZone};

use super::readiness::{Readiness, State};
use crate::failure::Failure;

/// Vietnam has one time zone and no summer time.
const VIETNAM: TimeZone = TimeZone::fixed(tz::offset(7));

/// Dots per inch of thermal printers, 8 per millimetre; the PDF is the same strip of paper.
const DPI: u16 = 203;

/// For a terminal, 80 columns where words allow it.
pub(crate) fn text(report: &Readiness) -> String {
    let mut text = format!("{}  {}\n", report.kiosk, when(report));
    for row in &report.rows {
        let code = row.code.map(|code| format!("  [{code}]")).unwrap_or_default();
        text += &format!("{:>4}  {:<9} {}{code}\n", row.state.sign(), row.part, row.sentence);
        if let Some(remedy) = &row.remedy {
            text += &format!("{:16}→ {remedy}\n", "");
        }
    }
    text + verdict(report) + "\n"
}

/// For the ticket printer.
pub(crate) fn slip(report: &Readiness) -> PaperSlip {
    let mut blocks = vec![
        Block::Center(TextSize::Large, report.kiosk.clone()),
        Block::Center(TextSize::Normal, when(report)),
        Block::Center(TextSize::Large, verdict(report).to_owned()),
        Block::Rule,
    ];
    for row in &report.rows {
        let code = row.code.map(|code| format!(" {code}")).unwrap_or_default();
        blocks.push(Block::Pair(row.part.to_owned(), format!("{}{code}", row.state.sign())));
        blocks.push(Block::Left(TextSize::Small, row.sentence.clone()));
        if let Some(remedy) = &row.remedy {
            blocks.push(Block::Left(TextSize::Normal, format!("→ {remedy}")));
        }
        blocks.push(Block::Space(2));
    }
    PaperSlip { blocks }
}

/// As PDF/A: the slip as a picture on a page of its size.
pub(crate) fn pdf(report: &Readiness) -> Result<Vec<u8>, Failure> {
    let bitmap = printer_escpos::render(&slip(report), PaperWidth::Mm80);
    let (width, height) = (bitmap.width(), bitmap.height());
    let dot = |x, y| if bitmap.is_black(x, y) { 0 } else { 255 };
    let grey: Vec<u8> = (0..height).flat_map(|y| (0..width).map(move |x| dot(x, y))).collect();
    let page =
        documents::page::RawPage::new(width, height, DPI, documents::page::Pixels::Grey(&grey))?;
    let jpeg = page.encode()?;
    let page = documents::pdf::PdfPage { jpeg: &jpeg, dpi: DPI };
    let title = format!("Readiness of {}", report.kiosk);
    let document =
        documents::pdf::PdfDocument { title: &title, created: report.at, pages: &[page] };
    Ok(documents::pdf::write(&document)?)
}

fn verdict(report: &Readiness) -> &'static str {
    match report.worst() {
        State::Ready | State::NotSetUp => "READY",
        State::Attention => "READY, WITH SOMETHING TO LOOK AT",
        State::Broken => "NOT READY",
    }
}

fn when(report: &Readiness) -> String {
    report.at.to_zoned(VIETNAM).strftime("%H:%M %d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use journal::Event;

    use super::{super::readiness::Row, *};

    fn report() -> Readiness {
        let rows = vec![
            Row::event("printer", Event::PrinterPaperOut),
            Row::ready("scanner", "it answers; paper in the feeder"),
            Row::not_set_up("token"),
        ];
        Readiness { kiosk: "HN-01".into(), at: Timestamp::UNIX_EPOCH, rows }
    }

    #[test]
    fn the_text_says_what_is_wrong_and_what_to_do() {
        assert_eq!(
            text(&report()),
            "HN-01  07:00 01/01/1970\n \
             BAD  printer   the printer has no paper  [PRT-001]\n                \
             → put in a new roll\n  \
             ok  scanner   it answers; paper in the feeder\n  \
             --  token     none is set up\n\
             NOT READY\n"
        );
    }

    #[test]
    fn the_worst_row_gives_the_verdict() {
        let mut report = report();
        report.rows.remove(0);
        assert_eq!(verdict(&report), "READY");
        report.rows.push(Row::event("printer", Event::PrinterPaperLow));
        assert_eq!(verdict(&report), "READY, WITH SOMETHING TO LOOK AT");
    }

    #[test]
    fn the_pdf_is_one_and_the_slip_names_every_part() {
        let report = report();
        assert!(pdf(&report).unwrap().starts_with(b"%PDF-1.7"));
        for row in &report.rows {
            let named = |block: &Block| matches!(block, Block::Pair(part, _) if part == row.part);
            assert!(slip(&report).blocks.iter().any(named), "{}", row.part);
        }
    }
}
