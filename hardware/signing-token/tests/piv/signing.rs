//! What only a card that can be pulled and locked shows.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hardware_api::{LastTry, PinState, SignError, SigningIdentity, SigningToken, TokenStatus};
use signing_token::Pkcs11Token;

use crate::reader::{Reader, with_reader};
use crate::token::{sign, sign_daring};

const PIN: &str = "123456";
const MODULE: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";
const FRESH: TokenStatus = TokenStatus::Present(PinState::Fresh);

fn open() -> Pkcs11Token {
    crate::token::open(&[MODULE.into()])
}

/// Asks again and again, as the kiosk does, until the token's coming or going is noticed.
fn wait_for(token: &mut Pkcs11Token, expected: TokenStatus) {
    for _ in 0..300 {
        if token.status() == Ok(expected) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{expected:?} did not come: {:?}", token.status());
}

/// The RSA key and the P-384 key that sign after one PIN, and between them the P-256 key that
/// wants it each time.
fn identities(token: &mut Pkcs11Token) -> [SigningIdentity; 3] {
    let found = token.identities().unwrap();
    let holders: Vec<&str> = found.iter().map(|it| it.holder.as_str()).collect();
    assert_eq!(holders, ["Nguyễn Thị Hường", "Trần Văn Bình", "Lê Hoàng Phúc"]);
    found.try_into().unwrap()
}

fn verifies(reader: &Reader, key: &str, message: &[u8], signature: &[u8]) -> bool {
    let digest = if key == "p384" { "-sha384" } else { "-sha256" };
    let folder = reader.folder();
    std::fs::write(folder.join("message"), message).unwrap();
    std::fs::write(folder.join("signature"), signature).unwrap();
    openssl(folder, &format!("x509 -inform DER -in {key}.der -noout -pubkey -out public.pem"))
        && openssl(
            folder,
            &format!("dgst {digest} -verify public.pem -signature signature message"),
        )
}

fn openssl(folder: &Path, arguments: &str) -> bool {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
    output.unwrap().status.success()
}

/// Fault: token · taken out before the PIN was sent → told as gone; put in again, it signs
#[test]
fn a_card_is_noticed_when_it_comes_and_when_it_goes() {
    with_reader("signing::a_card_is_noticed_when_it_comes_and_when_it_goes", |reader| {
        let mut token = open();
        assert_eq!(token.status(), Ok(TokenStatus::Absent));
        assert_eq!(token.identities(), Ok(vec![]));

        let card = reader.insert();
        wait_for(&mut token, FRESH);
        let [identity, ..] = identities(&mut token);
        drop(card);
        wait_for(&mut token, TokenStatus::Absent);
        let gone = sign(&mut token, &identity, PIN, &[b"m"]);
        assert_eq!(gone, Err(SignError::Left));

        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        assert!(sign(&mut token, &identity, PIN, &[b"m"]).is_ok());
    });
}

/// Fault: token · its key wants the PIN before each signature (PIV 9C) → all papers are signed with the PIN typed once
#[test]
fn keys_sign_whether_they_want_the_pin_once_or_each_time() {
    with_reader("signing::keys_sign_whether_they_want_the_pin_once_or_each_time", |reader| {
        let mut token = open();
        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        for (identity, key) in identities(&mut token).iter().zip(["rsa", "p256", "p384"]) {
            let messages = [&b"one"[..], b"two", b"three"];
            let signatures = sign(&mut token, identity, PIN, &messages).unwrap();
            for (message, signature) in messages.iter().zip(&signatures) {
                assert!(verifies(reader, key, message, signature), "{key}");
                assert!(!verifies(reader, key, b"another", signature), "{key}");
            }
        }
    });
}

/// Fault: token · three wrong PINs → each is told, the last is refused until confirmed, then it stays locked
#[test]
fn each_wrong_pin_is_told_until_the_card_is_locked_for_good() {
    with_reader("signing::each_wrong_pin_is_told_until_the_card_is_locked_for_good", |reader| {
        let mut token = open();
        let card = reader.insert();
        wait_for(&mut token, FRESH);
        let [identity, ..] = identities(&mut token);
        let mut try_pin = |pin| sign(&mut token, &identity, pin, &[b"m"]).map(drop);
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::CountLow)));
        assert_eq!(try_pin(PIN), Ok(()), "the right PIN gives all tries back");
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::CountLow)));
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::FinalTry)));
        for pin in ["000000", PIN] {
            assert_eq!(try_pin(pin), Err(SignError::LastTry), "nobody confirmed it");
        }
        let tries = || std::fs::read_to_string(reader.folder().join("tries")).unwrap();
        assert_eq!(tries(), "1", "the PIN did not reach the card");
        let mut dare =
            |pin| sign_daring(&mut token, &identity, pin, &[b"m"], LastTry::Confirmed).map(drop);
        assert_eq!(dare("000000"), Err(SignError::Locked));
        assert_eq!(dare(PIN), Err(SignError::Locked));
        wait_for(&mut token, TokenStatus::Present(PinState::Locked));

        drop(card);
        wait_for(&mut token, TokenStatus::Absent);
        let _card = reader.insert();
        wait_for(&mut token, TokenStatus::Present(PinState::Locked));
    });
}

#[test]
fn the_last_try_with_the_right_pin_signs_and_gives_all_tries_back() {
    let name = "signing::the_last_try_with_the_right_pin_signs_and_gives_all_tries_back";
    with_reader(name, |reader| {
        std::fs::write(reader.folder().join("tries"), "1").unwrap();
        let mut token = open();
        let card = reader.insert();
        wait_for(&mut token, TokenStatus::Present(PinState::FinalTry));
        let [identity, ..] = identities(&mut token);
        let signed = sign_daring(&mut token, &identity, PIN, &[b"m"], LastTry::Confirmed);
        assert!(verifies(reader, "rsa", b"m", &signed.unwrap()[0]));
        assert_eq!(std::fs::read_to_string(reader.folder().join("tries")).unwrap(), "3");
        // OpenSC 0.23 says what it said before until the card is put in anew.
        drop(card);
        wait_for(&mut token, TokenStatus::Absent);
        let _card = reader.insert();
        wait_for(&mut token, FRESH);
    });
}

/// Fault: token · taken out while it signs, at the first or the second paper → told as gone, nothing counts as signed
#[test]
fn a_card_pulled_while_it_signs_is_gone_and_signs_when_it_is_back() {
    let name = "signing::a_card_pulled_while_it_signs_is_gone_and_signs_when_it_is_back";
    with_reader(name, |reader| {
        let mut token = open();
        for (fault, key) in [("drop@sign:1", 0), ("drop@sign:2", 1), ("drop@verify:3", 0)] {
            let pulled = reader.insert_with(&["--fault", fault]);
            wait_for(&mut token, FRESH);
            let identity = identities(&mut token)[key].clone();
            let messages = [&b"one"[..], b"two", b"three"];
            let gone = sign(&mut token, &identity, PIN, &messages);
            assert_eq!(gone, Err(SignError::Left), "{fault}");
            drop(pulled);
            wait_for(&mut token, TokenStatus::Absent);
        }
        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        let [identity, ..] = identities(&mut token);
        assert!(sign(&mut token, &identity, PIN, &[b"m"]).is_ok());
    });
}

/// Set in a process that only signs once: where it writes the signature.
const SIGN_ONCE: &str = "MOTCUA_TEST_SIGN_ONCE";

/// What a worker does from its start to a signature.
fn sign_once() {
    let mut token = open();
    wait_for(&mut token, FRESH);
    let identity = token.identities().unwrap().remove(0);
    let signature = sign(&mut token, &identity, PIN, &[b"m"]).unwrap();
    std::fs::write(std::env::var_os(SIGN_ONCE).unwrap(), &signature[0]).unwrap();
}

/// Signs in a process of its own, which is ended when it takes too long.
fn signs_within(limit: Duration, name: &str, reader: &Reader) -> bool {
    let signature = reader.folder().join("once");
    let _ = std::fs::remove_file(&signature);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact"])
        .env(SIGN_ONCE, &signature)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + limit;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    std::fs::read(signature).is_ok_and(|signature| verifies(reader, "rsa", b"m", &signature))
}

/// Fault: token · taken out at any command of the whole talk, even where OpenSC then waits for itself for ever → no signature; a new process signs
#[test]
fn a_card_may_be_pulled_at_any_command_of_the_talk() {
    let name = "signing::a_card_may_be_pulled_at_any_command_of_the_talk";
    if std::env::var_os(SIGN_ONCE).is_some() {
        return sign_once();
    }
    with_reader(name, |reader| {
        let card = reader.insert();
        assert!(signs_within(Duration::from_secs(40), name, reader));
        drop(card);
        let commands = reader.commands();
        assert!(commands > 20, "{commands}");
        let anywhere = [2, 4, 6, 8].map(|part| format!("drop@{}", commands * part / 10));
        let asking_for_the_pin = "drop@verify:1".to_owned();
        for fault in anywhere.into_iter().chain([asking_for_the_pin]) {
            let pulled = reader.insert_with(&["--fault", &fault]);
            assert!(!signs_within(Duration::from_secs(6), name, reader), "{fault}");
            drop(pulled);
        }
        let _card = reader.insert();
        assert!(signs_within(Duration::from_secs(40), name, reader), "it did not come back");
    });
}

/// The card is no image of our own driver: OpenSC's tool logs in, signs and reads it as well.
#[test]
fn pkcs11_tool_reads_the_card_and_signs_with_it() {
    with_reader("signing::pkcs11_tool_reads_the_card_and_signs_with_it", |reader| {
        let mut token = open();
        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        let tool = |arguments: &str| {
            let output = Command::new("pkcs11-tool")
                .current_dir(reader.folder())
                .args(["--module", MODULE])
                .args(arguments.split(' '))
                .output()
                .unwrap();
            let [said, errors] = [output.stdout, output.stderr].map(String::from_utf8);
            format!("{}{}", said.unwrap(), errors.unwrap())
        };
        let slots = tool("--list-token-slots");
        assert!(slots.contains("Virtual PCD") && slots.contains("piv_II"), "{slots}");
        let listed = tool("--list-objects --type cert");
        for place in ["PIV Authentication", "Digital Signature", "Card Authentication"] {
            assert!(listed.contains(&format!("Certificate for {place}")), "{place}: {listed}");
        }
        std::fs::File::create(reader.folder().join("text")).unwrap().write_all(b"m").unwrap();
        let sign = "--login --pin 123456 --sign --id 01 --mechanism SHA256-RSA-PKCS \
             --input-file text --output-file theirs";
        let said = tool(&sign.split_whitespace().collect::<Vec<_>>().join(" "));
        let theirs = std::fs::read(reader.folder().join("theirs")).expect(&said);
        assert!(verifies(reader, "rsa", b"m", &theirs), "{said}");
        // PKCS#1 v1.5 has one signature for one text: ours is the same, byte for byte.
        let [identity, ..] = identities(&mut token);
        assert_eq!(sign_bytes(&mut token, &identity), theirs);
        let wrong = tool("--login --pin 000000 --list-objects");
        assert!(wrong.contains("CKR_PIN_INCORRECT"), "{wrong}");
    });
}

fn sign_bytes(token: &mut Pkcs11Token, identity: &SigningIdentity) -> Vec<u8> {
    sign(token, identity, PIN, &[b"m"]).unwrap().remove(0)
}
