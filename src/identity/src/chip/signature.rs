//! Signatures as certificates, security objects and chips carry them, verified.

use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha1::{Digest as _, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use x509_cert::{
    der::{Decode as _, Encode as _, asn1::AnyRef},
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef},
};

use super::{Why, curve::Curve};
use crate::tlv;

const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const SHA1_OID: &[u8] = &[0x2B, 0x0E, 0x03, 0x02, 0x1A];

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// SHA-1: only where old cards still use it.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A public key.
pub(crate) enum PublicKey {
    /// On an elliptic curve, as an uncompressed point.
    Ec(Curve, Vec<u8>),
    /// RSA.
    Rsa(Box<RsaPublicKey>),
}

/// What a signature algorithm identifier says.
enum Algorithm {
    /// ECDSA; the signature is a sequence of two integers.
    Ecdsa(Option<Hash>),
    /// ECDSA; the signature is two numbers of equal length (BSI TR-03111).
    PlainEcdsa(Hash),
    /// RSA with PKCS #1 v1.5 padding.
    Rsa(Option<Hash>),
    /// RSA with PSS padding and that length of salt.
    RsaPss(Hash, usize),
}

impl Hash {
    /// By the content of its object identifier.
    pub fn of_oid(oid: &[u8]) -> Option<Self> {
        if oid == SHA1_OID {
            return Some(Self::Sha1);
        }
        // joint-iso-itu-t country us organization gov csor nistalgorithm hashalgs
        match oid.strip_prefix(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02])? {
            [1] => Some(Self::Sha256),
            [2] => Some(Self::Sha384),
            [3] => Some(Self::Sha512),
            [4] => Some(Self::Sha224),
            _ => None,
        }
    }

    /// The digest of some bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn pkcs1(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
            Self::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
            Self::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Self::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Self::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }

    fn pss(self, salt: usize) -> Pss {
        match self {
            Self::Sha1 => Pss::new_with_salt::<Sha1>(salt),
            Self::Sha224 => Pss::new_with_salt::<Sha224>(salt),
            Self::Sha256 => Pss::new_with_salt::<Sha256>(salt),
            Self::Sha384 => Pss::new_with_salt::<Sha384>(salt),
            Self::Sha512 => Pss::new_with_salt::<Sha512>(salt),
        }
    }
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo in DER.
    pub fn of_der(der: &[u8]) -> Result<Self, Why> {
        let key = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| Why::UnknownAlgorithm)?;
        match key.algorithm.oid.to_string().as_str() {
            EC => {
                let parameters = key.algorithm.parameters.ok_or(Why::UnknownAlgorithm)?;
                let curve = curve(parameters).ok_or(Why::UnknownAlgorithm)?;
                Ok(Self::Ec(curve, key.subject_public_key.raw_bytes().to_vec()))
            }
            RSA | RSA_PSS => {
                let key = tlv::find(key.subject_public_key.raw_bytes(), 0x30);
                let mut numbers = tlv::objects(key.ok_or(Why::UnknownAlgorithm)?);
                let mut number = || numbers.next().filter(|number| number.tag == 0x02);
                let (modulus, exponent) = number().zip(number()).ok_or(Why::UnknownAlgorithm)?;
                let unsigned = rsa::BigUint::from_bytes_be;
                RsaPublicKey::new(unsigned(modulus.value), unsigned(exponent.value))
                    .map(|key| Self::Rsa(Box::new(key)))
                    .map_err(|_| Why::UnknownAlgorithm)
            }
            _ => Err(Why::UnknownAlgorithm),
        }
    }

    /// The same of a certificate.
    pub fn of_certificate(key: &SubjectPublicKeyInfoOwned) -> Result<Self, Why> {
        Self::of_der(&key.to_der().map_err(|_| Why::UnknownAlgorithm)?)
    }

    /// Verifies a signature over `message`. `digest` is the algorithm that stands elsewhere, for
    /// identifiers that name none.
    pub fn verify(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        digest: Option<Hash>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Why> {
        let algorithm = Algorithm::of(algorithm).ok_or(Why::UnknownAlgorithm)?;
        let hash = match algorithm {
            Algorithm::Ecdsa(hash) | Algorithm::Rsa(hash) => hash.or(digest),
            Algorithm::PlainEcdsa(hash) | Algorithm::RsaPss(hash, _) => Some(hash),
        };
        let hash = hash.ok_or(Why::UnknownAlgorithm)?;
        let hashed = hash.digest(message);
        let is_good = match (self, algorithm) {
            (Self::Ec(curve, point), Algorithm::Ecdsa(_)) => plain(signature, curve.octets())
                .is_some_and(|signature| curve.is_signed(point, &hashed, &signature)),
            (Self::Ec(curve, point), Algorithm::PlainEcdsa(_)) => {
                curve.is_signed(point, &hashed, signature)
            }
            (Self::Rsa(key), Algorithm::Rsa(_)) => {
                key.verify(hash.pkcs1(), &hashed, signature).is_ok()
            }
            (Self::Rsa(key), Algorithm::RsaPss(_, salt)) => {
                key.verify(hash.pss(salt), &hashed, signature).is_ok()
            }
            (Self::Ec(..), Algorithm::Rsa(_) | Algorithm::RsaPss(..))
            | (Self::Rsa(_), Algorithm::Ecdsa(_) | Algorithm::PlainEcdsa(_)) => false,
        };
        is_good.then_some(()).ok_or(Why::SignatureWrong)
    }
}

impl Algorithm {
    fn of(identifier: &AlgorithmIdentifierOwned) -> Option<Self> {
        let rsa = |hash| Some(Self::Rsa(Some(hash)));
        let ecdsa = |hash| Some(Self::Ecdsa(Some(hash)));
        match identifier.oid.to_string().as_str() {
            RSA => Some(Self::Rsa(None)),
            "1.2.840.113549.1.1.5" => rsa(Hash::Sha1),
            "1.2.840.113549.1.1.14" => rsa(Hash::Sha224),
            "1.2.840.113549.1.1.11" => rsa(Hash::Sha256),
            "1.2.840.113549.1.1.12" => rsa(Hash::Sha384),
            "1.2.840.113549.1.1.13" => rsa(Hash::Sha512),
            RSA_PSS => pss(&identifier.parameters.as_ref()?.to_der().ok()?),
            EC => Some(Self::Ecdsa(None)),
            "1.2.840.10045.4.1" => ecdsa(Hash::Sha1),
            "1.2.840.10045.4.3.1" => ecdsa(Hash::Sha224),
            "1.2.840.10045.4.3.2" => ecdsa(Hash::Sha256),
            "1.2.840.10045.4.3.3" => ecdsa(Hash::Sha384),
            "1.2.840.10045.4.3.4" => ecdsa(Hash::Sha512),
            dotted => plain_ecdsa(dotted).map(Self::PlainEcdsa),
        }
    }
}

/// The digest of a plain ECDSA algorithm (BSI TR-03111), which chips name in DG14.
pub(super) fn plain_ecdsa(dotted: &str) -> Option<Hash> {
    match dotted.strip_prefix("0.4.0.127.0.7.1.1.4.1.")? {
        "1" => Some(Hash::Sha1),
        "2" => Some(Hash::Sha224),
        "3" => Some(Hash::Sha256),
        "4" => Some(Hash::Sha384),
        "5" => Some(Hash::Sha512),
        _ => None,
    }
}

/// The parameters of PSS. The mask must be made with the same digest: nobody does otherwise.
fn pss(parameters: &[u8]) -> Option<Algorithm> {
    let parameters = tlv::find(parameters, 0x30)?;
    let hash = match tlv::find(parameters, 0xA0) {
        Some(hash) => Hash::of_oid(tlv::descend(hash, &[0x30, 0x06])?)?,
        None => Hash::Sha1,
    };
    let mask = match tlv::find(parameters, 0xA1) {
        Some(mask) => Hash::of_oid(tlv::descend(mask, &[0x30, 0x30, 0x06])?)?,
        None => Hash::Sha1,
    };
    let salt = match tlv::find(parameters, 0xA2) {
        Some(salt) => {
            let octets = tlv::find(salt, 0x02)?;
            octets.iter().try_fold(0_usize, |all, byte| {
                all.checked_mul(256)?.checked_add(usize::from(*byte)).filter(|salt| *salt < 1024)
            })?
        }
        None => 20,
    };
    (mask == hash).then_some(Algorithm::RsaPss(hash, salt))
}

/// The curve of a key: by name, or by its parameters written out.
fn curve(parameters: AnyRef<'_>) -> Option<Curve> {
    let written = parameters.to_der().ok()?;
    let (parameters, _) = tlv::read(&written)?;
    if parameters.tag == 0x06 {
        let oid = x509_cert::der::asn1::ObjectIdentifier::from_der(&written).ok()?;
        return Curve::of_name(&oid.to_string());
    }
    // ECParameters: version, field, curve, base point, order, cofactor.
    let base = tlv::objects(parameters.value).find(|member| member.tag == 0x04)?;
    Curve::of_generator(base.value)
}

/// A sequence of two integers as two numbers of equal length.
fn plain(signature: &[u8], octets: usize) -> Option<Vec<u8>> {
    let mut numbers = tlv::objects(tlv::find(signature, 0x30)?);
    let mut both = Vec::with_capacity(2 * octets);
    for _ in 0..2 {
        let number = numbers.next().filter(|number| number.tag == 0x02)?.value;
        let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
        let number = number.get(first..)?;
        both.resize(both.len() + octets.checked_sub(number.len())?, 0);
        both.extend_from_slice(number);
    }
    Some(both)
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
