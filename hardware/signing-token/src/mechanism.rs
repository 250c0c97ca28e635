//! Signature algorithms as PKCS#11 and as verifiers know them.

use cryptoki::mechanism::Mechanism;
use der::asn1::UintRef;
use der::{Encode, Sequence};
use hardware_api::SignAlgorithm;
use sha2::{Digest, Sha256, Sha384};

/// DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2 note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The mechanism with which the token hashes by itself.
pub(crate) fn hashing(algorithm: SignAlgorithm) -> Mechanism<'static> {
    match algorithm {
        SignAlgorithm::RsaPkcs1Sha256 => Mechanism::Sha256RsaPkcs,
        SignAlgorithm::EcdsaP256Sha256 => Mechanism::EcdsaSha256,
        SignAlgorithm::EcdsaP384Sha384 => Mechanism::EcdsaSha384,
    }
}

/// The mechanism for tokens that cannot hash, and what they are given then.
pub(crate) fn plain(algorithm: SignAlgorithm, message: &[u8]) -> (Mechanism<'static>, Vec<u8>) {
    match algorithm {
        SignAlgorithm::RsaPkcs1Sha256 => {
            let digest = Sha256::digest(message);
            (Mechanism::RsaPkcs, [&SHA256_DIGEST_INFO, digest.as_slice()].concat())
        }
        SignAlgorithm::EcdsaP256Sha256 => (Mechanism::Ecdsa, Sha256::digest(message).to_vec()),
        SignAlgorithm::EcdsaP384Sha384 => (Mechanism::Ecdsa, Sha384::digest(message).to_vec()),
    }
}

/// The signature as verifiers want it; `None` when the token's has the wrong size.
pub(crate) fn finished(algorithm: SignAlgorithm, raw: Vec<u8>) -> Option<Vec<u8>> {
    match algorithm {
        SignAlgorithm::RsaPkcs1Sha256 => (!raw.is_empty()).then_some(raw),
        SignAlgorithm::EcdsaP256Sha256 => der_of_raw(&raw, 32),
        SignAlgorithm::EcdsaP384Sha384 => der_of_raw(&raw, 48),
    }
}

/// RFC 3279, 2.2.3.
#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// PKCS#11 gives r and s side by side, certificates' verifiers want them as DER.
fn der_of_raw(raw: &[u8], size: usize) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(size).filter(|(_, s)| s.len() == size)?;
    let signature = EcdsaSignature { r: UintRef::new(r).ok()?, s: UintRef::new(s).ok()? };
    signature.to_der().ok()
}

#[cfg(test)]
mod tests {
    use der::asn1::{Null, ObjectIdentifier, OctetStringRef};
    use der::{Decode, Sequence};

    use super::*;

    #[derive(Sequence)]
    struct Algorithm {
        oid: ObjectIdentifier,
        parameters: Null,
    }

    #[derive(Sequence)]
    struct DigestInfo<'a> {
        algorithm: Algorithm,
        digest: OctetStringRef<'a>,
    }

    #[test]
    fn a_token_that_cannot_hash_gets_the_digest_with_its_name() {
        let (_, prepared) = plain(SignAlgorithm::RsaPkcs1Sha256, b"message");
        let read = DigestInfo::from_der(&prepared).unwrap();
        assert_eq!(read.algorithm.oid.to_string(), "2.16.840.1.101.3.4.2.1");
        assert_eq!(read.digest.as_bytes(), Sha256::digest(b"message").as_slice());
        assert_eq!(plain(SignAlgorithm::EcdsaP256Sha256, b"message").1.len(), 32);
        assert_eq!(plain(SignAlgorithm::EcdsaP384Sha384, b"message").1.len(), 48);
    }

    #[test]
    fn numbers_become_shortest_positive_integers() {
        let mut raw = [0u8; 64];
        raw[30..32].copy_from_slice(&[0x01, 0x02]);
        raw[63] = 0x80;
        let der = finished(SignAlgorithm::EcdsaP256Sha256, raw.to_vec()).unwrap();
        assert_eq!(der, [0x30, 8, 2, 2, 0x01, 0x02, 2, 2, 0x00, 0x80]);
        for (algorithm, right, wrong) in [
            (SignAlgorithm::EcdsaP256Sha256, 64, [0, 63, 96]),
            (SignAlgorithm::EcdsaP384Sha384, 96, [0, 64, 95]),
        ] {
            assert!(finished(algorithm, vec![1; right]).is_some());
            for size in wrong {
                assert_eq!(finished(algorithm, vec![1; size]), None, "{size}");
            }
        }
    }
}
