//! Numbers as people read them, and codes as pictures.

use domain::{Bilingual, Language, catalogue::Fee};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

use crate::{
    generated::{FeeKind, FeeView},
    keyboard::{Grouping, group},
};

/// Whole dong: `2.000 đ`, in English `2,000 dong`; the space does not break.
fn money(vnd: u64, language: Language) -> String {
    let digits = group(&vnd.to_string(), Grouping::Thousands);
    match language {
        Language::Vi => format!("{digits}\u{a0}đ"),
        Language::En => format!("{}\u{a0}dong", digits.replace('.', ",")),
    }
}

/// A fee for the pages, which say "free" in their own words.
pub(crate) fn fee(fee: &Fee, language: Language) -> FeeView {
    let none = FeeView { kind: FeeKind::Free, amount: "".into(), per: "".into(), words: "".into() };
    match fee {
        Fee::Free => none,
        Fee::Fixed { vnd, per } => FeeView {
            kind: FeeKind::Fixed,
            amount: money(*vnd, language).into(),
            per: optional(per.as_ref(), language).into(),
            ..none
        },
        Fee::InWords { words } => {
            FeeView { kind: FeeKind::InWords, words: words.get(language).into(), ..none }
        }
    }
}

/// Words that may be missing.
pub(crate) fn optional(words: Option<&Bilingual>, language: Language) -> &str {
    words.map_or("", |words| words.get(language))
}

/// A position or count for Slint.
pub(crate) fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// `text` as a QR code, one pixel a module, with its quiet zone; empty when it is too long.
pub(crate) fn qr(text: &str) -> Image {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return Image::default();
    };
    let quiet = 4;
    let side = code.width() + 2 * quiet;
    let Ok(size) = u32::try_from(side) else { return Image::default() };
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(size, size);
    let dark = |at: usize| {
        let (row, column) = (at / side, at % side);
        let inside = |n: usize| n.checked_sub(quiet).filter(|n| *n < code.width());
        inside(column)
            .zip(inside(row))
            .is_some_and(|(x, y)| matches!(code[(x, y)], qrcode::Color::Dark))
    };
    for (at, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
        let shade = if dark(at) { 0 } else { 255 };
        *pixel = Rgb8Pixel { r: shade, g: shade, b: shade };
    }
    Image::from_rgb8(pixels)
}

/// A picture from a camera or scanner; empty when its size does not fit its samples.
pub(crate) fn picture(picture: &domain::screen::Picture) -> Image {
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(picture.width, picture.height);
    if pixels.as_bytes().len() != picture.rgb.len() {
        return Image::default();
    }
    pixels.make_mut_bytes().copy_from_slice(&picture.rgb);
    Image::from_rgb8(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_marks_between_thousands() {
        for (vnd, vi, en) in [
            (0, "0\u{a0}đ", "0\u{a0}dong"),
            (500, "500\u{a0}đ", "500\u{a0}dong"),
            (2_000, "2.000\u{a0}đ", "2,000\u{a0}dong"),
            (12_345_678, "12.345.678\u{a0}đ", "12,345,678\u{a0}dong"),
        ] {
            assert_eq!(money(vnd, Language::Vi), vi);
            assert_eq!(money(vnd, Language::En), en);
        }
    }

    #[test]
    fn a_code_has_a_quiet_zone_of_four_modules() {
        let image = qr("MC1|A001").to_rgb8().unwrap();
        let side = usize::try_from(image.width()).unwrap();
        assert_eq!((side - 8 - 21) % 4, 0);
        let dark = |x: usize, y: usize| image.as_slice()[y * side + x].r == 0;
        assert!((0..side).all(|n| !dark(n, 3) && !dark(3, n)));
        assert!((4..11).all(|n| dark(n, 4) && dark(4, n)));
    }

    #[test]
    fn a_picture_whose_samples_do_not_fit_is_left_out() {
        let rgb = vec![7; 11].into();
        let broken = domain::screen::Picture { width: 2, height: 2, rgb };
        assert_eq!(picture(&broken).size().width, 0);
    }
}
