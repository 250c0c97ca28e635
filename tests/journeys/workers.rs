//! A device's worker is killed or stopped in the middle of a visit: the citizen gets a sentence
//! and goes on, staff get a coded event, and the device is there again.

use std::{fs, process::Command, time::Duration};

use domain::{
    screen::{IdentifyState, Page, PinWarning, ScanTrouble, ScannerState, SignState, TicketState},
    touch::Touch,
};
use lab::{Hall, Player};
use simulator::{PrinterFault, ScannerFault};

use super::{
    stage::{self, CARD, PROCEDURE, Stage, Steps as _, eventually},
    token::around,
};

/// Plays the journey of this name; staff must be told that a worker stopped and that it is back.
fn play(name: &str, stage: Stage, journey: impl FnOnce(&Hall, &mut Player)) {
    let path = format!("{}::{name}", module_path!());
    let Some(said) = stage::on(stage, &path, journey) else { return };
    for code in ["WRK-001", "WRK-002"] {
        assert!(said.contains(code), "staff were not told {code}");
    }
}

/// The living workers of a class, which are children of this process.
fn workers(class: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let is_ours = |pid: &String| {
        let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).ok();
        let is_class = read("cmdline").is_some_and(|it| it.split('\0').nth(1) == Some(class));
        let parent = read("stat").and_then(|stat| {
            let (_, rest) = stat.rsplit_once(')')?;
            rest.split_whitespace().nth(1).map(str::to_owned)
        });
        is_class && parent.as_ref() == Some(&own)
    };
    let names = fs::read_dir("/proc").unwrap();
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.parse::<u32>().is_ok()).filter(is_ours).collect()
}

/// Sends a signal to all workers of a class and tells which they were.
pub(super) fn signal(which: &str, class: &str) -> Vec<String> {
    let hit = workers(class);
    assert!(!hit.is_empty(), "no {class} worker");
    assert!(Command::new("kill").arg(which).args(&hit).status().unwrap().success());
    hit
}

/// Waits until as many others stand in their place.
fn replaced(class: &str, before: &[String]) {
    eventually(&format!("new {class} workers"), || {
        let now = workers(class);
        now.len() == before.len() && now.iter().all(|pid| !before.contains(pid))
    });
}

fn wait_ticket(player: &mut Player, what: &str, holds: impl Fn(&TicketState) -> bool) {
    player
        .wait_for_page(what, |page| matches!(page, Page::Ticket(it) if holds(&it.state)))
        .unwrap();
}

fn wait_scan(player: &mut Player, what: &str, holds: impl Fn(ScannerState) -> bool) {
    player
        .wait_for_page(what, |page| matches!(page, Page::Scan(scan) if holds(scan.scanner)))
        .unwrap();
}

/// Takes a number while the printer takes no byte.
fn hang_in_the_ticket(hall: &Hall, player: &mut Player) {
    player.arrive();
    player.touch(Touch::TakeTicket);
    hall.simulator.printer.set_fault(Some(PrinterFault::Stalled));
    player.touch(Touch::Field("ho-tich".into()));
    wait_ticket(player, "printing", |state| matches!(state, TicketState::Printing(_)));
}

fn print_after_all(hall: &Hall, player: &mut Player, old: &[String]) {
    let no_paper = |state: &TicketState| matches!(state, TicketState::NotPrinted(..));
    wait_ticket(player, "the number on the screen", no_paper);
    hall.simulator.printer.set_fault(None);
    replaced("printer", old);
    player.touch(Touch::PrintAgain);
    let printed = |state: &TicketState| matches!(state, TicketState::Printed(_));
    wait_ticket(player, "the ticket after all", printed);
}

/// Fault: worker · the printer's is killed while a ticket prints → the number stays on the screen; printed when it is back
#[test]
fn the_printers_worker_killed_in_a_ticket() {
    play("the_printers_worker_killed_in_a_ticket", Stage::Plain, |hall, player| {
        hang_in_the_ticket(hall, player);
        let old = signal("-KILL", "printer");
        print_after_all(hall, player, &old);
    });
}

/// Fault: worker · the printer's is stopped while a ticket prints → killed at the deadline, the number stays on the screen; printed when it is back
#[test]
fn the_printers_worker_stopped_in_a_ticket() {
    play("the_printers_worker_stopped_in_a_ticket", Stage::Plain, |hall, player| {
        hang_in_the_ticket(hall, player);
        let old = signal("-STOP", "printer");
        print_after_all(hall, player, &old);
    });
}

fn hang_in_the_scan(hall: &Hall, player: &mut Player) {
    player.arrive();
    player.identify(hall, PROCEDURE);
    player.fill_form();
    hall.simulator.scanner.load_forms(1);
    hall.simulator.scanner.set_fault(Some(ScannerFault::Silent));
    player.touch(Touch::Scan);
    wait_scan(player, "scanning", |state| state == ScannerState::Scanning);
}

fn scan_after_all(hall: &Hall, player: &mut Player, old: &[String]) {
    hall.simulator.scanner.set_fault(None);
    hall.simulator.scanner.unload();
    replaced("scanner", old);
    player.scan_papers(hall);
    assert!(matches!(player.screen().page, Page::Summary(_)), "{:?}", player.screen().page);
}

/// Fault: worker · the scanner's is killed while a page is scanned → a sentence at once; the papers are scanned when it is back
#[test]
fn the_scanners_worker_killed_in_a_page() {
    play("the_scanners_worker_killed_in_a_page", Stage::Plain, |hall, player| {
        hang_in_the_scan(hall, player);
        let old = signal("-KILL", "scanner");
        wait_scan(player, "a sentence", |state| {
            state == ScannerState::Trouble(ScanTrouble::NoScanner)
        });
        scan_after_all(hall, player, &old);
    });
}

/// Fault: worker · the scanner's is stopped while a page is scanned, and the citizen cancels → killed seconds later; the papers are scanned when it is back
#[test]
fn the_scanners_worker_stopped_in_a_page() {
    play("the_scanners_worker_stopped_in_a_page", Stage::Plain, |hall, player| {
        hang_in_the_scan(hall, player);
        let old = signal("-STOP", "scanner");
        player.touch(Touch::CancelScan);
        wait_scan(player, "an end of it", |state| state != ScannerState::Scanning);
        scan_after_all(hall, player, &old);
    });
}

fn look_for_a_code(player: &mut Player) {
    player.arrive();
    player.touch(Touch::FindProcedure);
    player.touch(Touch::Procedure(PROCEDURE.into()));
    player.touch(Touch::Apply);
    assert!(matches!(player.screen().page, Page::Identify(_)), "{:?}", player.screen().page);
}

fn show_a_card(hall: &Hall, player: &mut Player, old: &[String]) {
    replaced("code", old);
    hall.simulator.gun.present(CARD.as_bytes());
    player
        .wait_for_page(
            "a known person",
            |page| matches!(page, Page::Identify(i) if matches!(i.state, IdentifyState::Known(_))),
        )
        .unwrap();
}

/// Fault: worker · the code readers' are killed while a code is awaited → the page waits on; the card is read when they are back
#[test]
fn the_code_readers_workers_killed_while_looking() {
    play("the_code_readers_workers_killed_while_looking", Stage::Plain, |hall, player| {
        look_for_a_code(player);
        let old = signal("-KILL", "code");
        show_a_card(hall, player, &old);
    });
}

/// Fault: worker · the code readers' are stopped while a code is awaited → killed seconds later; the card is read when they are back
#[test]
fn the_code_readers_workers_stopped_while_looking() {
    play("the_code_readers_workers_stopped_while_looking", Stage::Plain, |hall, player| {
        look_for_a_code(player);
        let old = signal("-STOP", "code");
        show_a_card(hall, player, &old);
    });
}

/// Fault: worker · the token's is killed while it signs → nothing is signed, a sentence; the PIN is asked for again when it is back
#[test]
fn the_tokens_worker_killed_while_signing() {
    // A module that sleeps in the signature gives the time to kill its worker there.
    let sleepy = Stage::WithTokenAs(|folder| around(folder, "SLEEPS"));
    play("the_tokens_worker_killed_while_signing", sleepy, |hall, player| {
        player.arrive();
        player.identify(hall, "1.001612");
        player.fill_form();
        player.scan_papers(hall);
        hall.token.set_inserted(true);
        wait_sign(player, "the PIN pad", asks_pin(None));
        for digit in [1, 2, 3, 4, 5, 6] {
            player.touch(Touch::PinDigit(digit));
        }
        player.touch(Touch::PinEnter);
        wait_sign(player, "signing", |state| *state == SignState::Signing);
        std::thread::sleep(Duration::from_secs(1));
        let old = signal("-KILL", "token");
        wait_sign(player, "that it failed", asks_pin(Some(PinWarning::Failed)));
        replaced("token", &old);
        player.touch(Touch::WithoutSignature);
        assert!(matches!(player.screen().page, Page::Summary(_)), "{:?}", player.screen().page);
        player.touch(Touch::Back);
        wait_sign(player, "the PIN pad again", asks_pin(None));
    });
}

fn asks_pin(warning: Option<PinWarning>) -> impl Fn(&SignState) -> bool {
    move |state| matches!(state, SignState::EnterPin { warning: w, .. } if *w == warning)
}

fn wait_sign(player: &mut Player, what: &str, holds: impl Fn(&SignState) -> bool) {
    player.wait_for_page(what, |page| matches!(page, Page::Sign(it) if holds(&it.state))).unwrap();
}
