//! Other readers on the same chip: what `dmrtd` reads and believes, we read and believe; and
//! OpenPACE's library opens it as we do.

use std::process::Command;

use dmrtd::{
    auth::passive::{self, DataGroup, TrustAnchor},
    com::{TransceiveError, Transceiver},
    lds::{ef::ElementaryFile as _, efcard_access::EfCardAccess, mrz::Mrz},
    passport::Passport,
    proto::{can_key::CanKey, dba_key::DBAKey},
};
use domain::Evidence;
use identity::chip::{ApduLink as _, Opened};
use x509_cert::{Certificate, der::Encode as _};

use crate::emulator::{self, Card, Emulator, can, everything, lines};

pub const LINES: &str = "IDVNM0990000017001099000001<<8\
                     9901155M3901153VNM<<<<<<<<<<<0\
                     NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<";

impl Transceiver for Card {
    fn transceive(&mut self, command: &[u8]) -> Result<Vec<u8>, TransceiveError> {
        self.transmit(command).map_err(|error| TransceiveError::new(error.to_string()))
    }
}

fn anchor(emulator: &Emulator) -> TrustAnchor {
    let chain = Certificate::load_pem_chain(&emulator.authority()).unwrap();
    TrustAnchor::from_certificate(&chain[0].to_der().unwrap()).unwrap()
}

fn judge(mut passport: Passport<Card>, emulator: &Emulator) {
    let sod = passport.read_ef_sod().unwrap();
    let dg1 = passport.read_ef_dg1().unwrap();
    let dg13 = passport.read_ef_dg13().unwrap();
    let dg2 = passport.read_ef_dg2().unwrap();
    assert_eq!(dg1.mrz().document_number(), "099000001");
    let groups = [(1, dg1.to_bytes()), (13, dg13.to_bytes()), (2, dg2.to_bytes())];
    let groups: Vec<_> =
        groups.iter().map(|(number, bytes)| DataGroup { number: *number, bytes }).collect();
    let verified = passive::verify(sod.to_bytes(), &groups, &[anchor(emulator)]).unwrap();
    assert!(verified.is_authentic(), "{verified:?}");
    assert!(verified.sod_groups.contains(&14) && verified.sod_groups.contains(&15));
    passport.verify_active_authentication(&[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
}

#[test]
fn both_readers_open_and_believe_the_same_card_with_its_lines() {
    let options = ["--opens-with", "bac", "--active-authentication", "rsa1024"];
    let emulator = Emulator::start(&options);
    let mut passport = Passport::new(emulator.card());
    passport.start_session(DBAKey::from_mrz(&Mrz::from_bytes(LINES).unwrap()).unwrap()).unwrap();
    judge(passport, &emulator);

    let ours = emulator.card().read_for(lines(), everything(), &emulator.trust()).unwrap();
    assert_eq!(ours.opened, Opened::Bac);
    assert!(ours.checks.passive.finding().is_proven());
    assert!(ours.checks.active_authentication.is_proven());
}

#[test]
fn another_library_opens_the_same_card_on_the_curve_of_real_cards() {
    let emulator = Emulator::start(&[]);
    let judge = emulator::rig("eac_read.py");
    let judged = |number: &str| {
        Command::new(emulator::python()).arg(&judge).arg(emulator.port()).arg(number).output()
    };
    let opened = judged("000001").unwrap();
    assert_eq!(String::from_utf8_lossy(&opened.stdout).trim(), LINES, "{opened:?}");
    assert!(!judged("000002").unwrap().status.success(), "it opens with any number");

    let ours = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    assert_eq!(ours.evidence(), Some(Evidence::ChipTrusted));
}

/// It speaks PACE on P-256 only; the signatures are on the curve of real cards.
#[test]
fn both_readers_open_and_believe_the_same_card_with_its_access_number() {
    let emulator = Emulator::start(&["--curve", "P-256", "--signer", "brainpoolP256r1"]);
    let mut passport = Passport::new(emulator.card());
    let access: EfCardAccess = passport.read_ef_card_access().unwrap();
    passport.start_session_pace(CanKey::new("000001").unwrap(), &access).unwrap();
    judge(passport, &emulator);

    let ours = emulator.card().read_for(can(), everything(), &emulator.trust()).unwrap();
    assert_eq!(ours.opened, Opened::Pace);
    assert!(ours.checks.passive.finding().is_proven());
}
