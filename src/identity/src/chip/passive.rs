//! Passive authentication: whether what was read is what an issuer in the trust store signed
//! (ICAO 9303-11, 5.1 and 9303-12).

use jiff::Timestamp;
use x509_cert::{
    Certificate,
    der::{Encode as _, Tag, Tagged as _},
    ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier},
    time::Validity,
};

use super::{
    File, Finding, Passive, TrustStore, Why,
    signature::{Hash, PublicKey},
};
use crate::lds::SecurityObject;
use cms::signed_data::SignerIdentifier;

const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// Judges a security object against the files that were read, each with whether its digest is the
/// one that was signed.
pub(super) fn judge(
    object: Option<&SecurityObject>,
    covered: &[(File, bool)],
    trust: &TrustStore,
    at: Timestamp,
) -> Passive {
    let Some(object) = object else {
        let unknown = Finding::NotChecked(Why::Unreadable(File::Sod));
        return Passive { integrity: unknown, signature: unknown, issuer: unknown };
    };
    let altered = covered.iter().find(|(_, is_covered)| !is_covered);
    let integrity = match altered {
        Some((file, _)) => Finding::Failed(Why::DataAltered(*file)),
        None if covered.is_empty() => Finding::NotChecked(Why::Unreadable(File::Dg1)),
        None => Finding::Proven,
    };
    match signer(object) {
        Ok(signer) => {
            let signature = finding(verify_object(object, signer));
            let issuer = match signature {
                Finding::Proven => finding(verify_issuer(signer, trust, at)),
                Finding::Failed(_) | Finding::NotOffered | Finding::NotChecked(_) => {
                    Finding::NotChecked(Why::EarlierCheck)
                }
            };
            Passive { integrity, signature, issuer }
        }
        Err(why) => Passive {
            integrity,
            signature: Finding::Failed(why),
            issuer: Finding::NotChecked(Why::EarlierCheck),
        },
    }
}

fn finding(result: Result<(), Why>) -> Finding {
    match result {
        Ok(()) => Finding::Proven,
        Err(why @ Why::UnknownAlgorithm) => Finding::NotChecked(why),
        Err(why) => Finding::Failed(why),
    }
}

/// The certificate of the signer, which the object carries.
fn signer(object: &SecurityObject) -> Result<&Certificate, Why> {
    let is_meant = |certificate: &&Certificate| match &object.signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            certificate.tbs_certificate.issuer == id.issuer
                && certificate.tbs_certificate.serial_number == id.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            extension::<SubjectKeyIdentifier>(certificate).is_some_and(|own| own == *id)
        }
    };
    object.certificates.iter().find(is_meant).ok_or(Why::SignatureWrong)
}

fn verify_object(object: &SecurityObject, signer: &Certificate) -> Result<(), Why> {
    if !object.is_of_its_kind() {
        return Err(Why::WrongUse);
    }
    let digest = Hash::of_oid(object.signer.digest_alg.oid.as_bytes());
    let signed = match &object.signer.signed_attrs {
        None => object.content.clone(),
        Some(attributes) => {
            let value = |oid: &str| {
                let attribute = attributes.iter().find(|found| found.oid.to_string() == oid)?;
                attribute.values.iter().next()
            };
            let content_type = value(CONTENT_TYPE).filter(|kind| {
                kind.tag() == Tag::ObjectIdentifier
                    && kind
                        .decode_as::<x509_cert::der::asn1::ObjectIdentifier>()
                        .is_ok_and(|kind| kind.to_string() == object.content_type)
            });
            let hashed = digest.ok_or(Why::UnknownAlgorithm)?.digest(&object.content);
            let is_same = value(MESSAGE_DIGEST).is_some_and(|digest| digest.value() == hashed);
            if content_type.is_none() || !is_same {
                return Err(Why::SignatureWrong);
            }
            attributes.to_der().map_err(|_| Why::SignatureWrong)?
        }
    };
    let key = PublicKey::of_certificate(&signer.tbs_certificate.subject_public_key_info)?;
    let signature = object.signer.signature.as_bytes();
    key.verify(&object.signer.signature_algorithm, digest, &signed, signature)
}

/// Whether an issuer in the store has signed the signer's certificate, and both may be used for
/// that at that time. Issuers are told apart by key and signature: names can be written by anyone.
fn verify_issuer(signer: &Certificate, trust: &TrustStore, at: Timestamp) -> Result<(), Why> {
    let issuer = trust
        .issuers
        .iter()
        .filter(|issuer| keys_match(signer, issuer))
        .find(|issuer| has_signed(issuer, signer))
        .ok_or(Why::IssuerUnknown)?;
    if !may_issue(issuer) || !may_sign(signer) {
        return Err(Why::WrongUse);
    }
    let is_valid = [issuer, signer]
        .into_iter()
        .all(|certificate| is_within(&certificate.tbs_certificate.validity, at));
    is_valid.then_some(()).ok_or(Why::OutOfDate)
}

/// Key identifiers, where both have one, must agree; this spares trying every key.
fn keys_match(signer: &Certificate, issuer: &Certificate) -> bool {
    let wanted = extension::<AuthorityKeyIdentifier>(signer).and_then(|id| id.key_identifier);
    let own = extension::<SubjectKeyIdentifier>(issuer);
    match (wanted, own) {
        (Some(wanted), Some(own)) => wanted == own.0,
        (None, _) | (_, None) => true,
    }
}

fn has_signed(issuer: &Certificate, signer: &Certificate) -> bool {
    let key = PublicKey::of_certificate(&issuer.tbs_certificate.subject_public_key_info);
    let (Ok(key), Ok(signed), Some(signature)) =
        (key, signer.tbs_certificate.to_der(), signer.signature.as_bytes())
    else {
        return false;
    };
    key.verify(&signer.signature_algorithm, None, &signed, signature).is_ok()
}

/// An authority says so in its basic constraints, or, being of version 1, cannot say it.
pub(super) fn may_issue(issuer: &Certificate) -> bool {
    let is_authority = extension::<BasicConstraints>(issuer).is_none_or(|basic| basic.ca);
    is_authority && extension::<KeyUsage>(issuer).is_none_or(|usage| usage.key_cert_sign())
}

fn may_sign(signer: &Certificate) -> bool {
    let is_authority = extension::<BasicConstraints>(signer).is_some_and(|basic| basic.ca);
    !is_authority && extension::<KeyUsage>(signer).is_none_or(|usage| usage.digital_signature())
}

fn is_within(validity: &Validity, at: Timestamp) -> bool {
    let seconds = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
    };
    (seconds(validity.not_before)..=seconds(validity.not_after)).contains(&at.as_second())
}

fn extension<'a, T>(certificate: &'a Certificate) -> Option<T>
where
    T: x509_cert::der::Decode<'a> + x509_cert::der::oid::AssociatedOid,
{
    certificate.tbs_certificate.get::<T>().ok().flatten().map(|(_, extension)| extension)
}
