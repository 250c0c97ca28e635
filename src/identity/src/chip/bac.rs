//! Basic access control (ICAO 9303-11, 4.3): the older way to open a chip, with a key made of the
//! machine-readable lines.

use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    ChipError, MrzKey, Step,
    apdu::{Command, status},
    channel::Channel,
    cipher::{Purpose, Suite},
    messaging::Messaging,
};

const STEP: Step = Step::Opening;
const SUITE: Suite = Suite::TripleDes;

/// Opens the chip; gives the keys of the session. The application is selected already.
pub(super) fn open(
    channel: &mut Channel<'_>,
    key: &MrzKey,
    random: &dyn Fn(&mut [u8]),
) -> Result<Messaging, ChipError> {
    let malformed = || ChipError::Malformed { step: STEP };
    let challenge = channel.send(STEP, &Command::new([0, 0x84, 0, 0]).expecting(8))?;
    if challenge.status != status::OK {
        return Err(ChipError::Refused { step: STEP, status: challenge.status });
    }
    let theirs: [u8; 8] = challenge.data.as_slice().try_into().map_err(|_| malformed())?;
    let mut ours = Zeroizing::new([0_u8; 24]);
    random(ours.as_mut_slice());
    let (nonce, half) = ours.split_at(8);

    let seed = Zeroizing::new(Sha1::digest(key.information()).to_vec());
    let seed = seed.get(..16).ok_or_else(malformed)?;
    let keys = Keys {
        encryption: SUITE.key(seed, Purpose::Encryption),
        authentication: SUITE.key(seed, Purpose::Authentication),
    };
    let sent = keys.sealed(&[nonce, &theirs, half].concat()).ok_or_else(malformed)?;
    let command = Command::new([0, 0x82, 0, 0]).with(&sent).expecting(sent.len());
    let answer = channel.send(STEP, &command)?;
    match (answer.status, status::wrong_key(answer.status)) {
        (status::OK, _) => {}
        (_, Some(tries_left)) => return Err(ChipError::WrongKey { tries_left }),
        (status::DENIED | status::BAD_OBJECTS, _) => {
            return Err(ChipError::WrongKey { tries_left: None });
        }
        (word, None) => return Err(ChipError::Refused { step: STEP, status: word }),
    }
    let opened = keys.opened(&answer.data).ok_or(ChipError::Altered { step: STEP })?;
    let (echoed, their_half) = opened.split_at_checked(16).ok_or_else(malformed)?;
    if echoed != [&theirs, nonce].concat() || their_half.len() != half.len() {
        return Err(ChipError::Altered { step: STEP });
    }
    let secret: Zeroizing<Vec<u8>> =
        Zeroizing::new(half.iter().zip(their_half).map(|(ours, theirs)| ours ^ theirs).collect());
    let counter = [theirs.get(4..), nonce.get(4..)].into_iter().flatten().flatten();
    let counter = counter.fold(0, |all: u128, byte| all << 8 | u128::from(*byte));
    Ok(Messaging::agreed(SUITE, &secret, counter))
}

/// The keys of the one exchange.
struct Keys {
    encryption: Zeroizing<Vec<u8>>,
    authentication: Zeroizing<Vec<u8>>,
}

impl Keys {
    fn sealed(&self, data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut sealed = SUITE.encrypt(&self.encryption, &[0; 8], data).ok()?;
        let code = self.code(&sealed)?;
        sealed.extend_from_slice(&code);
        Some(sealed)
    }

    fn opened(&self, answer: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (sealed, code) = answer.split_at_checked(answer.len().checked_sub(8)?)?;
        if !bool::from(code.ct_eq(&self.code(sealed)?)) {
            return None;
        }
        SUITE.decrypt(&self.encryption, &[0; 8], sealed).ok()
    }

    fn code(&self, sealed: &[u8]) -> Option<[u8; 8]> {
        let mut padded = sealed.to_vec();
        SUITE.pad(&mut padded);
        SUITE.mac(&self.authentication, &padded).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chip::{ApduLink, Continue, LinkError};

    /// The chip of ICAO 9303-11, appendix D.3, word for word.
    struct Standard(&'static str);

    const ANSWER: &str = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F\
                          2F2D235D074D74499000";

    impl ApduLink for Standard {
        fn max_response(&self) -> usize {
            258
        }

        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
            let answer = match hex::encode_upper(command).as_str() {
                "0084000008" => "4608F919887022129000",
                "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2\
                 5F1448EEA8AD90A728" => self.0,
                other => panic!("{other}"),
            };
            Ok(hex::decode(answer).unwrap())
        }
    }

    fn run(answer: &'static str) -> Result<Messaging, ChipError> {
        let random = |bytes: &mut [u8]| {
            let drawn = "781723860C06C2260B795240CB7049B01C19B33E32804F0B";
            hex::decode_to_slice(drawn, bytes).unwrap();
        };
        let key = MrzKey::of_printed("L898902C", "690806", "940623");
        let mut link = Standard(answer);
        let mut go_on = |_| Continue::Yes;
        open(&mut Channel::new(&mut link, &mut go_on), &key, &random)
    }

    #[test]
    fn opening_agrees_with_the_standard_word_for_word() {
        let mut messaging = run(ANSWER).unwrap();
        let select = Command::new([0x00, 0xA4, 0x02, 0x0C]).with(&[0x01, 0x1E]);
        assert_eq!(
            hex::encode_upper(&*messaging.seal(&select).unwrap()),
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"
        );
    }

    #[test]
    fn each_way_of_saying_no_has_its_meaning() {
        assert!(matches!(run("6300"), Err(ChipError::WrongKey { tries_left: None })));
        assert!(matches!(run("6982"), Err(ChipError::WrongKey { .. })));
        assert!(matches!(run("6985"), Err(ChipError::Refused { status: 0x6985, .. })));
        assert!(matches!(run("01029000"), Err(ChipError::Altered { .. })));
        let forged: &'static str = Box::leak(ANSWER.replace("46B9", "46B8").into_boxed_str());
        assert!(matches!(run(forged), Err(ChipError::Altered { .. })));
    }
}
