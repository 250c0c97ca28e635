//! Plugs: pulled, put back, held by others, chosen among several.

use std::time::{Duration, Instant};

use hardware_api::{Cover, DeviceError, Paper, PaperWidth, Printed, Printer};
use transport::{Connect as _, Usb, UsbPick, list_usb_printers};

use super::faults::{assert_recovers, printer};
use crate::rig::on_usb;
use crate::usual_ticket::ticket;
use crate::{EscPos, Model};

const DEADLINE: Duration = Duration::from_secs(60);

fn picked(pick: UsbPick) -> EscPos {
    let model = Model::by_name("epson-tm-t20").unwrap();
    EscPos::open_usb(0x04b8, 0x0e15, pick, model, PaperWidth::Mm80).unwrap()
}

/// Fault: printer · it is pulled in the middle of a picture → gone, at once and not at the deadline
#[test]
fn a_printer_pulled_in_the_middle_is_gone_at_once() {
    on_usb(&["--fault", "unplug@20000"], |rig| {
        let began = Instant::now();
        let printed = printer().print(&ticket(), DEADLINE);
        assert!(matches!(printed, Err(DeviceError::Gone { .. })), "{printed:?}");
        assert!(began.elapsed() < DEADLINE / 4, "{:?}", began.elapsed());
        assert_eq!(rig.report().papers, 0);
    });
}

/// Fault: printer · it is pulled and put back, and comes under another number → the next call finds it and prints
#[test]
fn a_printer_put_back_prints_on_the_next_call() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        for at in [0, 20_000] {
            let at = rig.report().taken + at;
            rig.tell(&format!("fault unplug@{at}"));
            let gone = printer.print(&ticket(), DEADLINE);
            assert!(matches!(gone, Err(DeviceError::Gone { .. })), "{gone:?}");
            let gone = printer.status(DEADLINE);
            assert!(matches!(gone, Err(DeviceError::Gone { .. })), "{gone:?}");
            rig.tell("plug");
            assert_recovers(rig, &mut printer);
        }
    });
}

/// Fault: printer · an idle one is pulled → seen within a fraction of a second, without a question
#[test]
fn an_idle_printer_that_is_pulled_is_missed_without_a_question() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        assert!(printer.status(DEADLINE).unwrap().can_print());
        assert_eq!(printer.told(), Ok(None));
        rig.tell("unplug");
        assert!(matches!(printer.told(), Err(DeviceError::Gone { .. })));
    });
}

/// Fault: printer · the lid of an idle one is opened, its paper taken out → told by itself, without a question
#[test]
fn an_idle_printer_tells_lid_and_paper_by_itself() {
    on_usb(&[], |rig| {
        let mut printer = printer();
        assert!(printer.status(DEADLINE).unwrap().can_print());
        printer.told().unwrap();
        let asked = rig.report().taken;
        rig.tell("set cover");
        assert_eq!(printer.told().unwrap().unwrap().cover, Cover::Open);
        rig.tell("unset cover");
        rig.tell("set paper-out");
        let told = printer.told().unwrap().unwrap();
        assert_eq!((told.cover, told.paper), (Cover::Closed, Paper::Out));
        assert_eq!(printer.told(), Ok(None));
        assert_eq!(rig.report().taken, asked);
    });
}

/// Fault: printer · the kernel's usblp holds it → it steps aside while the line is open and comes back
#[test]
fn the_kernels_driver_steps_aside_and_comes_back() {
    on_usb(&["--fault", "bound"], |rig| {
        for _ in 0..2 {
            assert_eq!(printer().print(&ticket(), DEADLINE), Ok(Printed::Whole));
        }
        assert_eq!(rig.report().papers, 2);
    });
}

/// Fault: printer · another program holds it → busy, and it prints once it is let go
#[test]
fn a_printer_that_another_program_holds_is_busy() {
    on_usb(&["--fault", "claimed"], |rig| {
        let mut printer = printer();
        let status = printer.status(DEADLINE);
        assert!(matches!(status, Err(DeviceError::Busy { .. })), "{status:?}");
        assert_recovers(rig, &mut printer);
    });
}

/// Fault: printer · the process that printed is killed in the middle of a picture → the next one ends the picture, cuts the strip off and prints
#[test]
fn a_process_that_begins_ends_the_picture_of_one_that_was_killed() {
    on_usb(&[], |rig| {
        let soon = Instant::now() + DEADLINE;
        let mut line = Usb::new(0x04b8, 0x0e15, UsbPick::First).connect(soon).unwrap();
        // Three rows on paper, then the head of a picture of 128 rows and its first bytes.
        line.write_all(b"\x1bJ\x03\x1dv0\0\x48\0\x80\0\xff\xff", soon).unwrap();
        drop(line);
        assert_eq!(printer().print(&ticket(), DEADLINE), Ok(Printed::Whole));
        assert_eq!(rig.report().papers, 2);
        rig.assert_last_paper_is_the_ticket();
    });
}

#[test]
fn one_of_several_is_chosen_by_serial_number_or_socket_and_no_other_opened() {
    on_usb(&["--fault", "second"], |rig| {
        for pick in [UsbPick::Serial("0001".into()), UsbPick::Socket("1-1".into())] {
            assert_eq!(picked(pick).print(&ticket(), DEADLINE), Ok(Printed::Whole));
        }
        assert_eq!(rig.report().papers, 2);
        // The twin's device file has nobody behind it, so that opening it fails.
        for pick in [UsbPick::Serial("0002".into()), UsbPick::Serial("X".into())] {
            let status = picked(pick.clone()).status(DEADLINE);
            assert!(matches!(status, Err(DeviceError::Gone { .. })), "{pick:?} {status:?}");
        }
    });
}

#[test]
fn printers_are_listed_while_one_is_held_by_another_program() {
    on_usb(&["--fault", "second", "--fault", "claimed"], |rig| {
        let listed = list_usb_printers();
        let seen: Vec<_> = listed
            .iter()
            .map(|printer| (printer.socket.as_str(), printer.serial.as_deref(), &*printer.name))
            .collect();
        assert_eq!(
            seen,
            [("1-1", Some("0001"), "EPSON TM-T20"), ("1-2", Some("0002"), "EPSON TM-T20")]
        );
        assert_eq!(rig.report().taken, 0);
    });
}
