//! Kiosk, center and province are killed at once after each step between *submit* and *received*.

use std::{
    path::Path,
    process,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::outbox::{State, Step, Store};
use domain::{
    screen::{DossierPlace, IdentifyState, Page, SlipState},
    touch::Touch,
};
use lab::{Cable, Hall, Player, Size};

use super::stage::{self, CARD, PROCEDURE, Steps as _, eventually};

/// Set in the child that is to be killed: after which step.
const KILL_AFTER: &str = "MOTCUA_KILL_AFTER";

/// How many dossiers the province of this stage has stored.
pub fn dossiers_in(folder: &Path) -> usize {
    let database = std::fs::read_dir(folder.join("province"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|e| e == "sqlite3"))
        .expect("the province's database");
    let database = rusqlite::Connection::open(database).unwrap();
    database
        .query_row("SELECT count(*) FROM dossiers", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .try_into()
        .unwrap()
}

#[test]
fn killed_between_any_two_steps_a_dossier_arrives_exactly_once() {
    let path =
        concat!(module_path!(), "::killed_between_any_two_steps_a_dossier_arrives_exactly_once");
    if let Some(folder) = stage::folder() {
        return match std::env::var_os(KILL_AFTER) {
            Some(step) => submit_and_die(&folder, &step.into_string().unwrap()),
            None => recover(&folder),
        };
    }
    for step in Step::ALL {
        let folder = tempfile::tempdir().unwrap();
        let (killed, _) = stage::child(folder.path(), path, &[(KILL_AFTER, &format!("{step:?}"))]);
        assert!(!killed.success(), "{step:?} was never reached");
        let (recovered, _) = stage::child(folder.path(), path, &[]);
        assert!(recovered.success(), "not recovered after {step:?}");
        let promised = !matches!(step, Step::Sealed | Step::FileDurable);
        assert_eq!(dossiers_in(folder.path()), usize::from(promised), "killed after {step:?}");
    }
}

/// In the child: submits, and the whole machine dies after `step`.
fn submit_and_die(folder: &Path, step: &str) {
    let last = step.to_owned();
    let witness = Arc::new(move |step: Step| {
        if format!("{step:?}") == last {
            process::abort();
        }
    });
    let hall = stage::open_hall(folder, witness);
    let mut player = Player::start(&hall, Size::PORTRAIT).unwrap();
    player.arrive();
    player.to_summary(&hall);
    player.touch(Touch::Submit);
    let _died = player.wait_for_page("the end", |page| matches!(page, Page::Goodbye));
}

/// In the next child: the machine is switched on again and nobody touches anything.
fn recover(folder: &Path) {
    let hall = stage::open_hall(folder, Arc::new(|_| {}));
    let mut player = Player::start(&hall, Size::PORTRAIT).unwrap();
    player.arrive();
    let store = Store::open(&hall.outbox()).unwrap();
    eventually("the outbox is empty", || {
        player.pump();
        store.waiting().unwrap().is_empty()
    });
    eventually("no sealed file is left", || {
        std::fs::read_dir(hall.outbox()).unwrap().flatten().all(|file| {
            let path = file.path();
            let name = path.file_stem().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
            path.extension().is_none_or(|e| e != "age" && e != "part")
                || store.state(&name.as_str().into()).unwrap() == Some(State::Refused)
        })
    });
}

#[test]
fn with_the_line_cut_after_any_step_every_dossier_arrives_exactly_once() {
    let path = concat!(
        module_path!(),
        "::with_the_line_cut_after_any_step_every_dossier_arrives_exactly_once"
    );
    let Some(folder) = stage::folder() else {
        let folder = tempfile::tempdir().unwrap();
        let (played, _) = stage::child(folder.path(), path, &[]);
        assert!(played.success(), "see above");
        assert_eq!(dossiers_in(folder.path()), Step::ALL.len());
        return;
    };
    let next: Arc<Mutex<Option<(Step, Cable)>>> = Arc::default();
    let scissors = Arc::clone(&next);
    let witness = Arc::new(move |step: Step| {
        let mut next = scissors.lock().unwrap();
        if let Some((_, cable)) = next.take_if(|(last, _)| *last == step) {
            cable.cut();
        }
    });
    let hall = stage::open_hall(&folder, witness);
    let mut player = Player::start(&hall, Size::PORTRAIT).unwrap();
    for (step, day) in Step::ALL.into_iter().zip(1_u8..) {
        player.arrive();
        identify(&hall, &mut player, day);
        player.fill_form();
        player.scan_papers(&hall);
        *next.lock().unwrap() = Some((step, hall.province_cable.clone()));
        player.touch(Touch::Submit);
        eventually(&format!("{step:?}, and the cut after it"), || {
            player.pump();
            next.lock().unwrap().is_none()
        });
        // Nobody waits for a province that is away: kept here, if it does not hold it already.
        player.skip(Duration::from_secs(16));
        player
            .wait_for_page(
                "received or kept",
                |page| matches!(page, Page::Received(it) if it.slip == SlipState::Printed),
            )
            .unwrap();
        hall.province_cable.join();
        player
            .wait_for_page(&format!("the province's word after {step:?}"), |page| {
                matches!(page, Page::Received(it)
                    if matches!(it.place, DossierPlace::Province(_)))
            })
            .unwrap();
        player.touch(Touch::Finish);
        player.skip(Duration::from_secs(5));
    }
}

/// As the made-up citizen with a card that was issued on this day of May: the same code again so
/// soon would count as still being held to the gun.
fn identify(hall: &Hall, player: &mut Player, day: u8) {
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
    let card = CARD.replace("20052021", &format!("{day:02}052021"));
    hall.simulator.gun.present(card.as_bytes());
    player
        .wait_for_page(
            "a known person",
            |page| matches!(page, Page::Identify(i) if matches!(i.state, IdentifyState::Known(_))),
        )
        .unwrap();
    player.touch(Touch::Next);
}
