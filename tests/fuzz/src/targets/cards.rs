//! The chip of an ID card: its files, and a chip that answers anything.

use identity::{
    chip::{
        self, Access, ApduLink, Beliefs, Can, Continue, Face, Genuineness, LinkError, Request,
        TrustStore, Want,
    },
    lds,
};
use jiff::Timestamp;

use super::Pieces;

pub(super) fn mrz(bytes: &[u8]) {
    let Ok(mrz) = identity::mrz::Mrz::parse(bytes) else { return };
    let _facts = mrz.facts();
}

pub(super) fn files(bytes: &[u8]) {
    let _groups = lds::groups(bytes);
    let _lines = lds::lines(bytes);
    let _face = lds::face(bytes);
    let _key = lds::active_key(bytes);
    for beliefs in [Beliefs::Drop, Beliefs::Keep] {
        if let Some(citizen) = lds::Citizen::parse(bytes, beliefs) {
            let _facts = citizen.facts();
        }
    }
}

pub(super) fn security_object(bytes: &[u8]) {
    let _object = lds::SecurityObject::parse(bytes);
    let _refused = TrustStore::default().add(bytes);
}

pub(super) fn security_infos(bytes: &[u8]) {
    let _infos = lds::SecurityInfos::parse(bytes);
}

/// A chip whose answers are the pieces of the input, one after the other.
struct Chip<'a>(Pieces<'a>);

impl ApduLink for Chip<'_> {
    fn max_response(&self) -> usize {
        65_538
    }

    fn transmit(&mut self, _command: &[u8]) -> Result<Vec<u8>, LinkError> {
        self.0.piece().map(<[u8]>::to_vec).ok_or(LinkError::CardLeft)
    }
}

pub(super) fn dialogue(bytes: &[u8]) {
    let Some(can) = Can::parse("000003") else { return };
    let want = Want { face: Face::Read, beliefs: Beliefs::Drop, genuineness: Genuineness::Twice };
    let trust = TrustStore::default();
    let request =
        Request { access: Access::Can(can), want, trust: &trust, at: Timestamp::UNIX_EPOCH };
    // Keys that are always the same make an input that got far get far again.
    let random = |bytes: &mut [u8]| bytes.fill(0x42);
    let mut chip = Chip(Pieces(bytes));
    let _reading = chip::read(&mut chip, &request, &random, &mut |_| Continue::Yes);
}
