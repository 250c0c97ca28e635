//! What is held to the gun and before the camera, while both fail in every way.

use std::time::Duration;

use domain::{
    screen::{CodeFault, IdentifyState, LookUpField, LookUpState, Page},
    touch::Touch,
};
use lab::{Hall, Player};
use simulator::{CameraFault, GunFault};

use super::stage::{CARD, PROCEDURE, Stage, Steps as _, eventually, on};

/// Every eighth byte as a disturbed line sends it: no code of any kind.
const NOISE: &[u8] = b"\xd5\x80\x13\xa6\xff\x1b\x00\x7f\xe2\x82\x28\xc3\x09\x9f\xaa\x05\xf0\x9d";

/// As `journey!`, in the form in which the table of faults finds its tests.
fn play(test: &str, journey: impl FnOnce(&Hall, &mut Player)) {
    on(Stage::Plain, &format!("{}::{test}", module_path!()), journey);
}

fn to_identify(player: &mut Player) {
    player.arrive();
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
}

fn fault_is(page: &Page, wanted: Option<CodeFault>) -> bool {
    matches!(page, Page::Identify(i) if i.state == IdentifyState::Waiting { fault: wanted })
}

fn is_known(page: &Page) -> bool {
    matches!(page, Page::Identify(i) if matches!(i.state, IdentifyState::Known(_)))
}

fn hold(hall: &Hall, code: &str) {
    let picture = lab::code_picture(code).unwrap();
    hall.simulator.camera.hold(&picture).unwrap();
}

fn leave(hall: &Hall, player: &mut Player) {
    hall.simulator.camera.remove().unwrap();
    player.touch(Touch::Finish);
    player.skip(Duration::from_secs(5));
}

/// Fault: code · gun and camera are pulled at the page for identifying, and plugged in again → the page says so and offers typing; then the card is read
#[test]
fn readers_pulled_while_identifying_are_said_and_come_back() {
    play("readers_pulled_while_identifying_are_said_and_come_back", |hall, player| {
        to_identify(player);
        assert!(fault_is(&player.screen().page, None));
        hall.simulator.gun.set_fault(Some(GunFault::Unplugged));
        hall.simulator.camera.set_fault(Some(CameraFault::Unplugged)).unwrap();
        player
            .wait_for_page("no reader", |page| fault_is(page, Some(CodeFault::NoReader)))
            .unwrap();
        hall.simulator.camera.set_fault(None).unwrap();
        player.wait_for_page("a reader again", |page| fault_is(page, None)).unwrap();
        hold(hall, CARD);
        player.wait_for_page("a known person", is_known).unwrap();
        leave(hall, player);
        hall.simulator.gun.set_fault(None);
    });
}

/// Fault: code · the camera sends half frames → no picture and no code of them; whole again, the citizen sees the card and it is read
#[test]
fn half_frames_show_nothing_and_whole_ones_do_again() {
    play("half_frames_show_nothing_and_whole_ones_do_again", |hall, player| {
        to_identify(player);
        hall.simulator.camera.set_fault(Some(CameraFault::Truncated)).unwrap();
        hold(hall, CARD);
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_secs(1) {
            player.pump();
            assert!(fault_is(&player.screen().page, None) && player.screen().camera.is_none());
            std::thread::sleep(Duration::from_millis(20));
        }
        hold(hall, "https://example.org/");
        hall.simulator.camera.set_fault(None).unwrap();
        player
            .wait_for("what the camera sees, and what is wrong with it", |screen| {
                screen.camera.is_some() && fault_is(&screen.page, Some(CodeFault::Unknown))
            })
            .unwrap();
        assert!(player.words().iter().any(|word| word == "Hình ảnh từ camera"));
        hold(hall, CARD);
        player.wait_for_page("a known person", is_known).unwrap();
        assert_eq!(player.screen().camera, None, "the picture went with the page");
        leave(hall, player);
    });
}

/// Fault: code · the gun sends noise, then a payment code, a token of an app, a code of nobody, then the card → each is said in a sentence, and the card is read
#[test]
fn what_is_no_card_is_named_and_the_card_is_read_after_it() {
    play("what_is_no_card_is_named_and_the_card_is_read_after_it", |hall, player| {
        to_identify(player);
        let token = "8f3a1c0b9d2e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f80912a3b4";
        for (code, fault) in [
            (NOISE, CodeFault::Unknown),
            (b"00020138140010A000000727530370463044ACE".as_slice(), CodeFault::Payment),
            (token.as_bytes(), CodeFault::AppToken),
            (b"MOTCUA1:T:H40.16:2026-11-21:A001", CodeFault::Ours),
            (b"https://example.org/", CodeFault::Unknown),
        ] {
            hall.simulator.gun.present(code);
            player
                .wait_for_page(&format!("{fault:?}"), |page| fault_is(page, Some(fault)))
                .unwrap();
        }
        hall.simulator.gun.present(CARD.as_bytes());
        player.wait_for_page("a known person", is_known).unwrap();
        leave(hall, player);
    });
}

/// Fault: code · the gun sends the citizen's card in Windows-1258, in UTF-16, with a letter cut off → a sentence and never a person with a wrong name; sent right, it is read
#[test]
fn a_card_in_a_wrong_encoding_is_nobody_and_the_right_one_is_read() {
    play("a_card_in_a_wrong_encoding_is_nobody_and_the_right_one_is_read", |hall, player| {
        to_identify(player);
        let letter = CARD.char_indices().find(|(_, letter)| !letter.is_ascii()).unwrap();
        let cut = CARD.as_bytes().split_at(letter.0 + 1);
        let cut = [cut.0, &cut.1[letter.1.len_utf8() - 1..]].concat();
        let wide: Vec<u8> = CARD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let windows =
            b"001099000001|012345678|Nguy\xea\xden V\xe3n An|15011999|Nam|H\xe0 N\xf4\xf2i|20052021";
        for (code, fault) in [
            (windows.as_slice(), CodeFault::Garbled),
            (&wide, CodeFault::Unknown),
            (&cut, CodeFault::Garbled),
        ] {
            hall.simulator.gun.present(code);
            player
                .wait_for_page(&format!("{fault:?}"), |page| fault_is(page, Some(fault)))
                .unwrap();
        }
        hall.simulator.gun.present(CARD.as_bytes());
        player.wait_for_page("a known person", is_known).unwrap();
        leave(hall, player);
    });
}

/// Fault: code · gun and camera are pulled at the page for looking up, or noise and an ID card come instead of a slip → a sentence, and typing goes on; plugged in again, a code is taken
#[test]
fn readers_that_fail_while_looking_up_leave_typing_and_come_back() {
    play("readers_that_fail_while_looking_up_leave_typing_and_come_back", |hall, player| {
        player.arrive();
        player.touch(Touch::LookUpDossier);
        let state = |wanted: LookUpState| move |page: &Page| matches!(page, Page::LookUp(l) if l.state == wanted);
        for wrong in [NOISE, CARD.as_bytes()] {
            hall.simulator.gun.present(wrong);
            player.wait_for_page("no code of a slip", state(LookUpState::NotACode)).unwrap();
            player.touch(Touch::LookUpText(LookUpField::Code, String::new()));
            assert!(state(LookUpState::Typing)(&player.screen().page));
        }
        hall.simulator.gun.set_fault(Some(GunFault::PulledInside));
        hall.simulator.gun.present(b"MOTCUA1:S:019a7f00:K7QX");
        eventually("the gun is pulled", || !hall.simulator.gun.path().exists());
        hall.simulator.camera.set_fault(Some(CameraFault::Unplugged)).unwrap();
        player.touch(Touch::LookUpText(LookUpField::Code, "H40.16-20261121-0000001".into()));
        player.touch(Touch::LookUpText(LookUpField::Factor, "0001".into()));
        player.touch(Touch::Next);
        player.wait_for_page("nothing found", state(LookUpState::NotFound)).unwrap();
        hall.simulator.camera.set_fault(None).unwrap();
        hall.simulator.gun.set_fault(None);
        hold(hall, "H40.16-20261121-0000002");
        player
            .wait_for("the code in its field, and the picture", |screen| {
                screen.camera.is_some()
                    && matches!(&screen.page, Page::LookUp(l) if l.code.ends_with("0000002"))
            })
            .unwrap();
        leave(hall, player);
        assert_eq!(player.screen().camera, None, "the wipe took the picture");
    });
}
