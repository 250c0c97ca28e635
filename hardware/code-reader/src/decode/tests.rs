//! The whole decoder on pictures made here: codes as a camera sees them, and what is no code.

use proptest::prelude::*;
use qrcode::{EcLevel, QrCode};

use super::*;

const CARD: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hà Nội|20052021";

/// A picture in work.
#[derive(Clone)]
struct Scene {
    width: usize,
    height: usize,
    px: Vec<u8>,
}

/// How a code lies before the camera.
#[derive(Clone, Copy)]
struct View {
    module: f32,
    degrees: f32,
    /// Shrinks what is further down: 0.2 is a strong tilt.
    tilt: f32,
    /// Modules by which the paper's middle is pushed aside.
    bend: f32,
    mirrored: bool,
}

const STRAIGHT: View = View { module: 4.0, degrees: 0.0, tilt: 0.0, bend: 0.0, mirrored: false };

impl Scene {
    fn draw(payload: &[u8], view: View) -> Self {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M).unwrap();
        let (size, colors) = (code.width(), code.to_colors());
        let (width, height) = (640, 480);
        let (sine, cosine) = view.degrees.to_radians().sin_cos();
        let dark = |x: f32, y: f32| {
            // From the picture back to the paper.
            let (x, y) = (x - 320.0, y - 240.0);
            let scale = (1.0 + view.tilt * y / 240.0) / view.module;
            let (u, v) = ((x * cosine + y * sine) * scale, (y * cosine - x * sine) * scale);
            let half = size as f32 / 2.0;
            let wave = 1.0 - (v / half) * (v / half);
            let u = if view.mirrored { -u } else { u } + view.bend * wave;
            let (u, v) = ((u + half).floor(), (v + half).floor());
            let inside = u >= 0.0 && v >= 0.0 && u < size as f32 && v < size as f32;
            inside && colors[v as usize * size + u as usize].select(true, false)
        };
        let px = (0..width * height).map(|at| {
            let (x, y) = ((at % width) as f32, (at / width) as f32);
            let inked: usize = (0..9)
                .filter(|part| {
                    dark(x + (part % 3) as f32 / 3.0 + 0.17, y + (part / 3) as f32 / 3.0 + 0.17)
                })
                .count();
            (225 - 20 * inked) as u8
        });
        Self { width, height, px: px.collect() }
    }

    fn change(mut self, change: impl Fn(usize, usize, u8) -> u8) -> Self {
        for (at, px) in self.px.iter_mut().enumerate() {
            *px = change(at % self.width, at / self.width, *px);
        }
        self
    }

    /// The mean of a disc around each pixel: out of focus.
    fn blurred(self, radius: i32) -> Self {
        let sharp = self.clone();
        self.change(|x, y, _| {
            let near = (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)));
            let disc = near.filter(|(dx, dy)| dx * dx + dy * dy <= radius * radius);
            let (sum, count) = disc.fold((0, 0), |(sum, count), (dx, dy)| {
                let x = (x as i32 + dx).clamp(0, sharp.width as i32 - 1) as usize;
                let y = (y as i32 + dy).clamp(0, sharp.height as i32 - 1) as usize;
                (sum + u32::from(sharp.px[y * sharp.width + x]), count + 1)
            });
            (sum / count) as u8
        })
    }

    fn grainy(self, strength: u32) -> Self {
        self.change(|x, y, px| {
            let grain = noise(x as u32, y as u32) % (2 * strength + 1);
            (u32::from(px) + grain).saturating_sub(strength).min(255) as u8
        })
    }

    fn luma(&self) -> Luma<'_> {
        Luma::packed(self.width, self.height, &self.px).unwrap()
    }
}

/// Numbers without a pattern.
fn noise(x: u32, y: u32) -> u32 {
    let mut state = x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b) ^ 0x27d4_eb2f;
    for _ in 0..3 {
        state ^= state >> 15;
        state = state.wrapping_mul(0x2c1b_3c6d);
    }
    state >> 8
}

#[test]
fn codes_are_read_however_they_are_held() {
    let straight = || Scene::draw(CARD.as_bytes(), STRAIGHT);
    let held = |view: View| Scene::draw(CARD.as_bytes(), view);
    let cases =
        [
            ("straight", straight()),
            ("small", held(View { module: 2.1, ..STRAIGHT })),
            ("large", held(View { module: 8.5, ..STRAIGHT })),
            ("turned a little", held(View { degrees: 17.0, ..STRAIGHT })),
            ("on its corner", held(View { degrees: 45.0, ..STRAIGHT })),
            ("upside down", held(View { degrees: 203.0, ..STRAIGHT })),
            ("tilted", held(View { tilt: 0.3, degrees: 20.0, ..STRAIGHT })),
            ("bent", held(View { bend: 1.8, ..STRAIGHT })),
            ("mirrored", held(View { mirrored: true, degrees: 10.0, ..STRAIGHT })),
            ("light on dark", straight().change(|_, _, px| 255 - px)),
            ("faded", straight().change(|_, _, px| 150 + px / 12)),
            ("in the dark, grainy", straight().change(|_, _, px| 8 + px / 5).grainy(14)),
            ("half in shadow", straight().change(|x, _, px| if x > 330 { px / 4 } else { px })),
            ("out of focus", straight().blurred(3)),
            ("moved", straight().change(|_, _, px| px).blurred(2).grainy(3)),
            (
                "under a hot spot",
                straight().change(|x, y, px| {
                    if x.abs_diff(300) < 30 && y.abs_diff(250) < 16 { 255 } else { px }
                }),
            ),
            (
                "a finder under glare",
                straight().change(|x, y, px| {
                    if x.abs_diff(410) < 24 && y.abs_diff(150) < 24 { 255 } else { px }
                }),
            ),
        ];
    for (name, scene) in cases {
        let codes = read_still(&scene.luma());
        assert_eq!(codes, [CARD.as_bytes()], "{name}");
        let mut reader = Reader::new();
        let read_by = (0..4_usize).position(|turn| {
            let frame = scene.clone().change(|x, y, px| px ^ u8::from((x, y) == (turn, 0)));
            reader
                .frame(&frame.luma(), Budget::PREVIEW)
                .codes
                .iter()
                .any(|code| code.bytes == CARD.as_bytes())
        });
        assert!(read_by.is_some(), "{name}, in the preview");
    }
}

#[test]
fn a_code_of_one_pixel_a_module_is_read() {
    let code = QrCode::new(CARD).unwrap();
    let (size, colors) = (code.width(), code.to_colors());
    let side = size + 8;
    let at = |pixel: usize| pixel.checked_sub(4).filter(|module| *module < size);
    let px: Vec<u8> = (0..side * side)
        .map(|place| match (at(place % side), at(place / side)) {
            (Some(x), Some(y)) => colors[y * size + x].select(0, 255),
            _ => 255,
        })
        .collect();
    assert_eq!(read_still(&Luma::packed(side, side, &px).unwrap()), [CARD.as_bytes()]);
}

#[test]
fn payloads_come_back_byte_for_byte() {
    let payloads: [&[u8]; 5] = [
        "066204000003||Y Blắc Niê|29022004|Nam|Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk|04102024||||"
            .as_bytes(),
        "\u{feff}079185000002||Lý Mỹ Ngọc|03071985|Nữ|Ấp 2|11122022".as_bytes(),
        "Nguye\u{302}\u{303}n".as_bytes(),
        b"001099000001||Nguy\xean|15011999|Nam||20052021",
        b"MOTCUA1:S:019a7f00:K7QX",
    ];
    for payload in payloads {
        assert_eq!(read_still(&Scene::draw(payload, STRAIGHT).luma()), [payload]);
    }
}

#[test]
fn all_codes_in_view_are_read_and_found_where_they_are() {
    let (left, right) = (Scene::draw(b"first", STRAIGHT), Scene::draw(b"the second one", STRAIGHT));
    let rows = left.px.chunks(640).zip(right.px.chunks(640));
    let px: Vec<u8> = rows.flat_map(|(a, b)| [a, b].concat()).collect();
    let luma = Luma::packed(1280, 480, &px).unwrap();
    let mut codes = read_still(&luma);
    codes.sort();
    assert_eq!(codes, [b"first".to_vec(), b"the second one".to_vec()]);
    for code in Reader::new().frame(&luma, Budget::PREVIEW).codes {
        let middle = if code.bytes == b"first" { 320.0 } else { 960.0 };
        let [a, _, c, _] = code.corners;
        let x = f32::midpoint(a.x, c.x);
        let side = c.x - a.x;
        assert!((x - middle).abs() < 1.0 && (side / 4.0 - 21.0).abs() < 4.5, "{:?}", code.corners);
    }
}

#[test]
fn pictures_without_a_code_give_none() {
    let empty = Scene { width: 640, height: 480, px: vec![128; 640 * 480] };
    let rings = empty.clone().change(|x, y, _| {
        let (x, y) = ((x % 36) as f32 - 18.0, (y % 36) as f32 - 18.0);
        if x.hypot(y) % 8.0 < 4.0 { 30 } else { 220 }
    });
    let finders = empty.clone().change(|x, y, _| {
        let ring = (x % 60 / 4).abs_diff(7).max((y % 60 / 4).abs_diff(7));
        if ring <= 1 || ring == 3 { 30 } else { 220 }
    });
    let cases = [
        ("grain", empty.clone().grainy(100)),
        ("faint grain", empty.clone().grainy(2)),
        (
            "squares",
            empty.clone().change(|x, y, _| if (x / 8 + y / 8) % 2 == 0 { 20 } else { 230 }),
        ),
        (
            "random squares",
            empty.clone().change(|x, y, _| {
                if noise(x as u32 / 4, y as u32 / 4).is_multiple_of(2) { 20 } else { 230 }
            }),
        ),
        ("rings", rings),
        ("nothing but finders", finders),
        (
            "bars",
            empty
                .clone()
                .change(|x, _, _| if noise(x as u32 / 3, 7).is_multiple_of(2) { 20 } else { 230 }),
        ),
        ("empty", empty),
    ];
    for (name, scene) in cases {
        assert_eq!(read_still(&scene.luma()), Vec::<Vec<u8>>::new(), "{name}");
        assert!(Reader::new().frame(&scene.luma(), Budget::PREVIEW).codes.is_empty(), "{name}");
    }
}

#[test]
fn what_is_in_the_way_of_reading_is_told() {
    // The data are gone, the patterns are there.
    let torn = |scene: Scene| {
        scene.change(|x, y, px| {
            let inside = x.abs_diff(320) < 40 && y.abs_diff(240) < 40;
            if inside && noise(x as u32 / 4, y as u32 / 4).is_multiple_of(2) {
                255 - px
            } else {
                px
            }
        })
    };
    let sighting = |scene: &Scene| {
        let look = Reader::new().frame(&scene.luma(), Budget::PREVIEW);
        assert!(look.codes.is_empty());
        look.sighting.unwrap()
    };
    let plain = sighting(&torn(Scene::draw(CARD.as_bytes(), STRAIGHT)));
    assert!((plain.module_px - 4.0).abs() < 0.1 && plain.skew < 1.05, "{plain:?}");
    assert!(plain.blown < 0.02 && plain.sharpness > 0.7, "{plain:?}");
    let tilted = View { tilt: 0.35, ..STRAIGHT };
    let tilted = sighting(&torn(Scene::draw(CARD.as_bytes(), tilted)));
    assert!(tilted.skew > 1.2, "{tilted:?}");
    let blurred = sighting(&torn(Scene::draw(CARD.as_bytes(), STRAIGHT)).blurred(2));
    assert!(blurred.sharpness < plain.sharpness - 0.2, "{blurred:?}");
    let glare = Scene::draw(CARD.as_bytes(), STRAIGHT)
        .change(|x, y, px| if x.abs_diff(320) < 50 && y.abs_diff(250) < 50 { 255 } else { px });
    let glare = sighting(&glare);
    assert!(glare.blown > 0.15, "{glare:?}");
}

#[test]
fn frames_that_cannot_be_read_one_by_one_are_read_together() {
    // In each frame another third of the code is wiped out.
    let frames: Vec<Scene> = (0..3_usize)
        .map(|wiped| {
            Scene::draw(CARD.as_bytes(), STRAIGHT).change(|x, y, px| {
                let in_patterns = x < 270 || y < 190;
                let hidden = !in_patterns && (x / 12 + y / 12) % 3 == wiped;
                if hidden { 128 } else { px }
            })
        })
        .collect();
    let alone = frames.iter().filter(|frame| !read_still(&frame.luma()).is_empty()).count();
    let mut reader = Reader::new();
    let looks: Vec<Look> =
        frames.iter().map(|frame| reader.frame(&frame.luma(), Budget::PREVIEW)).collect();
    let read = looks.iter().flat_map(|look| &look.codes).any(|code| code.bytes == CARD.as_bytes());
    assert!(read, "together: {looks:?}");
    assert_eq!(alone, 0, "else this shows nothing");
}

#[test]
fn an_unchanged_frame_gives_the_same_again_and_a_forgotten_one_is_looked_at() {
    let scene = Scene::draw(CARD.as_bytes(), STRAIGHT);
    let mut reader = Reader::new();
    let first = reader.frame(&scene.luma(), Budget::PREVIEW).codes;
    assert_eq!(first.len(), 1);
    // Without a budget nothing can be looked at: what comes now is remembered.
    assert_eq!(reader.frame(&scene.luma(), Budget(0)).codes, first);
    reader.forget();
    assert!(reader.frame(&scene.luma(), Budget(0)).codes.is_empty());
    assert_eq!(format!("{first:?}"), format!("[Code({} bytes)]", CARD.len()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_picture_whatever_panics_or_is_read(
        width in 0_usize..90,
        height in 0_usize..90,
        gap in 0_usize..5,
        coarse in 1_usize..12,
        seed in any::<u32>(),
        budget in 0_u32..2_000_000,
    ) {
        let stride = width + gap;
        let px: Vec<u8> = (0..stride * height)
            .map(|at| {
                let (x, y) = (at % stride.max(1) / coarse, at / stride.max(1) / coarse);
                (noise(x as u32 ^ seed, y as u32) % 256) as u8
            })
            .collect();
        let luma = Luma::new(width, height, stride, &px).unwrap();
        prop_assert!(read_still(&luma).is_empty());
        let mut reader = Reader::new();
        prop_assert!(reader.frame(&luma, Budget(budget)).codes.is_empty());
    }

    #[test]
    fn spoilt_codes_give_the_payload_or_nothing(
        blots in proptest::collection::vec(
            (230_usize..400, 150_usize..330, 1_usize..50, any::<u8>()), 0..10
        )
    ) {
        let scene = Scene::draw(CARD.as_bytes(), STRAIGHT).change(|x, y, px| {
            let over = blots.iter().find(|(left, top, size, _)| {
                x.wrapping_sub(*left) < *size && y.wrapping_sub(*top) < *size
            });
            over.map_or(px, |(_, _, _, luma)| luma.wrapping_add((x * y % 97) as u8))
        });
        for code in read_still(&scene.luma()) {
            prop_assert_eq!(code, CARD.as_bytes());
        }
    }
}
