//! What happens to readers and cards, and what the driver makes of it.

use std::time::{Duration, Instant};

use hardware_api::{CardReader, CardStatus, DeviceError};

use crate::stage::{SOON, alone, bytes, reader, send, wait_for};

const SELECT: &str = "00A4040008F04D4F5443554101";

/// Fault: card · the card keeps silent for ever → the call ends at its deadline, and the next card is read
#[test]
fn a_mute_card_costs_its_deadline_and_nothing_more() {
    alone("faults::a_mute_card_costs_its_deadline_and_nothing_more", |stage| {
        let mut reader = reader();
        let card = stage.lay(&mut reader, &["--fault", "mute@2"]);
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
        let (begin, deadline) = (Instant::now(), Duration::from_millis(700));
        let silent = reader.transmit(&bytes(SELECT), deadline);
        let name = "virtual pcd".to_owned();
        assert_eq!(silent, Err(DeviceError::Silent { device: name, after: deadline }));
        assert!(begin.elapsed() < SOON / 2);
        drop(card);
        wait_for(&mut reader, CardStatus::Empty);
        let _card = stage.lay(&mut reader, &[]);
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
    });
}

/// Fault: card · the card thinks for half a second before each answer → it is waited for
#[test]
fn a_slow_card_is_waited_for() {
    alone("faults::a_slow_card_is_waited_for", |stage| {
        let mut reader = reader();
        let _card = stage.lay(&mut reader, &["--fault", "slow:500"]);
        reader.connect(SOON).unwrap();
        let begin = Instant::now();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
        assert!(begin.elapsed() >= Duration::from_millis(500));
    });
}

/// Fault: card · the card is pulled while it has a command → `Gone`, then the reader is empty
#[test]
fn a_card_pulled_at_any_command_is_told_as_gone() {
    alone("faults::a_card_pulled_at_any_command_is_told_as_gone", |stage| {
        let mut reader = reader();
        for at in 1..=3 {
            let _card = stage.lay(&mut reader, &["--fault", &format!("drop@{at}")]);
            reader.connect(SOON).unwrap();
            for _ in 1..at {
                assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
            }
            for _ in 0..2 {
                let gone = send(&mut reader, SELECT);
                let card = DeviceError::Gone { device: "the card in virtual pcd".into() };
                assert_eq!(gone, Err(card), "at command {at}");
            }
            wait_for(&mut reader, CardStatus::Empty);
        }
    });
}

/// Fault: card · the card answers with one byte → `Nonsense`, and the next command works
#[test]
fn an_answer_of_one_byte_is_refused() {
    alone("faults::an_answer_of_one_byte_is_refused", |stage| {
        let mut reader = reader();
        let _card = stage.lay(&mut reader, &["--fault", "short@1"]);
        reader.connect(SOON).unwrap();
        let short = send(&mut reader, SELECT);
        assert!(matches!(short, Err(DeviceError::Nonsense { .. })), "{short:?}");
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
    });
}

/// Fault: card · the card refuses with 6982 → the caller gets that answer, the session goes on
#[test]
fn a_refusal_is_an_answer() {
    alone("faults::a_refusal_is_an_answer", |stage| {
        let mut reader = reader();
        let _card = stage.lay(&mut reader, &["--fault", "refuse@1"]);
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("6982")));
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
    });
}

/// Fault: card · pcscd is killed in a session and comes back → `Gone`, `NoReader`, then as before
#[test]
fn a_service_that_died_is_found_again_by_itself() {
    alone("faults::a_service_that_died_is_found_again_by_itself", |stage| {
        let mut reader = reader();
        let card = stage.lay(&mut reader, &[]);
        reader.connect(SOON).unwrap();
        stage.kill_service();
        let gone = send(&mut reader, SELECT);
        assert_eq!(gone, Err(DeviceError::Gone { device: "the PC/SC service".into() }));
        wait_for(&mut reader, CardStatus::NoReader);
        let gone = reader.connect(SOON);
        assert_eq!(gone, Err(DeviceError::Gone { device: "the PC/SC service".into() }));
        drop(card);
        stage.start_service();
        wait_for(&mut reader, CardStatus::Empty);
        let _card = stage.lay(&mut reader, &[]);
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, SELECT), Ok(bytes("9000")));
    });
}

/// Fault: card · pcscd is killed while a card is waited for → the wait goes on until it is back
#[test]
fn waiting_for_a_card_outlives_the_service() {
    alone("faults::waiting_for_a_card_outlives_the_service", |stage| {
        let mut reader = reader();
        wait_for(&mut reader, CardStatus::Empty);
        let waiting = std::thread::spawn(move || (reader.status(SOON), reader));
        std::thread::sleep(Duration::from_millis(300));
        stage.kill_service();
        let (told, mut reader) = waiting.join().unwrap();
        assert_eq!(told, Ok(CardStatus::NoReader));
        let waiting = std::thread::spawn(move || reader.status(SOON));
        stage.start_service();
        assert_eq!(waiting.join().unwrap(), Ok(CardStatus::Empty));
    });
}

/// Fault: card · the reader is unplugged and plugged in again → `NoReader`, then as before
#[test]
fn a_reader_that_was_away_is_found_again_by_itself() {
    alone("faults::a_reader_that_was_away_is_found_again_by_itself", |stage| {
        let mut reader = reader();
        wait_for(&mut reader, CardStatus::Empty);
        // The service finds readers without USB only when it starts.
        stage.kill_service();
        stage.unplug_reader();
        stage.start_service();
        wait_for(&mut reader, CardStatus::NoReader);
        let gone = reader.connect(SOON);
        assert_eq!(gone, Err(DeviceError::Gone { device: "virtual pcd".into() }));
        stage.kill_service();
        stage.plug_reader_in();
        stage.start_service();
        wait_for(&mut reader, CardStatus::Empty);
        let _card = stage.lay(&mut reader, &[]);
        assert!(reader.connect(SOON).is_ok());
    });
}

/// Fault: card · another program has the card for itself → `Busy` at the deadline, then it is ours
#[test]
fn a_card_that_another_program_has_is_waited_for_until_the_deadline() {
    alone("faults::a_card_that_another_program_has_is_waited_for_until_the_deadline", |stage| {
        let (mut reader, mut other) = (reader(), reader());
        let _card = stage.lay(&mut reader, &[]);
        other.connect(SOON).unwrap();
        let busy = reader.connect(Duration::from_secs(1));
        assert_eq!(busy, Err(DeviceError::Busy { device: "virtual pcd".into() }));
        let ours = std::thread::spawn(move || reader.connect(SOON).map(|_| ()));
        std::thread::sleep(Duration::from_millis(300));
        other.disconnect();
        assert_eq!(ours.join().unwrap(), Ok(()));
    });
}
