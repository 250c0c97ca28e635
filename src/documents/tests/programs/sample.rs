//! Drawn pages and documents of them.

use documents::page::{Pixels, RawPage};
use documents::pdf::{self, PdfDocument, PdfPage};

pub const TITLE: &str = "Giấy khai sinh <bản sao> & tờ khai – Nguyễn Thị Hường";

/// An A4 page at 100 dpi with stripes, so that rendering shows whether it stands upright.
pub fn color_page() -> Vec<u8> {
    let (width, height) = (827u32, 1169u32);
    let rgb: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| match (x < width / 2, y < height / 2) {
            (true, true) => [220, 30, 30],
            (false, true) => [30, 200, 30],
            (true, false) => [30, 30, 220],
            (false, false) => [250, 250, 250],
        })
        .collect();
    RawPage::new(width, height, 100, Pixels::Rgb(&rgb)).unwrap().encode().unwrap()
}

/// An A5 page at 200 dpi.
pub fn grey_page() -> Vec<u8> {
    let grey: Vec<u8> = (0..=u8::MAX).cycle().take(1165 * 1654).collect();
    RawPage::new(1165, 1654, 200, Pixels::Grey(&grey)).unwrap().encode().unwrap()
}

/// Two pages of different size and colour.
pub fn document() -> Vec<u8> {
    let (color, grey) = (color_page(), grey_page());
    pdf::write(&PdfDocument {
        title: TITLE,
        created: "2026-11-21T14:05:09Z".parse().unwrap(),
        pages: &[PdfPage { jpeg: &color, dpi: 100 }, PdfPage { jpeg: &grey, dpi: 200 }],
    })
    .unwrap()
}
