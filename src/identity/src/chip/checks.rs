//! What was proven about a chip and its data, as three facts that stay apart: that the data is the
//! issuer's (passive authentication), and twice that the chip is no copy (chip authentication,
//! active authentication), since cards offer one or both.

use domain::Evidence;

use super::File;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It holds.
    Proven,
    /// It does not hold.
    Failed(Why),
    /// The chip has nothing to prove it with.
    NotOffered,
    /// It was not tried, or could not be carried through.
    NotChecked(Why),
}

/// Why a check failed or was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// Nobody asked for it.
    #[error("it was not asked for")]
    NotAsked,
    /// One check that the chip is no copy was enough, and another one was made.
    #[error("another check was enough")]
    AnotherSufficed,
    /// A file has another digest than the one that was signed, or none was signed.
    #[error("{0:?} is not what was signed")]
    DataAltered(File),
    /// A file that the check needs cannot be read.
    #[error("{0:?} cannot be read")]
    Unreadable(File),
    /// The signature over the digests is wrong.
    #[error("the signature is wrong")]
    SignatureWrong,
    /// No certificate in the trust store has signed the signer.
    #[error("the issuer is not in the trust store")]
    IssuerUnknown,
    /// The signer or its issuer was not valid at that time.
    #[error("a certificate is not valid at this time")]
    OutOfDate,
    /// A certificate may not be used for this.
    #[error("a certificate is not meant for this")]
    WrongUse,
    /// An algorithm that is not known here.
    #[error("the algorithm is not known here")]
    UnknownAlgorithm,
    /// The chip does not hold the key that was signed for it: a copy.
    #[error("the chip does not hold its key")]
    KeyNotHeld,
    /// The chip refused to take part.
    #[error("the chip refused with {0:04X}")]
    Refused(u16),
    /// A check that this one builds on did not hold.
    #[error("an earlier check did not hold")]
    EarlierCheck,
}

/// The three facts about a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Whether the data is what the issuer signed.
    pub passive: Passive,
    /// Whether the chip is no copy, by a key agreement (DG14).
    pub chip_authentication: Finding,
    /// Whether the chip is no copy, by a signature (DG15).
    pub active_authentication: Finding,
}

/// Passive authentication in its three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passive {
    /// Each file that was read has the digest in the security object.
    pub integrity: Finding,
    /// The security object is signed by the key of the certificate it carries.
    pub signature: Finding,
    /// That certificate is signed by an issuer in the trust store, valid at the given time.
    pub issuer: Finding,
}

impl Finding {
    /// Whether it holds.
    #[must_use]
    pub fn is_proven(self) -> bool {
        self == Self::Proven
    }

    /// Whether it was shown not to hold.
    #[must_use]
    pub fn is_failed(self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl Passive {
    /// The three parts as one: the first that does not hold, else proven.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let parts = [self.integrity, self.signature, self.issuer];
        parts.into_iter().find(|part| !part.is_proven()).unwrap_or(Finding::Proven)
    }
}

impl Checks {
    /// - Unaltered data of a trusted issuer on a chip that proved to be no copy:
    ///   [`Evidence::ChipTrusted`].
    /// - Unaltered data, signed, whose issuer is not known here, or which sits on a chip that
    ///   cannot prove to be no copy: [`Evidence::ChipIntegrity`].
    /// - Altered data, a wrong signature, an issuer out of date, a copied chip, or no check at
    ///   all: nothing.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence> {
        let Self { passive, chip_authentication: chip, active_authentication: active } = self;
        let is_whole = passive.integrity.is_proven() && passive.signature.is_proven();
        if !is_whole || chip.is_failed() || active.is_failed() {
            return None;
        }
        let is_original = chip.is_proven() || active.is_proven();
        match passive.issuer {
            Finding::Proven if is_original => Some(Evidence::ChipTrusted),
            Finding::Failed(Why::IssuerUnknown)
            | Finding::Proven
            | Finding::NotChecked(_)
            | Finding::NotOffered => Some(Evidence::ChipIntegrity),
            Finding::Failed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_no_more_than_what_was_proven() {
        use Finding::{Failed, NotChecked, NotOffered, Proven};
        let unknown = Failed(Why::IssuerUnknown);
        let copied = Failed(Why::KeyNotHeld);
        let altered = Failed(Why::DataAltered(File::Dg13));
        let cases = [
            ([Proven, Proven, Proven], [Proven, NotOffered], Some(Evidence::ChipTrusted)),
            ([Proven, Proven, Proven], [NotOffered, Proven], Some(Evidence::ChipTrusted)),
            ([Proven, Proven, Proven], [NotOffered, NotOffered], Some(Evidence::ChipIntegrity)),
            ([Proven, Proven, unknown], [Proven, Proven], Some(Evidence::ChipIntegrity)),
            ([Proven, Proven, Failed(Why::OutOfDate)], [Proven, Proven], None),
            ([Proven, Proven, Proven], [copied, Proven], None),
            ([Proven, Proven, Proven], [Proven, copied], None),
            ([altered, Proven, Proven], [Proven, Proven], None),
            ([Proven, Failed(Why::SignatureWrong), Proven], [Proven, Proven], None),
            ([NotChecked(Why::Unreadable(File::Sod)); 3], [Proven, Proven], None),
        ];
        for ([integrity, signature, issuer], [chip, active], evidence) in cases {
            let checks = Checks {
                passive: Passive { integrity, signature, issuer },
                chip_authentication: chip,
                active_authentication: active,
            };
            assert_eq!(checks.evidence(), evidence, "{checks:?}");
        }
    }

    #[test]
    fn passive_authentication_says_what_is_wrong_first() {
        let passive = Passive {
            integrity: Finding::Proven,
            signature: Finding::Failed(Why::SignatureWrong),
            issuer: Finding::NotChecked(Why::EarlierCheck),
        };
        assert_eq!(passive.finding(), Finding::Failed(Why::SignatureWrong));
    }
}
