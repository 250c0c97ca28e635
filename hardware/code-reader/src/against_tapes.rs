//! Serial guns against recorded sessions: what the driver makes of every read of its line.
//!
//! The tapes in `tests/tapes` were recorded over the kernel's real serial lines;
//! `MOTCUA_RECORD_TAPES=2026-11-27 cargo test -p code-reader tapes` records them anew, with that
//! date. A real gun is recorded by `kioskctl code test --record`. All persons are invented.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hardware_api::{CodeReader, DeviceError, Sight};
use serialport::{SerialPort, TTYPort};
use transport::{Connect, Recording, Replay, Serial, TapeHead, read_tape};

use crate::framing::GAP;
use crate::serial_gun::SerialGun;

const RECORD: &str = "MOTCUA_RECORD_TAPES";
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(5);
const CARD: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021";

/// The gun on its tape, or the one that is being recorded.
struct Played {
    reader: SerialGun,
    /// Its end of the line, and the name that stays when it comes back.
    gun: Option<(Option<TTYPort>, PathBuf)>,
}

impl Played {
    /// Sends something; on a tape it is sent.
    fn send(&mut self, bytes: &[u8]) {
        if let Some((Some(gun), _)) = &mut self.gun {
            gun.write_all(bytes).unwrap();
        }
    }

    fn pull(&mut self) {
        if let Some((gun, path)) = &mut self.gun {
            fs::remove_file(path).unwrap();
            *gun = None;
        }
    }

    fn plug_in(&mut self) {
        if let Some((gun, path)) = &mut self.gun {
            *gun = Some(line_at(path));
        }
    }

    fn code(&mut self) -> Vec<u8> {
        match self.reader.next(LONG).unwrap() {
            Some(Sight::Code(code)) => code.bytes,
            Some(Sight::View(_)) | None => panic!("a code should have come"),
        }
    }

    fn nothing(&mut self) {
        assert_eq!(self.reader.next(SHORT), Ok(None));
    }

    fn is_gone(&mut self) -> bool {
        matches!(self.reader.next(SHORT), Err(DeviceError::Gone { .. }))
    }
}

fn line_at(path: &Path) -> TTYPort {
    let (gun, kiosk) = TTYPort::pair().unwrap();
    symlink(kiosk.name().unwrap(), path).unwrap();
    gun
}

/// `gap` is the pause that ends a code: a long one where a busy machine must not end it.
fn session(tape: &str, story: &str, gap: Duration, play: impl FnOnce(&mut Played)) {
    let path = tapes().join(tape).with_extension("jsonl");
    if let Some(date) = std::env::var_os(RECORD) {
        let head = TapeHead {
            device: "a gun at a pseudo-terminal".to_owned(),
            firmware: "unknown".to_owned(),
            date: date.into_string().unwrap(),
            story: story.to_owned(),
        };
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("gun");
        let gun = line_at(&at);
        let line: Box<dyn Connect> = Box::new(Serial::new(at.to_str().unwrap(), 9600));
        let recording = Recording::new(line, File::create(path).unwrap(), &head);
        let reader = SerialGun::over(Box::new(recording)).with_gap(gap);
        return play(&mut Played { reader, gun: Some((Some(gun), at)) });
    }
    let (head, steps) = read_tape(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(head.story, story, "the tape is of another story");
    let replay = Replay::new(&head, steps);
    let reader = SerialGun::over(Box::new(replay.clone())).with_gap(gap);
    play(&mut Played { reader, gun: None });
    assert_eq!(replay.finish(), Ok(()));
}

fn tapes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes")
}

#[test]
fn a_card_in_many_reads_is_one_code() {
    session("split-reads", "one card in reads of seven bytes, letters cut in two", LONG, |it| {
        it.nothing();
        let sent = format!("\x02{CARD}\r\n");
        let (last, parts) = {
            let mut parts: Vec<_> = sent.as_bytes().chunks(7).collect();
            (parts.pop().unwrap(), parts)
        };
        for part in parts {
            it.send(part);
            it.nothing();
        }
        it.send(last);
        assert_eq!(it.code(), CARD.as_bytes());
        it.nothing();
    });
}

#[test]
fn bytes_that_are_no_utf_8_are_handed_on_untouched() {
    session("bad-utf-8", "a card with a letter cut off, then a good one", LONG, |it| {
        it.nothing();
        let broken = CARD.as_bytes().split(|byte| *byte == 0x85).next().unwrap();
        it.send(&[broken, b"\xFF|15011999|Nam||20052021\r"].concat());
        assert_eq!(it.code(), [broken, b"\xFF|15011999|Nam||20052021"].concat());
        it.send(format!("{CARD}\r").as_bytes());
        assert_eq!(it.code(), CARD.as_bytes());
    });
}

#[test]
fn a_pause_ends_a_code_without_suffix() {
    session("no-suffix", "a gun in factory state sends no suffix", GAP, |it| {
        it.nothing();
        it.send(CARD.as_bytes());
        assert_eq!(it.code(), CARD.as_bytes());
        it.nothing();
    });
}

#[test]
fn a_gun_pulled_inside_a_code_is_gone_and_read_again() {
    session("pulled-inside", "the gun is pulled inside a code and comes back", LONG, |it| {
        it.nothing();
        it.send(b"00109900");
        it.nothing();
        it.pull();
        assert!(it.is_gone());
        assert!(it.is_gone(), "it is still away");
        it.plug_in();
        it.nothing();
        it.send(format!("{CARD}\r").as_bytes());
        assert_eq!(it.code(), CARD.as_bytes(), "nothing of the cut code is left");
    });
}

#[test]
fn a_code_that_is_held_is_told_once() {
    session("repeated", "one card sent three times, then a ticket", LONG, |it| {
        it.nothing();
        it.send(format!("{CARD}\r{CARD}\r{CARD}\rMOTCUA1:T:H40.16:2026-11-21:A001\r").as_bytes());
        assert_eq!(it.code(), CARD.as_bytes());
        assert_eq!(it.code(), b"MOTCUA1:T:H40.16:2026-11-21:A001");
        it.nothing();
    });
}

#[test]
fn every_tape_is_played() {
    for entry in fs::read_dir(tapes()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(include_str!("against_tapes.rs").contains(&format!("\"{name}\"")), "{name}");
        assert!(read_tape(&fs::read_to_string(&path).unwrap()).is_ok(), "{name}");
    }
}
