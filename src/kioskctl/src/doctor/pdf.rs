//! The report as PDF/A: what the ticket printer would print, on sheets that any printer has.

use documents::{
    page::{Pixels, RawPage},
    pdf::{PdfDocument, PdfPage},
};
use hardware_api::PaperWidth;
use printer_escpos::Bitmap;

use super::{readiness::Readiness, report};
use crate::failure::Failure;

/// A4 at so many dots per inch: the slip then stands on it a fifth larger than on its paper.
const DPI: u16 = 170;
const WIDTH: u32 = 1405;
const HEIGHT: u32 = 1988;
/// White above and below.
const EDGE: u32 = 90;
/// How far back a white row is looked for, so that no line of text is cut in two.
const BACK: u32 = 160;

/// Writes the file.
pub(super) fn write(report: &Readiness) -> Result<Vec<u8>, Failure> {
    let slip = printer_escpos::render(&report::slip(report), PaperWidth::Mm80);
    let mut jpegs = vec![];
    for rows in sheets(&slip) {
        let grey = sheet(&slip, rows);
        jpegs.push(RawPage::new(WIDTH, HEIGHT, DPI, Pixels::Grey(&grey))?.encode()?);
    }
    let pages: Vec<PdfPage<'_>> = jpegs.iter().map(|jpeg| PdfPage { jpeg, dpi: DPI }).collect();
    let title = format!("Readiness of {}", report.kiosk);
    let document = PdfDocument { title: &title, created: report.at, pages: &pages };
    Ok(documents::pdf::write(&document)?)
}

/// Which rows of the slip go onto which sheet.
fn sheets(slip: &Bitmap) -> Vec<std::ops::Range<u32>> {
    let is_white = |y: &u32| (0..slip.width()).all(|x| !slip.is_black(x, *y));
    let (mut sheets, mut from) = (vec![], 0);
    while from < slip.height() {
        let full = from + HEIGHT - 2 * EDGE;
        let to = if full < slip.height() {
            (full - BACK..full).rev().find(is_white).unwrap_or(full)
        } else {
            slip.height()
        };
        sheets.push(from..to);
        from = to;
    }
    sheets
}

/// One sheet, a byte a dot.
fn sheet(slip: &Bitmap, rows: std::ops::Range<u32>) -> Vec<u8> {
    let left = (WIDTH - slip.width().min(WIDTH)) / 2;
    let dot = |x: u32, y: u32| {
        let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(EDGE)) else { return 255 };
        let y = y + rows.start;
        let is_on_it = x < slip.width() && rows.contains(&y);
        if is_on_it && slip.is_black(x, y) { 0 } else { 255 }
    };
    (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))).map(|(x, y)| dot(x, y)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use journal::Event;

    use super::{super::readiness::Row, *};

    #[test]
    fn no_row_is_lost_between_two_sheets() {
        let rows = (0..40).map(|_| Row::event("printer", Event::PrinterJammed)).collect();
        let report = Readiness { kiosk: "HN-01".into(), at: Timestamp::UNIX_EPOCH, rows };
        let slip = printer_escpos::render(&report::slip(&report), PaperWidth::Mm80);
        let sheets = sheets(&slip);
        assert!(sheets.len() > 1, "{sheets:?}");
        assert_eq!((sheets[0].start, sheets.last().unwrap().end), (0, slip.height()));
        assert!(sheets.windows(2).all(|two| two[0].end == two[1].start));
        let black = |grey: Vec<u8>| grey.iter().filter(|dot| **dot == 0).count();
        let on_sheets: usize = sheets.iter().map(|rows| black(sheet(&slip, rows.clone()))).sum();
        let dots = (0..slip.height()).flat_map(|y| (0..slip.width()).map(move |x| (x, y)));
        assert_eq!(on_sheets, dots.filter(|(x, y)| slip.is_black(*x, *y)).count());
        assert!(write(&report).unwrap().starts_with(b"%PDF-1.7"));
    }
}
