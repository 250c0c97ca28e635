//! Seals a small package of invented papers to a province's key, for trials.
//!
//! ```text
//! seal RECIPIENT SUBMISSION FILE [BYTES]
//! ```
//! Prints the SHA-256 and the size of the sealed file.

use std::{error::Error, fs::File};

use domain::{Evidence, Language, PersonalNumber, Sex};
use intake::{
    Answer, Applicant, Document, DocumentEntry, Manifest, ProcedureVersion, digest::sha256_hex,
};
use jiff::civil::date;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [recipient, submission, file, rest @ ..] = arguments.as_slice() else {
        return Err("usage: seal RECIPIENT SUBMISSION FILE [BYTES]".into());
    };
    let size = rest.first().map_or(Ok(20_000), |bytes| bytes.parse())?;
    let pdf = paper(size);
    let documents = [
        DocumentEntry::describe("to-khai.pdf", "to-khai", 1, &pdf)
            .signed(intake::Revocation::NotRevoked),
        DocumentEntry::describe("giay-chung-sinh.pdf", "giay-chung-sinh", 1, &pdf),
    ];
    let manifest = Manifest {
        format: Manifest::FORMAT,
        submission: submission.as_str().into(),
        kiosk: "kiosk-1".into(),
        submitted_at: "2026-11-21T02:00:00Z".parse()?,
        procedure: ProcedureVersion {
            code: "1.001193".into(),
            valid_from: date(2025, 7, 1),
            edition: 1,
        },
        applicant: Applicant {
            personal_number: PersonalNumber::parse("037199000001")?,
            name: "Nguyễn Thị Ánh".to_owned(),
            birth_date: Some(date(1999, 5, 17)),
            sex: Some(Sex::Female),
            residence: Some("Thôn Đông, xã Gia Viễn, tỉnh Ninh Bình".to_owned()),
            issue_date: Some(date(2024, 8, 1)),
            evidence: Evidence::Code,
        },
        language: Language::Vi,
        answers: vec![Answer { question: "name".into(), value: "Nguyễn Thị Ánh".into() }],
        documents: documents.to_vec(),
        slip_secret_sha256: sha256_hex(b"slip-secret"),
    };
    let documents = documents.map(|entry| Document { name: entry.name, bytes: pdf.clone() });
    let sealed = intake::seal(&manifest, &documents, &recipient.parse()?, File::create(file)?)?;
    eprintln!("{} {}", sealed.sha256, sealed.bytes);
    Ok(())
}

/// One empty A4 page, padded with a comment: browsers show it, and its size can be chosen.
fn paper(bytes: usize) -> Vec<u8> {
    let body = "%PDF-1.4\n\
        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n";
    let mut pdf = body.as_bytes().to_vec();
    while pdf.len() + 80 < bytes {
        pdf.extend_from_slice(b"% nothing stands on this page\n");
    }
    let at = pdf.len();
    let table = "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n\
        0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n";
    pdf.extend_from_slice(format!("{table}{at}\n%%EOF\n").as_bytes());
    pdf
}
