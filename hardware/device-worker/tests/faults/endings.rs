//! The end of a worker that nobody wants any more: it may close its device in good order first.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use worker::{Class, PrinterProxy};

use super::{
    liars::{FORKING, HELLO, OPENED, script},
    stage::{children, launch, wait_until},
};

/// How long it takes to let go of a worker that does this when its pipe is closed.
fn parting(folder: &Path, last_words: &str) -> Duration {
    let alone = FORKING.lock().unwrap();
    let open = folder.join("open");
    let text =
        format!("printf '{HELLO}{OPENED}'; touch {}; cat >/dev/null; {last_words}", open.display());
    let (launch, _news) = launch(&script(folder, &text), Class::Printer, &());
    let proxy = PrinterProxy::start(launch).unwrap();
    wait_until("a worker at work", || open.exists());
    drop(alone);
    let begin = Instant::now();
    drop(proxy);
    begin.elapsed()
}

#[test]
fn a_worker_closes_its_device_before_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    parting(folder.path(), &format!("sleep 0.1; touch {}", closed.display()));
    assert!(closed.exists());
}

/// Fault: worker · cannot close its device when the kiosk ends → killed half a second later
#[test]
fn a_worker_that_does_not_end_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let took = parting(folder.path(), "sleep 1000");
    assert!(took < Duration::from_secs(5), "{took:?}");
    wait_until("an end of all children", || children().is_empty());
}
