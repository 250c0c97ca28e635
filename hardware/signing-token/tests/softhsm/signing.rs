//! What a kiosk does with a token.

use std::path::Path;
use std::process::Command;

use documents::pades::{SignerCertificate, prepare};
use documents::page::{Pixels, RawPage};
use documents::pdf::{self, PdfDocument, PdfPage};
use hardware_api::{
    DeviceError, KeyPurpose, ModuleFault, ModuleState, PinState, SignAlgorithm, SignError,
    SigningIdentity, SigningToken, TokenStatus,
};
use signing_token::{Found, Pkcs11Token, list};

use crate::python::python;
use crate::stage::{add_key, import_p384, module, pkcs11_tool, run, succeed, verifies, with_token};
use crate::token::{prober, sign};

const PIN: &str = "123456";
const RSA: &[u8] = &[1];
const P256: &[u8] = &[2];

fn open() -> Pkcs11Token {
    crate::token::open(&[module()])
}

fn identity(token: &mut Pkcs11Token, id: &[u8]) -> SigningIdentity {
    let identities = token.identities().unwrap();
    identities.into_iter().find(|identity| identity.id == id).unwrap()
}

#[test]
fn identities_are_listed_without_a_pin() {
    with_token(
        "signing::identities_are_listed_without_a_pin",
        |folder| {
            // Neither an authority's certificate nor one without a key is somebody's identity.
            succeed(
                Command::new("openssl")
                    .current_dir(folder)
                    .args("x509 -in ca.pem -outform DER -out ca.der".split(' ')),
            );
            let ca = ["--write-object", "ca.der", "--type", "cert", "--id", "01"];
            let stray = ["--write-object", "certificate.der", "--type", "cert", "--id", "07"];
            pkcs11_tool(folder, &[&ca[..], &["--label", "ca"]].concat());
            pkcs11_tool(folder, &[&stray[..], &["--label", "stray"]].concat());
        },
        |_| {
            let mut token = open();
            assert_eq!(token.status(), Ok(TokenStatus::Present(PinState::Fresh)));
            let found = token.identities().unwrap();
            for identity in &found {
                assert_eq!(identity.purpose, KeyPurpose::Commitment);
                let days = (identity.valid_until - now()).total(jiff::Unit::Hour).unwrap() / 24.0;
                assert!((3640.0..3660.0).contains(&days), "{days}");
            }
            assert_eq!(token.authorities().unwrap().len(), 1);
            let found: Vec<_> =
                found.into_iter().map(|it| (it.id, it.algorithm, it.holder, it.issuer)).collect();
            let issuer = || "motcua".to_owned();
            assert_eq!(
                found,
                [
                    (
                        RSA.to_vec(),
                        SignAlgorithm::RsaPkcs1Sha256,
                        "Nguyễn Thị Hường".to_owned(),
                        issuer()
                    ),
                    (
                        P256.to_vec(),
                        SignAlgorithm::EcdsaP256Sha256,
                        "Trần Văn Bình".to_owned(),
                        issuer()
                    ),
                ]
            );
            let tokens = list(&[module(), "/nowhere/else.so".into()], prober());
            let [Found { module: through, label, .. }] = &tokens[..] else { panic!("{tokens:?}") };
            assert_eq!((through, label.as_str()), (&module(), "motcua-lab"));
        },
    );
}

#[test]
fn every_kind_of_key_signs_what_openssl_verifies() {
    with_token(
        "signing::every_kind_of_key_signs_what_openssl_verifies",
        |folder| {
            for (id, kind) in [("03", "rsa:3072"), ("04", "rsa:4096")] {
                add_key(folder, id, kind, &[]);
            }
            import_p384(folder, "05");
        },
        |folder| {
            let mut token = open();
            for id in 1..=5 {
                let identity = identity(&mut token, &[id]);
                // Often enough that numbers with high bits come up, which need a zero before them.
                let messages: Vec<Vec<u8>> = (0..12).map(|round| vec![id, round]).collect();
                let borrowed: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
                let signatures = sign(&mut token, &identity, PIN, &borrowed).unwrap();
                for (message, signature) in messages.iter().zip(&signatures) {
                    assert!(verifies(folder, &identity, message, signature), "key {id}");
                }
                assert!(!verifies(folder, &identity, b"another", &signatures[0]), "key {id}");
            }
        },
    );
}

#[test]
fn a_wrong_pin_is_told_and_the_right_one_works_afterwards() {
    with_token(
        "signing::a_wrong_pin_is_told_and_the_right_one_works_afterwards",
        |_| {},
        |_| {
            let mut token = open();
            let identity = identity(&mut token, RSA);
            for wrong in ["000000", "", "1234567", "một hai ba"] {
                let refused = sign(&mut token, &identity, wrong, &[b"m"]);
                assert_eq!(refused, Err(SignError::WrongPin(PinState::CountLow)), "{wrong}");
            }
            assert_eq!(token.status(), Ok(TokenStatus::Present(PinState::CountLow)));
            assert!(sign(&mut token, &identity, PIN, &[b"m"]).is_ok());
            assert_eq!(token.status(), Ok(TokenStatus::Present(PinState::Fresh)));
            // Nobody stays logged in: the next wrong PIN is refused again.
            let refused = sign(&mut token, &identity, "000000", &[b"m"]);
            assert_eq!(refused, Err(SignError::WrongPin(PinState::CountLow)));
        },
    );
}

/// Fault: token · its key wants the PIN before each signature → all papers are signed with the PIN typed once
#[test]
fn a_key_that_asks_for_the_pin_each_time_signs_again_and_again() {
    with_token(
        "signing::a_key_that_asks_for_the_pin_each_time_signs_again_and_again",
        |folder| add_key(folder, "03", "rsa:2048", &["--always-auth"]),
        |folder| {
            let mut token = open();
            let identity = identity(&mut token, &[3]);
            let messages = [&b"one"[..], b"two", b"three"];
            let signatures = sign(&mut token, &identity, PIN, &messages).unwrap();
            for (message, signature) in messages.iter().zip(&signatures) {
                assert!(verifies(folder, &identity, message, signature));
            }
            let refused = sign(&mut token, &identity, "000000", &[b"four"]);
            assert_eq!(refused, Err(SignError::WrongPin(PinState::CountLow)));
        },
    );
}

#[test]
fn a_token_that_left_is_gone_and_another_is_not_taken_for_it() {
    with_token(
        "signing::a_token_that_left_is_gone_and_another_is_not_taken_for_it",
        |_| {},
        |folder| {
            let mut token = open();
            let mut identity = identity(&mut token, RSA);
            identity.certificate.push(0);
            let gone = sign(&mut token, &identity, PIN, &[b"m"]);
            assert_eq!(gone, Err(SignError::Left));

            // SoftHSM2 notices that the folder is empty when it is asked for slots again.
            std::fs::remove_dir_all(folder.join("tokens")).unwrap();
            std::fs::create_dir(folder.join("tokens")).unwrap();
            let gone = sign(&mut token, &identity, PIN, &[b"m"]);
            assert_eq!(gone, Err(SignError::Left));
        },
    );
}

#[test]
fn no_token_is_a_normal_answer_and_no_module_is_not() {
    with_token(
        "signing::no_token_is_a_normal_answer_and_no_module_is_not",
        |folder| {
            std::fs::remove_dir_all(folder.join("tokens")).unwrap();
            std::fs::create_dir(folder.join("tokens")).unwrap();
        },
        |_| {
            let nowhere = "/nowhere/else.so".into();
            let mut token = crate::token::open(&[nowhere, module()]);
            assert_eq!(token.status(), Ok(TokenStatus::Absent));
            assert_eq!(token.identities(), Ok(vec![]));
            let reports = token.modules().unwrap();
            assert_eq!(reports[0].state, ModuleState::LeftOut(ModuleFault::NotLoaded));
            assert_eq!(reports[0].module, "/nowhere/else.so");
            assert_eq!(list(&[module()], prober()), []);

            let none = crate::token::open(&["/nowhere/else.so".into()]).status();
            assert!(matches!(none, Err(DeviceError::Gone { .. })), "{none:?}");
            assert_eq!(crate::token::open(&[]).status(), Ok(TokenStatus::Absent));
        },
    );
}

#[test]
fn a_document_signed_with_any_key_holds_for_poppler_and_pyhanko() {
    with_token(
        "signing::a_document_signed_with_any_key_holds_for_poppler_and_pyhanko",
        |folder| import_p384(folder, "05"),
        |folder| {
            let mut token = open();
            let path = folder.join("signed.pdf");
            let holders =
                [(RSA, "Nguyễn Thị Hường"), (P256, "Trần Văn Bình"), (&[5], "Holder-of-05")];
            for (id, holder) in holders {
                let identity = identity(&mut token, id);
                let certificate = SignerCertificate::new(&identity.certificate, &[]).unwrap();
                let prepared = prepare(&document(), &certificate, now()).unwrap();
                let message = prepared.to_be_signed();
                let signature = sign(&mut token, &identity, PIN, &[message]).unwrap().remove(0);
                std::fs::write(&path, prepared.finish(&signature).unwrap()).unwrap();

                let poppler = run(Command::new("pdfsig").arg("-nocert").arg(&path)).stdout;
                let poppler = String::from_utf8_lossy(&poppler);
                assert!(poppler.contains("Signature is Valid"), "{poppler}");
                assert!(poppler.contains("Total document signed"), "{poppler}");
                let script = "../../src/documents/tests/programs/validate_pades.py";
                let hanko = succeed(
                    Command::new(python())
                        .env("PYTHONIOENCODING", "utf-8")
                        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
                        .arg(folder.join("ca.pem"))
                        .arg(&path),
                );
                for fact in [
                    &format!(r#""signer": "{holder}""#),
                    r#""bottom_line": true"#,
                    r#""intact": true"#,
                    r#""trusted": true"#,
                    r#""coverage": "ENTIRE_FILE""#,
                ] {
                    assert!(hanko.contains(fact), "{fact}: {hanko}");
                }
            }
        },
    );
}

fn document() -> Vec<u8> {
    let page = RawPage::new(413, 585, 50, Pixels::Grey(&[230; 413 * 585])).unwrap();
    let jpeg = page.encode().unwrap();
    pdf::write(&PdfDocument {
        title: "Tờ khai đăng ký khai sinh",
        created: now(),
        pages: &[PdfPage { jpeg: &jpeg, dpi: 50 }],
    })
    .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the token's certificates are valid from now on")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
