//! Who signs with a key on a token, and whether the kiosk would let them: in words a person knows.

use documents::trust::{Distrust, Revocation, TrustStore, Trusted};
use hardware_api::{KeyPurpose, SignAlgorithm, SigningIdentity};
use jiff::{Timestamp, civil::Date, tz};
use serde_json::json;
use x509_cert::{Certificate, der::Decode as _};

use crate::{failure::Failure, output::Output};

/// A certificate of a token, judged.
pub(super) struct Signer<'a> {
    holder: String,
    issuer: String,
    valid_until: Date,
    purpose: &'static str,
    algorithm: SignAlgorithm,
    /// From the signer's certificate up to the root, by name.
    chain: Vec<String>,
    judged: Result<Trusted, Distrust>,
    trust: &'a TrustStore,
}

impl<'a> Signer<'a> {
    /// Judges it as the kiosk would: `beside` are certificates that the token brings along.
    pub(super) fn judged(
        identity: &SigningIdentity,
        trust: &'a TrustStore,
        beside: &[Vec<u8>],
        now: Timestamp,
    ) -> Self {
        let judged = trust.judge(&identity.certificate, beside, now);
        let between = judged.as_ref().map(|trusted| trusted.chain.as_slice()).unwrap_or_default();
        let above = [identity.certificate.as_slice()].into_iter();
        let above = above.chain(between.iter().map(Vec::as_slice)).filter_map(issuer);
        Self {
            holder: identity.holder.clone(),
            issuer: identity.issuer.clone(),
            valid_until: tz::offset(7).to_datetime(identity.valid_until).date(),
            purpose: match identity.purpose {
                KeyPurpose::Commitment => "for declarations of will",
                KeyPurpose::Any => "for any signature",
            },
            algorithm: identity.algorithm,
            chain: [identity.holder.clone()].into_iter().chain(above).collect(),
            judged,
            trust,
        }
    }

    /// Whether the kiosk lets it sign.
    pub(super) fn may_sign(&self) -> bool {
        self.judged.is_ok()
    }

    /// Says all of it, with what became of the signature.
    pub(super) fn say(&self, signature: &[u8], is_right: bool, out: Output) -> Result<(), Failure> {
        let Self { holder, issuer, valid_until, purpose, chain, .. } = self;
        let (algorithm, size) = (self.algorithm(signature), signature.len());
        let (standing, revocation) = (self.standing(), self.revocation());
        let verdict = if is_right {
            "verified with the key of the certificate, without the token"
        } else {
            "WRONG: the key of the certificate did not make it"
        };
        let also = revocation.map(|words| format!("; {words}")).unwrap_or_default();
        let words = format!(
            "{holder}\n  certificate by {issuer}, valid until {valid_until}, {purpose}\n  \
             chain: {}\n  {standing}{also}\n  signed with {algorithm}, {size} bytes\n  \
             signature {verdict}",
            chain.join(" ← ")
        );
        let data = json!({
            "holder": holder, "issuer": issuer, "valid_until": valid_until, "purpose": purpose,
            "chain": chain, "may_sign": self.may_sign(), "standing": standing,
            "revocation": revocation, "algorithm": algorithm, "bytes": size, "verified": is_right,
        });
        out.say(&words, &data)
    }

    fn algorithm(&self, signature: &[u8]) -> String {
        match self.algorithm {
            // Such a signature is as long as its key.
            SignAlgorithm::RsaPkcs1Sha256 => format!("RSA-{} and SHA-256", signature.len() * 8),
            SignAlgorithm::EcdsaP256Sha256 => "ECDSA on P-256 and SHA-256".to_owned(),
            SignAlgorithm::EcdsaP384Sha384 => "ECDSA on P-384 and SHA-384".to_owned(),
        }
    }

    fn standing(&self) -> String {
        match &self.judged {
            Ok(_) => "the chain ends in a configured root: it may sign".to_owned(),
            Err(Distrust::Untrusted) if self.trust.is_empty() => {
                "it may not sign: token.roots names nobody to trust".to_owned()
            }
            Err(distrust) => format!("it may not sign: {distrust}"),
        }
    }

    fn revocation(&self) -> Option<&'static str> {
        self.judged.as_ref().ok().map(|trusted| match trusted.revocation {
            Revocation::NotRevoked => "present lists of its issuers do not name it as revoked",
            Revocation::Unknown => {
                "whether it was revoked is not known: token.revoked has no present list for it"
            }
        })
    }
}

/// The name of whoever issued a certificate, as directories write names.
fn issuer(der: &[u8]) -> Option<String> {
    Some(Certificate::from_der(der).ok()?.tbs_certificate.issuer.to_string())
}
