//! Identifying by an e-card on the real card stack: pcscd, its virtual reader, the driver in its
//! worker, and a card without contacts from `tests/rig`.

use domain::{
    Evidence,
    screen::{CodeFault, IdentifyState, Page},
    touch::Touch,
};
use lab::{Hall, Player};

use super::stage::{
    self, CARD, PROCEDURE, Stage, Steps as _,
    reader::{Inserted, lay},
};

/// Plays the journey of this name; gives what the log said.
fn play(test: &str, journey: impl FnOnce(&Hall, &mut Player)) -> Option<String> {
    stage::on(Stage::WithECards, &format!("{}::{test}", module_path!()), journey)
}

fn to_identify(player: &mut Player) {
    player.arrive();
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
    player.wait_for_page("a reader", |page| matches!(page, Page::Identify(it) if it.chip)).unwrap();
}

fn card(options: &[&str]) -> Inserted {
    lay("nfc_card.py", options)
}

fn knows(player: &mut Player) {
    player
        .wait_for_page("a known person", |page| {
            matches!(page, Page::Identify(it) if matches!(&it.state,
                IdentifyState::Known(person) if person.name == "Nguyễn Văn An"
                    && person.evidence == Evidence::Code))
        })
        .unwrap();
}

/// The page says what is wrong with the card, in a sentence, and typing is offered. Then the card
/// is taken away.
fn is_told(player: &mut Player, what: &str, fault: CodeFault, words: &str, take: impl FnOnce()) {
    player
        .wait_for_page(what, |page| {
            matches!(page, Page::Identify(it)
                if it.state == IdentifyState::Waiting { fault: Some(fault) })
        })
        .unwrap();
    let all = player.words();
    assert!(all.iter().any(|it| it.contains(words)), "{what}: {words} is not among {all:?}");
    take();
    player.touch(Touch::TypeInstead);
    assert!(matches!(&player.screen().page, Page::Identify(it)
        if matches!(it.state, IdentifyState::Typing { .. })));
    player.touch(Touch::Back);
}

const UNREADABLE: (CodeFault, &str) = (CodeFault::UnreadableCard, "Không đọc được thẻ");
const UNKNOWN: (CodeFault, &str) = (CodeFault::OtherCard, "không nhận ra thẻ này");

#[test]
fn an_ecard_identifies_as_its_profile_says_and_nobody_asks_for_its_serial_number() {
    let name = "an_ecard_identifies_as_its_profile_says_and_nobody_asks_for_its_serial_number";
    play(name, |hall, player| {
        let log = hall.data().join("commands");
        to_identify(player);
        let _card = card(&["--log", log.to_str().unwrap()]);
        knows(player);
        player.touch(Touch::Next);
        let Page::Form(form) = player.screen().page.clone() else { panic!("no form") };
        let from_card = |it: &domain::screen::QuestionView| {
            it.from_card && it.value == "Số 10 phố Thử Nghiệm, Hà Nội"
        };
        assert!(form.questions.iter().any(from_card), "the residence is on the card too");
        let commands = std::fs::read_to_string(log).unwrap();
        assert!(commands.starts_with("00a40400"), "{commands}");
        assert!(!commands.contains("ffca"), "the serial number was asked for: {commands}");
    });
}

/// Fault: card · an e-card is taken away while it is read → a sentence; laid down again, it identifies
#[test]
fn an_ecard_taken_away_too_early_identifies_when_it_lies_there_again() {
    let name = "an_ecard_taken_away_too_early_identifies_when_it_lies_there_again";
    play(name, |_, player| {
        to_identify(player);
        for command in ["drop@1", "drop@2", "drop@3"] {
            let gone = card(&["--fault", command]);
            is_told(player, command, CodeFault::RemovedCard, "lấy ra quá sớm", || drop(gone));
            let back = card(&[]);
            knows(player);
            drop(back);
            player.touch(Touch::CodeInstead);
        }
    });
}

/// Fault: card · an e-card's file lacks a digit, is in other letters or no TLV, it refuses, answers with one byte or falls silent → a sentence, an event, and the code is read
#[test]
fn an_ecard_that_says_nothing_usable_leaves_the_other_ways() {
    let name = "an_ecard_that_says_nothing_usable_leaves_the_other_ways";
    let said = play(name, |hall, player| {
        to_identify(player);
        for options in [
            ["--spoiled", "number"],
            ["--spoiled", "name"],
            ["--spoiled", "all"],
            ["--fault", "refuse@2"],
            ["--fault", "refuse@3"],
            ["--fault", "short@3"],
            ["--fault", "mute@3"],
        ] {
            let bad = card(&options);
            is_told(player, options[1], UNREADABLE.0, UNREADABLE.1, || drop(bad));
        }
        hall.simulator.gun.present(CARD.as_bytes());
        knows(player);
    });
    assert!(said.is_none_or(|said| said.contains("CRD-004")));
}

/// Fault: card · a card with another application, or of a kind that is not known, lies on the reader → a sentence, an event, and typing or another card
#[test]
fn a_card_of_another_kind_is_said_to_be_unknown() {
    let said = play("a_card_of_another_kind_is_said_to_be_unknown", |_, player| {
        to_identify(player);
        for options in [&["--application", "F04D4F5443554102"][..], &["--contacts"]] {
            let other = card(options);
            is_told(player, options[0], UNKNOWN.0, UNKNOWN.1, || drop(other));
        }
        let _card = card(&[]);
        knows(player);
    });
    assert!(said.is_none_or(|said| said.contains("CRD-007")));
}

/// Fault: card · an ID card is laid down where an e-card would be → the citizen is told how its chip is read, and it is read
#[test]
fn an_id_card_where_an_ecard_would_be_is_told_its_own_way() {
    play("an_id_card_where_an_ecard_would_be_is_told_its_own_way", |hall, player| {
        to_identify(player);
        hall.card.as_ref().unwrap().lay("").unwrap();
        let field = hall.card.clone().unwrap();
        is_told(player, "an ID card", CodeFault::ChipCard, "Đây là thẻ căn cước", || {
            field.pull();
        });
        field.lay("").unwrap();
        player.touch(Touch::ChipInstead);
        hall.simulator.gun.present(CARD.as_bytes());
        player
            .wait_for_page("a verified person", |page| {
                matches!(page, Page::Identify(it) if matches!(&it.state,
                    IdentifyState::Known(person) if person.evidence == Evidence::ChipTrusted))
            })
            .unwrap();
    });
}
