//! Cards that work: each way to open them, each cipher, curve, key and oddity.

use domain::{Evidence, Sex};
use identity::chip::{
    Beliefs, ChipError, Face, Finding, Genuineness, Opened, Part, PortraitFormat, Want, Why,
};
use jiff::civil::Date;

use crate::emulator::{Emulator, can, everything, lines};

#[test]
fn a_card_is_read_whole_and_proven() {
    let emulator = Emulator::start(&[]);
    let mut card = emulator.card();
    let reading = card.read_for(can(), everything(), &emulator.trust()).unwrap();

    let facts = reading.facts().unwrap();
    assert_eq!(facts.personal_number.digits(), "001099000001");
    assert_eq!(facts.name, "Nguyễn Văn An");
    assert_eq!(facts.birth_date, Some(Date::constant(1999, 1, 15)));
    assert_eq!(facts.sex, Some(Sex::Male));
    assert_eq!(facts.issue_date, Some(Date::constant(2021, 5, 20)));
    let mrz = reading.mrz.read().unwrap();
    assert_eq!(mrz.name(), "NGUYEN VAN AN");
    assert_eq!(mrz.personal_number(), Some(&facts.personal_number));
    let portrait = reading.portrait.read().unwrap();
    assert_eq!(portrait.format, PortraitFormat::Jpeg);
    assert!(portrait.bytes.ends_with(&[0xFF, 0xD9]), "the picture is whole");

    assert_eq!(reading.opened, Opened::Pace);
    assert_eq!(reading.checks.passive.finding(), Finding::Proven);
    assert_eq!(reading.checks.chip_authentication, Finding::Proven);
    assert_eq!(reading.checks.active_authentication, Finding::Proven);
    assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
    assert!(card.percents.is_sorted() && card.percents.last() <= Some(&100));
    assert!(card.percents.last() > Some(&80), "{:?}", card.percents);
}

#[test]
fn only_what_is_wanted_is_asked_for() {
    let emulator = Emulator::start(&[]);
    let mut least = emulator.card();
    let reading = least.read_for(can(), Want::default(), &emulator.trust()).unwrap();
    assert_eq!(reading.portrait, Part::NotAsked);
    assert_eq!(reading.checks.active_authentication, Finding::NotChecked(Why::AnotherSufficed));
    assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
    let citizen = reading.citizen.read().unwrap();
    assert_eq!((&citizen.ethnicity, &citizen.religion), (&None, &None));
    assert!(least.percents.last() > Some(&80), "{:?}", least.percents);

    let want = Want { beliefs: Beliefs::Keep, genuineness: Genuineness::Never, face: Face::Leave };
    let reading = emulator.card().read_for(can(), want, &emulator.trust()).unwrap();
    assert_eq!(reading.citizen.read().unwrap().ethnicity.as_deref(), Some("Kinh"));
    assert_eq!(reading.checks.chip_authentication, Finding::NotChecked(Why::NotAsked));
    assert_eq!(reading.evidence(), Some(Evidence::ChipIntegrity));
}

#[test]
fn every_cipher_and_curve_opens_with_either_key() {
    for (suite, curve, chip) in [
        ("AES-128", "P-256", "AES-128"),
        ("AES-192", "brainpoolP256r1", "AES-192"),
        ("AES-256", "P-384", "AES-256"),
        ("3DES", "brainpoolP256r1", "3DES"),
        ("3DES", "P-256", "AES-128"),
    ] {
        let options = ["--suite", suite, "--curve", curve, "--chip-authentication", chip];
        let emulator = Emulator::start(&options);
        for access in [can(), lines()] {
            let reading = emulator.card().read_for(access, everything(), &emulator.trust());
            let reading = reading.unwrap_or_else(|error| panic!("{options:?}: {error}"));
            assert_eq!(reading.opened, Opened::Pace, "{options:?}");
            assert_eq!(reading.checks.chip_authentication, Finding::Proven, "{options:?}");
            assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted), "{options:?}");
        }
    }
}

#[test]
fn every_signature_of_issuer_and_chip_is_verified() {
    for (signer, active) in [
        ("P-256", "rsa1024"),
        ("P-384", "rsa2048"),
        ("brainpoolP384r1", "rsa2048-sha256"),
        ("rsa", "rsa2048-sha512"),
        ("rsa-pss", "none"),
    ] {
        let options = [
            "--signer",
            signer,
            "--active-authentication",
            active,
            "--chip-authentication",
            "none",
        ];
        let emulator = Emulator::start(&options);
        let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
        assert_eq!(reading.checks.passive.finding(), Finding::Proven, "{options:?}");
        assert_eq!(reading.checks.chip_authentication, Finding::NotOffered, "{options:?}");
        let (proof, evidence) = match active {
            "none" => (Finding::NotOffered, Evidence::ChipIntegrity),
            _ => (Finding::Proven, Evidence::ChipTrusted),
        };
        assert_eq!(reading.checks.active_authentication, proof, "{options:?}");
        assert_eq!(reading.evidence(), Some(evidence), "{options:?}");
    }
}

#[test]
fn a_card_that_knows_only_the_older_way_opens_with_its_lines() {
    for options in [&["--opens-with", "bac"][..], &["--opens-with", "bac", "--quirk", "nomf"]] {
        let emulator = Emulator::start(options);
        let reading = emulator.card().read_for(lines(), everything(), &emulator.trust()).unwrap();
        assert_eq!(reading.opened, Opened::Bac);
        assert_eq!(reading.facts().unwrap().name, "Nguyễn Văn An");
        assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
        assert!(matches!(emulator.card().read(can()), Err(ChipError::NeedsMrz)));
    }
}

/// Fault: card · refuses SELECT of the master file (6D00), as some real cards do → read all the same
#[test]
fn cards_of_odd_makes_are_read() {
    for options in [
        &["--quirk", "nomf"][..],
        &["--quirk", "nosfi"],
        &["--quirk", "noaccess"],
        &["--quirk", "noaccess", "--quirk", "nomf"],
        &["--quirk", "warned"],
        &["--quirk", "noext", "--quirk", "nomf"],
        &["--quirk", "oddext"],
        &["--quirk", "strictle"],
        &["--buffer", "300"],
        &["--buffer", "65000", "--face", "60000"],
        &["--quirk", "noext", "--face", "60000"],
        &["--picture", "jp2"],
    ] {
        let emulator = Emulator::start(options);
        let reading = emulator.card().read_for(can(), everything(), &emulator.trust());
        let reading = reading.unwrap_or_else(|error| panic!("{options:?}: {error}"));
        assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted), "{options:?}");
        assert!(reading.portrait.read().is_some(), "{options:?}");
    }
}

#[test]
fn a_reader_that_carries_short_lengths_only_is_enough() {
    let emulator = Emulator::start(&[]);
    let mut card = emulator.card_on_a_small_reader();
    let reading = card.read_for(can(), everything(), &emulator.trust()).unwrap();
    assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
}

/// Fault: card · DG13 is refused, encrypted by the issuer or missing → the rest is read, name without tones
#[test]
fn a_card_whose_citizen_cannot_be_read_gives_the_rest() {
    for (quirk, part) in [("nodg13", Part::Refused), ("lockeddg13", Part::NotUnderstood)] {
        let emulator = Emulator::start(&["--quirk", quirk]);
        let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
        assert_eq!(reading.citizen, part);
        let facts = reading.facts().unwrap();
        assert_eq!(facts.personal_number.digits(), "001099000001");
        assert_eq!((facts.name.as_str(), facts.residence), ("NGUYEN VAN AN", None));
        assert_eq!(facts.birth_date, Some(Date::constant(1999, 1, 15)));
        assert!(reading.portrait.read().is_some());
        assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
    }
}

#[test]
fn other_citizens_are_read_as_well() {
    use identity::chip::{Access, Can};
    for (person, access, name, spouse) in [
        ("binh", "000002", "Trần Thị Bình", Some("Phạm Văn Chồng")),
        ("niem", "000003", "Y Blắc Niê", None),
    ] {
        let emulator = Emulator::start(&["--person", person]);
        let access = Access::Can(Can::parse(access).unwrap());
        let reading = emulator.card().read(access).unwrap();
        assert_eq!(reading.facts().unwrap().name, name);
        assert_eq!(reading.citizen.read().unwrap().spouse.as_deref(), spouse);
    }
}

#[test]
fn nothing_of_a_reading_is_shown() {
    let emulator = Emulator::start(&[]);
    let reading = emulator.card().read(can()).unwrap();
    let shown = format!("{reading:?}");
    for hidden in ["Nguyễn", "NGUYEN", "1999", "990115", "000000", "Phố", "255, 216"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}
