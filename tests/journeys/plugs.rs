//! Every plug of the bench, pulled at every screen of a visit: the citizen has a sentence and a
//! touch that leads on, nothing entered is lost, staff get a coded event, and everything works
//! again once it is plugged in.

mod heard;
mod plug;
mod spots;
mod walk;

use worker::Class;

use self::{
    heard::Heard,
    plug::Plug,
    spots::{dossier, signing, start},
    walk::Walk,
};
use super::stage::{self, Stage};

/// Pulls each of these plugs at each of the spots, in the child that plays the test.
fn pull(test: &str, plugs: &[Plug]) {
    let heard = stage::folder().map(|_| Heard::begin());
    let path = format!("{}::{test}", module_path!());
    let _said = stage::on(Stage::Everything, &path, |hall, player| {
        let mut walk = Walk::new(hall, player, heard.unwrap());
        let spots = start::SPOTS.iter().chain(dossier::SPOTS).chain(signing::SPOTS);
        // Software that is killed while it counts a PIN may be torn for good, which no card is: the
        // place where it can be comes last.
        let (last, first): (Vec<_>, Vec<_>) = spots.partition(|spot| spot.name == signing::SIGNS);
        assert_eq!(last.len(), 1);
        for spot in first.into_iter().chain(last) {
            for plug in plugs {
                walk.pull(spot, *plug);
            }
        }
        walk.home();
    });
}

/// Fault: printer · it is unplugged, or its worker killed, at every screen of a visit in turn → a sentence and a next step, an event, nothing entered is lost; plugged in, it prints
#[test]
fn the_printer_and_its_worker_at_every_screen() {
    pull(
        "the_printer_and_its_worker_at_every_screen",
        &[Plug::Printer, Plug::Worker(Class::Printer)],
    );
}

/// Fault: scanner · it is unplugged, or its worker killed, at every screen of a visit in turn → a sentence and a next step, an event, no page is lost; plugged in, it scans
#[test]
fn the_scanner_and_its_worker_at_every_screen() {
    pull(
        "the_scanner_and_its_worker_at_every_screen",
        &[Plug::Scanner, Plug::Worker(Class::Scanner)],
    );
}

/// Fault: code · gun, camera or both are unplugged, or their workers killed, at every screen of a visit in turn → the other goes on, else a sentence and typing; an event; plugged in, they read
#[test]
fn the_code_readers_and_their_workers_at_every_screen() {
    pull(
        "the_code_readers_and_their_workers_at_every_screen",
        &[Plug::Gun, Plug::Camera, Plug::CodeReaders, Plug::Worker(Class::Code)],
    );
}

/// Fault: card · the reader is unplugged, or its worker killed, at every screen of a visit in turn → a sentence and on without the chip, an event; plugged in, it reads
#[test]
fn the_card_reader_and_its_worker_at_every_screen() {
    pull(
        "the_card_reader_and_its_worker_at_every_screen",
        &[Plug::CardReader, Plug::Worker(Class::Card)],
    );
}

/// Fault: token · it is pulled, or its worker killed, at every screen of a visit in turn → asked for again, with an event, or gone on without; put in again, it signs
#[test]
fn the_token_and_its_worker_at_every_screen() {
    pull("the_token_and_its_worker_at_every_screen", &[Plug::Token, Plug::Worker(Class::Token)]);
}

#[test]
fn the_cables_at_every_screen() {
    pull("the_cables_at_every_screen", &[Plug::Center, Plug::Province]);
}
