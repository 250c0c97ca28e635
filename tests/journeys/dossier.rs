//! A citizen hands in a dossier.

use std::time::Duration;

use domain::{
    Language,
    screen::{DossierPlace, Page, PinWarning, SignState, SlipState},
    touch::Touch,
};

use super::stage::{PROCEDURE, Stage, Steps as _};
use crate::journey;

journey!(a_dossier_is_delivered_and_its_slip_printed, Stage::Plain, |hall, player| {
    player.arrive();
    player.to_summary(hall);
    player.touch(Touch::Submit);
    player
        .wait_for_page("the province's receipt and the slip", |page| {
            matches!(page, Page::Received(received) if received.slip == SlipState::Printed
                && matches!(received.place, DossierPlace::Province(_)))
        })
        .unwrap();
    assert_eq!(hall.simulator.printer.tickets().len(), 1);
    let sealed = std::fs::read_dir(hall.outbox()).unwrap().flatten();
    let left = sealed.filter(|f| f.path().extension().is_some_and(|e| e == "age")).count();
    super::stage::eventually("the sealed copy is deleted", || {
        left == 0 || {
            std::fs::read_dir(hall.outbox())
                .unwrap()
                .flatten()
                .all(|f| f.path().extension().is_none_or(|e| e != "age"))
        }
    });
});

journey!(a_token_signs_every_document_after_a_wrong_pin, Stage::WithToken, |hall, player| {
    let type_pin = |player: &mut lab::Player, pin: [u8; 6]| {
        for digit in pin {
            player.touch(Touch::PinDigit(digit));
        }
        player.touch(Touch::PinEnter);
    };
    let asks = |warning: Option<PinWarning>| {
        move |page: &Page| {
            matches!(page, Page::Sign(sign)
                if matches!(&sign.state, SignState::EnterPin { warning: w, .. } if *w == warning))
        }
    };
    player.arrive();
    player.identify(hall, "1.001612");
    player.fill_form();
    player.scan_papers(hall);
    assert!(matches!(&player.screen().page, Page::Sign(s) if s.state == SignState::InsertToken));
    hall.token.set_inserted(true);
    player.wait_for_page("the PIN pad", asks(None)).unwrap();
    type_pin(player, [9, 9, 9, 9, 9, 9]);
    player.wait_for_page("the wrong PIN said", asks(Some(PinWarning::WrongPin))).unwrap();
    type_pin(player, [1, 2, 3, 4, 5, 6]);
    player
        .wait_for_page(
            "signatures",
            |page| matches!(page, Page::Sign(s) if matches!(s.state, SignState::Signed { .. })),
        )
        .unwrap();
    player.touch(Touch::Next);
    player.touch(Touch::Submit);
    player
        .wait_for_page("the province's receipt", |page| {
            matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
        })
        .unwrap();
});

journey!(the_language_changes_in_the_middle_and_nothing_is_lost, Stage::Plain, |hall, player| {
    player.arrive();
    player.identify(hall, PROCEDURE);
    let Page::Form(before) = player.screen().page.clone() else { panic!() };
    assert!(player.words().iter().any(|word| word == "Kết thúc"));
    player.tap("English").unwrap();
    assert_eq!(player.screen().language, Language::En);
    assert!(player.words().iter().any(|word| word == "Finish"));
    let Page::Form(after) = player.screen().page.clone() else { panic!() };
    assert_eq!(before, after);
});

journey!(with_the_line_cut_the_dossier_waits_and_arrives_once, Stage::Plain, |hall, player| {
    player.arrive();
    player.to_summary(hall);
    hall.province_cable.cut();
    player.touch(Touch::Submit);
    player
        .wait_for_page("sealed here", |page| {
            matches!(
                page,
                Page::Submitting(domain::screen::Submitting::Sending) | Page::Received(_)
            )
        })
        .unwrap();
    player.skip(Duration::from_secs(16));
    player
        .wait_for_page("kept here, with a slip", |page| {
            matches!(page, Page::Received(received) if received.slip == SlipState::Printed
                && matches!(received.place, DossierPlace::Kiosk(_)))
        })
        .unwrap();
    hall.province_cable.join();
    player
        .wait_for_page("the province's word after all", |page| {
            matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
        })
        .unwrap();
    assert_eq!(super::outbox::dossiers_in(hall.data()), 1);
});
