//! Both readers against the simulated devices, fault by fault, and mended again.

use std::time::{Duration, Instant};

use hardware_api::{CodeReader, DeviceError, Sight};
use simulator::{CameraFault, CameraSim, GunFault, GunSim};

use crate::camera::Camera;
use crate::serial_gun::SerialGun;

const CARD: &str =
    "066204000003||Y Blắc Niê|29022004|Nam|Buôn Thử, Xã Ea Mẫu, Tỉnh Đắk Lắk|04102024||||";
const LONG: Duration = Duration::from_secs(20);

fn next(reader: &mut dyn CodeReader) -> Vec<u8> {
    loop {
        match reader.next(LONG).unwrap() {
            Some(Sight::Code(code)) => return code.bytes,
            Some(Sight::View(_)) => {}
            None => panic!("a code should have come"),
        }
    }
}

/// Asks until the reader says that its device is gone, or has it again.
fn wait_until_gone(reader: &mut dyn CodeReader, gone: bool) {
    let began = Instant::now();
    loop {
        let answer = reader.next(Duration::from_millis(20));
        match answer {
            Err(DeviceError::Gone { .. }) if gone => return,
            Ok(_) if !gone => return,
            _ => assert!(began.elapsed() < LONG, "{answer:?}"),
        }
    }
}

#[test]
fn the_gun_is_read_through_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let path = gun.path().to_str().unwrap();
    // A busy machine may hold the simulated gun up in the middle of a code.
    let mut reader = SerialGun::open(path, 9600).unwrap().with_gap(Duration::from_secs(2));
    for (turn, fault) in GunFault::ALL.into_iter().enumerate() {
        gun.set_fault(Some(fault));
        match fault {
            GunFault::NoSuffix => {
                gun.present(CARD.as_bytes());
                assert_eq!(next(&mut reader), CARD.as_bytes());
            }
            GunFault::Garbled => {
                gun.present(CARD.as_bytes());
                let bytes = next(&mut reader);
                assert_eq!(bytes.len(), CARD.len());
                assert_ne!(bytes, CARD.as_bytes());
            }
            GunFault::Unplugged => wait_until_gone(&mut reader, true),
            GunFault::PulledInside => {
                gun.present(CARD.as_bytes());
                wait_until_gone(&mut reader, true);
            }
        }
        gun.set_fault(None);
        wait_until_gone(&mut reader, false);
        let ticket = format!("MOTCUA1:T:H40.16:2026-11-21:A00{turn}");
        gun.present(ticket.as_bytes());
        assert_eq!(next(&mut reader), ticket.as_bytes(), "after {fault:?}");
    }
}

/// Fault: code · a gun sends a card in Windows-1258, in UTF-16 or with a letter cut off → handed on byte for byte for others to judge, and the next card is read
#[test]
fn a_gun_with_a_wrong_encoding_is_handed_on_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let gun = GunSim::start(&folder.path().join("gun")).unwrap();
    let mut reader = SerialGun::open(gun.path().to_str().unwrap(), 9600).unwrap();
    // Half of the letter ă ends a code, as each ETX does.
    let card = CARD.replace("Niê", "Văn Niê");
    let wide: Vec<u8> = card.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let etx = wide.iter().position(|byte| *byte == 0x03).unwrap();
    let windows =
        b"066204000003||Y Bl\xe3\xccc Ni\xea|29022004|Nam|Bu\xf4n Th\xfd\xd2|04102024||||";
    for (sent, codes) in [
        (windows.as_slice(), &[windows.as_slice()][..]),
        (b"066204000003||Y Bl\xe1\xba", &[b"066204000003||Y Bl\xe1\xba"]),
        (&wide, &[&wide[..etx], &wide[etx + 1..]]),
    ] {
        gun.present(sent);
        for code in codes {
            assert_eq!(next(&mut reader), *code);
        }
        // Another one each time: one that is held is told once.
        let right = format!("{card}{}", sent.len());
        gun.present(right.as_bytes());
        assert_eq!(next(&mut reader), right.as_bytes());
    }
}

#[test]
fn the_camera_sees_through_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    let camera = CameraSim::start(&folder.path().join("camera")).unwrap();
    let mut reader = Camera::image(camera.frame()).unwrap();
    for (turn, fault) in CameraFault::ALL.into_iter().enumerate() {
        let payload = format!("{CARD}{turn}");
        camera.hold(&crate::image_camera::tests::png(payload.as_bytes())).unwrap();
        camera.set_fault(Some(fault)).unwrap();
        match fault {
            CameraFault::Unplugged => wait_until_gone(&mut reader, true),
            CameraFault::Truncated => {
                // A view of what was there before may still wait.
                let began = Instant::now();
                while let Some(sight) = reader.next(Duration::from_millis(100)).unwrap() {
                    assert!(matches!(sight, Sight::View(_)) && began.elapsed() < LONG, "{sight:?}");
                }
            }
        }
        camera.set_fault(None).unwrap();
        assert_eq!(next(&mut reader), payload.as_bytes(), "after {fault:?}");
    }
}
