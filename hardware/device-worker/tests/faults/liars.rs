//! Programs in the worker's place that do not keep to the frames: each is a shell script that
//! says its piece and then waits.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use hardware_api::{
    ColorMode, DeviceError, DocumentScanner as _, Printer as _, ScanEnd, ScanRequest, Source,
};
use worker::{Class, FrameError, PrinterProxy, ScannerProxy, StopReason};

use super::stage::{STATUS, children, launch, wait_until};

/// `Hello` of a printer's worker, as printf's format.
pub const HELLO: &str = r"mw\002\000\000\000\000\000\007\000\000\000printer";
/// `Opened`, and all is well.
pub const OPENED: &str = r"mw\002\002\000\000\000\000\002\000\000\000\000\000";

/// Writing and starting programs must not overlap: a script that is open for writing anywhere, be
/// it in a child that was just forked, cannot be started.
pub static FORKING: Mutex<()> = Mutex::new(());

pub fn script(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("device-worker");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// What is told of a program that behaves like this when a printer is asked for its status.
fn told_of(text: &str) -> (StopReason, Result<(), DeviceError>) {
    let folder = tempfile::tempdir().unwrap();
    let alone = FORKING.lock().unwrap();
    let (launch, news) = launch(&script(folder.path(), text), Class::Printer, &());
    let mut proxy = PrinterProxy::start(launch).unwrap();
    drop(alone);
    let asked = proxy.status(STATUS).map(|_| ());
    (news.stopped().0, asked)
}

/// Fault: worker · says what is no frame, half a frame, a frame too long, one of another version → killed, started again, the caller is told
#[test]
fn whoever_does_not_speak_in_frames_is_no_worker() {
    let opened = format!("printf '{HELLO}{OPENED}'");
    let garbage = |error| StopReason::Garbage(error);
    for (text, why) in [
        ("printf 'Segmentation fault'; sleep 100".to_owned(), garbage(FrameError::NoFrame)),
        (
            r"printf 'mw\003\000\000\000\000\000\000\000\000\000'; sleep 100".to_owned(),
            garbage(FrameError::Version(3)),
        ),
        (
            r"printf 'mw\002\000\000\000\000\000\000\000\000\177'; sleep 100".to_owned(),
            garbage(FrameError::TooLong(0x7f00_0000)),
        ),
        (
            r"printf 'mw\002\143\000\000\000\000\000\000\000\000'; sleep 100".to_owned(),
            garbage(FrameError::Kind(99)),
        ),
        (r"printf 'mw\002\000\000'; exit 7".to_owned(), StopReason::Ended(7)),
        (
            HELLO.replace("printer", "scanner").replace("mw", "printf 'mw") + "'; sleep 100",
            garbage(FrameError::Message),
        ),
        (format!("{opened}; printf 'no frame at all'; sleep 100"), garbage(FrameError::NoFrame)),
        // The answer to a call that nobody made.
        (
            format!(r"{opened}; printf 'mw\002\007\143\000\000\000\000\000\000\000'; sleep 100"),
            garbage(FrameError::Message),
        ),
        // An answer that is none.
        (
            format!(
                r"{opened}; printf 'mw\002\007\001\000\000\000\002\000\000\000\377\377'; sleep 100"
            ),
            garbage(FrameError::Message),
        ),
        (format!("{opened}; head -c 20 >/dev/null; exit 3"), StopReason::Ended(3)),
    ] {
        let (told, asked) = told_of(&text);
        assert_eq!(told, why, "{text}");
        assert_eq!(asked, Err(DeviceError::Gone { device: "the device".to_owned() }), "{text}");
    }
}

/// Fault: worker · half a frame in the middle of an answer, then nothing → silent at the deadline, killed
#[test]
fn half_an_answer_is_silence() {
    let half = r"mw\002\007\001\000\000\000\020\000\000\000half";
    let begin = Instant::now();
    let (told, asked) = told_of(&format!("printf '{HELLO}{OPENED}{half}'; sleep 100"));
    assert!(begin.elapsed() < Duration::from_secs(15), "not for ever");
    assert!(matches!(told, StopReason::Silent { .. }), "{told:?}");
    assert!(matches!(asked, Err(DeviceError::Silent { .. })), "{asked:?}");
}

/// Fault: worker · never says hello → killed after five seconds with all that it started
#[test]
fn a_worker_that_never_says_hello_is_killed_with_its_children() {
    let begin = Instant::now();
    let (told, _) = told_of("sleep 1000 & sleep 1000");
    assert_eq!(told, StopReason::NoHello);
    assert!(begin.elapsed() >= Duration::from_secs(5));
    wait_until("an end of all children", || children().is_empty());
}

/// Fault: worker · refuses its settings → told as such and not tried every second
#[test]
fn settings_that_cannot_be_used_are_told_as_such() {
    let settings = settings::Printer {
        port: settings::PrinterPort::Tcp("127.0.0.1:9100".to_owned()),
        model: "typewriter".to_owned(),
        paper: settings::PaperSetting::Mm80,
    };
    let (launch, news) = launch(super::stage::PROGRAM.as_ref(), Class::Printer, &settings);
    let _proxy = PrinterProxy::start(launch.clone()).unwrap();
    let (why, pause) = news.stopped();
    assert!(matches!(&why, StopReason::Refused(why) if why.contains("printer.model")), "{why}");
    assert!(pause >= Duration::from_secs(10));
    assert_eq!(worker::check(&launch), Err(why));
}

/// Fault: worker · goes on when it is told to cancel → killed, and the scan counts as cancelled
#[test]
fn a_worker_that_does_not_stop_scanning_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let hello = HELLO.replace("printer", "scanner");
    let alone = FORKING.lock().unwrap();
    let deaf = script(folder.path(), &format!("printf '{hello}{OPENED}'; sleep 100"));
    let (launch, news) = launch(&deaf, Class::Scanner, &());
    let mut scanner = ScannerProxy::start(launch).unwrap();
    drop(alone);
    let canceller = scanner.canceller();
    let citizen = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        canceller.cancel();
    });
    let request = ScanRequest { source: Source::Feeder, dpi: 200, color: ColorMode::Color };
    let begin = Instant::now();
    let end = scanner.scan(&request, Duration::from_secs(60), &mut |_| true);
    citizen.join().unwrap();
    assert_eq!(end, Ok(ScanEnd::Cancelled));
    assert!(begin.elapsed() < Duration::from_secs(15), "not the page's minute");
    assert!(matches!(news.stopped().0, StopReason::Silent { .. }));
}
