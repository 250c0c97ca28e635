//! What a certificate says of its key, and in words a person knows.

use der::asn1::{BmpString, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Any, Decode, Encode};
use hardware_api::{KeyPurpose, SignAlgorithm, SigningIdentity};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// `None` for what cannot sign documents: authorities, other purposes, other keys, junk.
pub(crate) fn identity(id: &[u8], der: &[u8]) -> Option<SigningIdentity> {
    let certificate = Certificate::from_der(der).ok()?;
    let body = &certificate.tbs_certificate;
    if is_authority(&certificate)? {
        return None;
    }
    let until = body.validity.not_after.to_unix_duration().as_secs();
    Some(SigningIdentity {
        algorithm: algorithm(&certificate)?,
        holder: called(&body.subject, COMMON_NAME, COMMON_NAME),
        issuer: called(&body.issuer, ORGANISATION, COMMON_NAME),
        // 9999-12-31, which some authorities write for "never", is later than what can be said.
        valid_until: i64::try_from(until)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(Timestamp::MAX),
        purpose: purpose(&certificate)?,
        id: id.to_vec(),
        certificate: der.to_vec(),
    })
}

/// Whether it is an authority's certificate.
pub(crate) fn is_authoritys(der: &[u8]) -> bool {
    Certificate::from_der(der).is_ok_and(|it| is_authority(&it) == Some(true))
}

/// `None` when the certificate cannot be followed.
fn is_authority(certificate: &Certificate) -> Option<bool> {
    let constraints = certificate.tbs_certificate.get::<BasicConstraints>().ok()?;
    Some(constraints.is_some_and(|(_, constraints)| constraints.ca))
}

/// `None` when the key must not sign.
fn purpose(certificate: &Certificate) -> Option<KeyPurpose> {
    match certificate.tbs_certificate.get::<KeyUsage>().ok()? {
        Some((_, usage)) if usage.non_repudiation() => Some(KeyPurpose::Commitment),
        Some((_, usage)) => usage.digital_signature().then_some(KeyPurpose::Any),
        // No statement on usage allows every use (RFC 5280, 4.2.1.3).
        None => Some(KeyPurpose::Any),
    }
}

fn algorithm(certificate: &Certificate) -> Option<SignAlgorithm> {
    let key = &certificate.tbs_certificate.subject_public_key_info.algorithm;
    let curve = || {
        let parameters = key.parameters.as_ref()?.to_der().ok()?;
        ObjectIdentifier::from_der(&parameters).ok()
    };
    if key.oid == RSA {
        Some(SignAlgorithm::RsaPkcs1Sha256)
    } else if key.oid != EC {
        None
    } else if curve() == Some(P256) {
        Some(SignAlgorithm::EcdsaP256Sha256)
    } else if curve() == Some(P384) {
        Some(SignAlgorithm::EcdsaP384Sha384)
    } else {
        None
    }
}

/// The most specific part of the first kind, else of the second, else the whole name.
fn called(name: &Name, first: ObjectIdentifier, second: ObjectIdentifier) -> String {
    let part = |kind: ObjectIdentifier| {
        let parts = name.0.iter().rev().flat_map(|relative| relative.0.iter());
        let mut of_kind = parts.filter(|part| part.oid == kind);
        of_kind.find_map(|part| text(&part.value))
    };
    let called = part(first).or_else(|| part(second)).unwrap_or_else(|| name.to_string());
    domain::text::nfc(called.trim())
}

/// The string types that authorities use for names.
fn text(value: &Any) -> Option<String> {
    value
        .decode_as::<Utf8StringRef<'_>>()
        .map(|text| text.to_string())
        .or_else(|_| value.decode_as::<PrintableStringRef<'_>>().map(|text| text.to_string()))
        .or_else(|_| value.decode_as::<TeletexStringRef<'_>>().map(|text| text.to_string()))
        .or_else(|_| value.decode_as::<BmpString>().map(|text| text.to_string()))
        .ok()
}
