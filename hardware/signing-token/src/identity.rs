//! Which certificates on a token can sign, and whose they are.

use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;
use der::asn1::{BmpString, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Any, Decode, Encode};
use hardware_api::{DeviceError, SignAlgorithm, SigningIdentity};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;

use crate::module::Module;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The signing certificates on the token in `slot`.
pub(crate) fn all(module: &Module, slot: Slot) -> Result<Vec<SigningIdentity>, DeviceError> {
    let session = module.session(slot)?;
    let token = Token { module, session: &session };
    let keys = token.key_ids()?;
    let mut identities = Vec::new();
    for certificate in token.certificates()? {
        // Private keys are hidden until login, so their public halves stand for them. A token
        // that shows neither leaves it to the signature to find out.
        let has_key = |stored: &Stored| keys.is_empty() || keys.contains(&stored.id);
        identities.extend(token.read(certificate)?.filter(has_key).and_then(identity));
    }
    Ok(identities)
}

/// Whether this very certificate is on the token.
pub(crate) fn is_on(
    module: &Module,
    session: &Session,
    identity: &SigningIdentity,
) -> Result<bool, DeviceError> {
    let token = Token { module, session };
    for certificate in token.certificates()? {
        let found = token.read(certificate)?;
        if found.is_some_and(|it| it.id == identity.id && it.der == identity.certificate) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A certificate as the token holds it.
struct Stored {
    /// `CKA_ID`, the same for a certificate and its key.
    id: Vec<u8>,
    der: Vec<u8>,
}

/// One open token.
struct Token<'a> {
    module: &'a Module,
    session: &'a Session,
}

impl Token<'_> {
    fn certificates(&self) -> Result<Vec<ObjectHandle>, DeviceError> {
        self.find(&[
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
        ])
    }

    /// The ids of all keys that can be seen without login.
    fn key_ids(&self) -> Result<Vec<Vec<u8>>, DeviceError> {
        let mut ids = Vec::new();
        for class in [ObjectClass::PUBLIC_KEY, ObjectClass::PRIVATE_KEY] {
            for key in self.find(&[Attribute::Class(class)])? {
                ids.extend(self.attributes(key, &[AttributeType::Id])?.into_iter().filter_map(id));
            }
        }
        Ok(ids)
    }

    /// `None` when it has no id or no value: then no key belongs to it.
    fn read(&self, certificate: ObjectHandle) -> Result<Option<Stored>, DeviceError> {
        let wanted = [AttributeType::Id, AttributeType::Value];
        let mut stored = Stored { id: Vec::new(), der: Vec::new() };
        for attribute in self.attributes(certificate, &wanted)? {
            if let Attribute::Id(id) = attribute {
                stored.id = id;
            } else if let Attribute::Value(der) = attribute {
                stored.der = der;
            }
        }
        Ok(Some(stored).filter(|it| !it.id.is_empty() && !it.der.is_empty()))
    }

    fn find(&self, template: &[Attribute]) -> Result<Vec<ObjectHandle>, DeviceError> {
        self.session.find_objects(template).map_err(self.module.failed())
    }

    fn attributes(
        &self,
        of: ObjectHandle,
        types: &[AttributeType],
    ) -> Result<Vec<Attribute>, DeviceError> {
        self.session.get_attributes(of, types).map_err(self.module.failed())
    }
}

fn id(attribute: Attribute) -> Option<Vec<u8>> {
    if let Attribute::Id(id) = attribute { Some(id) } else { None }
}

/// `None` for what cannot sign documents: authorities, other purposes, other keys, junk.
fn identity(Stored { id, der }: Stored) -> Option<SigningIdentity> {
    let certificate = Certificate::from_der(&der).ok()?;
    let body = &certificate.tbs_certificate;
    let is_authority =
        body.get::<BasicConstraints>().ok()?.is_some_and(|(_, constraints)| constraints.ca);
    // No statement on usage allows every use (RFC 5280, 4.2.1.3).
    let may_sign = body
        .get::<KeyUsage>()
        .ok()?
        .is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
    if is_authority || !may_sign {
        return None;
    }
    Some(SigningIdentity {
        algorithm: algorithm(&certificate)?,
        holder: common_name(&body.subject),
        issuer: common_name(&body.issuer),
        id,
        certificate: der,
    })
}

fn algorithm(certificate: &Certificate) -> Option<SignAlgorithm> {
    let key = &certificate.tbs_certificate.subject_public_key_info.algorithm;
    let curve = || {
        let parameters = key.parameters.as_ref()?.to_der().ok()?;
        ObjectIdentifier::from_der(&parameters).ok()
    };
    if key.oid == RSA {
        Some(SignAlgorithm::RsaPkcs1Sha256)
    } else if key.oid == EC && curve() == Some(P256) {
        Some(SignAlgorithm::EcdsaP256Sha256)
    } else {
        None
    }
}

/// The most specific common name; the whole name when it has none.
fn common_name(name: &Name) -> String {
    let parts = name.0.iter().rev().flat_map(|relative| relative.0.iter());
    let mut named = parts.filter(|part| part.oid == COMMON_NAME);
    let named = named.find_map(|part| text(&part.value));
    domain::text::nfc(named.unwrap_or_else(|| name.to_string()).trim())
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
