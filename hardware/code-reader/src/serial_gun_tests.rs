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

/// Fault: code · a gun's line delivers one code in many reads, cut anywhere → put together until its end comes
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

/// Fault: code · a gun lost its settings and sends no suffix → a pause of 300 ms ends the code
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

/// Fault: code · the kiosk is too busy to look at a gun's line in the middle of a code, for longer than the pause that ends one → the code is read whole
#[test]
fn a_code_is_whole_although_its_line_was_looked_at_late() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let gap = Duration::from_millis(50);
    let mut reader = SerialGun::open(&path, 115_200).unwrap().with_gap(gap);
    let (first, second) = CARD.split_at(60);
    gun.write_all(first.as_bytes()).unwrap();
    assert_eq!(reader.next(SHORT), Ok(None));
    gun.write_all(format!("{second}\r").as_bytes()).unwrap();
    std::thread::sleep(gap * 3);
    assert_eq!(bytes(reader.next(LONG).unwrap()), CARD.as_bytes());
    assert_eq!(reader.next(SHORT), Ok(None));
}

/// Fault: code · a gun sends bytes that are no UTF-8, and one code many times → handed on untouched, told once
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

/// Fault: code · a gun is pulled in the middle of a code → gone, the half is dropped, and it is read again when it is back
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

/// Fault: code · the gun that is set up is not plugged in → gone at once
#[test]
fn a_gun_that_is_not_there_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gun").to_str().unwrap().to_owned();
    let error = SerialGun::open(&path, 9600).err();
    assert_eq!(error, Some(DeviceError::Gone { device: path }));
}

/// Writes to the gun's end as fast as the line takes it.
fn flood(mut gun: TTYPort, bytes: Vec<u8>) -> std::thread::JoinHandle<TTYPort> {
    gun.set_timeout(LONG).unwrap();
    std::thread::spawn(move || {
        gun.write_all(&bytes).unwrap();
        gun
    })
}

/// Fault: code · a gun sends a megabyte of noise → nothing of it is kept beyond 4 KiB, no code longer than that is told, and the next code is read
#[test]
fn a_megabyte_of_noise_is_survived_and_the_next_code_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (gun, path) = plug_in(folder.path());
    let mut reader = SerialGun::open(&path, 115_200).unwrap().with_gap(LONG);
    let mut seed = 7_u32;
    let mut noise: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(seed >> 24).unwrap()
    })
    .take(1 << 20)
    .collect();
    // Half of it without a single end, so that a code would grow without one.
    for byte in noise.iter_mut().take(1 << 19) {
        *byte = (*byte).max(b' ');
    }
    noise[1 << 19] = b'\r';
    noise.extend_from_slice(format!("\r\n\x02{CARD}\r").as_bytes());
    let sender = flood(gun, noise);
    let began = Instant::now();
    loop {
        let code = bytes(reader.next(LONG).unwrap());
        assert!(code.len() <= crate::MAX_CODE_BYTES);
        if code == CARD.as_bytes() {
            break;
        }
        assert!(began.elapsed() < LONG * 3, "the card was lost in the noise");
    }
    drop(sender.join().unwrap());
}

/// Fault: code · a gun's USB line comes back under another number → found again by its lasting name, without a restart
#[test]
fn a_gun_that_comes_back_under_another_number_is_found_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let first = std::fs::read_link(&path).unwrap();
    let mut reader = SerialGun::open(&path, 115_200).unwrap();
    gun.write_all(b"one\r").unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"one");
    // The new line is there before the old one is let go: the kernel cannot give it its number.
    let (mut again, _) = plug_in(folder.path());
    drop(gun);
    assert_ne!(std::fs::read_link(&path).unwrap(), first);
    assert_eq!(reader.next(LONG), Err(DeviceError::Gone { device: path.clone() }));
    assert_eq!(reader.next(SHORT), Ok(None), "it is back");
    again.write_all(b"two\r").unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"two");
}

/// Fault: code · a citizen holds a card to a gun while nobody is asked for one → it is thrown away, and is no later citizen's
#[test]
fn what_comes_while_the_gun_rests_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let (mut gun, path) = plug_in(folder.path());
    let mut reader = SerialGun::open(&path, 115_200).unwrap();
    reader.rest();
    gun.write_all(b"early\r").unwrap();
    gun.write_all(b"earlier still\rhalf of").unwrap();
    let began = Instant::now();
    while began.elapsed() < GAP / 2 {
        assert_eq!(reader.is_there(), Ok(()));
    }
    gun.write_all(b" one\rwanted\r").unwrap();
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"half of one");
    assert_eq!(bytes(reader.next(LONG).unwrap()), b"wanted");
    drop(gun);
    assert_eq!(reader.is_there(), Err(DeviceError::Gone { device: path }));
}
