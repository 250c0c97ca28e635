//! Secure messaging (ICAO 9303-11, 9.8): each command and each answer of a session is encrypted
//! and carries a code over it and over a counter.

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    apdu::{Command, Expect, Form, Response, length},
    cipher::{Key, Purpose, Suite, unpadded},
};
use crate::tlv;

const SEALED_EVEN: u32 = 0x87;
const SEALED_ODD: u32 = 0x85;
const EXPECTED: u32 = 0x97;
const STATUS: u32 = 0x99;
const CODE: u32 = 0x8E;

/// The keys and the counter of a session.
pub(super) struct Messaging {
    suite: Suite,
    encryption: Key,
    authentication: Key,
    counter: u128,
}

/// An answer that is not one of this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotOurs;

impl Messaging {
    /// A session on an agreed secret; BAC starts counting elsewhere than at zero.
    pub fn agreed(suite: Suite, secret: &[u8], counter: u128) -> Self {
        Self {
            suite,
            encryption: suite.key(secret, Purpose::Encryption),
            authentication: suite.key(secret, Purpose::Authentication),
            counter,
        }
    }

    /// How many bytes of data fit into a response of that many bytes, status word included.
    pub fn room(&self, response: usize) -> usize {
        // Beside the sealed data: its head and padding mark, the sealed status word, the code.
        let head = if response <= 258 { 4 } else { 5 };
        let overhead = 2 + head + 4 + 10;
        let block = self.suite.block();
        (response.saturating_sub(overhead) / block * block).saturating_sub(1)
    }

    /// The message authentication code of an authentication token.
    pub fn token(&self, data: &[u8]) -> Option<[u8; 8]> {
        let mut data = data.to_vec();
        if self.suite == Suite::TripleDes {
            self.suite.pad(&mut data);
        }
        self.suite.mac(&self.authentication, &data).ok()
    }

    /// Protects a command; gives the bytes to send.
    pub fn seal(&mut self, command: &Command) -> Result<Zeroizing<Vec<u8>>, NotOurs> {
        self.count();
        let [class, instruction, first, second] = command.header;
        let header = [class | 0x0C, instruction, first, second];
        let mut objects = Zeroizing::new(Vec::with_capacity(command.data.len() + 48));
        if !command.data.is_empty() {
            let mut padded = command.data.clone();
            self.suite.pad(&mut padded);
            let sealed = self.encrypted(&padded)?;
            // Instructions with an odd number carry objects, not bare data, and no padding mark.
            if instruction & 1 == 1 {
                objects.extend_from_slice(&tlv::write(SEALED_ODD, &sealed));
            } else {
                objects.extend_from_slice(&tlv::write(SEALED_EVEN, &[&[1], &**sealed].concat()));
            }
        }
        if let Expect::UpTo(count) = command.expect {
            let form = if count <= 256 { Form::Short } else { Form::Extended };
            objects.extend_from_slice(&tlv::write(EXPECTED, &length(count, form)));
        }
        let mut signed = header.to_vec();
        self.suite.pad(&mut signed);
        signed.extend_from_slice(&objects);
        // With no object after the header, it is padded once, not twice.
        let code = self.code(&signed, !objects.is_empty())?;
        objects.extend_from_slice(&tlv::write(CODE, &code));
        let is_long = command.form() == Form::Extended || objects.len() > 255;
        let room = if is_long { 65_536 } else { 256 };
        let sealed = Command { header, data: objects, expect: Expect::UpTo(room) };
        Ok(sealed.bytes(if is_long { Form::Extended } else { Form::Short }))
    }

    /// Verifies and opens an answer.
    pub fn open(&mut self, answer: &Response) -> Result<Response, NotOurs> {
        self.count();
        let mut signed = Vec::new();
        let (mut sealed, mut status, mut code) = (None, None, None);
        for object in tlv::objects(&answer.data) {
            if code.is_some() {
                return Err(NotOurs);
            }
            match object.tag {
                SEALED_EVEN => sealed = object.value.strip_prefix(&[1]),
                SEALED_ODD => sealed = Some(object.value),
                STATUS => status = <[u8; 2]>::try_from(object.value).ok(),
                CODE => code = Some(object.value),
                _ => {}
            }
            if object.tag != CODE {
                signed.extend_from_slice(object.whole);
            }
        }
        let expected = self.code(&signed, true)?;
        if !bool::from(code.ok_or(NotOurs)?.ct_eq(&expected)) {
            return Err(NotOurs);
        }
        let status = u16::from_be_bytes(status.ok_or(NotOurs)?);
        let data = match sealed {
            Some(sealed) => self.decrypted(sealed)?,
            None => Zeroizing::default(),
        };
        Ok(Response { data, status })
    }

    fn count(&mut self) {
        self.counter = match self.suite {
            Suite::TripleDes => (self.counter + 1) & u128::from(u64::MAX),
            Suite::Aes128 | Suite::Aes192 | Suite::Aes256 => self.counter.wrapping_add(1),
        };
    }

    fn counter(&self) -> Vec<u8> {
        let bytes = self.counter.to_be_bytes();
        bytes.get(bytes.len() - self.suite.block()..).unwrap_or_default().to_vec()
    }

    /// Where encryption starts: at zero for 3DES, at the encrypted counter for AES.
    fn start(&self) -> Result<Vec<u8>, NotOurs> {
        let zero = vec![0; self.suite.block()];
        match self.suite {
            Suite::TripleDes => Ok(zero),
            Suite::Aes128 | Suite::Aes192 | Suite::Aes256 => self
                .suite
                .encrypt(&self.encryption, &zero, &self.counter())
                .map(|start| start.to_vec())
                .map_err(|_| NotOurs),
        }
    }

    fn encrypted(&self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOurs> {
        self.suite.encrypt(&self.encryption, &self.start()?, data).map_err(|_| NotOurs)
    }

    fn decrypted(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOurs> {
        let padded =
            self.suite.decrypt(&self.encryption, &self.start()?, sealed).map_err(|_| NotOurs)?;
        unpadded(&padded).map(|data| Zeroizing::new(data.to_vec())).ok_or(NotOurs)
    }

    fn code(&self, signed: &[u8], is_to_be_padded: bool) -> Result<[u8; 8], NotOurs> {
        let mut data = self.counter();
        data.extend_from_slice(signed);
        if is_to_be_padded {
            self.suite.pad(&mut data);
        }
        self.suite.mac(&self.authentication, &data).map_err(|_| NotOurs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chip::apdu::status;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    fn session(suite: Suite, encryption: &str, authentication: &str, counter: u128) -> Messaging {
        let (encryption, authentication) = (bytes(encryption).into(), bytes(authentication).into());
        Messaging { suite, encryption, authentication, counter }
    }

    /// ICAO 9303-11, appendix D.4: selecting EF.COM and reading its head on a 3DES session.
    #[test]
    fn a_session_of_basic_access_control_agrees_with_the_standard() {
        let mut session = session(
            Suite::TripleDes,
            "979EC13B1CBFE9DCD01AB0FED307EAE5",
            "F1CB1F1FB5ADF208806B89DC579DC1F8",
            0x8870_2212_0C06_C226,
        );
        let select = Command::new([0x00, 0xA4, 0x02, 0x0C]).with(&[0x01, 0x1E]);
        let sent = session.seal(&select).unwrap();
        assert_eq!(
            hex::encode_upper(&*sent),
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"
        );
        let answer = Response::parse(bytes("990290008E08FA855A5D4C50A8ED9000")).unwrap();
        assert_eq!(session.open(&answer).unwrap().status, status::OK);

        let read = Command::new([0x00, 0xB0, 0x00, 0x00]).expecting(4);
        let sent = session.seal(&read).unwrap();
        assert_eq!(hex::encode_upper(&*sent), "0CB000000D9701048E08ED6705417E96BA5500");
        let answer = "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000";
        let opened = session.open(&Response::parse(bytes(answer)).unwrap()).unwrap();
        assert_eq!(*opened.data, bytes("60145F01"));
    }

    /// Appendix D prints no AES session; these were computed apart from this code, on the keys of
    /// appendix G.1.
    #[test]
    fn a_session_on_aes_agrees_with_another_implementation() {
        let mut session = session(
            Suite::Aes128,
            "F5F0E35C0D7161EE6724EE513A0D9A7F",
            "FE251C7858B356B24514B3BD5F4297D1",
            0,
        );
        let select = Command::new([0x00, 0xA4, 0x02, 0x0C]).with(&[0x01, 0x1E]);
        let sent = session.seal(&select).unwrap();
        assert_eq!(
            hex::encode_upper(&*sent),
            "0CA4020C1D871101EE0E4724F4465C1BE9C2F73ABDD73A3D8E08835D1B54575C955F00"
        );
        let answer = Response::parse(bytes("990290008E08BEA7B381C494A0799000")).unwrap();
        assert_eq!(session.open(&answer).unwrap().status, status::OK);
        session.seal(&Command::new([0x00, 0xB0, 0x00, 0x00]).expecting(4)).unwrap();
        let answer = "871101645C0B1F998A088278D07942BBE94B60990290008E0894A33C6AA2D8CCC89000";
        let opened = session.open(&Response::parse(bytes(answer)).unwrap()).unwrap();
        assert_eq!(*opened.data, bytes("60145F01"));
    }

    #[test]
    fn an_answer_with_one_bit_changed_is_not_ours() {
        let good = bytes("990290008E08BEA7B381C494A0799000");
        for bit in 0..(good.len() - 2) * 8 {
            let mut session = session(
                Suite::Aes128,
                "F5F0E35C0D7161EE6724EE513A0D9A7F",
                "FE251C7858B356B24514B3BD5F4297D1",
                1,
            );
            let mut changed = good.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let answer = Response::parse(changed).unwrap();
            assert!(session.open(&answer).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn what_fits_into_an_answer_is_used_up() {
        for (suite, response, room) in [
            (Suite::Aes128, 258, 223),
            (Suite::TripleDes, 258, 231),
            (Suite::Aes256, 2050, 2015),
            (Suite::Aes128, 65_538, 65_503),
            (Suite::Aes128, 0, 0),
        ] {
            assert_eq!(Messaging::agreed(suite, b"x", 0).room(response), room, "{suite:?}");
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_borne(data in prop::collection::vec(any::<u8>(), 0..200)) {
            for suite in [Suite::TripleDes, Suite::Aes256] {
                let answer = Response { data: data.clone().into(), status: status::OK };
                prop_assert!(Messaging::agreed(suite, b"secret", 7).open(&answer).is_err());
            }
        }
    }
}
