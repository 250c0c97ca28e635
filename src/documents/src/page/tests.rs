//! Drawn pages with known faults.

#![expect(clippy::as_conversions, reason = "drawn samples stay between 0 and 255")]

use super::*;

const WIDTH: usize = 600;
const HEIGHT: usize = 800;

/// Paper of `paper` brightness with lines of "text" (strokes of 3 pixels) of `ink` brightness.
fn drawn(paper: u8, ink: u8) -> Vec<u8> {
    let mut page = vec![paper; WIDTH * HEIGHT];
    for line in (80..HEIGHT - 80).step_by(24) {
        for y in line..line + 12 {
            for x in (60..WIDTH - 60).filter(|x| x % 9 < 3) {
                page[y * WIDTH + x] = ink;
            }
        }
    }
    page
}

/// Deterministic noise of ±`strength`, as a scanner's grain.
fn grainy(mut page: Vec<u8>, strength: u8) -> Vec<u8> {
    let mut state = 0x2026_1121_u32;
    for sample in &mut page {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 16) % (u32::from(strength) * 2 + 1);
        *sample = (u32::from(*sample) + noise).saturating_sub(u32::from(strength)).min(255) as u8;
    }
    page
}

/// Three passes of a box over `2 * radius + 1` pixels, close to a Gaussian.
fn blurred(mut page: Vec<u8>, radius: usize) -> Vec<u8> {
    for _ in 0..3 {
        for row in page.chunks_exact_mut(WIDTH) {
            let source = row.to_vec();
            for (x, out) in row.iter_mut().enumerate() {
                let window = &source[x.saturating_sub(radius)..(x + radius + 1).min(WIDTH)];
                let sum: usize = window.iter().map(|&v| usize::from(v)).sum();
                *out = (sum / window.len()) as u8;
            }
        }
    }
    page
}

/// Wide strokes, whose contrast outlives the blur.
fn bold(paper: u8, ink: u8) -> Vec<u8> {
    let mut page = vec![paper; WIDTH * HEIGHT];
    for (i, sample) in page.iter_mut().enumerate() {
        if (i % WIDTH) % 60 < 20 {
            *sample = ink;
        }
    }
    page
}

/// Dark and light in turn without any edge.
fn shades() -> Vec<u8> {
    let shade = |x: usize| 140.0 + 100.0 * (x as f32 / 32.0).sin();
    (0..WIDTH * HEIGHT).map(|i| shade(i % WIDTH) as u8).collect()
}

fn check(samples: &[u8]) -> PageCheck {
    let grey = RawPage::new(600, 800, 100, Pixels::Grey(samples)).unwrap().check();
    let rgb: Vec<u8> = samples.iter().flat_map(|&v| [v, v, v]).collect();
    let color = RawPage::new(600, 800, 100, Pixels::Rgb(&rgb)).unwrap().check();
    assert_eq!(grey, color, "colour and grey must be judged alike");
    grey
}

#[test]
fn pages_are_judged_by_ink_light_and_edges() {
    let mut signature_only = vec![245; WIDTH * HEIGHT];
    for x in 200..320 {
        signature_only[500 * WIDTH + x] = 60;
    }
    for (what, page, expected) in [
        ("text", drawn(245, 20), PageCheck::Good),
        ("text on tinted paper", drawn(170, 15), PageCheck::Good),
        ("grainy text", grainy(drawn(240, 30), 12), PageCheck::Good),
        ("nothing but a signature", signature_only, PageCheck::Good),
        ("white paper", vec![245; WIDTH * HEIGHT], PageCheck::Blank),
        ("grainy white paper", grainy(vec![235; WIDTH * HEIGHT], 15), PageCheck::Blank),
        ("grey paper", vec![150; WIDTH * HEIGHT], PageCheck::Blank),
        ("open lid", grainy(vec![20; WIDTH * HEIGHT], 10), PageCheck::TooDark),
        ("sharp bars", bold(245, 20), PageCheck::Good),
        ("bars as a scanner blurs them", grainy(blurred(bold(240, 30), 1), 8), PageCheck::Good),
        ("nothing but soft shades", shades(), PageCheck::Blurred),
        ("moved bars", grainy(blurred(bold(245, 20), 4), 4), PageCheck::Blurred),
    ] {
        assert_eq!(check(&page), expected, "{what}");
    }
}

#[test]
fn samples_must_fill_the_page() {
    let some = [0u8; 12];
    assert!(RawPage::new(2, 2, 300, Pixels::Rgb(&some)).is_ok());
    assert_eq!(
        RawPage::new(2, 3, 300, Pixels::Rgb(&some)).unwrap_err(),
        PageError::BadLength { expected: 18, got: 12 }
    );
    for (width, height, dpi) in [(0, 2, 300), (2, 0, 300), (2, 2, 0), (70_000, 1, 300)] {
        assert!(matches!(
            RawPage::new(width, height, dpi, Pixels::Grey(&some)),
            Err(PageError::BadSize { .. })
        ));
    }
}

#[test]
fn the_encoded_page_decodes_to_the_same_picture() {
    let samples = drawn(245, 20);
    let jpeg = RawPage::new(600, 800, 200, Pixels::Grey(&samples)).unwrap().encode().unwrap();
    let mut decoder = zune_jpeg::JpegDecoder::new(&jpeg);
    let decoded = decoder.decode().unwrap();
    let grey: Vec<u8> = decoded.chunks_exact(decoded.len() / samples.len()).map(|p| p[0]).collect();
    let off: u64 = grey.iter().zip(&samples).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(off / (samples.len() as u64) < 6, "mean error {}", off / samples.len() as u64);
    // JFIF density: unit 1 (inch), then both ways.
    let jfif = jpeg.windows(5).position(|w| w == b"JFIF\0").unwrap();
    assert_eq!(jpeg[jfif + 7..jfif + 12], [1, 0, 200, 0, 200]);
}

#[test]
fn a_preview_is_the_mean_of_what_it_stands_for() {
    let rgb = [10, 0, 0, 30, 0, 0, 0, 50, 0, 0, 70, 0];
    let page = RawPage::new(4, 1, 100, Pixels::Rgb(&rgb)).unwrap();
    let preview = page.preview(2);
    assert_eq!((preview.width_px, preview.height_px), (2, 1));
    assert_eq!(preview.rgb, [20, 0, 0, 0, 60, 0]);
    assert_eq!(page.preview(500).rgb, rgb, "a small page keeps its size");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_page_is_checked_reduced_and_encoded(
        width in 1u16..70, height in 1u16..70, side in 0u16..90, seed: u8,
    ) {
        let samples: Vec<u8> = (0..usize::from(width) * usize::from(height) * 3)
            .map(|i| (i as u8).wrapping_mul(seed)).collect();
        let page = RawPage::new(width.into(), height.into(), 300, Pixels::Rgb(&samples)).unwrap();
        page.check();
        let preview = page.preview(side);
        let pixels = usize::from(preview.width_px) * usize::from(preview.height_px);
        assert_eq!(preview.rgb.len(), pixels * 3);
        assert!(preview.width_px.max(preview.height_px) <= side.max(1));
        assert!(page.encode().unwrap().ends_with(b"\xFF\xD9"));
    }
}
