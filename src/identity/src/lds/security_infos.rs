//! What a chip can do, as EF.CardAccess and DG14 list it (ICAO 9303-11, 9.2).

use crate::{
    chip::{cipher::Suite, curve::Curve},
    tlv,
};

/// bsi-de protocols smartcard, 0.4.0.127.0.7.2.2.
const SMARTCARD: &[u8] = &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02];
const CHIP_KEY_ECDH: &[u8] = &[1, 2];
const CHIP_AUTHENTICATION_ECDH: &[u8] = &[3, 2];
const PACE_ECDH_GENERIC: &[u8] = &[4, 2];
/// id-icao-mrtd-security-aaProtocolObject, 2.23.136.1.1.5.
const ACTIVE_AUTHENTICATION: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x05];

/// The list, as far as it is of use here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityInfos {
    pub(crate) pace: Vec<PaceInfo>,
    pub(crate) chip_authentication: Vec<ChipAuthentication>,
    pub(crate) chip_keys: Vec<ChipKey>,
    /// The signature algorithm of active authentication, as an object identifier.
    pub(crate) active_algorithm: Option<Vec<u8>>,
}

/// One way to open the chip that is known here: generic mapping over an elliptic curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaceInfo {
    /// The object identifier that names it to the chip.
    pub oid: Vec<u8>,
    pub suite: Suite,
    pub curve: Curve,
}

/// Ciphers of chip authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChipAuthentication {
    pub oid: Vec<u8>,
    pub suite: Suite,
    pub key_id: Option<Vec<u8>>,
}

/// A key of chip authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChipKey {
    /// A SubjectPublicKeyInfo.
    pub key: Vec<u8>,
    pub key_id: Option<Vec<u8>>,
}

impl SecurityInfos {
    /// Reads the set of EF.CardAccess or, with its outer tag, of DG14. What is not known is passed
    /// over; none where there is no such set.
    #[must_use]
    pub fn parse(file: &[u8]) -> Option<Self> {
        let set = tlv::descend(file, &[0x6E, 0x31]).or_else(|| tlv::find(file, 0x31))?;
        let mut infos = Self::default();
        for info in tlv::objects(set).filter(|object| object.tag == 0x30) {
            infos.add(info.value);
        }
        Some(infos)
    }

    fn add(&mut self, info: &[u8]) -> Option<()> {
        let mut members = tlv::objects(info);
        let oid = members.next().filter(|oid| oid.tag == 0x06)?.value;
        let (second, third) = (members.next(), members.next());
        if oid == ACTIVE_AUTHENTICATION {
            self.active_algorithm = Some(third.filter(|oid| oid.tag == 0x06)?.value.to_vec());
            return Some(());
        }
        let kind = oid.strip_prefix(SMARTCARD)?;
        let id = |object: Option<tlv::Tlv<'_>>| {
            object.filter(|id| id.tag == 0x02).map(|id| unsigned(id.value).to_vec())
        };
        if kind == CHIP_KEY_ECDH {
            let key = second.filter(|key| key.tag == 0x30)?.whole.to_vec();
            self.chip_keys.push(ChipKey { key, key_id: id(third) });
        } else if let Some([number]) = kind.strip_prefix(CHIP_AUTHENTICATION_ECDH) {
            let suite = Suite::of_number(*number)?;
            let oid = oid.to_vec();
            self.chip_authentication.push(ChipAuthentication { oid, suite, key_id: id(third) });
        } else if let Some([number]) = kind.strip_prefix(PACE_ECDH_GENERIC) {
            let [curve] = *unsigned(third.filter(|curve| curve.tag == 0x02)?.value) else {
                return None;
            };
            let (suite, curve) = (Suite::of_number(*number)?, Curve::of_parameters(curve)?);
            self.pace.push(PaceInfo { oid: oid.to_vec(), suite, curve });
        }
        Some(())
    }

    /// The best way to open the chip that is known here.
    pub(crate) fn best_pace(&self) -> Option<&PaceInfo> {
        self.pace.iter().max_by_key(|info| info.suite)
    }
}

/// An integer without the zero byte that keeps it positive.
fn unsigned(value: &[u8]) -> &[u8] {
    match value {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// EF.CardAccess as Vietnamese cards have it, word for word.
    const CARD_ACCESS: &str = "3134300D060804007F0007020202020101300F060A04007F0007020203020202\
                               01013012060A04007F0007020204020202010202010D";

    #[test]
    fn a_vietnamese_card_opens_with_aes_on_a_brainpool_curve() {
        let infos = SecurityInfos::parse(&hex::decode(CARD_ACCESS).unwrap()).unwrap();
        let pace = infos.best_pace().unwrap();
        assert_eq!((pace.suite, pace.curve), (Suite::Aes128, Curve::BrainpoolP256r1));
        assert_eq!(hex::encode(&pace.oid), "04007f00070202040202");
        assert_eq!(infos.chip_authentication[0].suite, Suite::Aes128);
        assert_eq!(infos.chip_authentication[0].key_id, None);
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        for (info, ways) in [
            ("30120609040000000000000000000201020201FF", 0),
            ("3012060A04007F00070202040102020102020102", 0),
            ("3012060A04007F000702020402020201020201FF", 0),
            ("3012060A04007F00070202040209020102 02010D", 0),
            ("300F060A04007F00070202040202020102", 0),
            ("3012060A04007F0007020204020402010202010C", 1),
        ] {
            let info = hex::decode(info.replace(' ', "")).unwrap();
            let infos = SecurityInfos::parse(&tlv::write(0x31, &info)).unwrap();
            assert_eq!(infos.pace.len(), ways, "{info:02X?}");
        }
        assert_eq!(SecurityInfos::parse(b"nothing"), None);
    }

    proptest! {
        #[test]
        fn any_list_is_borne(set in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = SecurityInfos::parse(&set);
            let _ = SecurityInfos::parse(&tlv::write(0x31, &tlv::write(0x30, &set)));
            let oid = [&[0x06, 10], SMARTCARD, PACE_ECDH_GENERIC, &[2], &set].concat();
            let _ = SecurityInfos::parse(&tlv::write(0x31, &tlv::write(0x30, &oid)));
        }
    }
}
