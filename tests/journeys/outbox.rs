//! Kiosk, center and province are killed at once after each step between *submit* and *received*.

use std::{path::Path, process, sync::Arc};

use app::outbox::{State, Step, Store};
use domain::{screen::Page, touch::Touch};
use lab::{Player, Size};

use super::stage::{self, Steps as _, eventually};

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
