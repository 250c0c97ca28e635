//! The report as text for a terminal and as a slip for the ticket printer.

use hardware_api::{Block, PaperSlip, TextSize};
use jiff::tz::{self, TimeZone};

use super::readiness::{Readiness, State};
use crate::output::wrapped;

/// Vietnam has one time zone and no summer time.
const VIETNAM: TimeZone = TimeZone::fixed(tz::offset(7));

/// Where the sentences of the report begin, and where where there is little room.
const INDENT: usize = 16;
const NARROW_INDENT: usize = 6;
/// Below this a column of its own would leave too little for the sentences.
const NARROW: usize = 60;

/// For a terminal of so many columns.
pub(crate) fn text(report: &Readiness, columns: usize) -> String {
    let indent = if columns < NARROW { NARROW_INDENT } else { INDENT };
    let mut text = format!("{}  {}\n", report.kiosk, when(report));
    for row in &report.rows {
        let (sign, part) = (row.state.sign(), row.part);
        let code = row.code.map(|code| format!(" [{code}]")).unwrap_or_default();
        let head = if columns < NARROW {
            format!("{sign:>4}  {part}: ")
        } else {
            format!("{sign:>4}  {part:<9} ")
        };
        text += &wrapped(&format!("{head}{}{code}", row.sentence), columns, indent);
        text.push('\n');
        if let Some(remedy) = &row.remedy {
            let advice = format!("{:indent$}→ {remedy}", "");
            text += &wrapped(&advice, columns, indent + 2);
            text.push('\n');
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
        blocks.push(Block::Left(TextSize::Normal, row.sentence.clone()));
        if let Some(remedy) = &row.remedy {
            // The font of the paper has no arrows.
            blocks.push(Block::Left(TextSize::Normal, format!("» {remedy}")));
        }
        blocks.push(Block::Space(2));
    }
    PaperSlip { blocks }
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
            text(&report(), usize::MAX),
            "HN-01  07:00 01/01/1970\n \
             BAD  printer   the printer has no paper [PRT-001]\n                \
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
    fn the_slip_names_every_part() {
        let report = report();
        for row in &report.rows {
            let named = |block: &Block| matches!(block, Block::Pair(part, _) if part == row.part);
            assert!(slip(&report).blocks.iter().any(named), "{}", row.part);
        }
    }
}
