//! The driver against recorded sessions: each byte it sends, and what it makes of each answer.
//!
//! The tapes in `tests/tapes` were recorded from the emulator in `tests/rig`, over the real network
//! and the real serial lines; `MOTCUA_RECORD_TAPES=2026-11-27 cargo test -p printer-escpos tapes`
//! records them anew, with that date. A real printer is recorded by
//! `kioskctl printer test --record`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hardware_api::{
    Block, Cover, Cutter, DeviceError, Paper, PaperSlip, PaperWidth, Printed, Printer,
    PrinterStatus, TextSize,
};
use transport::{Connect, Recording, Replay, Serial, TapeHead, Tcp, read_tape};

use crate::rig::AtLine;
use crate::{EscPos, Model};

const RECORD: &str = "MOTCUA_RECORD_TAPES";
const DEADLINE: Duration = Duration::from_secs(60);
/// For printers that never answer: less than the driver waits before it asks again, so that a busy
/// machine asks as often as a quiet one.
const SHORT: Duration = Duration::from_millis(250);

/// The printer on its tape, or the one that is being recorded.
struct Played {
    printer: EscPos,
    rig: Option<AtLine>,
}

impl Played {
    /// Does something to the printer; on a tape it is done.
    fn tell(&mut self, line: &str) {
        if let Some(at) = &mut self.rig {
            at.rig.tell(line);
            // What it sends on its own is there before the next question.
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn print(&mut self) -> Result<Printed, DeviceError> {
        self.printer.print(&number(), DEADLINE)
    }
}

/// Short, since every dot of it stands on each tape.
fn number() -> PaperSlip {
    PaperSlip {
        blocks: vec![
            Block::Center(TextSize::Giant, "A105".to_owned()),
            Block::Left(TextSize::Normal, "Quầy số 5 – Hộ tịch".to_owned()),
            Block::Qr("https://mc.example.vn/v/A105".to_owned()),
        ],
    }
}

/// Plays `tape`, or records it from a printer that is started with `words`.
fn session(tape: &str, model: &str, story: &str, words: &[&str], play: impl FnOnce(&mut Played)) {
    let path = folder().join(tape).with_extension("jsonl");
    let model = Model::by_name(model).unwrap();
    let over = |line, rig| Played {
        printer: EscPos::over(line, model.clone(), PaperWidth::Mm80).unwrap(),
        rig,
    };
    if let Some(date) = std::env::var_os(RECORD) {
        let head = TapeHead {
            device: format!("printer_line.py as {}", model.name),
            firmware: "unknown".to_owned(),
            date: date.into_string().unwrap(),
            story: story.to_owned(),
        };
        let rig = AtLine::start(words);
        let line: Box<dyn Connect> = match words.first() {
            Some(&"tcp") => Box::new(Tcp::new(&rig.device)),
            _ => Box::new(Serial::new(&rig.device, 115_200)),
        };
        let recording = Recording::new(line, File::create(&path).unwrap(), &head);
        return play(&mut over(Box::new(recording), Some(rig)));
    }
    let (head, steps) = read_tape(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(head.story, story, "the tape is of another story");
    let replay = Replay::new(&head, steps);
    play(&mut over(Box::new(replay.clone()), None));
    assert_eq!(replay.finish(), Ok(()));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes")
}

const T20: &str = "epson-tm-t20";
const WELL: PrinterStatus =
    PrinterStatus { paper: Paper::Ok, cover: Cover::Closed, cutter: Cutter::Ok, online: true };

#[test]
fn a_ticket_is_printed_whole() {
    session("whole", T20, "prints one ticket, asked before and after", &["tcp"], |it| {
        assert_eq!(it.printer.status(DEADLINE), Ok(WELL));
        assert_eq!(it.print(), Ok(Printed::Whole));
        assert_eq!(it.print(), Ok(Printed::Whole));
        assert_eq!(it.printer.told(), Ok(None));
    });
}

#[test]
fn a_printer_without_names_for_prints_proves_them_by_what_it_answers_behind_the_data() {
    let story = "prints one ticket on a printer that knows GS r and no GS ( H";
    session("whole-by-gs-r", "xprinter-xp-80", story, &["tcp"], |it| {
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn paper_that_ends_in_a_ticket_is_told_and_the_ticket_printed_anew() {
    let story = "the paper ends in the picture, a roll is put in, the ticket is printed anew";
    session("paper-out-mid-ticket", T20, story, &["tcp", "--fault", "paper-out@11000"], |it| {
        let out = PrinterStatus { paper: Paper::Out, online: false, ..WELL };
        assert_eq!(it.print(), Ok(Printed::Broken(out)));
        it.tell("mend");
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn reports_and_answers_on_one_line_are_told_apart() {
    let story = "reports of lid and paper come between the answers to questions";
    session("reports-among-answers", T20, story, &["pty"], |it| {
        assert_eq!(it.printer.status(DEADLINE), Ok(WELL));
        it.tell("set paper-low");
        let low = PrinterStatus { paper: Paper::Low, ..WELL };
        assert_eq!(it.printer.told(), Ok(Some(low)));
        it.tell("when proof cover");
        assert_eq!(it.print(), Ok(Printed::Whole), "the report comes with the proof");
        let open = PrinterStatus { cover: Cover::Open, online: false, ..low };
        assert_eq!(it.printer.told(), Ok(Some(open)));
        assert_eq!(it.printer.status(DEADLINE), Ok(open));
        it.tell("unset cover");
        assert_eq!(it.printer.status(DEADLINE), Ok(low));
    });
}

#[test]
fn a_line_that_stands_still_for_a_moment_loses_no_byte() {
    let story = "the line takes nothing for 0.7 s at the begin of the data";
    session("stall", T20, story, &["pty", "--fault", "stall@100:0.7"], |it| {
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn a_printer_that_answers_nothing_any_more_is_silent() {
    let story = "no answer comes from the middle of the picture on, then it works again";
    session("mute", T20, story, &["tcp", "--fault", "mute@11000"], |it| {
        let printed = it.printer.print(&number(), SHORT);
        assert!(matches!(printed, Err(DeviceError::Silent { .. })), "{printed:?}");
        it.tell("mend");
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn a_line_that_hangs_up_is_gone_and_the_ticket_printed_anew() {
    let story = "the serial line hangs up in the picture and is away, then it is back";
    session("hang-up", T20, story, &["pty", "--fault", "hangup@11000"], |it| {
        let gone = |printed| matches!(printed, Err(DeviceError::Gone { .. }));
        assert!(gone(it.print()));
        assert!(gone(it.print()), "it is still away");
        it.tell("mend");
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn a_connection_lost_while_idle_costs_no_ticket() {
    let story = "the printer tears its idle connection down, and takes a new one";
    session("reset-while-idle", T20, story, &["tcp"], |it| {
        assert_eq!(it.printer.status(DEADLINE), Ok(WELL));
        it.tell("fault reset");
        assert_eq!(it.print(), Ok(Printed::Whole));
    });
}

#[test]
fn a_stuck_knife_is_told() {
    let story = "the knife sticks at the cut";
    session("knife", T20, story, &["tcp"], |it| {
        assert_eq!(it.printer.status(DEADLINE), Ok(WELL));
        it.tell("when cut knife");
        let printed = it.print();
        assert!(
            matches!(printed, Ok(Printed::Broken(PrinterStatus { cutter: Cutter::Jammed, .. }))),
            "{printed:?}"
        );
    });
}

#[test]
fn every_tape_is_played_and_is_of_nobody() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (head, steps) = read_tape(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(include_str!("against_tapes.rs").contains(&format!("\"{name}\"")), "{name}");
        assert!(!head.device.is_empty() && !head.firmware.is_empty(), "{name}");
        assert_eq!(head.date.len(), "2026-11-27".len(), "{name}");
        assert!(steps.windows(2).all(|two| two[0].ms <= two[1].ms), "{name}");
        count += 1;
    }
    assert_eq!(count, 9);
}
