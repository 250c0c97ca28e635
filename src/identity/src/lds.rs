//! The chip's files, from bytes to values: pure functions that take whatever a card sends.

mod citizen;
mod face;
mod groups;
mod security_infos;
mod security_object;

pub use citizen::Citizen;
pub use face::face;
pub use groups::groups;
pub use security_infos::SecurityInfos;
pub(crate) use security_infos::{ChipKey, PaceInfo};
pub use security_object::SecurityObject;

use crate::{
    mrz::{Mrz, MrzError},
    tlv,
};

/// The machine-readable lines in DG1.
pub fn lines(dg1: &[u8]) -> Result<Mrz, MrzError> {
    let text = tlv::descend(dg1, &[0x61, 0x5F1F]).ok_or(MrzError::NotTd1)?;
    Mrz::parse(text)
}

/// The public key in DG15 as a SubjectPublicKeyInfo.
#[must_use]
pub fn active_key(dg15: &[u8]) -> Option<&[u8]> {
    tlv::find(dg15, 0x6F).filter(|key| !key.is_empty())
}
