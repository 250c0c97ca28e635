//! The image camera over real files.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::ImageCamera;
use hardware_api::{CodeReader, DeviceError, Sight};
use qrcode::QrCode;

const CARD: &str = "079185000002||Trần Thị Bình|03071985|Nữ|Ấp 2, Xã Mẫu, TP. Hồ Chí Minh|11122022";
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(1);

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
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size.into(), size.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
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

fn next(camera: &mut ImageCamera, wait: Duration) -> Option<Vec<u8>> {
    match camera.next(wait).unwrap() {
        Some(Sight::Code(code)) => Some(code.bytes),
        Some(Sight::View(_)) | None => None,
    }
}

#[test]
fn a_picture_that_appears_changes_and_goes_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let mut camera = ImageCamera::open(&path).unwrap();
    assert_eq!(next(&mut camera, SHORT), None);
    assert!(camera.last_frame().is_none());

    show(&path, &png(CARD.as_bytes()));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
    assert_eq!(next(&mut camera, SHORT), None, "held in view, delivered once");
    assert!(
        camera.last_frame().is_some_and(|frame| frame.luma.len() == frame.width * frame.height)
    );

    show(&path, &jpeg(b"H26.105.01-250702-0003"));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(&b"H26.105.01-250702-0003"[..]));

    fs::remove_file(&path).unwrap();
    assert_eq!(next(&mut camera, SHORT), None);
    assert!(camera.last_frame().is_none());
}

#[test]
fn a_picture_in_view_is_found_while_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let mut camera = ImageCamera::open(&path).unwrap();
    let shown = path.clone();
    let citizen = std::thread::spawn(move || show(&shown, &png(CARD.as_bytes())));
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
    citizen.join().unwrap();
}

#[test]
fn cut_and_corrupt_pictures_show_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view");
    let mut camera = ImageCamera::open(&path).unwrap();
    let (png, jpeg) = (png(CARD.as_bytes()), jpeg(CARD.as_bytes()));
    let mut spoilt = png.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 20].fill(0xaa);
    for file in [&png[..png.len() / 2], &jpeg[..jpeg.len() / 2], &spoilt, b"not a picture", b""] {
        show(&path, file);
        assert_eq!(next(&mut camera, SHORT), None);
        assert!(camera.last_frame().is_none());
    }
    show(&path, &jpeg);
    assert_eq!(next(&mut camera, LONG).as_deref(), Some(CARD.as_bytes()));
}

#[test]
fn a_camera_without_its_folder_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("away").join("view.png");
    let error = ImageCamera::open(&path).err();
    assert_eq!(error, Some(DeviceError::Gone { device: path.display().to_string() }));
}
