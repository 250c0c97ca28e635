//! Do the programs of others accept our signatures, and see when a byte has changed?

use std::path::Path;
use std::process::Command;

use documents::pades::{PadesError, SignatureKind, SignerCertificate, prepare};
use documents::trust::is_signed_by;

use crate::pki::{Authority, Signer, now};
use crate::{archive, sample, tool};

/// What pyHanko says about each signature, oldest first.
fn validated(authority: &Authority, pdf: &Path) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/validate_pades.py");
    tool::succeed(
        Command::new(tool::python()).arg(script).arg(authority.folder().join("ca.pem")).arg(pdf),
    )
    .lines()
    .map(str::to_owned)
    .collect()
}

/// The line of a signature that holds.
fn holds(signer: &str, coverage: &str, changes: &str) -> String {
    format!(
        r#"{{"attributes": ["content_type", "message_digest", "signing_certificate_v2"], "bottom_line": true, "changes": "{changes}", "coverage": "{coverage}", "intact": true, "signer": "Signer-{signer}", "subfilter": "/ETSI.CAdES.detached", "trusted": true, "valid": true}}"#
    )
}

fn pdfsig(pdf: &Path) -> String {
    tool::said(Command::new("pdfsig").args(["-nocert"]).arg(pdf))
}

fn kinds(authority: &Authority) -> [(&'static str, Signer); 4] {
    let long = authority.signer("rsa-4096", "rsa:4096");
    let [rsa, p256, p384] = [authority.rsa(), authority.p256(), authority.p384()];
    [("rsa", rsa), ("rsa-4096", long), ("p256", p256), ("p384", p384)]
}

#[test]
fn a_signature_is_held_against_the_key_of_its_certificate() {
    let authority = Authority::new();
    let medium = authority.signer("rsa-3072", "rsa:3072");
    let signers = kinds(&authority).into_iter().chain([("rsa-3072", medium)]);
    let signed: Vec<_> =
        signers.map(|(name, signer)| (authority.der(name), signer.signature(b"message"))).collect();
    for (at, (certificate, signature)) in signed.iter().enumerate() {
        assert!(is_signed_by(certificate, b"message", signature), "{at}");
        assert!(!is_signed_by(certificate, b"massage", signature), "{at}");
        assert!(!is_signed_by(&certificate[1..], b"message", signature), "{at}");
        for (other, (_, foreign)) in signed.iter().enumerate() {
            assert_eq!(is_signed_by(certificate, b"message", foreign), at == other);
        }
        for byte in 0..signature.len() {
            let mut spoilt = signature.clone();
            spoilt[byte] ^= 0x10;
            assert!(!is_signed_by(certificate, b"message", &spoilt), "{at}: byte {byte}");
        }
        assert!(!is_signed_by(certificate, b"message", &[]), "{at}");
    }
}

#[test]
fn a_signature_with_every_kind_of_key_holds_everywhere() {
    let authority = Authority::new();
    let path = authority.folder().join("signed.pdf");
    for (name, signer) in kinds(&authority) {
        let original = sample::document();
        let signed = signer.sign(&original);
        assert!(signed.starts_with(&original), "the signed file must begin with the old one");
        // Tells other programs to append to the file instead of writing it anew.
        assert!(signed.windows(11).any(|window| window == b"/SigFlags 3"));
        std::fs::write(&path, &signed).unwrap();

        assert_eq!(
            validated(&authority, &path),
            [holds(name, "ENTIRE_FILE", "NONE")],
            "pyHanko on {name}"
        );
        let verdict = pdfsig(&path);
        assert!(verdict.contains("Signature is Valid"), "{verdict}");
        assert!(verdict.contains("Total document signed"), "{verdict}");
        tool::succeed(Command::new("qpdf").arg("--check").arg(&path));
    }
}

#[test]
fn a_signed_document_is_still_pdf_a() {
    let authority = Authority::new();
    let path = authority.folder().join("signed.pdf");
    std::fs::write(&path, authority.p256().sign(&archive::as_part_1(&sample::document()))).unwrap();
    let verdict = archive::preflight(&path);
    assert!(verdict.contains("is a valid PDF/A-1b file"), "{verdict}");
}

#[test]
fn a_counter_signature_leaves_the_first_one_whole() {
    let authority = Authority::new();
    let (citizen, officer) = (authority.p256(), authority.rsa());
    let path = authority.folder().join("signed.pdf");
    std::fs::write(&path, officer.sign(&citizen.sign(&sample::document()))).unwrap();
    assert_eq!(
        validated(&authority, &path),
        [holds("p256", "ENTIRE_REVISION", "FORM_FILLING"), holds("rsa", "ENTIRE_FILE", "NONE")]
    );
    let verdict = pdfsig(&path);
    assert_eq!(verdict.matches("Signature is Valid").count(), 2, "{verdict}");
}

#[test]
fn one_changed_byte_anywhere_is_seen() {
    let authority = Authority::new();
    let signed = authority.rsa().sign(&sample::document());
    let path = authority.folder().join("changed.pdf");
    let image = signed.windows(2).position(|w| w == b"\xFF\xDA").unwrap() + 400;
    let claimed_time = signed.windows(5).rposition(|w| w == b"/M(D:").unwrap() + 12;
    for at in [image, claimed_time] {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        let verdict = pdfsig(&path);
        assert!(verdict.contains("Digest Mismatch"), "byte {at}: {verdict}");
    }
}

#[test]
fn a_signature_of_the_wrong_form_is_refused() {
    let authority = Authority::new();
    let pdf = sample::document();
    for (name, signer) in kinds(&authority) {
        let prepared = prepare(&pdf, &signer.certificate, now()).unwrap();
        let good = signer.signature(prepared.to_be_signed());
        for bad in [&[][..], &good[1..], &[good.as_slice(), b"x"].concat()] {
            assert_eq!(prepared.clone().finish(bad), Err(PadesError::BadSignature), "{name}");
        }
        assert!(prepared.finish(&good).is_ok());
    }
}

#[test]
fn certificates_are_judged_before_anything_is_signed() {
    let authority = Authority::new();
    let pdf = sample::document();
    let rsa = authority.rsa().certificate;
    assert_eq!(rsa.kind(), SignatureKind::RsaPkcs1);
    assert_eq!(authority.p256().certificate.kind(), SignatureKind::EcdsaP256);
    for shift in [jiff::SignedDuration::from_hours(-2), jiff::SignedDuration::from_hours(26)] {
        let error = prepare(&pdf, &rsa, now() + shift).unwrap_err();
        assert_eq!(error, PadesError::NotValidNow);
    }
    assert_eq!(authority.p384().certificate.kind(), SignatureKind::EcdsaP384);
    let other = authority.issue("other", "ec -pkeyopt ec_paramgen_curve:P-521");
    let error = SignerCertificate::new(&other, &[]).unwrap_err();
    assert_eq!(error, PadesError::UnsupportedKey);
    let error = SignerCertificate::new(b"no certificate", &[]).unwrap_err();
    assert_eq!(error, PadesError::BadCertificate);
}
