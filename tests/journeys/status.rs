//! A citizen asks how the dossier stands.

use domain::{
    dossier::Status,
    screen::{DossierPlace, LookUpField, LookUpState, Page},
    touch::Touch,
};

use super::stage::{Stage, Steps as _};
use crate::journey;

journey!(
    a_dossier_is_found_by_slip_and_by_code_with_the_last_four_digits,
    Stage::Plain,
    |hall, player| {
        player.arrive();
        player.to_summary(hall);
        player.touch(Touch::Submit);
        player
            .wait_for_page("the province's receipt", |page| {
                matches!(page, Page::Received(received)
                if matches!(received.place, DossierPlace::Province(_)))
            })
            .unwrap();
        let Page::Received(received) = player.screen().page.clone() else { unreachable!() };
        let DossierPlace::Province(code) = received.place else { unreachable!() };
        player
            .wait_for_page("the slip", |page| {
                !matches!(page, Page::Received(r)
        if r.slip == domain::screen::SlipState::Printing)
            })
            .unwrap();
        player.touch(Touch::Finish);
        player.touch(Touch::Next);

        player.touch(Touch::LookUpDossier);
        hall.simulator.gun.present(received.code.as_bytes());
        player.wait_for_page("the status by slip", is_new).unwrap();
        player.touch(Touch::Finish);
        player.touch(Touch::Next);

        player.touch(Touch::LookUpDossier);
        player.touch(Touch::LookUpText(LookUpField::Code, code.0.to_lowercase()));
        player.touch(Touch::LookUpText(LookUpField::Factor, "9999".into()));
        player.touch(Touch::Next);
        player
            .wait_for_page(
                "not found",
                |page| matches!(page, Page::LookUp(l) if l.state == LookUpState::NotFound),
            )
            .unwrap();
        player.touch(Touch::LookUpText(LookUpField::Factor, "0001".into()));
        player.touch(Touch::Next);
        player.wait_for_page("the status by code", is_new).unwrap();
    }
);

fn is_new(page: &Page) -> bool {
    matches!(page, Page::DossierStatus(status) if status.status == Status::New)
}
