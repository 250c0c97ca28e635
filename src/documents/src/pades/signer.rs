//! The certificate a signature is made for.

use der::asn1::{ObjectIdentifier, Uint};
use der::{Decode, Encode, Sequence};
use jiff::Timestamp;
use sha2::{Digest, Sha256, Sha384};
use x509_cert::Certificate;

use super::PadesError;

const RSA: ObjectIdentifier = const_oid::db::rfc5912::RSA_ENCRYPTION;
const EC: ObjectIdentifier = const_oid::db::rfc5912::ID_EC_PUBLIC_KEY;
const P256: ObjectIdentifier = const_oid::db::rfc5912::SECP_256_R_1;
const P384: ObjectIdentifier = const_oid::db::rfc5912::SECP_384_R_1;

/// Room for a CMS structure without its certificates: 0.7 kB with the longest keys in use.
const CMS_FRAME_BYTES: usize = 2048;

/// The signer's certificate with the chain that goes into the file.
#[derive(Clone)]
pub struct SignerCertificate {
    der: Vec<u8>,
    parsed: Certificate,
    chain: Vec<Certificate>,
    chain_bytes: usize,
    key: Key,
}

/// Which signature the key makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// RSASSA-PKCS1-v1_5 over SHA-256.
    RsaPkcs1,
    /// ECDSA on P-256 over SHA-256.
    EcdsaP256,
    /// ECDSA on P-384 over SHA-384.
    EcdsaP384,
}

impl SignatureKind {
    /// The digest of `parts` one after another, as this kind of signature wants it.
    pub(super) fn digest(self, parts: [&[u8]; 2]) -> Vec<u8> {
        match self {
            Self::RsaPkcs1 | Self::EcdsaP256 => digest::<Sha256>(parts),
            Self::EcdsaP384 => digest::<Sha384>(parts),
        }
    }
}

fn digest<D: Digest>(parts: [&[u8]; 2]) -> Vec<u8> {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Rsa { signature_bytes: usize },
    Ec { kind: SignatureKind, field_bytes: usize },
}

/// RFC 8017, A.1.1.
#[derive(Sequence)]
struct RsaPublicKey {
    modulus: Uint,
    exponent: Uint,
}

/// RFC 3279, 2.2.3.
#[derive(Sequence)]
struct EcdsaSignature {
    r: Uint,
    s: Uint,
}

impl std::fmt::Debug for SignerCertificate {
    /// Says nothing about the holder.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignerCertificate({:?})", self.kind())
    }
}

impl SignerCertificate {
    /// Reads the signer's certificate and those above it (any order, the root may be left out),
    /// all DER.
    pub fn new(certificate: &[u8], chain: &[Vec<u8>]) -> Result<Self, PadesError> {
        let read = |der: &[u8]| Certificate::from_der(der).map_err(|_| PadesError::BadCertificate);
        let parsed = read(certificate)?;
        let key = Key::of(&parsed)?;
        Ok(Self {
            der: certificate.to_vec(),
            parsed,
            chain: chain.iter().map(|der| read(der)).collect::<Result<_, _>>()?,
            chain_bytes: chain.iter().map(Vec::len).sum(),
            key,
        })
    }

    /// Which signature [`super::Prepared::finish`] expects.
    pub fn kind(&self) -> SignatureKind {
        match self.key {
            Key::Rsa { .. } => SignatureKind::RsaPkcs1,
            Key::Ec { kind, .. } => kind,
        }
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn parsed(&self) -> &Certificate {
        &self.parsed
    }

    pub(super) fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    pub(super) fn room_for_cms(&self) -> usize {
        let certificates = self.der.len().saturating_add(self.chain_bytes);
        CMS_FRAME_BYTES.saturating_add(certificates)
    }

    /// Whether `time` lies in the certificate's validity.
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        let validity = &self.parsed.tbs_certificate.validity;
        u64::try_from(time.as_second()).is_ok_and(|now| {
            validity.not_before.to_unix_duration().as_secs() <= now
                && now <= validity.not_after.to_unix_duration().as_secs()
        })
    }

    pub(super) fn accepts(&self, signature: &[u8]) -> bool {
        match self.key {
            Key::Rsa { signature_bytes } => signature.len() == signature_bytes,
            Key::Ec { field_bytes, .. } => EcdsaSignature::from_der(signature).is_ok_and(|parts| {
                [parts.r, parts.s].iter().all(|number| number.as_bytes().len() <= field_bytes)
            }),
        }
    }
}

impl Key {
    fn of(certificate: &Certificate) -> Result<Self, PadesError> {
        let info = &certificate.tbs_certificate.subject_public_key_info;
        let bits = info.subject_public_key.as_bytes().ok_or(PadesError::BadCertificate)?;
        let curve = || {
            let parameters = info.algorithm.parameters.as_ref()?.to_der().ok()?;
            ObjectIdentifier::from_der(&parameters).ok()
        };
        if info.algorithm.oid == RSA {
            let key = RsaPublicKey::from_der(bits).map_err(|_| PadesError::BadCertificate)?;
            Ok(Self::Rsa { signature_bytes: key.modulus.as_bytes().len() })
        } else if info.algorithm.oid == EC {
            let curves = [
                (P256, Self::Ec { kind: SignatureKind::EcdsaP256, field_bytes: 32 }),
                (P384, Self::Ec { kind: SignatureKind::EcdsaP384, field_bytes: 48 }),
            ];
            let named = curve().ok_or(PadesError::UnsupportedKey)?;
            let known = curves.into_iter().find(|(curve, _)| *curve == named);
            known.map(|(_, key)| key).ok_or(PadesError::UnsupportedKey)
        } else {
            Err(PadesError::UnsupportedKey)
        }
    }
}
