//! Readers and cards that work.

use std::time::Duration;

use card_reader::{Extended, PcscReader};
use hardware_api::{CardReader, CardStatus, DeviceError};

use crate::stage::{SOON, alone, bytes, eventually, reader, send, wait_for};

/// Chooses the application and one of its files.
fn choose(reader: &mut PcscReader, file: &str) {
    let card = reader.connect(SOON).unwrap();
    assert!(card.max_response >= 258);
    for command in [String::from("00A4040008F04D4F5443554101"), format!("00A4020C02{file}")] {
        assert_eq!(send(reader, &command), Ok(bytes("9000")), "{command}");
    }
}

fn picture() -> Vec<u8> {
    (0..3000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

#[test]
fn readers_are_listed_by_the_names_the_service_gives_them() {
    alone("reading::readers_are_listed_by_the_names_the_service_gives_them", |stage| {
        let names = eventually("readers", || {
            card_reader::list(SOON).ok().filter(|names| !names.is_empty())
        });
        assert_eq!(names, ["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        stage.kill_service();
        let gone = card_reader::list(SOON);
        assert!(matches!(gone, Err(DeviceError::Gone { .. })), "{gone:?}");
    });
}

#[test]
fn a_card_is_noticed_when_it_comes_and_when_it_goes() {
    alone("reading::a_card_is_noticed_when_it_comes_and_when_it_goes", |stage| {
        let mut reader = reader();
        wait_for(&mut reader, CardStatus::Empty);
        assert_eq!(reader.status(Duration::ZERO), Ok(CardStatus::Empty));
        let none = reader.connect(SOON);
        assert!(matches!(none, Err(DeviceError::Gone { .. })), "{none:?}");
        let card = stage.lay(&mut reader, &[]);
        let info = reader.connect(SOON).unwrap();
        assert_eq!((info.atr, info.contactless), (bytes("3B8180018080"), true));
        assert_eq!(reader.status(Duration::ZERO), Ok(CardStatus::Present));
        drop(card);
        wait_for(&mut reader, CardStatus::Empty);
        // An unwanted reader does not count.
        let mut other = PcscReader::new("another make", Extended::default());
        assert_eq!(other.status(Duration::ZERO), Ok(CardStatus::NoReader));
    });
}

#[test]
fn a_card_that_was_changed_between_two_looks_is_told_as_gone_once() {
    alone("reading::a_card_that_was_changed_between_two_looks_is_told_as_gone_once", |stage| {
        let (mut reader, mut watcher) = (reader(), reader());
        let first = stage.lay(&mut reader, &[]);
        drop(first);
        wait_for(&mut watcher, CardStatus::Empty);
        let _second = stage.lay(&mut watcher, &[]);
        let told = [(); 2].map(|()| reader.status(Duration::ZERO).unwrap());
        assert_eq!(told, [CardStatus::Empty, CardStatus::Present]);
    });
}

#[test]
fn a_whole_file_comes_in_one_answer_where_the_reader_can() {
    alone("reading::a_whole_file_comes_in_one_answer_where_the_reader_can", |stage| {
        let mut short = reader();
        let _card = stage.lay(&mut short, &[]);
        choose(&mut short, "0102");
        let part = send(&mut short, "00B0000000").unwrap();
        assert_eq!(part, [&picture()[..256], &[0x90, 0]].concat());
        short.disconnect();

        let mut long = PcscReader::new("virtual", Extended::Always);
        assert_eq!(long.connect(SOON).unwrap().max_response, 65_538);
        choose(&mut long, "0102");
        let whole = send(&mut long, "00B00000000BB8").unwrap();
        assert_eq!(whole, [&picture()[..], &[0x90, 0]].concat());
    });
}

#[test]
fn a_card_with_contacts_that_gives_its_answer_in_parts_is_read_in_one_call() {
    alone(
        "reading::a_card_with_contacts_that_gives_its_answer_in_parts_is_read_in_one_call",
        |stage| {
            let mut reader = reader();
            let _card = stage.lay(&mut reader, &["--contacts"]);
            assert!(!reader.connect(SOON).unwrap().contactless);
            choose(&mut reader, "0102");
            let part = send(&mut reader, "00B0000064").unwrap();
            assert_eq!(part, [&picture()[..100], &[0x90, 0]].concat());
            assert_eq!(stage.commands().iter().filter(|c| c.starts_with("00c0")).count(), 7);
            // 3,000 bytes end 8 bytes after this offset: the card tells the right length.
            let end = send(&mut reader, "00B00BB010").unwrap();
            assert_eq!(end, [&picture()[2992..], &[0x90, 0]].concat());
            assert!(stage.commands().contains(&"00b00bb008".to_owned()));
        },
    );
}

#[test]
fn a_session_that_ended_leaves_the_card_as_if_new() {
    alone("reading::a_session_that_ended_leaves_the_card_as_if_new", |stage| {
        let mut reader = reader();
        let _card = stage.lay(&mut reader, &[]);
        choose(&mut reader, "0101");
        assert!(send(&mut reader, "00B0000000").unwrap().ends_with(&[0x90, 0]));
        reader.disconnect();
        let unconnected = send(&mut reader, "00B0000000");
        assert!(matches!(unconnected, Err(DeviceError::Gone { .. })), "{unconnected:?}");
        reader.connect(SOON).unwrap();
        assert_eq!(send(&mut reader, "00B0000000"), Ok(bytes("6986")), "no file is chosen");
    });
}
