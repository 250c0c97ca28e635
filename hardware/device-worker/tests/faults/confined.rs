//! What a worker may not do, seen from outside.

use std::{fs, os::unix::fs::symlink, time::Duration};

use hardware_api::{CodeReader as _, Sight};
use settings::CodePort;
use worker::{Class, CodeProxy};

use super::stage::{PROGRAM, Stage, launch, the_worker};

const TICKET: &str = "MOTCUA1:T:H40.16:2026-11-21:A001";

/// A code as a picture: black and white modules with a quiet zone, as an uncompressed PNG would
/// have it.
fn picture() -> Vec<u8> {
    let code = qrcode::QrCode::new(TICKET).unwrap();
    let (modules, colors) = (code.width(), code.to_colors());
    let size = (modules + 8) * 5;
    let at = |pixel: usize| (pixel / 5).checked_sub(4).filter(|module| *module < modules);
    let samples = (0..size * size).map(|place| match (at(place % size), at(place / size)) {
        (Some(x), Some(y)) => colors[y * modules + x].select(0, 255),
        _ => 255,
    });
    let samples: Vec<u8> = samples.collect();
    let side = u32::try_from(size).unwrap();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    file
}

/// Whether the reader of pictures in `folder` reads the code within some seconds.
fn reads(folder: &std::path::Path) -> bool {
    let port = CodePort::Image(folder.join("view.png"));
    let (launch, _news) = launch(PROGRAM.as_ref(), Class::Code, &port);
    let mut reader = CodeProxy::start(launch).unwrap();
    (0..8).any(|_| match reader.next(Duration::from_millis(500)) {
        Ok(Some(Sight::Code(code))) => code.bytes == TICKET.as_bytes(),
        Ok(Some(Sight::View(_)) | None) | Err(_) => false,
    })
}

/// Fault: worker · is led to a file that is none of its business → it cannot read it
#[test]
fn a_worker_reads_the_files_of_its_device_and_no_others() {
    let (own, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = home.path().join("secret.png");
    fs::write(&secret, picture()).unwrap();
    // The camera is a folder that comes and goes; what is above it is the camera's as well.
    let camera = own.path().join("camera");
    fs::create_dir(&camera).unwrap();
    symlink(&secret, camera.join("view.png")).unwrap();
    assert!(!reads(&camera), "it followed a link out of its folder");
    fs::remove_file(camera.join("view.png")).unwrap();
    fs::write(camera.join("view.png"), picture()).unwrap();
    assert!(reads(&camera), "in its own folder it reads the same picture");
}

#[test]
fn a_worker_leaves_no_core_and_gains_no_rights() {
    let _stage = Stage::new();
    let worker = the_worker().as_raw_nonzero();
    let has = |file: &str, wanted: &str| {
        super::stage::wait_until(wanted, || {
            let text = fs::read_to_string(format!("/proc/{worker}/{file}")).unwrap_or_default();
            let squeezed = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            squeezed.into_iter().any(|words| words.join(" ").starts_with(wanted))
        });
    };
    has("status", "NoNewPrivs: 1");
    has("limits", "Max core file size 0 0");
    has("limits", "Max address space 536870912 536870912");
}
