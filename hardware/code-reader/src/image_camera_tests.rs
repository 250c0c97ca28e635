//! The image camera over real files.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::camera::Camera;
use crate::picture::Frame;
use crate::presentation::UNSEEN;
use crate::view::shrink;
use hardware_api::{CodeReader, DeviceError, Sight};
use qrcode::QrCode;

const CARD: &str = "079185000002||Trần Thị Bình|03071985|Nữ|Ấp 2, Xã Mẫu, TP. Hồ Chí Minh|11122022";
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

/// Grey samples of a code with five pixels a module and a quiet zone.
fn draw(payload: &[u8]) -> (u16, Vec<u8>) {
    let code = QrCode::new(payload).unwrap();
    let (modules, colors) = (code.width(), code.to_colors());
    let size = (modules + 8) * 5;
    let at = |pixel: usize| (pixel / 5).checked_sub(4).filter(|module| *module < modules);
    let samples = (0..size * size).map(|place| match (at(place % size), at(place / size)) {
        (Some(x), Some(y)) => colors[y * modules + x].select(0, 255),
        _ => 255,
    });
    (u16::try_from(size).unwrap(), samples.collect())
}

pub(crate) fn png(payload: &[u8]) -> Vec<u8> {
    let (size, samples) = draw(payload);
    png_of(size, size, &samples)
}

fn png_of(width: u16, height: u16, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width.into(), height.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    file
}

fn jpeg(payload: &[u8]) -> Vec<u8> {
    let (size, samples) = draw(payload);
    let mut file = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.encode(&samples, size, size, jpeg_encoder::ColorType::Luma).unwrap();
    file
}

fn show(path: &Path, file: &[u8]) {
    let beside = path.with_extension("new");
    fs::write(&beside, file).unwrap();
    fs::rename(beside, path).unwrap();
}

/// The next code, past all views; `None` when a while passes without one.
fn next(camera: &mut Camera, wait: Duration) -> Option<Vec<u8>> {
    let deadline = Instant::now() + wait;
    loop {
        match camera.next(deadline.saturating_duration_since(Instant::now())).unwrap() {
            Some(Sight::Code(code)) => return Some(code.bytes),
            Some(Sight::View(_)) => {}
            None => return None,
        }
    }
}

#[test]
fn a_picture_that_appears_changes_and_goes_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let mut camera = Camera::image(&path).unwrap();
    assert_eq!(camera.next(SHORT), Ok(None));

    show(&path, &png(CARD.as_bytes()));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
    assert_eq!(next(&mut camera, SHORT), None, "held in view, delivered once");

    show(&path, &jpeg(b"H26.105.01-250702-0003"));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(&b"H26.105.01-250702-0003"[..]));

    fs::remove_file(&path).unwrap();
    let began = Instant::now();
    while camera.next(SHORT).unwrap().is_some() {
        assert!(began.elapsed() < LONG, "a picture that was taken away is still shown");
    }
}

#[test]
fn what_is_held_is_shown_small_and_mirrored_beside_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    show(&path, &png(CARD.as_bytes()));
    let whole = Frame::decode(&fs::read(&path).unwrap()).unwrap();
    let mut camera = Camera::image(&path).unwrap();
    let began = Instant::now();
    let (mut code, mut view) = (None, None);
    while code.is_none() || view.is_none() {
        assert!(began.elapsed() < LONG, "a code and a view should have come");
        match camera.next(LONG).unwrap() {
            Some(Sight::Code(seen)) => code = Some(seen.bytes),
            Some(Sight::View(seen)) => view = Some(seen),
            None => {}
        }
    }
    assert_eq!(code.as_deref(), Some(CARD.as_bytes()));
    assert_eq!(view, Some(shrink(&whole, None)));
}

/// Fault: code · a citizen's card stays before the camera while the next one comes → it is not read again until it was away
#[test]
fn a_card_left_before_the_camera_is_not_read_for_the_next_citizen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let mut camera = Camera::image(&path).unwrap();
    show(&path, &png(CARD.as_bytes()));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
    camera.rest();
    // Longer than a code may be out of view while the camera looks.
    std::thread::sleep(UNSEEN + SHORT);
    assert_eq!(next(&mut camera, UNSEEN / 2), None);
    fs::remove_file(&path).unwrap();
    assert_eq!(next(&mut camera, UNSEEN + SHORT), None);
    show(&path, &png(CARD.as_bytes()));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()), "held up anew");
}

#[test]
fn a_picture_in_view_is_found_while_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let mut camera = Camera::image(&path).unwrap();
    let shown = path.clone();
    let citizen = std::thread::spawn(move || show(&shown, &png(CARD.as_bytes())));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
    citizen.join().unwrap();
}

#[test]
fn cut_and_corrupt_pictures_show_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view");
    let mut camera = Camera::image(&path).unwrap();
    let (png, jpeg) = (png(CARD.as_bytes()), jpeg(CARD.as_bytes()));
    let mut spoilt = png.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 20].fill(0xaa);
    for file in [&png[..png.len() / 2], &jpeg[..jpeg.len() / 2], &spoilt, b"not a picture", b""] {
        show(&path, file);
        assert_eq!(camera.next(SHORT), Ok(None));
    }
    show(&path, &jpeg);
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
}

/// Fault: code · a camera sends nothing but half frames for three seconds → it is reported as broken and opened anew
#[test]
fn a_camera_that_sends_only_half_frames_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view");
    let mut camera = Camera::image(&path).unwrap();
    let whole = jpeg(CARD.as_bytes());
    show(&path, &whole[..whole.len() / 2]);
    let error = camera.next(LONG).unwrap_err();
    assert!(matches!(error, DeviceError::Nonsense { .. }), "{error}");
    show(&path, &whole);
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
}

#[test]
fn a_camera_without_its_folder_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("away").join("view.png");
    let error = Camera::image(&path).err();
    assert_eq!(error, Some(DeviceError::Gone { device: path.display().to_string() }));
}

/// All codes of one picture, in the order of their bytes.
fn codes_in(file: &[u8], count: usize) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    show(&path, file);
    let mut camera = Camera::image(&path).unwrap();
    let mut codes: Vec<Vec<u8>> = (0..count).filter_map(|_| next(&mut camera, LONG)).collect();
    codes.extend(next(&mut camera, SHORT));
    codes.sort();
    codes
}

/// Fault: code · a code is seen mirrored, through a pane or from a camera that mirrors → read byte for byte
#[test]
fn a_mirrored_code_is_read() {
    let (size, mut samples) = draw(CARD.as_bytes());
    samples.chunks_exact_mut(size.into()).for_each(<[u8]>::reverse);
    assert_eq!(codes_in(&png_of(size, size, &samples), 1), [CARD.as_bytes()]);
}

/// Fault: code · a code is shown light on dark, as phones in night mode do → read byte for byte
#[test]
fn an_inverted_code_is_read() {
    let (size, mut samples) = draw(CARD.as_bytes());
    samples.iter_mut().for_each(|luma| *luma = 255 - *luma);
    assert_eq!(codes_in(&png_of(size, size, &samples), 1), [CARD.as_bytes()]);
}

/// Fault: code · two codes are held before the camera at once → both are told, each once
#[test]
fn two_codes_at_once_are_both_told() {
    let other = b"H26.105.01-250702-0003";
    let ((wide, card), (small, slip)) = (draw(CARD.as_bytes()), draw(other));
    let row = |samples: &[u8], width: u16, at: u16| -> Vec<u8> {
        let width = usize::from(width);
        let row = samples.chunks_exact(width).nth(at.into());
        row.map_or_else(|| vec![255; width], <[u8]>::to_vec)
    };
    let beside: Vec<u8> =
        (0..wide).flat_map(|at| [row(&card, wide, at), row(&slip, small, at)].concat()).collect();
    let mut expected = [CARD.as_bytes().to_vec(), other.to_vec()];
    expected.sort();
    assert_eq!(codes_in(&png_of(wide + small, wide, &beside), 2), expected);
}

/// Fault: code · the camera's picture is nothing but noise → no code is made up, and the picture goes on
#[test]
fn noise_holds_no_code() {
    let mut seed = 3_u32;
    let samples: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(seed >> 24).unwrap()
    })
    .take(640 * 480)
    .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    show(&path, &png_of(640, 480, &samples));
    let mut camera = Camera::image(&path).unwrap();
    let mut views = 0;
    let began = Instant::now();
    while views < 5 {
        assert!(began.elapsed() < LONG, "views should go on");
        match camera.next(LONG).unwrap() {
            Some(Sight::View(_)) => views += 1,
            Some(Sight::Code(code)) => panic!("made up: {code:?}"),
            None => {}
        }
    }
}
