//! Every fault at every command of a whole reading.

use std::time::Duration;

use identity::chip::{Access, Can, ChipError, ChipReading};

use crate::emulator::{Card, Emulator, can, everything, lines};

/// A card of either way to open, with the key for it and the number of commands of a reading.
fn cards() -> Vec<(Emulator, Access, usize)> {
    // A small picture keeps the number of commands down and still takes several.
    let pace = ["--face", "4000", "--buffer", "1000"];
    let bac = ["--face", "4000", "--buffer", "1000", "--opens-with", "bac"];
    [(&pace[..], can()), (&bac, lines())]
        .into_iter()
        .map(|(options, access)| {
            let emulator = Emulator::start(options);
            let mut card = emulator.card();
            let reading = card.read(access.clone()).unwrap();
            assert_eq!(usize::try_from(reading.round_trips), Ok(card.sent.len()));
            (emulator, access, card.sent.len())
        })
        .collect()
}

/// Reads with a fault at each command in turn.
fn at_each_command(
    kind: &str,
    prepare: fn(&Card),
    judge: fn(usize, Result<ChipReading, ChipError>, &Card),
) {
    for (emulator, access, commands) in cards() {
        for number in 1..=commands {
            let mut card = emulator.card_with(&format!("{kind}@{number}"));
            prepare(&card);
            let outcome = card.read(access.clone());
            judge(number, outcome, &card);
        }
    }
}

fn nothing(_: &Card) {}

/// Fault: card · pulled at each command in turn → typed error with what was read until then
#[test]
fn a_card_pulled_at_any_command_leaves_what_was_known() {
    at_each_command("drop", nothing, |number, outcome, card| {
        let Err(ChipError::CardLeft { known }) = outcome else {
            panic!("pulled at {number}: {outcome:?}");
        };
        assert_eq!(card.sent.len(), number, "nothing is sent to a card that left");
        // Opening takes the first eight; the lines are the second file after that.
        assert!(known.mrz.is_none() || number > 8, "{number}");
        assert_eq!(known.mrz.is_some(), card.percents.last() >= Some(&40), "{number}");
        assert!(known.citizen.is_none() || known.mrz.is_some());
    });
}

/// Fault: card · falls silent at each command in turn → typed error within the link's deadline
#[test]
fn a_card_that_falls_silent_is_given_up() {
    let patience = |card: &Card| card.patience(Duration::from_millis(120));
    at_each_command("mute", patience, |number, outcome, _| {
        assert!(matches!(outcome, Err(ChipError::Silent { .. })), "{number}: {outcome:?}");
    });
}

/// Fault: card · answers with one byte → typed error, nothing more is sent
#[test]
fn an_answer_of_one_byte_ends_the_reading() {
    at_each_command("short", nothing, |number, outcome, card| {
        assert!(matches!(outcome, Err(ChipError::Malformed { .. })), "{number}: {outcome:?}");
        assert_eq!(card.sent.len(), number);
    });
}

/// Fault: card · an answer carries a wrong MAC → the session ends, nothing of that answer is used
#[test]
fn an_answer_with_a_wrong_code_is_never_used() {
    at_each_command("mac", nothing, |number, outcome, card| match outcome {
        Err(ChipError::Altered { .. }) => assert_eq!(card.sent.len(), number),
        // Before the session there is no code; under fresh keys it means that they are not held.
        Ok(reading) => {
            let is_copy = reading.checks.chip_authentication.is_failed();
            assert!(number <= 8 || is_copy, "{number}: {reading:?}");
        }
        Err(error) => panic!("{number}: {error:?}"),
    });
}

/// Fault: card · refuses a command with 6982 and forgets the session → opened again, or a typed error
#[test]
fn a_refusal_at_any_command_is_survived_or_told() {
    at_each_command("6982", nothing, |number, outcome, _| match outcome {
        Ok(reading) => {
            assert!(reading.facts().is_some(), "{number}");
            assert!(!reading.checks.passive.integrity.is_failed(), "{number}");
            // Refusing is not failing: a chip that said no was not shown to be a copy.
            assert!(!reading.checks.chip_authentication.is_failed(), "{number}");
        }
        Err(
            ChipError::WrongKey { .. }
            | ChipError::Refused { .. }
            | ChipError::NeedsMrz
            | ChipError::Altered { .. },
        ) => {}
        Err(error) => panic!("{number}: {error:?}"),
    });
}

/// Fault: card · answers with noise → typed error or a reading that claims no more than is proven
#[test]
fn noise_at_any_command_is_borne() {
    at_each_command("garbage", nothing, |number, outcome, _| match outcome {
        // Until the session begins, noise is passed over where no data was wanted; under fresh
        // keys it means that they are not held.
        Ok(reading) => {
            assert!(number <= 8 || reading.checks.chip_authentication.is_failed(), "{number}");
        }
        Err(ChipError::Malformed { .. } | ChipError::Altered { .. }) => {}
        Err(error) => panic!("{number}: {error:?}"),
    });
}

/// Fault: card · each answer takes 100 ms longer → read all the same
#[test]
fn a_slow_card_is_waited_for() {
    let emulator = Emulator::start(&["--face", "4000"]);
    let reading = emulator.card_with("slow:100").read_for(can(), everything(), &emulator.trust());
    assert!(reading.unwrap().checks.passive.finding().is_proven());
}

/// Fault: card · the access number is that of another card (6300) → wrong key, tried exactly once
#[test]
fn a_wrong_key_is_tried_once() {
    let wrong = Access::Can(Can::parse("123456").unwrap());
    for (options, access) in [
        (&[][..], wrong.clone()),
        (&["--quirk", "warned"], wrong),
        (&["--opens-with", "bac", "--person", "binh"], lines()),
        (&["--person", "binh"], lines()),
    ] {
        let emulator = Emulator::start(options);
        let mut card = emulator.card();
        let outcome = card.read(access);
        assert!(matches!(outcome, Err(ChipError::WrongKey { .. })), "{options:?}: {outcome:?}");
        let tries = |instruction| card.sent.iter().filter(|sent| **sent == instruction).count();
        assert_eq!(tries(0x22) + tries(0x84), 1, "{options:?}");
    }
}

#[test]
fn reading_stops_before_the_next_command_when_told() {
    use identity::chip::{self, Continue, Request, TrustStore};
    let emulator = Emulator::start(&[]);
    let trust = TrustStore::default();
    let at = crate::emulator::now();
    let request = Request { access: can(), want: everything(), trust: &trust, at };
    let mut card = emulator.card();
    let mut left = 5;
    let outcome = chip::read(&mut card, &request, &crate::emulator::random(), &mut |_| {
        left -= 1;
        if left < 0 { Continue::Stop } else { Continue::Yes }
    });
    assert!(matches!(outcome, Err(ChipError::Stopped)));
    assert_eq!(card.sent.len(), 5);
}

#[test]
fn a_broken_source_of_randomness_is_no_reason_to_hang() {
    use identity::chip::{self, Continue, Request, TrustStore};
    let emulator = Emulator::start(&[]);
    let trust = TrustStore::default();
    let at = crate::emulator::now();
    let request = Request { access: can(), want: everything(), trust: &trust, at };
    let mut go_on = |_| Continue::Yes;
    let outcome = chip::read(&mut emulator.card(), &request, &|bytes| bytes.fill(0xFF), &mut go_on);
    assert!(matches!(outcome, Err(ChipError::NoRandomness)), "{outcome:?}");
}
