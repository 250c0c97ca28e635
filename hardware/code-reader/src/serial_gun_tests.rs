//! The serial gun over real pseudo-terminals.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::{GAP, SerialGun};
use hardware_api::{CodeReader, DeviceError, Sight};
use serialport::{SerialPort, TTYPort};

const CARD: &str =
    "001099000001|012345678|Nguyễn Văn An|15011999|Nam|Số 1 Phố Thử, Hoàn Kiếm, Hà Nội|20052021";
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(5);

/// The gun's end of the line, and where the kiosk finds the other.
fn plug_in(folder: &Path) -> (TTYPort, String) {
    let (gun, slave) = TTYPort::pair().unwrap();
    let path = folder.join("gun");
    let _ = std::fs::remove_file(&path);
    symlink(slave.name().unwrap(), &path).unwrap();
    (gun, path.to_str().unwrap().to_owned())
}

fn bytes(seen: Option<Sight>) -> Vec<u8> {
    match seen {
        Some(Sight::Code(code)) => code.bytes,
        Some(Sight::View(_)) | None => panic!("a code should have come"),
    }
}

#[test]
fn a_card_is_read_whole_however_the_line_cuts_it() {
    for chunk in [1, 2, 7, 64, 1000] {
        let folder = tempfile::tempdir().unwrap();
        let (mut gun, path) = plug_in(folder.path());
        let mut reader = SerialGun::open(&path, 9600).unwrap().with_gap(LONG);
        let sent = format!("{CARD}\r\n");
        let mut seen = None;
        for part in sent.as_bytes().chunks(chunk) {
            gun.write_all(part).unwrap();
            seen = seen.or(reader.next(Duration::ZERO).unwrap());
        }
        let seen = if seen.is_some() { seen } else { reader.next(LONG).unwrap() };
        assert_eq!(bytes(seen), CARD.as_bytes(), "in parts of {chunk}");
        assert_eq!(reader.next(SHORT), Ok(None));
    }
}

#[test]
fn a_code_without_suffix_ends_with_a_pause() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let mut reader = SerialGun::open(&path, 115_200).unwrap();
    let began = Instant::now();
    gun.write_all(CARD.as_bytes()).unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), CARD.as_bytes());
    assert!(began.elapsed() >= GAP);
}

#[test]
fn bad_bytes_pass_and_repeats_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let mut reader = SerialGun::open(&path, 115_200).unwrap();
    gun.write_all(b"\xff\x80\x00x\rsame\rsame\rsame\rother\r").unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"\xff\x80\x00x");
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"same");
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"other");
    assert_eq!(reader.next(SHORT), Ok(None));
}

#[test]
fn a_gun_pulled_in_the_middle_of_a_code_is_gone_and_read_again_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let mut reader = SerialGun::open(&path, 115_200).unwrap().with_gap(LONG);
    gun.write_all(b"00109900").unwrap();
    assert_eq!(reader.next(SHORT), Ok(None));
    drop(gun);
    let gone = Err(DeviceError::Gone { device: path.clone() });
    assert_eq!(reader.next(LONG), gone);
    assert_eq!(reader.next(SHORT), gone, "it is still away");
    let (mut gun, _) = plug_in(folder.path());
    assert_eq!(reader.next(SHORT), Ok(None));
    gun.write_all(b"whole\r").unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"whole", "nothing of the cut code is left");
}

#[test]
fn a_gun_that_is_not_there_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gun").to_str().unwrap().to_owned();
    let error = SerialGun::open(&path, 9600).err();
    assert_eq!(error, Some(DeviceError::Gone { device: path }));
}
