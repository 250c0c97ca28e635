//! Password-authenticated connection establishment with generic mapping over elliptic curves
//! (ICAO 9303-11, 4.4): both sides prove that they know the password without saying it.

use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use super::{
    Access, ChipError, Step,
    apdu::{Command, Expect, status},
    channel::Channel,
    cipher::{Purpose, Suite},
    curve::Curve,
    messaging::Messaging,
};
use crate::{lds::PaceInfo, tlv};

const STEP: Step = Step::Opening;
const DYNAMIC: u32 = 0x7C;

/// Opens the chip; gives the keys of the session.
pub(super) fn open(
    channel: &mut Channel<'_>,
    info: &PaceInfo,
    access: &Access,
    random: &dyn Fn(&mut [u8]),
) -> Result<Messaging, ChipError> {
    let (suite, curve) = (info.suite, info.curve);
    choose(channel, info, access)?;

    let sealed = authenticate(channel, 0x10, 0x80, None, 0x80)?;
    let key = suite.key(&password(access), Purpose::Password);
    let nonce = suite
        .decrypt(&key, &vec![0; suite.block()], &sealed)
        .map_err(|_| ChipError::Malformed { step: STEP })?;

    let malformed = || ChipError::Malformed { step: STEP };
    let pair = |generator: &[u8]| {
        let pair = curve.pair(generator, random).map_err(|_| ChipError::NoRandomness)?;
        pair.ok_or_else(malformed)
    };
    let mapping = pair(&curve.generator())?;
    let theirs = authenticate(channel, 0x10, 0x81, Some(&mapping.public), 0x82)?;
    let generator = curve.mapped(&nonce, &mapping.private, &theirs).ok_or_else(malformed)?;

    let ours = pair(&generator)?;
    let theirs = authenticate(channel, 0x10, 0x83, Some(&ours.public), 0x84)?;
    if theirs == ours.public {
        return Err(malformed());
    }
    let secret = curve.agreed(&ours.private, &theirs).ok_or_else(malformed)?;
    let messaging = Messaging::agreed(suite, &secret, 0);

    let token = |public: &[u8]| token(&messaging, info, public).ok_or_else(malformed);
    let answer = authenticate(channel, 0x00, 0x85, Some(&token(&theirs)?), 0x86);
    let answer = answer.map_err(wrong_password)?;
    if !bool::from(answer.ct_eq(&token(&ours.public)?)) {
        return Err(ChipError::Altered { step: STEP });
    }
    Ok(messaging)
}

/// Tells the chip which protocol and which password.
fn choose(channel: &mut Channel<'_>, info: &PaceInfo, access: &Access) -> Result<(), ChipError> {
    let reference = match access {
        Access::Mrz(_) => 1,
        Access::Can(_) => 2,
    };
    let mut data = tlv::write(0x80, &info.oid).to_vec();
    data.extend_from_slice(&tlv::write(0x83, &[reference]));
    let command = Command::new([0x00, 0x22, 0xC1, 0xA4]).with(&data);
    let answer = channel.send(STEP, &command)?;
    // 63Cx only warns here that the last try was wrong; the chip that has none left refuses below.
    match answer.status {
        status::OK => Ok(()),
        word if status::wrong_key(word).is_some_and(|left| left != Some(0)) => Ok(()),
        word => Err(ChipError::Refused { step: STEP, status: word }),
    }
}

/// One GENERAL AUTHENTICATE; gives the value of the object that must come back.
fn authenticate(
    channel: &mut Channel<'_>,
    class: u8,
    tag: u32,
    value: Option<&[u8]>,
    expected: u32,
) -> Result<Vec<u8>, ChipError> {
    let inner = value.map(|value| tlv::write(tag, value)).unwrap_or_default();
    let mut command = Command::new([class, 0x86, 0, 0]).with(&tlv::write(DYNAMIC, &inner));
    command.expect = Expect::UpTo(256);
    let answer = channel.send(STEP, &command)?;
    if answer.status != status::OK {
        return Err(ChipError::Refused { step: STEP, status: answer.status });
    }
    tlv::descend(&answer.data, &[DYNAMIC, expected])
        .map(<[u8]>::to_vec)
        .ok_or(ChipError::Malformed { step: STEP })
}

/// Chips say differently that the password was wrong.
fn wrong_password(error: ChipError) -> ChipError {
    let ChipError::Refused { status: word, .. } = error else {
        return error;
    };
    match (status::wrong_key(word), word) {
        (Some(tries_left), _) => ChipError::WrongKey { tries_left },
        (None, status::DENIED | status::BAD_OBJECTS) => ChipError::WrongKey { tries_left: None },
        (None, _) => error,
    }
}

fn password(access: &Access) -> zeroize::Zeroizing<Vec<u8>> {
    match access {
        Access::Can(can) => can.digits().to_vec().into(),
        Access::Mrz(key) => Sha1::digest(key.information()).to_vec().into(),
    }
}

/// The token over a public point (ICAO 9303-11, 4.4.3.4).
fn token(messaging: &Messaging, info: &PaceInfo, public: &[u8]) -> Option<[u8; 8]> {
    let mut inner = tlv::write(0x06, &info.oid).to_vec();
    inner.extend_from_slice(&tlv::write(0x86, public));
    messaging.token(&tlv::write(0x7F49, &inner))
}

/// The parameters on which most Vietnamese cards open, for chips that do not say.
pub(super) fn usual() -> PaceInfo {
    PaceInfo {
        oid: vec![0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02],
        suite: Suite::Aes128,
        curve: Curve::BrainpoolP256r1,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::chip::{ApduLink, Continue, LinkError, MrzKey};

    /// The chip of ICAO 9303-11, appendix G.1, word for word.
    struct Standard(Vec<(&'static str, &'static str)>);

    const NUMBERS: [&str; 2] = [
        "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
        "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
    ];

    const CONVERSATION: [(&str, &str); 5] = [
        ("0022C1A40F800A04007F00070202040202830101", "9000"),
        ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
        (
            "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E\
             544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
            "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57\
             30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
        ),
        (
            "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C\
             3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
            "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB\
             7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
        ),
        ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
    ];

    impl ApduLink for Standard {
        fn max_response(&self) -> usize {
            258
        }

        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
            let (expected, answer) = self.0.remove(0);
            assert_eq!(hex::encode_upper(command), expected);
            Ok(hex::decode(answer).unwrap())
        }
    }

    fn run(conversation: Vec<(&'static str, &'static str)>) -> Result<Messaging, ChipError> {
        let numbers = RefCell::new(NUMBERS.to_vec());
        let random = |bytes: &mut [u8]| {
            hex::decode_to_slice(numbers.borrow_mut().remove(0), bytes).unwrap();
        };
        let access = Access::Mrz(MrzKey::of_printed("T22000129", "640812", "101031"));
        let mut link = Standard(conversation);
        let mut go_on = |_| Continue::Yes;
        open(&mut Channel::new(&mut link, &mut go_on), &usual(), &access, &random)
    }

    #[test]
    fn opening_agrees_with_the_standard_word_for_word() {
        let mut messaging = run(CONVERSATION.to_vec()).unwrap();
        // The keys are those of the standard if they make the same first command.
        let select = Command::new([0x00, 0xA4, 0x02, 0x0C]).with(&[0x01, 0x1E]);
        assert_eq!(
            hex::encode_upper(&*messaging.seal(&select).unwrap()),
            "0CA4020C1D871101EE0E4724F4465C1BE9C2F73ABDD73A3D8E08835D1B54575C955F00"
        );
    }

    #[test]
    fn each_way_of_saying_no_has_its_meaning() {
        let last = |answer: &'static str| {
            let mut conversation = CONVERSATION.to_vec();
            conversation[4].1 = answer;
            run(conversation).map(|_| ()).unwrap_err()
        };
        assert!(matches!(last("6300"), ChipError::WrongKey { tries_left: None }));
        assert!(matches!(last("63C2"), ChipError::WrongKey { tries_left: Some(2) }));
        assert!(matches!(last("6982"), ChipError::WrongKey { tries_left: None }));
        assert!(matches!(last("6F00"), ChipError::Refused { status: 0x6F00, .. }));
        assert!(matches!(last("7C0A86080000000000000000"), ChipError::Refused { .. }));
        let forged = "7C0A860800000000000000009000";
        assert!(matches!(last(forged), ChipError::Altered { .. }));
        assert!(matches!(last("7C009000"), ChipError::Malformed { .. }));
    }

    #[test]
    fn a_point_off_the_curve_or_our_own_is_refused() {
        let own = "7C438441042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C\
                   3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB364629000";
        for (at, answer) in [(2, "7C058203040102 9000"), (3, own)] {
            let mut conversation = CONVERSATION.to_vec();
            conversation[at].1 = Box::leak(answer.replace(' ', "").into_boxed_str());
            assert!(matches!(run(conversation), Err(ChipError::Malformed { .. })));
        }
    }
}
