//! What only a card that can be pulled and locked shows.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use hardware_api::{DeviceError, PinState, SignError, SigningIdentity, SigningToken, TokenStatus};
use signing_token::Pkcs11Token;

use crate::reader::{Reader, with_reader};

const PIN: &str = "123456";
const FRESH: TokenStatus = TokenStatus::Present(PinState::Fresh);

fn open() -> Pkcs11Token {
    Pkcs11Token::open(&["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so".into()]).unwrap()
}

/// Asks again and again, as the kiosk does, until the card's coming or going is noticed.
fn wait_for(token: &mut Pkcs11Token, expected: TokenStatus) {
    for _ in 0..300 {
        if token.status() == Ok(expected) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{expected:?} did not come: {:?}", token.status());
}

/// The RSA key that signs after one PIN, and the P-256 key that wants it each time.
fn identities(token: &mut Pkcs11Token) -> [SigningIdentity; 2] {
    let found = token.identities().unwrap();
    let holders: Vec<&str> = found.iter().map(|it| it.holder.as_str()).collect();
    assert_eq!(holders, ["Nguyễn Thị Hường", "Trần Văn Bình"]);
    found.try_into().unwrap()
}

fn verifies(reader: &Reader, certificate: &str, message: &[u8], signature: &[u8]) -> bool {
    let folder = reader.folder();
    std::fs::write(folder.join("message"), message).unwrap();
    std::fs::write(folder.join("signature"), signature).unwrap();
    openssl(folder, &format!("x509 -inform DER -in {certificate} -noout -pubkey -out public.pem"))
        && openssl(folder, "dgst -sha256 -verify public.pem -signature signature message")
}

fn openssl(folder: &Path, arguments: &str) -> bool {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
    output.unwrap().status.success()
}

#[test]
fn a_card_is_noticed_when_it_comes_and_when_it_goes() {
    with_reader("signing::a_card_is_noticed_when_it_comes_and_when_it_goes", |reader| {
        let mut token = open();
        assert_eq!(token.status(), Ok(TokenStatus::Absent));
        assert_eq!(token.identities(), Ok(vec![]));

        let card = reader.insert();
        wait_for(&mut token, FRESH);
        let [identity, _] = identities(&mut token);
        drop(card);
        wait_for(&mut token, TokenStatus::Absent);
        let gone = token.sign(&identity, PIN, b"m");
        assert!(matches!(gone, Err(SignError::Device(DeviceError::Gone { .. }))), "{gone:?}");

        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        assert!(token.sign(&identity, PIN, b"m").is_ok());
    });
}

#[test]
fn keys_sign_whether_they_want_the_pin_once_or_each_time() {
    with_reader("signing::keys_sign_whether_they_want_the_pin_once_or_each_time", |reader| {
        let mut token = open();
        let _card = reader.insert();
        wait_for(&mut token, FRESH);
        for (identity, file) in identities(&mut token).iter().zip(["rsa.der", "p256.der"]) {
            for message in [&b"one"[..], b"two", b"three"] {
                let signature = token.sign(identity, PIN, message).unwrap();
                assert!(verifies(reader, file, message, &signature), "{file}");
                assert!(!verifies(reader, file, b"another", &signature), "{file}");
            }
        }
    });
}

#[test]
fn each_wrong_pin_is_told_until_the_card_is_locked_for_good() {
    with_reader("signing::each_wrong_pin_is_told_until_the_card_is_locked_for_good", |reader| {
        let mut token = open();
        let card = reader.insert();
        wait_for(&mut token, FRESH);
        let [identity, _] = identities(&mut token);
        let mut try_pin = |pin| token.sign(&identity, pin, b"m").map(|_| ());
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::CountLow)));
        assert_eq!(try_pin(PIN), Ok(()), "the right PIN gives all tries back");
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::CountLow)));
        assert_eq!(try_pin("000000"), Err(SignError::WrongPin(PinState::FinalTry)));
        assert_eq!(try_pin("000000"), Err(SignError::Locked));
        assert_eq!(try_pin(PIN), Err(SignError::Locked));
        wait_for(&mut token, TokenStatus::Present(PinState::Locked));

        drop(card);
        wait_for(&mut token, TokenStatus::Absent);
        let _card = reader.insert();
        wait_for(&mut token, TokenStatus::Present(PinState::Locked));
    });
}
