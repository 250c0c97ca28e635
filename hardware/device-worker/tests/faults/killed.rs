//! Workers that are killed, stopped, or grow.

use std::{
    thread,
    time::{Duration, Instant},
};

use hardware_api::{Block, DeviceError, PaperSlip, Printed, Printer as _};
use rustix::process::Signal;
use simulator::{PrinterFault, PrinterSetup};
use worker::StopReason;

use super::stage::{LONG, STATUS, Stage, is_alive, signal, slip, the_worker, wait_until};

/// The promise of a killed worker, with room for a busy machine.
const BACK: Duration = Duration::from_secs(1);

/// When the heartbeat would find a dead worker as well.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Fault: worker · killed (SIGKILL) while nobody asks → seen at once, back within a second
#[test]
fn a_worker_killed_while_idle_is_back_before_anybody_asks() {
    let mut stage = Stage::new();
    stage.proxy.status(STATUS).unwrap();
    let old = the_worker();
    let begin = Instant::now();
    signal(old, Signal::KILL);
    assert_eq!(stage.news.stopped(), (StopReason::Signal(9), Duration::ZERO));
    let away = stage.news.back();
    assert!(away < BACK, "away for {away:?}");
    assert!(begin.elapsed() < HEARTBEAT, "it was not seen before the heartbeat");
    assert_ne!(the_worker(), old);
    assert!(stage.proxy.status(STATUS).unwrap().can_print());
}

/// Fault: worker · killed (SIGKILL) in the middle of a ticket → the print fails at once, the next ticket is whole
#[test]
fn a_worker_killed_while_printing_fails_that_print_and_no_other() {
    let mut stage = Stage::new();
    stage.proxy.status(STATUS).unwrap();
    stage.printer.set_fault(Some(PrinterFault::Stalled));
    let worker = the_worker();
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        signal(worker, Signal::KILL);
        Instant::now()
    });
    let printed = stage.proxy.print(&slip(40), LONG);
    let told_after = killer.join().unwrap().elapsed();
    assert_eq!(printed, Err(DeviceError::Gone { device: "the device".to_owned() }));
    assert!(told_after < BACK, "told {told_after:?} after its end");
    assert!(stage.news.back_after_stop() < BACK);
    stage.printer.set_fault(None);
    wait_until("a printer that prints", || stage.proxy.print(&slip(4), LONG) == Ok(Printed::Whole));
}

/// Fault: worker · stopped (SIGSTOP) in the middle of a ticket → silent at its deadline, killed, back
#[test]
fn a_worker_stopped_while_printing_is_killed_at_the_deadline() {
    let mut stage = Stage::with(
        // A slow line, so that the ticket takes its time.
        &PrinterSetup { baud_bps: Some(19_200), ..PrinterSetup::default() },
        |launch| launch,
    );
    stage.proxy.status(STATUS).unwrap();
    let worker = the_worker();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        signal(worker, Signal::STOP);
    });
    let begin = Instant::now();
    let printed = stage.proxy.print(&slip(60), Duration::from_secs(2));
    stopper.join().unwrap();
    assert!(matches!(printed, Err(DeviceError::Silent { .. })), "{printed:?}");
    assert!(begin.elapsed() < Duration::from_secs(10));
    assert!(matches!(stage.news.stopped().0, StopReason::Silent { .. }));
    assert!(stage.news.back() < BACK);
    assert!(!is_alive(worker), "a stopped worker is not left behind");
}

/// Fault: worker · stopped (SIGSTOP) while nobody asks → missed by the heartbeat, killed, back
#[test]
fn a_worker_stopped_while_idle_is_missed_by_the_heartbeat() {
    let mut stage = Stage::new();
    stage.proxy.status(STATUS).unwrap();
    let worker = the_worker();
    signal(worker, Signal::STOP);
    assert!(matches!(stage.news.stopped().0, StopReason::Silent { .. }));
    assert!(stage.news.back() < BACK);
    assert!(!is_alive(worker));
    assert!(stage.proxy.status(STATUS).unwrap().can_print());
}

/// Fault: worker · wants more memory than its class may have → it dies alone, back, the next ticket is whole
#[test]
fn a_worker_that_grows_without_end_dies_of_its_limit_alone() {
    let mut stage = Stage::with(&PrinterSetup::default(), |launch| launch.with_memory_mib(128));
    stage.proxy.status(STATUS).unwrap();
    // Six hundred metres of paper, drawn before they are sent: 360 MB.
    let endless = PaperSlip { blocks: vec![Block::Space(255); 2_500] };
    let printed = stage.proxy.print(&endless, LONG);
    assert_eq!(printed, Err(DeviceError::Gone { device: "the device".to_owned() }));
    assert_eq!(stage.news.stopped().0, StopReason::Signal(6), "aborted by its allocator");
    assert!(stage.news.back() < BACK);
    assert_eq!(stage.proxy.print(&slip(4), LONG), Ok(Printed::Whole));
}

/// Fault: worker · dies each time it is used → restarted with growing pauses, the caller is told at once meanwhile
#[test]
fn a_worker_that_dies_each_time_is_started_ever_more_slowly() {
    let mut stage = Stage::new();
    let mut pauses = vec![];
    for _ in 0..3 {
        wait_until("a worker", || stage.proxy.status(STATUS).is_ok());
        signal(the_worker(), Signal::KILL);
        pauses.push(stage.news.stopped().1);
        stage.news.back();
    }
    assert!(pauses.is_sorted() && pauses[2] > pauses[0], "{pauses:?}");
    signal(the_worker(), Signal::KILL);
    stage.news.stopped();
    let begin = Instant::now();
    let told = stage.proxy.status(Duration::from_millis(800));
    assert_eq!(told, Err(DeviceError::Gone { device: "the device".to_owned() }));
    assert!(begin.elapsed() < Duration::from_secs(2), "nobody waits for what will not come");
}
