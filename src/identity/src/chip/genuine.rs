//! Whether a chip is no copy. Chip authentication agrees on new session keys with a key that only
//! the chip holds (ICAO 9303-11, 6.2); active authentication has it sign a challenge (6.1).

use rsa::{BigUint, RsaPublicKey, hazmat::rsa_encrypt, traits::PublicKeyParts as _};
use subtle::ConstantTimeEq as _;
use x509_cert::der::asn1::ObjectIdentifier;

use super::{
    ChipError, Finding, Step, Why,
    apdu::{Command, Response, status},
    channel::Channel,
    cipher::Suite,
    messaging::Messaging,
    signature::{Hash, PublicKey, plain_ecdsa},
};
use crate::{
    lds::{ChipKey, SecurityInfos},
    tlv,
};

const STEP: Step = Step::Genuineness;

/// How chip authentication went so far.
pub(super) enum Agreement {
    /// The chip agreed; whether it really has the key, its next answer shows.
    Agreed(Messaging),
    /// It came to this.
    Ended(Finding),
}

/// Agrees on new keys with the chip.
pub(super) fn agree(
    channel: &mut Channel<'_>,
    infos: &SecurityInfos,
    random: &dyn Fn(&mut [u8]),
) -> Result<Agreement, ChipError> {
    let Some(key) = infos.chip_keys.first() else {
        return Ok(Agreement::Ended(Finding::NotOffered));
    };
    let (curve, public) = match PublicKey::of_der(&key.key) {
        Ok(PublicKey::Ec(curve, public)) => (curve, public),
        Ok(PublicKey::Rsa(_)) | Err(_) => {
            return Ok(Agreement::Ended(Finding::NotChecked(Why::UnknownAlgorithm)));
        }
    };
    let pair = curve.pair(&curve.generator(), random).map_err(|_| ChipError::NoRandomness)?;
    let Some(pair) = pair else {
        return Err(ChipError::Malformed { step: STEP });
    };
    let Some(secret) = curve.agreed(&pair.private, &public) else {
        return Ok(Agreement::Ended(Finding::Failed(Why::KeyNotHeld)));
    };
    let (suite, refused) = offer(channel, infos, key, &pair.public)?;
    Ok(match refused {
        None => Agreement::Agreed(Messaging::agreed(suite, &secret, 0)),
        Some(word) => Agreement::Ended(Finding::NotChecked(Why::Refused(word))),
    })
}

/// Sends our point; gives the ciphers of the new keys, and the status word of a refusal.
fn offer(
    channel: &mut Channel<'_>,
    infos: &SecurityInfos,
    key: &ChipKey,
    public: &[u8],
) -> Result<(Suite, Option<u16>), ChipError> {
    let info = infos.chip_authentication.iter().find(|info| {
        info.key_id == key.key_id || info.key_id.is_none() || infos.chip_keys.len() == 1
    });
    let id = key.key_id.as_ref().map(|id| tlv::write(0x84, id).to_vec()).unwrap_or_default();
    let refusal = |word: u16| (word != status::OK).then_some(word);
    // Chips of the first generation say nothing of ciphers and know only 3DES.
    let Some(info) = info.filter(|info| info.suite != Suite::TripleDes) else {
        let data = [tlv::write(0x91, public).to_vec(), id].concat();
        let command = Command::new([0, 0x22, 0x41, 0xA6]).with(&data);
        return Ok((Suite::TripleDes, refusal(channel.send(STEP, &command)?.status)));
    };
    let data = [tlv::write(0x80, &info.oid).to_vec(), id].concat();
    let answer = channel.send(STEP, &Command::new([0, 0x22, 0x41, 0xA4]).with(&data))?;
    if let Some(word) = refusal(answer.status) {
        return Ok((info.suite, Some(word)));
    }
    let point = tlv::write(0x7C, &tlv::write(0x80, public));
    let command = Command::new([0, 0x86, 0, 0]).with(&point).expecting(256);
    Ok((info.suite, refusal(channel.send(STEP, &command)?.status)))
}

/// Has the chip sign a fresh challenge.
pub(super) fn challenge(
    channel: &mut Channel<'_>,
    key: &[u8],
    infos: Option<&SecurityInfos>,
    random: &dyn Fn(&mut [u8]),
) -> Result<Finding, ChipError> {
    let key = match PublicKey::of_der(key) {
        Ok(key) => key,
        Err(why) => return Ok(Finding::NotChecked(why)),
    };
    let mut challenge = [0_u8; 8];
    random(&mut challenge);
    let command = Command::new([0, 0x88, 0, 0]).with(&challenge);
    let answer = channel.send(STEP, &command.expecting(channel.room().min(1024)))?;
    if answer.status != status::OK {
        return Ok(Finding::NotChecked(Why::Refused(answer.status)));
    }
    let algorithm = infos.and_then(|infos| infos.active_algorithm.as_deref());
    let is_signed = match &key {
        PublicKey::Ec(curve, public) => {
            let signed =
                |hash: &Hash| curve.is_signed(public, &hash.digest(&challenge), &answer.data);
            hashes(algorithm).iter().any(signed)
        }
        PublicKey::Rsa(key) => is_recovered(key, &challenge, &answer.data).is_some(),
    };
    Ok(if is_signed { Finding::Proven } else { Finding::Failed(Why::KeyNotHeld) })
}

/// The digest that DG14 names for ECDSA; chips that name none use one of these.
fn hashes(algorithm: Option<&[u8]>) -> Vec<Hash> {
    let named = algorithm
        .and_then(|oid| ObjectIdentifier::from_bytes(oid).ok())
        .and_then(|oid| plain_ecdsa(&oid.to_string()));
    match named {
        Some(hash) => vec![hash],
        None => vec![Hash::Sha256, Hash::Sha1, Hash::Sha384, Hash::Sha224, Hash::Sha512],
    }
}

/// ISO/IEC 9796-2, scheme 1: the signature opens to a part of the message and a digest over it
/// and the challenge.
fn is_recovered(key: &RsaPublicKey, challenge: &[u8], signature: &[u8]) -> Option<()> {
    if signature.len() != key.size() {
        return None;
    }
    let message = rsa_encrypt(key, &BigUint::from_bytes_be(signature)).ok()?.to_bytes_be();
    // The first byte says that a part is recovered; it is never zero, so none is lost.
    if message.len() != key.size() {
        return None;
    }
    let body = message.strip_prefix(&[0x6A])?;
    let (hash, body) = match body {
        [body @ .., 0xBC] => (Hash::Sha1, body),
        [body @ .., 0x33, 0xCC] => (Hash::Sha1, body),
        [body @ .., 0x34, 0xCC] => (Hash::Sha256, body),
        [body @ .., 0x35, 0xCC] => (Hash::Sha512, body),
        [body @ .., 0x36, 0xCC] => (Hash::Sha384, body),
        [body @ .., 0x38, 0xCC] => (Hash::Sha224, body),
        _ => return None,
    };
    let length = hash.digest(&[]).len();
    let (part, digest) = body.split_at_checked(body.len().checked_sub(length)?)?;
    let expected = hash.digest(&[part, challenge].concat());
    bool::from(expected.ct_eq(digest)).then_some(())
}

/// One answer under the new keys: a copy of the chip cannot give it.
pub(super) fn confirm(channel: &mut Channel<'_>) -> Result<Finding, ChipError> {
    // A byte of EF.COM; whether it is there does not matter, only who answers.
    let command = Command::new([0, 0xB0, 0x9E, 0]).expecting(1);
    match channel.send(STEP, &command) {
        Ok(_) if channel.is_protected() => Ok(Finding::Proven),
        // Without the key the chip can neither read what we ask nor answer so that we can read it.
        Ok(Response { status: status::BAD_OBJECTS | status::NO_OBJECTS, .. })
        | Err(ChipError::Altered { .. }) => Ok(Finding::Failed(Why::KeyNotHeld)),
        Ok(Response { status, .. }) => Ok(Finding::NotChecked(Why::Refused(status))),
        Err(error) => Err(error),
    }
}
