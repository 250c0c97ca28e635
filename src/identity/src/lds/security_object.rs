//! The security object (SOD): digests of the chip's files, signed by the issuer
//! (ICAO 9303-10, 4.6.2). Reading it proves nothing; `chip::passive` does.

use cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerInfo},
};
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _},
};

use crate::{chip::File, chip::signature::Hash, tlv};

/// 2.23.136.1.1.1
const LDS_SECURITY_OBJECT: &str = "2.23.136.1.1.1";

/// Digests by number of the data group.
type Digests = Vec<(u8, Vec<u8>)>;

/// A security object taken apart.
#[derive(Clone)]
pub struct SecurityObject {
    pub(crate) hash: Hash,
    digests: Digests,
    pub(crate) content: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) signer: SignerInfo,
    pub(crate) certificates: Vec<Certificate>,
}

impl SecurityObject {
    /// Reads the file.
    #[must_use]
    pub fn parse(sod: &[u8]) -> Option<Self> {
        let message = tlv::find(sod, 0x77)?;
        let message = ContentInfo::from_der(tlv::read(message)?.0.whole).ok()?;
        let signed = SignedData::from_der(&message.content.to_der().ok()?).ok()?;
        let content = signed.encap_content_info.econtent?.value().to_vec();
        let (hash, digests) = digests(&content)?;
        let certificates = signed.certificates.map(|set| set.0.into_vec()).unwrap_or_default();
        let certificates = certificates.into_iter().filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        });
        Some(Self {
            hash,
            digests,
            content,
            content_type: signed.encap_content_info.econtent_type.to_string(),
            signer: signed.signer_infos.0.into_vec().into_iter().next()?,
            certificates: certificates.collect(),
        })
    }

    /// Whether it is what it should be: a signed list of digests, not some other signed thing.
    pub(crate) fn is_of_its_kind(&self) -> bool {
        self.content_type == LDS_SECURITY_OBJECT
    }

    /// Whether the file is among those signed.
    pub(crate) fn lists(&self, file: File) -> bool {
        self.digest(file).is_some()
    }

    /// Whether these bytes are the file that was signed.
    pub(crate) fn covers(&self, file: File, bytes: &[u8]) -> bool {
        self.digest(file) == Some(&self.hash.digest(bytes))
    }

    fn digest(&self, file: File) -> Option<&[u8]> {
        let number = file.group()?;
        self.digests.iter().find(|(group, _)| *group == number).map(|(_, digest)| &**digest)
    }
}

/// The algorithm and the digests by number of the data group.
fn digests(content: &[u8]) -> Option<(Hash, Digests)> {
    let mut members = tlv::objects(tlv::find(content, 0x30)?);
    members.next().filter(|version| version.tag == 0x02)?;
    let algorithm = members.next().filter(|algorithm| algorithm.tag == 0x30)?.value;
    let hash = Hash::of_oid(tlv::find(algorithm, 0x06)?)?;
    let list = members.next().filter(|list| list.tag == 0x30)?.value;
    let digest = |entry: tlv::Tlv<'_>| {
        let [number] = *tlv::find(entry.value, 0x02)? else { return None };
        Some((number, tlv::find(entry.value, 0x04)?.to_vec()))
    };
    Some((hash, tlv::objects(list).filter_map(digest).collect()))
}

impl std::fmt::Debug for SecurityObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups = self.digests.iter().map(|(group, _)| *group).collect::<Vec<_>>();
        f.debug_struct("SecurityObject").field("groups", &groups).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(SecurityObject::parse(&bytes).is_none());
            let _ = SecurityObject::parse(&tlv::write(0x77, &tlv::write(0x30, &bytes)));
            let _ = digests(&tlv::write(0x30, &bytes));
        }
    }
}
