//! The driver over the real network and real serial lines, against an emulator in another
//! language: what only these lines can do.

use std::time::{Duration, Instant};

use hardware_api::{DeviceError, PaperWidth, Printed, Printer};

use crate::rig::AtLine;
use crate::usual_ticket::ticket;
use crate::{EscPos, Model};

const DEADLINE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_secs(3);

fn model() -> Model {
    Model::by_name("epson-tm-t20").unwrap()
}

fn at_network(words: &[&str]) -> (AtLine, EscPos) {
    let line = AtLine::start(&[&["tcp"], words].concat());
    let printer = EscPos::open_tcp(&line.device, model(), PaperWidth::Mm80).unwrap();
    (line, printer)
}

fn at_serial_line(words: &[&str]) -> (AtLine, EscPos) {
    let line = AtLine::start(&[&["pty"], words].concat());
    let printer = EscPos::open_serial(&line.device, 115_200, model(), PaperWidth::Mm80).unwrap();
    (line, printer)
}

fn assert_recovers(line: &mut AtLine, printer: &mut EscPos) {
    line.rig.tell("mend");
    assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
    line.rig.assert_last_paper_is_the_ticket();
}

/// Fault: printer · the connection is reset in the middle of a ticket → gone at once, the ticket is printed anew over a new one
#[test]
fn a_connection_reset_in_the_middle_is_gone_at_once() {
    let (mut line, mut printer) = at_network(&["--fault", "reset@20000"]);
    let began = Instant::now();
    let printed = printer.print(&ticket(), DEADLINE);
    assert!(matches!(printed, Err(DeviceError::Gone { .. })), "{printed:?}");
    assert!(began.elapsed() < DEADLINE / 4, "{:?}", began.elapsed());
    assert_recovers(&mut line, &mut printer);
}

/// Fault: printer · an idle connection was torn down by the printer → the next ticket goes over a new one
#[test]
fn a_connection_lost_while_idle_costs_no_ticket() {
    let (mut line, mut printer) = at_network(&[]);
    assert!(printer.status(DEADLINE).unwrap().can_print());
    line.rig.tell("fault reset");
    std::thread::sleep(Duration::from_millis(100));
    assert_recovers(&mut line, &mut printer);
}

/// Fault: printer · the serial line hangs up in the middle of a ticket → gone at once, the ticket is printed anew when it is back
#[test]
fn a_serial_line_that_hangs_up_is_gone_at_once() {
    let (mut line, mut printer) = at_serial_line(&["--fault", "hangup@20000"]);
    let began = Instant::now();
    let printed = printer.print(&ticket(), DEADLINE);
    assert!(matches!(printed, Err(DeviceError::Gone { .. })), "{printed:?}");
    assert!(began.elapsed() < DEADLINE / 4, "{:?}", began.elapsed());
    assert_recovers(&mut line, &mut printer);
}

/// Fault: printer · a serial or network line stands still for ever → silent at the deadline, no thread hangs
#[test]
fn a_line_that_stands_still_is_given_up_at_the_deadline() {
    for (mut line, mut printer) in
        [at_network(&["--fault", "stall@20000"]), at_serial_line(&["--fault", "stall@20000"])]
    {
        let began = Instant::now();
        let printed = printer.print(&ticket(), SHORT);
        assert!(matches!(printed, Err(DeviceError::Silent { .. })), "{printed:?}");
        assert!(began.elapsed() < DEADLINE, "{:?}", began.elapsed());
        assert_recovers(&mut line, &mut printer);
    }
}

/// Fault: printer · a serial or network line stands still for 0.7 s → the ticket comes out whole
#[test]
fn a_line_that_stands_still_for_a_moment_loses_no_byte() {
    for (mut line, mut printer) in [
        at_network(&["--fault", "stall@20000:0.7"]),
        at_serial_line(&["--fault", "stall@20000:0.7"]),
    ] {
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        line.rig.assert_last_paper_is_the_ticket();
    }
}

/// Fault: printer · the paper ends on a serial or network line → told, the torn strip is cut off, the ticket is printed anew
#[test]
fn paper_that_ends_is_told_on_every_line() {
    for (mut line, mut printer) in [
        at_network(&["--fault", "paper-out@20000"]),
        at_serial_line(&["--fault", "paper-out@20000"]),
    ] {
        let printed = printer.print(&ticket(), DEADLINE);
        assert!(matches!(printed, Ok(Printed::Broken(_))), "{printed:?}");
        assert_recovers(&mut line, &mut printer);
        assert_eq!(line.rig.report().papers, 2);
    }
}
