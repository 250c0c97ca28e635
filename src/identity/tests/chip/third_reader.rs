//! More readers of one card, byte for byte: `emrtd` over the real PC/SC service (BAC, all that it
//! speaks), OpenPACE's library with PACE on brainpoolP256r1, the curve of real cards; and openssl
//! on the issuer's signature over what they read.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use dmrtd::{
    lds::{ef::ElementaryFile as _, mrz::Mrz},
    passport::Passport,
    proto::dba_key::DBAKey,
};
use domain::Evidence;
use emrtd::EmrtdComms;
use identity::{
    chip::{self, ApduLink as _, Continue, Opened, Request},
    lds,
};

use crate::{
    emulator::{self, Emulator, can, everything, lines, now, random},
    second_reader::LINES,
    service::{Line, OnReader, alone},
};

/// Raw files by name.
type Files = BTreeMap<&'static str, Vec<u8>>;

const FILES: [(&str, [u8; 2]); 4] =
    [("com", [1, 0x1E]), ("dg1", [1, 1]), ("dg2", [1, 2]), ("sod", [1, 0x1D])];

fn by_emrtd(card: &OnReader) -> Files {
    let mut reader = EmrtdComms::new(card.connect());
    reader.select_emrtd_application().unwrap();
    let secret = emrtd::other_mrz("099000001", "990115", "390115").unwrap();
    reader.establish_bac_session_keys(secret.as_bytes()).unwrap();
    let mut read = |(name, id): (&'static str, [u8; 2])| {
        reader.select_ef(&id, name, true).unwrap();
        (name, reader.read_data_from_ef(true).unwrap())
    };
    FILES.into_iter().map(&mut read).collect()
}

fn by_libeac(emulator: &Emulator) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Command::new(emulator::python());
    reader.arg(emulator::rig("eac_read.py")).args([&emulator.port(), "000001", "--files"]);
    let output = reader.arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    FILES.into_iter().map(|(name, _)| (name, fs::read(folder.path().join(name)).unwrap())).collect()
}

fn by_dmrtd(emulator: &Emulator) -> Files {
    let mut reader = Passport::new(emulator.card());
    reader.start_session(DBAKey::from_mrz(&Mrz::from_bytes(LINES).unwrap()).unwrap()).unwrap();
    BTreeMap::from([
        ("com", reader.read_ef_com().unwrap().to_bytes().to_vec()),
        ("dg1", reader.read_ef_dg1().unwrap().to_bytes().to_vec()),
        ("dg2", reader.read_ef_dg2().unwrap().to_bytes().to_vec()),
        ("sod", reader.read_ef_sod().unwrap().to_bytes().to_vec()),
    ])
}

#[test]
fn four_readers_read_the_same_bytes_of_one_card() {
    alone("third_reader::four_readers_read_the_same_bytes_of_one_card", |service| {
        let emulator = Emulator::start(&["--face", "4000"]);
        let card = service.lay(emulator.port().parse().unwrap());
        let raw = by_emrtd(&card);
        assert_eq!(raw, by_libeac(&emulator));
        assert_eq!(raw, by_dmrtd(&emulator));

        // Ours, over the same service: it gives no raw files, but says of each whether it is the
        // one that was signed, and what it understood of it.
        let trust = emulator.trust();
        let request = Request { access: lines(), want: everything(), trust: &trust, at: now() };
        let mut line = Line(card.connect());
        let ours = chip::read(&mut line, &request, &random(), &mut |_| Continue::Yes).unwrap();
        assert!(ours.checks.passive.finding().is_proven());
        assert_signed(&raw, &emulator);
        assert_eq!(ours.mrz.read(), lds::lines(&raw["dg1"]).ok().as_ref());
        assert!(raw["dg1"].ends_with(LINES.as_bytes()));
        let face = emrtd::get_jpeg_from_ef_dg2(&raw["dg2"]).unwrap();
        assert_eq!(ours.portrait.read().unwrap().bytes, face);
        let listed = lds::groups(&raw["com"]).unwrap();
        assert!(listed.contains(&chip::File::Dg1) && listed.contains(&chip::File::Dg13));
    });
}

#[test]
fn emrtd_is_refused_a_card_that_knows_other_lines() {
    alone("third_reader::emrtd_is_refused_a_card_that_knows_other_lines", |service| {
        let emulator = Emulator::start(&["--person", "binh"]);
        let card = service.lay(emulator.port().parse().unwrap());
        let mut reader = EmrtdComms::new(card.connect());
        reader.select_emrtd_application().unwrap();
        let secret = emrtd::other_mrz("099000001", "990115", "390115").unwrap();
        assert!(reader.establish_bac_session_keys(secret.as_bytes()).is_err());
    });
}

/// The card opens with PACE on brainpoolP256r1, and document signer and authority sign with keys
/// on that curve.
#[test]
fn openssl_believes_the_issuer_of_a_card_read_on_the_curve_of_real_cards() {
    let emulator = Emulator::start(&["--face", "4000"]);
    // PACEInfo: version 2, standardised domain parameters 13 (BSI TR-03110, A.2.1.1).
    let access = emulator.card().transmit(&[0x00, 0xB0, 0x9C, 0x00, 0x00]).unwrap();
    assert!(access.windows(6).any(|window| window == [2, 1, 2, 2, 1, 13]), "{access:02X?}");

    let raw = by_libeac(&emulator);
    assert_signed(&raw, &emulator);
    let ours = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    assert_eq!(ours.opened, Opened::Pace);
    assert_eq!(ours.evidence(), Some(Evidence::ChipTrusted));

    // What ours must refuse, openssl refuses too.
    let folder = tempfile::tempdir().unwrap();
    let namesake = Emulator::start(&[]);
    assert!(!cms_verify(folder.path(), &raw["sod"], &namesake.authority_file()).status.success());
    let tampered = by_libeac(&Emulator::start(&["--face", "4000", "--tamper", "sod"]));
    let refused = cms_verify(folder.path(), &tampered["sod"], &emulator.authority_file());
    assert!(!refused.status.success());
}

/// The card's authority stands behind the SOD, the SOD behind the other files, and all keys are on
/// the curve of real cards: by openssl.
fn assert_signed(raw: &Files, emulator: &Emulator) {
    let folder = tempfile::tempdir().unwrap();
    let (folder, authority) = (folder.path(), emulator.authority_file());
    let verified = cms_verify(folder, &raw["sod"], &authority);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let signed = said(folder, &["asn1parse", "-inform", "DER", "-in", "content"]);
    for group in ["dg1", "dg2"] {
        fs::write(folder.join("data"), &raw[group]).unwrap();
        let digest = said(folder, &["dgst", "-sha256", "-r", "data"]).to_uppercase();
        let digest = digest.split_whitespace().next().unwrap();
        assert!(signed.contains(&format!("[HEX DUMP]:{digest}")), "{group} in {signed}");
    }
    for certificate in ["signer.pem", &authority] {
        let text = said(folder, &["x509", "-noout", "-text", "-in", certificate]);
        assert!(text.contains("ASN1 OID: brainpoolP256r1"), "{certificate}: {text}");
    }
}

/// Verifies the signature inside EF.SOD; leaves what was signed and the signer's certificate.
fn cms_verify(folder: &Path, sod: &[u8], authority: &str) -> Output {
    // A tag of one byte and a length of three stand before the signed data.
    assert_eq!(sod[..2], [0x77, 0x82]);
    fs::write(folder.join("sod"), &sod[4..]).unwrap();
    let arguments =
        "cms -verify -inform DER -in sod -purpose any -out content -certsout signer.pem";
    let mut all: Vec<&str> = arguments.split(' ').collect();
    all.extend(["-CAfile", authority]);
    openssl(folder, &all)
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&openssl(folder, arguments).stdout).into_owned()
}

fn openssl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("openssl").current_dir(folder).args(arguments).output().unwrap()
}
