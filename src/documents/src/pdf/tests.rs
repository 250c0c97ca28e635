//! What holds for every file, without asking other programs (those are under `tests/`).

use super::*;
use crate::page::{Pixels, RawPage};

fn jpeg(shade: u8) -> Vec<u8> {
    RawPage::new(200, 280, 100, Pixels::Grey(&[shade; 200 * 280])).unwrap().encode().unwrap()
}

fn document<'a>(title: &'a str, pages: &'a [PdfPage<'a>]) -> PdfDocument<'a> {
    PdfDocument { title, created: "2026-11-21T14:00:00Z".parse().unwrap(), pages }
}

#[test]
fn the_same_pages_give_the_same_file_and_others_another_id() {
    let (light, dark) = (jpeg(200), jpeg(50));
    let written =
        |jpeg: &[u8], dpi| write(&document("Giấy khai sinh", &[PdfPage { jpeg, dpi }])).unwrap();
    let id = |pdf: &[u8]| {
        let at = pdf.windows(4).position(|w| w == b"/ID ").unwrap();
        pdf[at..at + 60].to_vec()
    };
    assert_eq!(written(&light, 100), written(&light, 100));
    assert_ne!(id(&written(&light, 100)), id(&written(&dark, 100)));
    assert_ne!(id(&written(&light, 100)), id(&written(&light, 200)));
}

#[test]
fn pages_that_pdf_a_cannot_hold_are_named() {
    let good = jpeg(200);
    let page = |jpeg, dpi| PdfPage { jpeg, dpi };
    for (pages, error) in [
        (vec![], PdfError::NoPages),
        (vec![page(&good, 100), page(b"GIF89a", 100)], PdfError::UnusableImage { number: 2 }),
        (vec![page(&good, 0)], PdfError::UnusableSize { number: 1 }),
        (vec![page(&good, 1)], PdfError::UnusableSize { number: 1 }),
        (vec![page(&good, 10_000)], PdfError::UnusableSize { number: 1 }),
    ] {
        assert_eq!(write(&document("x", &pages)), Err(error));
    }
}

#[test]
fn the_jpeg_is_in_the_file_byte_for_byte() {
    let jpeg = jpeg(128);
    let pdf = write(&document("x", &[PdfPage { jpeg: &jpeg, dpi: 100 }])).unwrap();
    assert!(pdf.windows(jpeg.len()).any(|window| window == jpeg));
}
