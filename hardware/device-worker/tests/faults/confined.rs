//! What a worker may not do, seen from outside.

use std::{fs, os::unix::fs::symlink, time::Duration};

use hardware_api::{CodeReader as _, DeviceError, Printed, Printer as _, Sight};
use settings::{CodePort, PaperSetting, Printer, PrinterPort};
use simulator::{GunFault, GunSim};
use worker::{Class, CodeProxy, PrinterProxy};

use super::stage::{
    LONG, PROGRAM, STATUS, SerialPrinter, Stage, launch, slip, the_worker, wait_until,
};

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
        wait_until(wanted, || {
            let text = fs::read_to_string(format!("/proc/{worker}/{file}")).unwrap_or_default();
            let squeezed = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            squeezed.into_iter().any(|words| words.join(" ").starts_with(wanted))
        });
    };
    has("status", "NoNewPrivs: 1");
    has("limits", "Max core file size 0 0");
    has("limits", "Max address space 536870912 536870912");
}

/// Reads until a code comes.
fn code(reader: &mut CodeProxy) -> Vec<u8> {
    let mut code = vec![];
    wait_until("a code", || match reader.next(Duration::from_millis(200)) {
        Ok(Some(Sight::Code(seen))) => {
            code = seen.bytes;
            true
        }
        Ok(Some(Sight::View(_)) | None) | Err(_) => false,
    });
    code
}

/// Fault: worker · its gun is pulled and comes back as another file, which it may not open → a new worker takes over unseen, nothing is called a mishap
#[test]
fn a_gun_that_comes_back_as_another_file_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let path = gun.path().to_str().unwrap().to_owned();
    let (launch, news) =
        launch(PROGRAM.as_ref(), Class::Code, &CodePort::Serial { path, baud_bps: 9600 });
    let mut reader = CodeProxy::start(launch).unwrap();
    assert_eq!(reader.is_there(), Ok(()));
    let first = the_worker();
    for turn in 0..3 {
        let ticket = format!("{TICKET}{turn}");
        gun.present(ticket.as_bytes());
        assert_eq!(code(&mut reader), ticket.as_bytes(), "turn {turn}");
        gun.set_fault(Some(GunFault::Unplugged));
        wait_until("that the gun is away", || {
            matches!(reader.is_there(), Err(DeviceError::Gone { .. }))
        });
        gun.set_fault(None);
        wait_until("that the gun is back", || reader.is_there().is_ok());
    }
    assert_ne!(the_worker(), first, "a process that has shut itself in can be let in to no more");
    assert!(news.is_quiet(), "to be pulled is no mishap of the worker");
}

/// Fault: worker · a serial printer is plugged in after the kiosk has started → the next ticket is printed
#[test]
fn a_serial_printer_that_comes_late_prints_through_its_worker() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let settings = Printer {
        port: PrinterPort::Serial { path: link.to_str().unwrap().to_owned(), baud_bps: 115_200 },
        model: "epson-tm-t20".to_owned(),
        paper: PaperSetting::Mm80,
    };
    let (launch, news) = launch(PROGRAM.as_ref(), Class::Printer, &settings);
    let mut proxy = PrinterProxy::start(launch).unwrap();
    assert!(matches!(proxy.status(STATUS), Err(DeviceError::Gone { .. })), "it is not there yet");
    let printer = SerialPrinter::start();
    symlink(&printer.device, &link).unwrap();
    assert_eq!(proxy.print(&slip(4), LONG), Ok(Printed::Whole));
    assert!(news.is_quiet());
}
