//! SANE's test scanner behind the stock saned, as scanners are shared in a network.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::stage::{Rig, Stage, read_pnm};

fn scanner(words: &[&str]) -> (Rig, Stage) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let rig = Rig::start("saned_server.py", &[&[place.as_str()], words].concat());
    let (device, config) = (rig.told("device").to_owned(), rig.told("config").into());
    (rig, Stage::new(folder, config, &device))
}

fn command(rig: &mut Rig, word: &str) {
    rig.talk.say(word);
    assert_eq!(rig.talk.hear().as_deref(), Some(word));
}

/// A page that takes ten seconds.
const SLOW: [&str; 2] = ["--delay-us", "1000"];

#[test]
fn a_page_through_the_network_is_byte_for_byte_that_of_scanimage() {
    let (_rig, stage) = scanner(&[]);
    assert_eq!(stage.scan("flatbed 150 color ours"), (1, "end Done".into()));
    let witness = stage
        .scanimage("--mode|Color|--depth|8|--resolution|150|-l|0|-t|0|-x|210|-y|297|--format=pnm");
    let ours = stage.page("ours", 1).unwrap();
    assert!(read_pnm(&ours).1.len() > 6_000_000 && read_pnm(&ours) == read_pnm(&witness.stdout));
}

/// Fault: scanner · saned is killed between two jobs → the next job fails within seconds as not connected; once saned is back the same driver scans
#[test]
fn saned_killed_between_jobs_is_told_soon_and_found_again() {
    let (mut rig, stage) = scanner(&[]);
    let mut session = stage.session();
    assert_eq!(session.scan("flatbed 75 grey ours"), (1, "end Done".into()));
    command(&mut rig, "kill");
    let began = Instant::now();
    for _ in 0..2 {
        let gone = format!("error {} is not connected", stage.device);
        assert_eq!(session.scan("flatbed 75 grey ours"), (0, gone));
    }
    assert!(began.elapsed() < Duration::from_secs(20));
    command(&mut rig, "start");
    assert_eq!(session.scan("flatbed 75 grey ours"), (1, "end Done".into()));
}

/// Fault: scanner · saned and its children are killed in the middle of a page → no page is kept; the driver's process can be killed and the next one scans
#[test]
fn saned_killed_in_the_middle_of_a_page_costs_a_process_and_no_more() {
    let (mut rig, stage) = scanner(&SLOW);
    let mut session = stage.session();
    session.begin("flatbed 300 color ours deadline-ms=1000", 1);
    command(&mut rig, "kill");
    // libsane's net backend may or may not come back from a server that died.
    sleep(Duration::from_secs(2));
    session.0.kill();
    assert_eq!(stage.page("ours", 1), None);
    command(&mut rig, "start");
    assert_eq!(stage.scan("flatbed 10 grey ours"), (1, "end Done".into()));
}

/// Fault: scanner · a scan through saned is cancelled in the middle of a page → no page, and the same driver scans again
#[test]
fn a_scan_through_the_network_can_be_cancelled() {
    let (_rig, stage) = scanner(&SLOW);
    let mut session = stage.session();
    let cancelled = session.scan("flatbed 300 color ours cancel-row=10");
    assert_eq!(cancelled, (0, "end Cancelled".into()));
    assert_eq!(stage.page("ours", 1), None);
    assert_eq!(session.scan("flatbed 10 grey ours"), (1, "end Done".into()));
}
