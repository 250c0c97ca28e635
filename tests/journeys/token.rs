//! Signing tokens that are pulled, locked, refused or reached through bad modules, before the
//! real kiosk: its worker, PKCS#11 modules and, where a card is pulled, pcscd and OpenSC.

use std::{path::Path, process::Command, time::Duration};

use domain::{
    screen::{CertificateStanding, DossierPlace, Page, PinWarning, SignState},
    touch::Touch,
};
use lab::{Hall, Player, TokenSetup};

use super::stage::{
    self, Stage, Steps as _,
    reader::{Inserted, insert},
};
const RIGHT: [u8; 6] = [1, 2, 3, 4, 5, 6];
const WRONG: [u8; 6] = [9, 9, 9, 9, 9, 9];

/// Plays the journey of this name.
fn play(name: &str, stage: Stage, journey: impl FnOnce(&Hall, &mut Player)) {
    let _said = stage::on(stage, &format!("{}::{name}", module_path!()), journey);
}

/// From the start to the page that wants a token.
fn to_sign(hall: &Hall, player: &mut Player) {
    player.arrive();
    player.identify(hall, "1.001612");
    player.fill_form();
    player.scan_papers(hall);
    assert!(matches!(state(player), SignState::InsertToken));
    hall.token.set_inserted(true);
}

fn state(player: &Player) -> SignState {
    let page = &player.screen().page;
    let Page::Sign(sign) = page else { panic!("no page for signing: {page:?}") };
    sign.state.clone()
}

fn wait(player: &mut Player, what: &str, holds: impl Fn(&SignState) -> bool) {
    // A worker that hangs is given up after seconds, and comes back after more.
    let mut look =
        || player.wait_for_page(what, |page| matches!(page, Page::Sign(s) if holds(&s.state)));
    look().or_else(|_| look()).unwrap();
}

fn asks_pin(warning: Option<PinWarning>) -> impl Fn(&SignState) -> bool {
    move |state| matches!(state, SignState::EnterPin { warning: w, .. } if *w == warning)
}

fn type_pin(player: &mut Player, pin: [u8; 6]) {
    for digit in pin {
        player.touch(Touch::PinDigit(digit));
    }
    player.touch(Touch::PinEnter);
}

fn is_signed(state: &SignState) -> bool {
    matches!(state, SignState::Signed { .. })
}

/// A sentence stands on the screen.
fn says(player: &Player, words: &str) {
    let all = player.words();
    assert!(all.iter().any(|it| it.contains(words)), "{words} is not among {all:?}");
}

fn card(hall: &Hall, options: &[&str]) -> Inserted {
    let token = hall.data().join("token");
    let authority = token.display().to_string();
    insert("piv_token.py", &token, &[&["--authority", &authority], options].concat())
}

/// Fault: token · pulled while it signs, at the kiosk → nothing signed, asked for again with the reason; put in again, it signs
#[test]
fn a_card_pulled_while_it_signs_is_asked_for_again() {
    play("a_card_pulled_while_it_signs_is_asked_for_again", Stage::WithReader, |hall, player| {
        to_sign(hall, player);
        let pulled = card(hall, &["--fault", "drop@sign:1"]);
        wait(player, "the PIN pad", asks_pin(None));
        type_pin(player, RIGHT);
        wait(player, "that it was pulled", |it| *it == SignState::TokenLeft);
        says(player, "Chưa có giấy tờ nào được ký");
        drop(pulled);
        let _card = card(hall, &[]);
        wait(player, "the PIN pad again", asks_pin(None));
        type_pin(player, RIGHT);
        wait(player, "signatures", is_signed);
        player.touch(Touch::Next);
        player.touch(Touch::Submit);
        player
            .wait_for_page("the province's receipt", |page| {
                matches!(page, Page::Received(received)
                    if matches!(received.place, DossierPlace::Province(_)))
            })
            .unwrap();
    });
}

/// Fault: token · wrong PINs at the kiosk → each said; before the last the citizen is asked, and the right PIN then signs
#[test]
fn wrong_pins_are_said_and_the_last_try_wants_the_citizens_word() {
    play(
        "wrong_pins_are_said_and_the_last_try_wants_the_citizens_word",
        Stage::WithReader,
        |hall, player| {
            to_sign(hall, player);
            let _card = card(hall, &[]);
            wait(player, "the PIN pad", asks_pin(None));
            type_pin(player, WRONG);
            wait(player, "the wrong PIN said", asks_pin(Some(PinWarning::WrongPin)));
            type_pin(player, WRONG);
            wait(player, "the question", |it| matches!(it, SignState::ConfirmLastTry(_)));
            says(player, "Chỉ còn một lần thử");
            type_pin(player, WRONG);
            assert!(matches!(state(player), SignState::ConfirmLastTry(_)), "no digit counts here");
            player.touch(Touch::TryLast);
            assert!(asks_pin(Some(PinWarning::FinalTry))(&state(player)));
            type_pin(player, RIGHT);
            wait(player, "signatures", is_signed);
        },
    );
}

/// Fault: token · three wrong PINs at the kiosk → locked, said so, and the citizen goes on without signing
#[test]
fn a_locked_card_is_said_and_the_citizen_goes_on() {
    play("a_locked_card_is_said_and_the_citizen_goes_on", Stage::WithReader, |hall, player| {
        to_sign(hall, player);
        let _card = card(hall, &[]);
        wait(player, "the PIN pad", asks_pin(None));
        type_pin(player, WRONG);
        wait(player, "the wrong PIN said", asks_pin(Some(PinWarning::WrongPin)));
        type_pin(player, WRONG);
        wait(player, "the question", |it| matches!(it, SignState::ConfirmLastTry(_)));
        player.touch(Touch::TryLast);
        type_pin(player, WRONG);
        wait(player, "that it is locked", asks_pin(Some(PinWarning::Locked)));
        type_pin(player, RIGHT);
        assert!(asks_pin(Some(PinWarning::Locked))(&state(player)));
        player.touch(Touch::WithoutSignature);
        assert!(matches!(player.screen().page, Page::Summary(_)));
    });
}

/// Fault: token · pulled while OpenSC 0.23 asks how the PIN stands, where it waits for itself for ever → the worker is killed and comes back, the next insertion signs
#[test]
fn a_module_that_hangs_on_a_pulled_card_is_killed_and_comes_back() {
    play(
        "a_module_that_hangs_on_a_pulled_card_is_killed_and_comes_back",
        Stage::WithReader,
        |hall, player| {
            to_sign(hall, player);
            let pulled = card(hall, &["--fault", "drop@verify:1"]);
            std::thread::sleep(Duration::from_secs(8));
            drop(pulled);
            let _card = card(hall, &[]);
            wait(player, "the PIN pad in spite of that", asks_pin(None));
            type_pin(player, RIGHT);
            wait(player, "signatures", is_signed);
        },
    );
}

/// What a certificate that may not sign leads to.
fn is_refused(hall: &Hall, player: &mut Player, standing: CertificateStanding, words: &str) {
    to_sign(hall, player);
    wait(
        player,
        "why it cannot sign",
        |it| matches!(it, SignState::Unusable(certificate) if certificate.standing == standing),
    );
    says(player, words);
    type_pin(player, RIGHT);
    assert!(matches!(state(player), SignState::Unusable(_)));
    hall.token.set_inserted(false);
    wait(player, "room for another", |it| *it == SignState::InsertToken);
    player.touch(Touch::WithoutSignature);
    assert!(matches!(player.screen().page, Page::Summary(_)));
}

/// Fault: token · no configured root stands behind it → refused with a sentence, another can be put in
#[test]
fn a_certificate_of_a_stranger_is_refused() {
    play(
        "a_certificate_of_a_stranger_is_refused",
        Stage::WithTokenAs(|folder| {
            openssl(
                folder,
                "req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -subj /CN=Other",
            );
            TokenSetup { roots: vec![folder.join("other.pem")], ..software(folder) }
        }),
        |hall, player| {
            is_refused(hall, player, CertificateStanding::Untrusted, "chưa được công nhận");
        },
    );
}

/// Fault: token · its certificate was revoked → refused with a sentence, another can be put in
#[test]
fn a_revoked_certificate_is_refused() {
    play(
        "a_revoked_certificate_is_refused",
        Stage::WithTokenAs(|folder| TokenSetup {
            revoked: vec![list_revoking_all(folder)],
            ..software(folder)
        }),
        |hall, player| is_refused(hall, player, CertificateStanding::Revoked, "đã bị thu hồi"),
    );
}

/// Fault: token · its certificate has expired → refused with a sentence, another can be put in
#[test]
fn an_expired_certificate_is_refused() {
    play("an_expired_certificate_is_refused", Stage::WithReader, |hall, player| {
        let _card = card(hall, &["--days", "-1"]);
        is_refused(hall, player, CertificateStanding::Expired, "đã hết hạn");
    });
}

/// Fault: token · its module crashes while it signs → its worker alone ends, the citizen is told and goes on
#[test]
fn a_module_that_crashes_while_signing_takes_nothing_with_it() {
    play(
        "a_module_that_crashes_while_signing_takes_nothing_with_it",
        Stage::WithTokenAs(|folder| around(folder, "CRASHES")),
        fails_and_goes_on,
    );
}

/// Fault: token · its module sleeps for ever while it signs → its worker is killed, the citizen is told and goes on
#[test]
fn a_module_that_sleeps_while_signing_is_killed() {
    play(
        "a_module_that_sleeps_while_signing_is_killed",
        Stage::WithTokenAs(|folder| around(folder, "SLEEPS")),
        fails_and_goes_on,
    );
}

fn fails_and_goes_on(hall: &Hall, player: &mut Player) {
    to_sign(hall, player);
    wait(player, "the PIN pad", asks_pin(None));
    type_pin(player, RIGHT);
    wait(player, "that it failed", asks_pin(Some(PinWarning::Failed)));
    player.touch(Touch::WithoutSignature);
    assert!(matches!(player.screen().page, Page::Summary(_)));
    player.touch(Touch::Back);
    wait(player, "the PIN pad of the worker that came back", asks_pin(None));
}

fn software(folder: &Path) -> TokenSetup {
    TokenSetup::software(folder).unwrap()
}

/// SoftHSM behind a module of `tests/rig/pkcs11_modules` that misbehaves.
pub(super) fn around(folder: &Path, fault: &str) -> TokenSetup {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("rig/pkcs11_modules");
    let setup = software(folder);
    let made = folder.join("around.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O0", "-w", "-o"]).arg(&made).arg(format!("-D{fault}"));
    compiler.arg(format!("-DMODULE=\"{}\"", setup.modules.first().unwrap().display()));
    assert!(compiler.arg(sources.join("around.c")).status().unwrap().success());
    TokenSetup { modules: vec![made], ..setup }
}

fn openssl(folder: &Path, arguments: &str) {
    let mut openssl = Command::new("openssl");
    openssl.current_dir(folder).args(arguments.split_whitespace());
    let output = openssl.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A list of the token's authority that names every certificate it has made for it.
fn list_revoking_all(folder: &Path) -> std::path::PathBuf {
    let mut index = String::new();
    for id in ["01", "02"] {
        let mut tool = Command::new("pkcs11-tool");
        tool.current_dir(folder).args(["--module", "/usr/lib/softhsm/libsofthsm2.so"]);
        tool.args(["--token-label", "motcua-lab"]);
        tool.args(["--read-object", "--type", "cert", "--output-file", "found.der", "--id", id]);
        assert!(tool.status().unwrap().success());
        let mut serial = Command::new("openssl");
        serial.current_dir(folder).args(["x509", "-inform", "DER", "-noout", "-serial"]);
        let said = serial.args(["-in", "found.der"]).output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        let serial = said.trim().trim_start_matches("serial=");
        index += &format!("R\t401231235959Z\t251231235959Z\t{serial}\tunknown\t/CN=any\n");
    }
    std::fs::write(folder.join("index"), index).unwrap();
    std::fs::write(folder.join("number"), "01\n").unwrap();
    let settings =
        "[ca]\ndefault_ca=it\n[it]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n";
    std::fs::write(folder.join("ca.cnf"), settings).unwrap();
    openssl(
        folder,
        "ca -config ca.cnf -gencrl -crldays 1 -keyfile ca.key -cert ca.pem -out list.pem",
    );
    folder.join("list.pem")
}
