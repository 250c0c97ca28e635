//! Cards that are not what they seem: altered, of another issuer, copied.

use domain::Evidence;
use identity::chip::{self, Continue, File, Finding, Request, TrustError, TrustStore, Why};

use crate::emulator::{Emulator, can, everything, random};

/// Fault: card · a file was changed after it was signed → said which; the data counts for nothing
#[test]
fn an_altered_file_is_found_out() {
    for (file, altered) in [("dg1", File::Dg1), ("dg2", File::Dg2), ("dg13", File::Dg13)] {
        let emulator = Emulator::start(&["--tamper", file]);
        let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
        let passive = reading.checks.passive;
        assert_eq!(passive.integrity, Finding::Failed(Why::DataAltered(altered)));
        assert_eq!((passive.signature, passive.issuer), (Finding::Proven, Finding::Proven));
        assert_eq!(reading.evidence(), None);
    }
}

#[test]
fn an_altered_signature_is_found_out() {
    let emulator = Emulator::start(&["--tamper", "sod"]);
    let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    assert!(!reading.checks.passive.signature.is_proven());
    assert!(!reading.checks.passive.finding().is_proven());
    assert_eq!(reading.evidence(), None);
}

#[test]
fn a_key_that_was_not_signed_proves_nothing() {
    let emulator = Emulator::start(&["--tamper", "dg14"]);
    let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    let altered = Finding::Failed(Why::DataAltered(File::Dg14));
    assert_eq!(reading.checks.chip_authentication, altered);
    assert_eq!(reading.checks.active_authentication, Finding::Proven);
    assert_eq!(reading.evidence(), None);
}

/// Fault: card · signed by an issuer of the same name with another key → unaltered, but not trusted
#[test]
fn an_issuer_is_known_by_its_key_and_not_by_its_name() {
    let (emulator, namesake) = (Emulator::start(&[]), Emulator::start(&[]));
    for trust in [namesake.trust(), TrustStore::default()] {
        let reading = emulator.card().read_for(can(), everything(), &trust).unwrap();
        let passive = reading.checks.passive;
        assert_eq!((passive.integrity, passive.signature), (Finding::Proven, Finding::Proven));
        assert_eq!(passive.issuer, Finding::Failed(Why::IssuerUnknown));
        assert_eq!(reading.evidence(), Some(Evidence::ChipIntegrity));
    }
    let mut both = namesake.trust();
    both.add(&emulator.authority()).unwrap();
    let reading = emulator.card().read_for(can(), everything(), &both).unwrap();
    assert_eq!(reading.evidence(), Some(Evidence::ChipTrusted));
}

/// Fault: card · its signer's certificate names a trusted issuer's key, but is forged → not trusted
#[test]
fn a_forged_certificate_is_found_out_by_its_signature() {
    let honest = Emulator::start(&[]);
    let forged = Emulator::start(&["--pose-as", &honest.authority_file()]);
    let reading = forged.card().read_for(can(), everything(), &honest.trust()).unwrap();
    let passive = reading.checks.passive;
    assert_eq!((passive.integrity, passive.signature), (Finding::Proven, Finding::Proven));
    assert_eq!(passive.issuer, Finding::Failed(Why::IssuerUnknown));
}

#[test]
fn certificates_count_only_while_they_are_valid() {
    let emulator = Emulator::start(&[]);
    let trust = emulator.trust();
    for at in ["2023-12-31T23:59:59Z", "2036-01-01T00:00:01Z"] {
        let at = at.parse().unwrap();
        let request = Request { access: can(), want: everything(), trust: &trust, at };
        let mut go_on = |_| Continue::Yes;
        let reading = chip::read(&mut emulator.card(), &request, &random(), &mut go_on).unwrap();
        assert_eq!(reading.checks.passive.issuer, Finding::Failed(Why::OutOfDate), "{at}");
        assert_eq!(reading.evidence(), None, "{at}");
    }
}

/// Fault: card · a copy: all files, without the chip's secret keys → chip and active authentication fail
#[test]
fn a_copied_chip_is_found_out_either_way() {
    for active in ["ecdsa", "rsa2048-sha256"] {
        let emulator = Emulator::start(&["--copied", "--active-authentication", active]);
        let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
        let copied = Finding::Failed(Why::KeyNotHeld);
        assert_eq!(reading.checks.passive.finding(), Finding::Proven);
        assert_eq!(reading.checks.chip_authentication, copied);
        assert_eq!(reading.checks.active_authentication, copied);
        assert_eq!(reading.evidence(), None);
        assert!(reading.portrait.read().is_some(), "read after the session was lost over it");
    }
}

#[test]
fn without_a_security_object_nothing_is_proven() {
    let emulator = Emulator::start(&["--quirk", "nosod"]);
    let reading = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    let missing = Finding::NotChecked(Why::Unreadable(File::Sod));
    assert_eq!(reading.checks.passive.finding(), missing);
    assert_eq!(reading.checks.chip_authentication, missing);
    assert_eq!(reading.evidence(), None);
    assert_eq!(reading.facts().unwrap().name, "Nguyễn Văn An");
}

#[test]
fn only_issuers_go_into_the_trust_store() {
    let emulator = Emulator::start(&[]);
    let mut trust = TrustStore::default();
    for junk in [&b""[..], b"-----BEGIN CERTIFICATE-----\n", b"\x30\x03\x02\x01\x05", b"junk"] {
        assert_eq!(trust.add(junk), Err(TrustError::NotACertificate), "{junk:?}");
    }
    assert!(trust.is_empty());
    trust.add(&[emulator.authority(), emulator.authority()].concat()).unwrap();
    assert_eq!(trust.len(), 2);
}
