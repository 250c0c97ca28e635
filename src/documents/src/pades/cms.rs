//! The CMS structure of a PAdES B-B signature (RFC 5652, EN 319 142-1 table 1).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::{Null, ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Encode, Sequence};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;

use super::{PadesError, SignatureKind, SignerCertificate};

/// The signed attributes, with the DER that the key signs.
#[derive(Clone)]
pub(super) struct SignedAttributes {
    set: SetOfVec<Attribute>,
    der: Vec<u8>,
}

impl SignedAttributes {
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }
}

/// RFC 5035; the hash algorithm is left out because SHA-256 is its default.
#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// RFC 5035.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// Content type, message digest and the certificate's digest; PAdES forbids the signing time
/// here, it stands in the signature dictionary.
pub(super) fn signed_attributes(
    message_digest: &[u8],
    signer: &SignerCertificate,
) -> Result<SignedAttributes, PadesError> {
    let build = || -> der::Result<SignedAttributes> {
        let certificate_digest = OctetString::new(Sha256::digest(signer.der()).as_slice())?;
        let certificate =
            SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash: certificate_digest }] };
        let digest = OctetString::new(message_digest)?;
        let set = SetOfVec::try_from(vec![
            attribute(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc5911::ID_DATA)?)?,
            attribute(rfc5911::ID_MESSAGE_DIGEST, Any::encode_from(&digest)?)?,
            attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, Any::encode_from(&certificate)?)?,
        ])?;
        let der = set.to_der()?;
        Ok(SignedAttributes { set, der })
    };
    build().map_err(|_| PadesError::BadCertificate)
}

/// The whole structure with a signature made over [`SignedAttributes::der`].
pub(super) fn signed_data(
    attributes: SignedAttributes,
    signer: &SignerCertificate,
    signature: &[u8],
) -> Result<Vec<u8>, PadesError> {
    let build = || -> der::Result<Vec<u8>> {
        let digest = algorithm(digest_oid(signer.kind()), None);
        let certificate = signer.parsed();
        let info = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: certificate.tbs_certificate.issuer.clone(),
                serial_number: certificate.tbs_certificate.serial_number.clone(),
            }),
            digest_alg: digest.clone(),
            signed_attrs: Some(attributes.set),
            signature_algorithm: signature_algorithm(signer.kind()),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let mut certificates = SetOfVec::new();
        for certificate in std::iter::once(certificate).chain(signer.chain()) {
            let choice = CertificateChoices::Certificate(certificate.clone());
            // A chain that names one certificate twice is as good as without the second.
            if certificates.iter().all(|known| *known != choice) {
                certificates.insert(choice)?;
            }
        }
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![digest])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: rfc5911::ID_DATA,
                econtent: None,
            },
            certificates: Some(CertificateSet(certificates)),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![info])?),
        };
        let content = Any::encode_from(&data)?;
        ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content }.to_der()
    };
    build().map_err(|_| PadesError::BadSignature)
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn algorithm(oid: ObjectIdentifier, parameters: Option<Any>) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters }
}

fn signature_algorithm(kind: SignatureKind) -> AlgorithmIdentifierOwned {
    match kind {
        // RFC 4055 wants NULL for RSA, RFC 5758 nothing for ECDSA.
        SignatureKind::RsaPkcs1 => {
            algorithm(rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(Any::from(Null)))
        }
        SignatureKind::EcdsaP256 => algorithm(rfc5912::ECDSA_WITH_SHA_256, None),
        SignatureKind::EcdsaP384 => algorithm(rfc5912::ECDSA_WITH_SHA_384, None),
    }
}

fn digest_oid(kind: SignatureKind) -> ObjectIdentifier {
    match kind {
        SignatureKind::RsaPkcs1 | SignatureKind::EcdsaP256 => rfc5912::ID_SHA_256,
        SignatureKind::EcdsaP384 => rfc5912::ID_SHA_384,
    }
}
