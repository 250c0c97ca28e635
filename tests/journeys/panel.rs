//! The bench panel: what a person presses there is what a test asks for.

use domain::screen::{Availability, IdentifyState, Page, Shortcoming};
use domain::touch::Touch;
use lab::Hall;
use serde_json::{Value, json};

use super::stage::{CARD, PROCEDURE, Stage, Steps as _, eventually};
use crate::journey;

fn post(hall: &Hall, path: &str, body: &Value) -> u16 {
    let url = format!("http://{}{path}", hall.addresses.panel);
    hall.runtime()
        .block_on(reqwest::Client::new().post(url).json(body).send())
        .unwrap()
        .status()
        .as_u16()
}

fn state(hall: &Hall) -> Value {
    let url = format!("http://{}/state", hall.addresses.panel);
    hall.runtime().block_on(async { reqwest::get(url).await.unwrap().json().await.unwrap() })
}

journey!(every_simulated_device_obeys_the_panel, Stage::Plain, |hall, player| {
    player.arrive();
    let broken = json!({ "device": "printer", "fault": "PaperOut" });
    assert_eq!(post(hall, "/fault", &broken), 204);
    player
        .wait_for_page("no paper", |page| {
            matches!(page, Page::Welcome(welcome)
                if welcome.tickets == Availability::Limited(Shortcoming::NoPaper))
        })
        .unwrap();
    assert_eq!(post(hall, "/fault", &json!({ "device": "printer", "fault": null })), 204);
    assert_eq!(post(hall, "/fault", &json!({ "device": "printer", "fault": "Bored" })), 422);
    for fault in simulator::ScannerFault::ALL {
        let name = format!("{fault:?}");
        assert_eq!(post(hall, "/fault", &json!({ "device": "scanner", "fault": name })), 204);
        assert_eq!(state(hall)["scanner"], name.as_str());
    }
    assert_eq!(post(hall, "/fault", &json!({ "device": "scanner", "fault": null })), 204);
    assert_eq!(post(hall, "/scanner/load", &json!({ "pages": 3 })), 204);
    assert_eq!(state(hall)["papers_in_feeder"], 3);
    assert_eq!(post(hall, "/token", &json!({ "inserted": true })), 204);
    assert!(hall.token.is_inserted());
    for far in ["center", "province"] {
        assert_eq!(post(hall, "/cable", &json!({ "to": far, "connected": false })), 204);
    }
    player
        .wait_for_page("nothing works", |page| {
            *page == Page::OutOfService
                || matches!(page, Page::Welcome(w) if matches!(w.tickets, Availability::Down(_))
            && matches!(w.look_up, Availability::Down(_)))
        })
        .unwrap();
    for far in ["center", "province"] {
        assert_eq!(post(hall, "/cable", &json!({ "to": far, "connected": true })), 204);
    }
    player.arrive();
});

journey!(a_card_is_read_by_gun_and_by_camera, Stage::Plain, |hall, player| {
    for device in ["gun", "camera"] {
        player.arrive();
        player.touch(Touch::FindProcedure);
        player.touch(Touch::Procedure(PROCEDURE.into()));
        player.touch(Touch::Apply);
        assert_eq!(post(hall, "/present", &json!({ "device": device, "code": CARD })), 204);
        player
            .wait_for_page("a known person", |page| {
                matches!(page, Page::Identify(identify) if matches!(&identify.state,
                    IdentifyState::Known(person) if person.name == "Nguyễn Văn An"))
            })
            .unwrap();
        assert_eq!(post(hall, "/present", &json!({ "device": "camera", "code": null })), 204);
        eventually("the picture is taken away", || !hall.simulator.camera.frame().exists());
        player.touch(Touch::Finish);
        player.touch(Touch::Next);
    }
});
