//! A certificate on a token, judged.

use documents::{
    pades::{PadesError, SignerCertificate},
    trust::{Distrust, Revocation, TrustStore},
};
use domain::screen::{CertificatePurpose, CertificateStanding, CertificateView};
use hardware_api::{KeyPurpose, SigningIdentity};
use jiff::Timestamp;

/// Whoever can sign with the token, and whether they may.
#[derive(Clone)]
pub(super) struct Signatory {
    pub(super) identity: SigningIdentity,
    pub(super) view: CertificateView,
    /// What is known of revocation, of a certificate that may sign.
    pub(super) revocation: Option<Revocation>,
    /// The certificates up to the root, for the signature to carry.
    chain: Vec<Vec<u8>>,
}

impl Signatory {
    pub(super) fn judged(
        identity: SigningIdentity,
        trust: &TrustStore,
        beside: &[Vec<u8>],
        now: Timestamp,
    ) -> Self {
        let judged = trust.judge(&identity.certificate, beside, now);
        let standing = match &judged {
            Ok(trusted) => match trusted.revocation {
                Revocation::NotRevoked => CertificateStanding::Good,
                Revocation::Unknown => CertificateStanding::RevocationUnknown,
            },
            Err(Distrust::Expired) => CertificateStanding::Expired,
            Err(Distrust::NotYetValid) => CertificateStanding::NotYetValid,
            Err(Distrust::Revoked) => CertificateStanding::Revoked,
            Err(_) => CertificateStanding::Untrusted,
        };
        let view = CertificateView {
            holder: identity.holder.clone(),
            issuer: identity.issuer.clone(),
            valid_until: crate::day(identity.valid_until),
            purpose: match identity.purpose {
                KeyPurpose::Commitment => CertificatePurpose::Commitment,
                KeyPurpose::Any => CertificatePurpose::Any,
            },
            standing,
        };
        let (revocation, chain) = match judged {
            Ok(trusted) => (Some(trusted.revocation), trusted.chain),
            Err(_) => (None, vec![]),
        };
        Self { identity, view, revocation, chain }
    }

    /// Those that may sign come first, of them those made for declarations of will, of them
    /// those known not to be revoked.
    pub(super) fn rank(&self) -> (bool, bool, bool) {
        (
            !self.view.standing.may_sign(),
            self.view.purpose != CertificatePurpose::Commitment,
            self.view.standing != CertificateStanding::Good,
        )
    }

    pub(super) fn certificate(&self) -> Result<SignerCertificate, PadesError> {
        SignerCertificate::new(&self.identity.certificate, &self.chain)
    }
}
