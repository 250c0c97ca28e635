//! Identifying by the chip of the ID card, on the real card stack: pcscd, its virtual reader, the
//! driver in its worker, and a chip in software that speaks what real ones speak.

use std::{path::Path, process::Command};

use domain::{
    Evidence,
    screen::{ChipFault, ChipPage, DossierPlace, Identify, IdentifyState, KeyFault, Page},
    touch::Touch,
};
use lab::{CardField, Hall, Player};

use super::stage::{CARD, PROCEDURE, Stage, Steps as _, eventually, on};
use crate::journey;

/// To the page on which one identifies, once a chip is offered there.
fn to_identify(player: &mut Player) {
    player.arrive();
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
    player
        .wait_for_page("a chip offered", |page| matches!(page, Page::Identify(it) if it.chip))
        .unwrap();
}

/// From there to the page that wants the card, opened with its printed code.
fn show_code(hall: &Hall, player: &mut Player) {
    player.touch(Touch::ChipInstead);
    shows(player, |page| matches!(page, ChipPage::Key { .. }));
    hall.simulator.gun.present(CARD.as_bytes());
    shows(player, |page| matches!(page, ChipPage::Lay { .. }));
}

fn shows(player: &mut Player, wished: impl Fn(&ChipPage) -> bool) {
    player
        .wait_for_page("a page about the chip", |page| {
            matches!(page, Page::Identify(Identify { state: IdentifyState::Chip(chip), .. })
                if wished(chip))
        })
        .unwrap();
}

fn knows(player: &mut Player, evidence: Evidence) {
    player
        .wait_for_page("a known person", |page| {
            matches!(page, Page::Identify(Identify { state: IdentifyState::Known(person), .. })
                if person.name == "Nguyễn Văn An" && person.evidence == evidence)
        })
        .unwrap();
}

fn field(hall: &Hall) -> CardField {
    hall.card.clone().unwrap()
}

/// Ends the service as if it had crashed.
fn kill_service() {
    let pid = std::fs::read_to_string("/run/pcscd/pcscd.pid").unwrap();
    let pid = pid.trim_matches(|c: char| !c.is_ascii_digit());
    assert!(Command::new("kill").args(["-KILL", pid]).status().unwrap().success());
    for left in ["pcscd.comm", "pcscd.pid"] {
        std::fs::remove_file(Path::new("/run/pcscd").join(left)).unwrap();
    }
}

journey!(
    a_chip_fills_the_form_and_the_dossier_is_received,
    Stage::WithCard(&[]),
    |hall, player| {
        to_identify(player);
        show_code(hall, player);
        field(hall).lay("").unwrap();
        shows(player, |page| matches!(page, ChipPage::Reading { percent } if *percent > 20));
        assert!(player.words().iter().any(|word| word.contains("Đang đọc thẻ")));
        knows(player, Evidence::ChipTrusted);
        assert!(player.words().iter().any(|word| word.contains("lấy lại thẻ")));
        field(hall).pull();
        player.touch(Touch::Next);
        let Page::Form(form) = player.screen().page.clone() else { panic!("no form") };
        assert!(form.questions.iter().any(|it| it.from_card && it.value == "Nguyễn Văn An"));
        player.fill_form();
        player.scan_papers(hall);
        let Page::Summary(summary) = player.screen().page.clone() else { panic!("no summary") };
        assert_eq!(summary.person.evidence, Evidence::ChipTrusted);
        player.touch(Touch::Submit);
        player
            .wait_for_page("the province's receipt", |page| {
                matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
            })
            .unwrap();
    }
);

journey!(
    /// Fault: card · the card is taken away while it is read → a sentence, and it is read when it lies there again
    a_card_taken_away_too_early_is_read_the_next_time,
    Stage::WithCard(&[]),
    |hall, player| {
        to_identify(player);
        show_code(hall, player);
        for command in [1, 6, 10] {
            field(hall).lay(&format!("drop@{command}")).unwrap();
            shows(player, |page| *page == ChipPage::Lay { removed: true });
            assert!(player.words().iter().any(|word| word.contains("lấy ra quá sớm")));
            eventually("the card is away", || !field(hall).is_lying());
            player.touch(Touch::Back);
            knows(player, Evidence::Code);
            player.touch(Touch::ChipInstead);
            shows(player, |page| *page == ChipPage::Lay { removed: false });
        }
        field(hall).lay("").unwrap();
        knows(player, Evidence::ChipTrusted);
    }
);

journey!(
    /// Fault: card · the digits that should open the chip are wrong → asked for again, then read
    wrong_digits_are_asked_for_again,
    Stage::WithCard(&[]),
    |hall, player| {
        to_identify(player);
        player.touch(Touch::ChipInstead);
        for _ in 0..6 {
            player.touch(Touch::PinDigit(7));
        }
        field(hall).lay("").unwrap();
        shows(player, |page| {
            matches!(page, ChipPage::Key { fault: Some(KeyFault::Wrong), .. })
        });
        assert!(player.words().iter().any(|word| word.contains("không mở được")));
        hall.simulator.gun.present(CARD.as_bytes());
        knows(player, Evidence::ChipTrusted);
    }
);

journey!(
    /// Fault: card · pcscd is killed while a card is read → a sentence, and on with the code; back by itself
    a_card_service_that_dies_leaves_the_code_and_comes_back,
    Stage::WithCard(&[]),
    |hall, player| {
        to_identify(player);
        show_code(hall, player);
        field(hall).lay("slow:400").unwrap();
        shows(player, |page| matches!(page, ChipPage::Reading { .. }));
        kill_service();
        shows(player, |page| *page == ChipPage::Failed(ChipFault::NoReader));
        assert!(player.words().iter().any(|word| word.contains("không hoạt động")));
        player.touch(Touch::Back);
        knows(player, Evidence::Code);
        field(hall).pull();
        player
            .wait_for_page("no chip offered", |page| {
                matches!(page, Page::Identify(it) if !it.chip)
            })
            .unwrap();
        let mut service = Command::new("pcscd").arg("--foreground").spawn().unwrap();
        player
            .wait_for_page("a chip offered again", |page| {
                matches!(page, Page::Identify(it) if it.chip)
            })
            .unwrap();
        player.touch(Touch::ChipInstead);
        field(hall).lay("").unwrap();
        knows(player, Evidence::ChipTrusted);
        service.kill().unwrap();
        service.wait().unwrap();
    }
);

/// Fault: card · the chip's data was altered after it was signed → nothing of it is taken, staff are told
#[test]
fn a_forged_card_tells_nothing_to_the_visit_and_an_event_to_staff() {
    let path =
        concat!(module_path!(), "::a_forged_card_tells_nothing_to_the_visit_and_an_event_to_staff");
    let said = on(Stage::WithCard(&["--tamper", "dg13"]), path, |hall, player| {
        to_identify(player);
        show_code(hall, player);
        field(hall).lay("").unwrap();
        shows(player, |page| *page == ChipPage::Failed(ChipFault::NotGenuine));
        player.touch(Touch::Next);
        shows(player, |page| *page == ChipPage::Failed(ChipFault::NotGenuine));
        player.touch(Touch::Back);
        knows(player, Evidence::Code);
    });
    assert!(said.is_none_or(|said| said.contains("CRD-003")));
}

journey!(
    /// Fault: card · an answer is altered or cut to one byte → a sentence and another try; refused → gone round
    a_card_that_misbehaves_leaves_another_try_and_the_code,
    Stage::WithCard(&[]),
    |hall, player| {
        to_identify(player);
        show_code(hall, player);
        for fault in ["mac@12", "short@8"] {
            field(hall).lay(fault).unwrap();
            shows(player, |page| matches!(page, ChipPage::Failed(why) if why.is_worth_another_try()));
            field(hall).pull();
            player.touch(Touch::Next);
            shows(player, |page| matches!(page, ChipPage::Lay { .. }));
        }
        field(hall).lay("6982@9").unwrap();
        knows(player, Evidence::ChipTrusted);
    }
);

/// The questions about the card's lines, and what is answered.
fn lines(player: &mut Player, wanted: &[&str]) -> Vec<String> {
    let asked = |page: &ChipPage| {
        let ChipPage::Lines { questions, .. } = page else { return None };
        Some(questions.iter().map(|it| (it.id.clone(), it.value.clone())).collect::<Vec<_>>())
    };
    shows(player, |page| {
        asked(page)
            .is_some_and(|it| it.iter().map(|(id, _)| id.as_str()).eq(wanted.iter().copied()))
    });
    let Page::Identify(Identify { state: IdentifyState::Chip(page), .. }) = &player.screen().page
    else {
        unreachable!()
    };
    asked(page).unwrap().into_iter().map(|(_, value)| value).collect()
}

/// Types on the pad that is on the screen.
fn press(player: &mut Player, digits: &str) {
    for digit in digits.chars() {
        player.tap(&digit.to_string()).unwrap();
    }
}

journey!(
    /// Fault: card · the chip knows only BAC, for which the printed code says too little → the expiry is asked for, all again when it was wrong, and the chip is read
    an_older_chip_is_opened_with_what_is_printed_on_the_card,
    Stage::WithCard(&["--opens-with", "bac"]),
    |hall, player| {
        to_identify(player);
        show_code(hall, player);
        field(hall).lay("").unwrap();
        lines(player, &["card-expiry"]);
        assert!(player.words().iter().any(|word| word.contains("thuộc loại cũ hơn")));
        press(player, "15012038");
        player.tap("Tiếp tục").unwrap();
        let typed = lines(player, &["personal-number", "birth-date", "card-expiry"]);
        assert_eq!(typed, ["001099000001", "15/01/1999", "15/01/2038"], "nothing is lost");
        assert!(player.words().iter().any(|word| word.contains("đối chiếu từng mục")));
        let (question, text) = ("card-expiry".to_owned(), "15/01/2039".to_owned());
        player.touch(Touch::Answer { question, text });
        player.touch(Touch::Next);
        knows(player, Evidence::ChipTrusted);
        player.touch(Touch::Next);
        let Page::Form(form) = player.screen().page.clone() else { panic!("no form") };
        assert!(form.questions.iter().any(|it| it.from_card && it.value == "Nguyễn Văn An"));
    }
);

journey!(
    /// Fault: card · the chip knows only BAC and has no expiry, and nobody showed its code → number and birth are typed, the expiry is left empty, and the chip is read
    an_older_chip_that_is_good_for_ever_is_opened_without_its_code,
    Stage::WithCard(&["--opens-with", "bac", "--person", "niem"]),
    |hall, player| {
        to_identify(player);
        player.touch(Touch::ChipInstead);
        for digit in [0, 0, 0, 0, 0, 3] {
            player.touch(Touch::PinDigit(digit));
        }
        field(hall).lay("").unwrap();
        lines(player, &["personal-number", "birth-date", "card-expiry"]);
        press(player, "066040000003");
        player.touch(Touch::FocusQuestion(1));
        press(player, "29021940");
        player.tap("Tiếp tục").unwrap();
        player
            .wait_for_page("a known person", |page| {
                matches!(page, Page::Identify(Identify { state: IdentifyState::Known(person), .. })
                    if person.evidence == Evidence::ChipTrusted)
            })
            .unwrap();
    }
);
