//! Files from elsewhere: signed when they can be followed, refused politely when not, and never a
//! panic.

use std::process::Command;
use std::sync::LazyLock;

use documents::pades::{PadesError, SignerCertificate, prepare};
use proptest::prelude::*;

use crate::pki::{Authority, now};
use crate::{sample, tool};

/// One authority and one small signed file for all cases of a property.
static SIGNED: LazyLock<(Vec<u8>, SignerCertificate)> = LazyLock::new(|| {
    let authority = Authority::new();
    let signer = authority.p256();
    (signer.sign(&bare_pdf("")), signer.certificate)
});

/// A hand-written one-page file; `catalog` goes into its catalog.
fn bare_pdf(catalog: &str) -> Vec<u8> {
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>".to_owned(),
        "[]".to_owned(),
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let at = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        pdf += &format!("{offset:010} 00000 n \n");
    }
    let size = objects.len() + 1;
    pdf += &format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF");
    pdf.into_bytes()
}

#[test]
fn forms_in_every_place_are_extended() {
    let authority = Authority::new();
    let signer = authority.p256();
    for catalog in ["", "/AcroForm<</Fields[]>>", "/AcroForm<</Fields 4 0 R>>"] {
        let once = signer.sign(&bare_pdf(catalog));
        let twice = signer.sign(&once);
        let path =
            std::env::temp_dir().join(format!("form-{}-{}.pdf", std::process::id(), catalog.len()));
        std::fs::write(&path, &twice).unwrap();
        let verdict = tool::said(Command::new("pdfsig").arg("-nocert").arg(&path));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(verdict.matches("Signature is Valid").count(), 2, "{catalog}: {verdict}");
    }
}

#[test]
fn files_that_cannot_be_signed_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain.pdf");
    std::fs::write(&plain, sample::document()).unwrap();
    let by_qpdf = |arguments: &[&str]| {
        let out = folder.path().join("out.pdf");
        tool::succeed(Command::new("qpdf").args(arguments).arg(&plain).arg(&out));
        std::fs::read(out).unwrap()
    };
    let certificate = &SIGNED.1;
    let refusal = |pdf: &[u8]| prepare(pdf, certificate, now()).unwrap_err();

    assert_eq!(refusal(&by_qpdf(&["--object-streams=generate"])), PadesError::Compressed);
    let encrypt = ["--encrypt", "", "owner", "256", "--", "--object-streams=disable"];
    assert_eq!(refusal(&by_qpdf(&encrypt)), PadesError::Encrypted);
    assert_eq!(refusal(&bare_pdf("/Perms<</DocMDP 9 0 R>>")), PadesError::Locked);
    for damaged in [&b""[..], b"%PDF-1.7", b"\xFF\xD8\xFF", &bare_pdf("/AcroForm 1")] {
        assert!(matches!(refusal(damaged), PadesError::Damaged { .. }));
    }
}

#[test]
fn trees_and_updates_in_a_circle_end() {
    let certificate = &SIGNED.1;
    let text = String::from_utf8(bare_pdf("")).unwrap();
    let newest = text.rfind("xref\n0").unwrap();
    for circle in [
        text.replace("/Kids[3 0 R]", "/Kids[2 0 R]"),
        text.replace("/Size 5", &format!("/Size 5/Prev {newest}")),
    ] {
        let prepared = prepare(circle.as_bytes(), certificate, now());
        assert!(matches!(prepared, Err(PadesError::Damaged { .. })), "{prepared:?}");
    }
}

#[test]
fn a_linearized_file_of_another_writer_is_signed() {
    let authority = Authority::new();
    let (plain, other) = (authority.folder().join("a.pdf"), authority.folder().join("b.pdf"));
    std::fs::write(&plain, sample::document()).unwrap();
    tool::succeed(
        Command::new("qpdf")
            .args(["--linearize", "--object-streams=disable"])
            .arg(&plain)
            .arg(&other),
    );
    std::fs::write(&plain, authority.rsa().sign(&std::fs::read(&other).unwrap())).unwrap();
    let verdict = tool::said(Command::new("pdfsig").arg("-nocert").arg(&plain));
    assert!(verdict.contains("Signature is Valid"), "{verdict}");
    assert!(verdict.contains("Total document signed"), "{verdict}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_refused_without_panic(bytes: Vec<u8>) {
        prop_assert!(prepare(&bytes, &SIGNED.1, now()).is_err());
    }

    #[test]
    fn a_mutated_file_never_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts: bool,
    ) {
        let (pdf, certificate) = &*SIGNED;
        let mut mutated = pdf.clone();
        // The zeros and digits of the signature itself are not looked at: change the rest.
        let structure: Vec<usize> =
            (0..pdf.len()).filter(|&i| !pdf[i].is_ascii_hexdigit() || i < 900).collect();
        for (index, byte) in changes {
            mutated[structure[index.index(structure.len())]] = byte;
        }
        if cuts {
            mutated.truncate(cut.index(mutated.len()));
        }
        if let Ok(prepared) = prepare(&mutated, certificate, now()) {
            prop_assert!(!prepared.to_be_signed().is_empty());
        }
    }

    #[test]
    fn tokens_in_any_order_never_panic(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "1 0 obj", "endobj", "<<", ">>", "[", "]", "/Root", "/Prev", "/Kids", "/Pages", "/Size",
            "1 0 R", "2 0 R", "0", "7", "99999999999", "xref", "trailer", "startxref", "n", "f", "(",
        ]), 0..60),
    ) {
        let mut pdf = String::from("%PDF-1.7\nxref\n0 1\n0000000009 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\n");
        pdf += &tokens.join(" ");
        pdf += "\nstartxref\n9\n%%EOF";
        let _ = prepare(pdf.as_bytes(), &SIGNED.1, now());
    }
}
