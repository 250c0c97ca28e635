//! The driver against the simulated printer: every fault at every moment.

use std::time::{Duration, Instant};

use hardware_api::{Cover, Cutter, DeviceError, Paper, PaperWidth, Printed, Printer};
use simulator::{PrinterFault, PrinterLine, PrinterSetup, PrinterSim};

use crate::raster::render;
use crate::usual_ticket::ticket;
use crate::{Bitmap, EscPos, Model};

pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(1500);
/// What drawing and a busy machine may add to a deadline; a hang takes for ever.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn printer(simulated: &PrinterSim) -> EscPos {
    let model = Model::by_name("epson-tm-t20").unwrap();
    EscPos::open_tcp(simulated.address(), model, PaperWidth::Mm80).unwrap()
}

pub(crate) fn simulated() -> PrinterSim {
    PrinterSim::start(&PrinterSetup::default()).unwrap()
}

/// Bytes of a print without trouble.
fn usual_bytes() -> usize {
    let simulated = simulated();
    assert_eq!(printer(&simulated).print(&ticket(), DEADLINE), Ok(Printed::Whole));
    simulated.received().len()
}

fn is_on_paper(simulated: &PrinterSim, picture: &Bitmap) -> bool {
    simulated.tickets().iter().any(|ticket| ticket.bits() == picture.bits())
}

#[test]
fn a_ticket_comes_out_as_it_was_drawn() {
    let simulated = simulated();
    let picture = render(&ticket(), PaperWidth::Mm80);
    let mut printer = printer(&simulated);
    assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
    assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
    let tickets = simulated.tickets();
    assert_eq!(tickets.len(), 2);
    for ticket in &tickets {
        assert!(ticket.bits() == picture.bits());
        assert!(ticket.not_understood().is_empty());
    }
    // 115,200 bit/s carry this in less than the 2.5 s that a citizen is asked to wait. (The first
    // one was led by zeros, as nobody knows what was printed before it.)
    let bytes = tickets[1].bytes().len();
    println!("a usual ticket: {bytes} bytes, {} rows", picture.height());
    assert!(bytes * 10 < 115_200 * 9 / 4, "{bytes} bytes");
}

#[test]
fn every_model_prints_what_it_draws() {
    for name in Model::names() {
        for width in [PaperWidth::Mm58, PaperWidth::Mm80] {
            let model = Model::by_name(name).unwrap();
            let Ok(paper) = model.paper(width) else { continue };
            let simulated = PrinterSim::start(&PrinterSetup {
                dots: u16::try_from(paper.dots).unwrap(),
                dpi: u16::from(model.dpi),
                feed_units_per_dot: if model.sets_motion_units { 2 } else { 1 },
                ..PrinterSetup::default()
            })
            .unwrap();
            let picture = crate::raster::render_on(&ticket(), paper);
            let mut printer = EscPos::open_tcp(simulated.address(), model.clone(), width).unwrap();
            assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole), "{name}");
            if model.cut != crate::Cut::None {
                let tickets = simulated.tickets();
                assert!(tickets[0].bits().starts_with(picture.bits()), "{name} {width:?}");
                assert!(tickets[0].not_understood().is_empty(), "{name} {width:?}");
            }
        }
    }
}

#[test]
fn status_tells_each_fault_or_that_nothing_can_be_told() {
    for fault in PrinterFault::ALL {
        let simulated = simulated();
        let mut printer = printer(&simulated);
        assert!(printer.status(DEADLINE).unwrap().can_print());
        simulated.set_fault(Some(fault));
        wait_for_effect();
        let status = printer.status(if is_mute(fault) { SHORT } else { DEADLINE });
        let told = status.as_ref().map(|status| (status.paper, status.cover, status.online));
        match fault {
            PrinterFault::PaperLow => assert_eq!(told, Ok((Paper::Low, Cover::Closed, true))),
            PrinterFault::PaperOut => assert_eq!(told, Ok((Paper::Out, Cover::Closed, false))),
            PrinterFault::CoverOpen => assert_eq!(told, Ok((Paper::Ok, Cover::Open, false))),
            PrinterFault::Jammed => assert_eq!(told, Ok((Paper::Jammed, Cover::Closed, false))),
            PrinterFault::CutterStuck => {
                assert_eq!(told, Ok((Paper::Ok, Cover::Closed, false)));
                assert_eq!(status.unwrap().cutter, Cutter::Jammed);
            }
            PrinterFault::HeadHot => assert_eq!(told, Ok((Paper::Ok, Cover::Closed, false))),
            PrinterFault::Silent | PrinterFault::Stalled => {
                assert!(matches!(status, Err(DeviceError::Silent { .. })), "{fault:?} {status:?}");
            }
            PrinterFault::Garbled => {
                assert!(matches!(status, Err(DeviceError::Nonsense { .. })), "{status:?}");
            }
            PrinterFault::Unplugged => {
                assert!(matches!(status, Err(DeviceError::Gone { .. })), "{status:?}");
            }
        }
        simulated.set_fault(None);
        wait_for_effect();
        assert!(printer.status(DEADLINE).unwrap().can_print(), "{fault:?} mended");
    }
}

#[test]
fn a_fault_before_printing_sends_nothing_to_paper() {
    for fault in PrinterFault::ALL {
        let simulated = simulated();
        simulated.set_fault(Some(fault));
        wait_for_effect();
        let deadline = if is_mute(fault) { SHORT } else { DEADLINE };
        let began = Instant::now();
        let printed = printer(&simulated).print(&ticket(), deadline);
        if fault.still_prints() {
            assert_eq!(printed, Ok(Printed::Whole), "{fault:?}");
            continue;
        }
        assert!(!matches!(printed, Ok(Printed::Whole)), "{fault:?} {printed:?}");
        assert!(began.elapsed() < deadline + PATIENCE, "{fault:?}");
        // Requests for the status, and the wish to be told changes, were all that came.
        assert!(simulated.received().len() <= 3 + 3 * 4, "{fault:?}");
        assert!(simulated.tickets().is_empty());
    }
}

#[test]
fn a_fault_at_any_byte_is_never_called_whole_unless_the_ticket_lies_in_the_tray() {
    let picture = render(&ticket(), PaperWidth::Mm80);
    let all = usual_bytes();
    // The first requests, the start, inside bands, before and after the cut, the last requests.
    let moments = [4, 13, 25, all / 3, all / 2, all - 40, all - 17, all - 14, all - 1];
    std::thread::scope(|cases| {
        for fault in PrinterFault::ALL {
            let picture = &picture;
            if is_mute(fault) {
                // These are mostly waited for.
                for moment in moments {
                    cases.spawn(move || check_fault_at(fault, moment, picture));
                }
            } else {
                cases.spawn(move || moments.map(|moment| check_fault_at(fault, moment, picture)));
            }
        }
    });
}

fn check_fault_at(fault: PrinterFault, moment: usize, picture: &Bitmap) {
    let simulated = simulated();
    let mut printer = printer(&simulated);
    simulated.fail_after(moment, fault);
    // A printer that answers needs no short deadline; a mute one is waited for until then.
    let deadline = if is_mute(fault) { SHORT } else { DEADLINE };
    let began = Instant::now();
    let printed = printer.print(&ticket(), deadline);
    let took = began.elapsed();
    assert!(took < deadline + PATIENCE, "{fault:?} at {moment}: {took:?}");
    match printed {
        Ok(Printed::Whole) => {
            assert!(is_on_paper(&simulated, picture), "{fault:?} at {moment}: not on paper");
        }
        Ok(Printed::Broken(status)) => {
            assert!(!status.can_print() && !fault.still_prints(), "{fault:?} at {moment}");
        }
        Err(_) => assert!(!fault.still_prints(), "{fault:?} at {moment}: {printed:?}"),
    }
    // Mended, the next ticket is right, whatever the interrupted one left behind.
    simulated.set_fault(None);
    wait_for_effect();
    let before = simulated.tickets().len();
    let again = printer.print(&ticket(), DEADLINE);
    assert_eq!(again, Ok(Printed::Whole), "{fault:?} at {moment}");
    let tickets = simulated.tickets();
    let last = tickets.last().unwrap();
    assert!(tickets.len() > before);
    assert!(last.bits() == picture.bits(), "{fault:?} at {moment}: the ticket after it");
}

fn is_mute(fault: PrinterFault) -> bool {
    matches!(fault, PrinterFault::Silent | PrinterFault::Stalled | PrinterFault::Garbled)
}

/// The simulated printer looks at its switches every few milliseconds.
pub(crate) fn wait_for_effect() {
    std::thread::sleep(Duration::from_millis(80));
}

#[test]
fn a_slow_serial_line_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let simulated = PrinterSim::start(&PrinterSetup {
        line: PrinterLine::Serial(path),
        baud_bps: Some(115_200),
        ..PrinterSetup::default()
    })
    .unwrap();
    let model = Model::by_name("epson-tm-t20").unwrap();
    let address = simulated.address();
    let mut printer = EscPos::open_serial(address, 115_200, model, PaperWidth::Mm80).unwrap();
    let began = Instant::now();
    assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
    // The pty had swallowed the end of it long before; the printer's answer was waited for.
    assert!(began.elapsed() > Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(simulated.tickets().len(), 1);
}

#[test]
fn a_printer_that_left_and_came_back_works_on_the_next_call() {
    let folder = tempfile::tempdir().unwrap();
    for serial in [false, true] {
        let line = if serial {
            PrinterLine::Serial(folder.path().join("printer"))
        } else {
            PrinterSetup::default().line
        };
        let simulated =
            PrinterSim::start(&PrinterSetup { line, ..PrinterSetup::default() }).unwrap();
        let model = Model::by_name("epson-tm-t20").unwrap();
        let address = simulated.address();
        let mut printer = if serial {
            EscPos::open_serial(address, 115_200, model, PaperWidth::Mm80).unwrap()
        } else {
            EscPos::open_tcp(address, model, PaperWidth::Mm80).unwrap()
        };
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole));
        simulated.set_fault(Some(PrinterFault::Unplugged));
        wait_for_effect();
        let gone = printer.status(DEADLINE);
        assert!(matches!(gone, Err(DeviceError::Gone { .. })), "{gone:?}");
        simulated.set_fault(None);
        wait_for_effect();
        assert_eq!(printer.print(&ticket(), DEADLINE), Ok(Printed::Whole), "serial: {serial}");
    }
}
