//! What a kiosk does with a token.

use std::path::Path;
use std::process::Command;

use documents::pades::{SignerCertificate, prepare};
use documents::page::{Pixels, RawPage};
use documents::pdf::{self, PdfDocument, PdfPage};
use hardware_api::{
    DeviceError, PinState, SignAlgorithm, SignError, SigningIdentity, SigningToken, TokenStatus,
};
use signing_token::{Found, Pkcs11Token, list};

use crate::python::python;
use crate::stage::{module, pkcs11_tool, run, succeed, with_token};

const PIN: &str = "123456";
const RSA: &[u8] = &[1];
const P256: &[u8] = &[2];

fn open() -> Pkcs11Token {
    Pkcs11Token::open(&[module()]).unwrap()
}

fn identity(token: &mut Pkcs11Token, id: &[u8]) -> SigningIdentity {
    let identities = token.identities().unwrap();
    identities.into_iter().find(|identity| identity.id == id).unwrap()
}

/// Asks openssl whether the certificate's key made the signature.
fn verifies(folder: &Path, certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let path = |name: &str| folder.join(name);
    std::fs::write(path("c.der"), certificate).unwrap();
    std::fs::write(path("message"), message).unwrap();
    std::fs::write(path("signature"), signature).unwrap();
    let openssl = |arguments: &str| {
        let mut command = Command::new("openssl");
        command.current_dir(folder).args(arguments.split(' '));
        command
    };
    succeed(&mut openssl("x509 -inform DER -in c.der -noout -pubkey -out c.pub"));
    run(&mut openssl("dgst -sha256 -verify c.pub -signature signature message")).status.success()
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
            let found: Vec<_> = token
                .identities()
                .unwrap()
                .into_iter()
                .map(|it| (it.id, it.algorithm, it.holder, it.issuer))
                .collect();
            let issuer = || "CA thử nghiệm motcua".to_owned();
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
            let tokens = list(&[module(), "/nowhere/else.so".into()]);
            let [Found { module: through, label, .. }] = &tokens[..] else { panic!("{tokens:?}") };
            assert_eq!((through, label.as_str()), (&module(), "motcua-lab"));
        },
    );
}

#[test]
fn both_kinds_of_key_sign_what_openssl_verifies() {
    with_token(
        "signing::both_kinds_of_key_sign_what_openssl_verifies",
        |_| {},
        |folder| {
            let mut token = open();
            for id in [RSA, P256] {
                let identity = identity(&mut token, id);
                // Often enough that numbers with high bits come up, which need a zero before them.
                for round in 0..12u8 {
                    let message = [id, &[round], b"Gi\xE1\xBA\xA5y khai sinh"].concat();
                    let signature = token.sign(&identity, PIN, &message).unwrap();
                    assert!(verifies(folder, &identity.certificate, &message, &signature));
                    assert!(!verifies(folder, &identity.certificate, b"another", &signature));
                }
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
                let refused = token.sign(&identity, wrong, b"m");
                assert_eq!(refused, Err(SignError::WrongPin(PinState::CountLow)), "{wrong}");
            }
            assert_eq!(token.status(), Ok(TokenStatus::Present(PinState::CountLow)));
            assert!(token.sign(&identity, PIN, b"m").is_ok());
            assert_eq!(token.status(), Ok(TokenStatus::Present(PinState::Fresh)));
            // Nobody stays logged in: the next wrong PIN is refused again.
            let refused = token.sign(&identity, "000000", b"m");
            assert_eq!(refused, Err(SignError::WrongPin(PinState::CountLow)));
        },
    );
}

#[test]
fn a_key_that_asks_for_the_pin_each_time_signs_again_and_again() {
    with_token(
        "signing::a_key_that_asks_for_the_pin_each_time_signs_again_and_again",
        |folder| {
            let key = ["--keypairgen", "--key-type", "rsa:2048", "--always-auth"];
            pkcs11_tool(folder, &[&key[..], &["--id", "03", "--label", "qualified"]].concat());
            let public = ["--read-object", "--type", "pubkey", "--id", "03"];
            pkcs11_tool(folder, &[&public[..], &["--output-file", "q.der"]].concat());
            succeed(
                Command::new("openssl").current_dir(folder).args(
                    "x509 -new -force_pubkey q.der -keyform DER -subj /CN=Qualified -CA ca.pem \
                 -CAkey ca.key -days 9 -extfile signer.ext -outform DER -out qc.der"
                        .split_whitespace(),
                ),
            );
            let certificate = ["--write-object", "qc.der", "--type", "cert", "--id", "03"];
            pkcs11_tool(folder, &[&certificate[..], &["--label", "qualified"]].concat());
        },
        |folder| {
            let mut token = open();
            let identity = identity(&mut token, &[3]);
            for message in [&b"one"[..], b"two", b"three"] {
                let signature = token.sign(&identity, PIN, message).unwrap();
                assert!(verifies(folder, &identity.certificate, message, &signature));
            }
            let refused = token.sign(&identity, "000000", b"four");
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
            let gone = token.sign(&identity, PIN, b"m");
            assert!(matches!(gone, Err(SignError::Device(DeviceError::Gone { .. }))), "{gone:?}");

            // SoftHSM2 notices that the folder is empty when it is asked for slots again.
            std::fs::remove_dir_all(folder.join("tokens")).unwrap();
            std::fs::create_dir(folder.join("tokens")).unwrap();
            let gone = token.sign(&identity, PIN, b"m");
            assert!(matches!(gone, Err(SignError::Device(_))), "{gone:?}");
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
            let mut token = Pkcs11Token::open(&[nowhere, module()]).unwrap();
            assert_eq!(token.status(), Ok(TokenStatus::Absent));
            assert_eq!(token.identities(), Ok(vec![]));
            assert_eq!(token.unusable(), [Path::new("/nowhere/else.so")]);
            assert_eq!(list(&[module()]), []);

            let none = Pkcs11Token::open(&["/nowhere/else.so".into()]);
            assert!(matches!(none, Err(DeviceError::Gone { .. })), "{none:?}");
        },
    );
}

#[test]
fn a_document_signed_with_either_key_holds_for_poppler_and_pyhanko() {
    with_token(
        "signing::a_document_signed_with_either_key_holds_for_poppler_and_pyhanko",
        |_| {},
        |folder| {
            let mut token = open();
            let path = folder.join("signed.pdf");
            for (id, holder) in [(RSA, "Nguyễn Thị Hường"), (P256, "Trần Văn Bình")] {
                let identity = identity(&mut token, id);
                let certificate = SignerCertificate::new(&identity.certificate, &[]).unwrap();
                let prepared = prepare(&document(), &certificate, now()).unwrap();
                let signature = token.sign(&identity, PIN, prepared.to_be_signed()).unwrap();
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
