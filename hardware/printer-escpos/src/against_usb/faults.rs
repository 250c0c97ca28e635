//! What can happen while a ticket is under way.

use std::time::{Duration, Instant};

use hardware_api::{
    Cover, Cutter, DeviceError, Paper, PaperWidth, Printed, Printer, PrinterStatus,
};

use crate::rig::{Rig, on_usb};
use crate::usual_ticket::ticket;
use crate::{EscPos, Model, UsbPick};

/// Longer than any ticket takes, stalls included; a hang takes for ever.
const DEADLINE: Duration = Duration::from_secs(60);
/// For what is waited for in vain.
const SHORT: Duration = Duration::from_secs(3);
/// Bytes before the middle of a first ticket's number, zeros before it included.
const MIDDLE: usize = 20_000;

pub(super) fn printer() -> EscPos {
    printer_like("epson-tm-t20", |_| {})
}

fn printer_like(name: &str, change: impl FnOnce(&mut Model)) -> EscPos {
    let mut model = Model::by_name(name).unwrap();
    change(&mut model);
    EscPos::open_usb(0x04b8, 0x0e15, UsbPick::First, model, PaperWidth::Mm80).unwrap()
}

fn ok() -> PrinterStatus {
    PrinterStatus { paper: Paper::Ok, cover: Cover::Closed, cutter: Cutter::Ok, online: true }
}

/// The printer works again and the next ticket is right, whatever the last one left behind.
pub(super) fn assert_recovers(rig: &mut Rig, printer: &mut EscPos) {
    rig.tell("mend");
    assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
    rig.assert_last_paper_is_the_ticket();
}

#[test]
fn a_ticket_comes_out_dot_by_dot() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        assert_eq!(printer.status(DEADLINE), Ok(ok()));
        for papers in 1..=3 {
            assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
            assert_eq!(rig.report().papers, papers);
            rig.assert_last_paper_is_the_ticket();
        }
    });
}

/// Fault: printer · there is no paper when a ticket is wanted → nothing is sent, the number stays on the screen
#[test]
fn without_paper_nothing_is_sent() {
    on_usb(&["--fault", "paper-out"], |rig| {
        let mut printer = printer();
        let printed = printer.print(&ticket(), DEADLINE).unwrap();
        assert!(matches!(printed, Printed::Broken(status) if status.paper == Paper::Out));
        assert!(rig.report().taken < 20, "{:?}", rig.report());
        assert_recovers(rig, &mut printer);
        assert_eq!(rig.report().papers, 1);
    });
}

/// Fault: printer · the paper ends in the middle of a number → told at once, the torn strip is cut off, the ticket is printed anew
#[test]
fn paper_that_ends_in_a_number_is_told_at_once_and_the_torn_strip_is_cut_off() {
    let fault = format!("paper-out@{MIDDLE}");
    on_usb(&["--fault", &fault], |rig| {
        let mut printer = printer();
        let began = Instant::now();
        let printed = printer.print(&ticket(), DEADLINE).unwrap();
        assert!(matches!(printed, Printed::Broken(status) if status.paper == Paper::Out));
        assert!(began.elapsed() < DEADLINE / 2, "{:?}", began.elapsed());
        assert_eq!(rig.report().papers, 0);
        assert!(rig.report().hanging > 0);
        assert_recovers(rig, &mut printer);
        assert_eq!(rig.report().papers, 2);
    });
}

/// Fault: printer · the paper ends after the last row, before the cut → not called printed, the ticket is printed anew
#[test]
fn paper_that_ends_before_the_cut_is_not_called_printed() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        rig.tell("when cut paper-out");
        let printed = printer.print(&ticket(), DEADLINE).unwrap();
        assert!(matches!(printed, Printed::Broken(status) if status.paper == Paper::Out));
        assert_eq!(rig.report().papers, 0);
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · the paper ends right behind a whole ticket → the ticket counts, the empty roll is the next one's trouble
#[test]
fn paper_that_ends_behind_a_whole_ticket_does_not_take_it_back() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        rig.tell("when proof paper-out");
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        rig.assert_last_paper_is_the_ticket();
        assert_eq!(printer.status(DEADLINE).unwrap().paper, Paper::Out);
        assert!(matches!(printer.print(&ticket(), DEADLINE), Ok(Printed::Broken(_))));
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · the paper is near its end → it prints, and staff is told
#[test]
fn little_paper_still_prints_and_is_told() {
    on_usb(&["--fault", "paper-low"], |rig| {
        let mut printer = printer();
        assert_eq!(printer.status(DEADLINE), Ok(PrinterStatus { paper: Paper::Low, ..ok() }));
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        rig.assert_last_paper_is_the_ticket();
    });
}

/// Fault: printer · the lid is opened in the middle of a ticket → told at once, the ticket is printed anew
#[test]
fn a_lid_opened_in_the_middle_is_told_at_once() {
    on_usb(&["--fault", &format!("cover@{MIDDLE}")], |rig| {
        let mut printer = printer();
        let printed = printer.print(&ticket(), DEADLINE).unwrap();
        assert!(matches!(printed, Printed::Broken(status) if status.cover == Cover::Open));
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · paper or knife is stuck in the middle of a ticket → told apart, since staff mends them differently
#[test]
fn a_jam_and_a_stuck_knife_are_told_apart() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        for (name, paper, cutter) in
            [("jam", Paper::Jammed, Cutter::Ok), ("knife", Paper::Ok, Cutter::Jammed)]
        {
            let at = rig.report().taken + MIDDLE;
            rig.tell(&format!("fault {name}@{at}"));
            let Ok(Printed::Broken(status)) = printer.print(&ticket(), DEADLINE) else {
                panic!("{name} is not told")
            };
            assert_eq!((status.paper, status.cutter), (paper, cutter), "{name}");
            assert_recovers(rig, &mut printer);
        }
    });
}

/// Fault: printer · it takes nothing for 0.7 s and then goes on → no byte is lost or sent twice
#[test]
fn a_stall_of_0_7_s_loses_no_byte() {
    on_usb(&["--fault", &format!("stall@{MIDDLE}:0.7")], |rig| {
        let began = Instant::now();
        assert_eq!(printer().print(&ticket(), DEADLINE), Ok(Printed::Whole));
        assert!(began.elapsed() > Duration::from_millis(700));
        assert_eq!(rig.report().papers, 1);
        rig.assert_last_paper_is_the_ticket();
    });
}

/// Fault: printer · it takes nothing any more → given up at the deadline; once it works again the next ticket is right
#[test]
fn a_stall_for_ever_is_given_up_at_the_deadline() {
    on_usb(&["--fault", &format!("stall@{MIDDLE}")], |rig| {
        let mut printer = printer();
        let began = Instant::now();
        let printed = printer.print(&ticket(), SHORT);
        assert!(matches!(printed, Err(DeviceError::Silent { .. })), "{printed:?}");
        assert!((SHORT..DEADLINE).contains(&began.elapsed()), "{:?}", began.elapsed());
        assert_eq!(rig.report().papers, 0);
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · each transfer takes 37 bytes of what it was given → the rest is sent again, and nothing twice
#[test]
fn short_writes_are_continued() {
    on_usb(&["--fault", "short"], |rig| {
        assert_eq!(printer().print(&ticket(), DEADLINE), Ok(Printed::Whole));
        assert_eq!(rig.report().papers, 1);
        rig.assert_last_paper_is_the_ticket();
    });
}

/// Fault: printer · a transfer is halted (EPIPE) → the halt is cleared, the torn strip cut off, the whole ticket printed
#[test]
fn a_halted_transfer_is_cleared_and_the_ticket_begun_anew() {
    on_usb(&["--fault", &format!("pipe@{MIDDLE}")], |rig| {
        assert_eq!(printer().print(&ticket(), DEADLINE), Ok(Printed::Whole));
        // Half of the halted transfer had been taken: what it began fell first.
        assert_eq!(rig.report().papers, 2);
        rig.assert_last_paper_is_the_ticket();
    });
}

/// Fault: printer · every transfer is halted → given up after one more try; once it works again the next ticket is right
#[test]
fn a_printer_that_halts_again_and_again_is_given_up() {
    on_usb(&["--fault", &format!("pipes@{MIDDLE}")], |rig| {
        let mut printer = printer();
        let printed = printer.print(&ticket(), DEADLINE);
        assert!(matches!(printed, Err(DeviceError::Gone { .. })), "{printed:?}");
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · it takes and never answers → silent at the deadline, never called printed
#[test]
fn a_printer_that_never_answers_is_silent() {
    on_usb(&["--fault", "mute"], |rig| {
        let mut printer = printer();
        let printed = printer.print(&ticket(), SHORT);
        assert!(matches!(printed, Err(DeviceError::Silent { .. })), "{printed:?}");
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · the paper ends and the full buffer takes no question → its USB class status tells
#[test]
fn a_full_printer_without_reports_is_asked_on_its_control_endpoint() {
    on_usb(&["--fault", &format!("paper-out@{MIDDLE}"), "--buffer", "256"], |rig| {
        let mut printer = printer_like("epson-tm-t20", |model| model.automatic_status = false);
        let began = Instant::now();
        let printed = printer.print(&ticket(), DEADLINE).unwrap();
        assert!(matches!(printed, Printed::Broken(status) if status.paper == Paper::Out));
        assert!(began.elapsed() < DEADLINE / 2, "{:?}", began.elapsed());
        assert_recovers(rig, &mut printer);
    });
}

#[test]
fn a_model_without_process_ids_is_believed_after_gs_r() {
    on_usb(&[], |rig| {
        let mut printer = printer_like("xprinter-xp-80", |model| model.cut = crate::Cut::FeedFull);
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        rig.assert_last_paper_is_the_ticket();
    });
}
