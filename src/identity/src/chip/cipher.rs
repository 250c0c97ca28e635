//! The ciphers a session can run on, and the keys made for them (ICAO 9303-11, 9.7 and 9.8).

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{
    Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt as _, BlockModeEncrypt as _,
    KeyInit, KeyIvInit as _, block_padding::NoPadding,
};
use cmac::Cmac;
use des::{Des, TdesEde2};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A cipher with its message authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Suite {
    /// 3DES with the retail MAC; BAC knows nothing else.
    TripleDes,
    /// AES-128 with CMAC: what Vietnamese cards use.
    Aes128,
    /// AES-192 with CMAC.
    Aes192,
    /// AES-256 with CMAC.
    Aes256,
}

/// What a key is derived for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Encryption in a session.
    Encryption,
    /// Authentication in a session.
    Authentication,
    /// The nonce of PACE.
    Password,
}

/// A key of the length its suite wants; wiped when dropped.
pub(super) type Key = Zeroizing<Vec<u8>>;

/// A key or data of a length that the cipher does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongLength;

impl Suite {
    /// The suite by the last number of the object identifiers that name it.
    pub fn of_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::TripleDes),
            2 => Some(Self::Aes128),
            3 => Some(Self::Aes192),
            4 => Some(Self::Aes256),
            _ => None,
        }
    }

    /// How many bytes a block has.
    pub(super) fn block(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// Derives a key from a shared secret.
    pub(super) fn key(self, secret: &[u8], purpose: Purpose) -> Key {
        let counter: [u8; 4] = match purpose {
            Purpose::Encryption => [0, 0, 0, 1],
            Purpose::Authentication => [0, 0, 0, 2],
            Purpose::Password => [0, 0, 0, 3],
        };
        let (mut key, octets) = match self {
            Self::TripleDes | Self::Aes128 => {
                (Sha1::new().chain_update(secret).chain_update(counter).finalize().to_vec(), 16)
            }
            Self::Aes192 | Self::Aes256 => {
                let digest = Sha256::new().chain_update(secret).chain_update(counter).finalize();
                (digest.to_vec(), if self == Self::Aes192 { 24 } else { 32 })
            }
        };
        key.truncate(octets);
        Zeroizing::new(key)
    }

    /// Encrypts whole blocks in CBC.
    pub(super) fn encrypt(
        self,
        key: &[u8],
        start: &[u8],
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, WrongLength> {
        let sealed = match self {
            Self::TripleDes => cbc_encrypt::<TdesEde2>(key, start, data),
            Self::Aes128 => cbc_encrypt::<Aes128>(key, start, data),
            Self::Aes192 => cbc_encrypt::<Aes192>(key, start, data),
            Self::Aes256 => cbc_encrypt::<Aes256>(key, start, data),
        };
        sealed.map(Zeroizing::new)
    }

    /// Decrypts whole blocks in CBC.
    pub(super) fn decrypt(
        self,
        key: &[u8],
        start: &[u8],
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, WrongLength> {
        let opened = match self {
            Self::TripleDes => cbc_decrypt::<TdesEde2>(key, start, data),
            Self::Aes128 => cbc_decrypt::<Aes128>(key, start, data),
            Self::Aes192 => cbc_decrypt::<Aes192>(key, start, data),
            Self::Aes256 => cbc_decrypt::<Aes256>(key, start, data),
        };
        opened.map(Zeroizing::new)
    }

    /// The message authentication code, eight bytes. The retail MAC wants whole blocks.
    pub(super) fn mac(self, key: &[u8], data: &[u8]) -> Result<[u8; 8], WrongLength> {
        match self {
            Self::TripleDes => retail_mac(key, data),
            Self::Aes128 => short_cmac(Cmac::<Aes128>::new_from_slice(key), data),
            Self::Aes192 => short_cmac(Cmac::<Aes192>::new_from_slice(key), data),
            Self::Aes256 => short_cmac(Cmac::<Aes256>::new_from_slice(key), data),
        }
    }

    /// Appends padding up to whole blocks (ISO/IEC 9797-1, method 2).
    pub(super) fn pad(self, data: &mut Vec<u8>) {
        data.push(0x80);
        data.resize(data.len().next_multiple_of(self.block()), 0);
    }
}

/// Data without its padding; none where there is no padding.
pub(super) fn unpadded(data: &[u8]) -> Option<&[u8]> {
    let last = data.iter().rposition(|byte| *byte != 0)?;
    (data.get(last) == Some(&0x80)).then(|| data.get(..last)).flatten()
}

fn cbc_encrypt<C>(key: &[u8], start: &[u8], data: &[u8]) -> Result<Vec<u8>, WrongLength>
where
    C: BlockCipherEncrypt + KeyInit,
{
    let cipher = cbc::Encryptor::<C>::new_from_slices(key, start).map_err(|_| WrongLength)?;
    let mut buffer = data.to_vec();
    cipher.encrypt_padded::<NoPadding>(&mut buffer, data.len()).map_err(|_| WrongLength)?;
    Ok(buffer)
}

fn cbc_decrypt<C>(key: &[u8], start: &[u8], data: &[u8]) -> Result<Vec<u8>, WrongLength>
where
    C: BlockCipherDecrypt + KeyInit,
{
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, start).map_err(|_| WrongLength)?;
    let mut buffer = data.to_vec();
    cipher.decrypt_padded::<NoPadding>(&mut buffer).map_err(|_| WrongLength)?;
    Ok(buffer)
}

fn short_cmac<M: cmac::Mac, E>(mac: Result<M, E>, data: &[u8]) -> Result<[u8; 8], WrongLength> {
    let code = mac.map_err(|_| WrongLength)?.chain_update(data).finalize().into_bytes();
    code.first_chunk().copied().ok_or(WrongLength)
}

/// ISO/IEC 9797-1, algorithm 3 with DES: a CBC-MAC whose last block is turned once more.
fn retail_mac(key: &[u8], data: &[u8]) -> Result<[u8; 8], WrongLength> {
    let (first, second) = key.split_at_checked(8).ok_or(WrongLength)?;
    let first = Des::new_from_slice(first).map_err(|_| WrongLength)?;
    let second = Des::new_from_slice(second).map_err(|_| WrongLength)?;
    if !data.len().is_multiple_of(8) {
        return Err(WrongLength);
    }
    let mut block = Block::<Des>::default();
    for piece in data.chunks_exact(8) {
        for (sum, byte) in block.iter_mut().zip(piece) {
            *sum ^= byte;
        }
        first.encrypt_block(&mut block);
    }
    second.decrypt_block(&mut block);
    first.encrypt_block(&mut block);
    Ok(block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    /// ICAO 9303-11, appendix D.1, and a card's key computed apart from this code.
    #[test]
    fn keys_are_derived_as_the_standard_says() {
        let seed = bytes("239AB9CB282DAF66231DC5A4DF6BFBAE");
        let suite = Suite::TripleDes;
        // The standard prints the keys with odd parity, which DES ignores.
        let even = |key: Key| key.iter().map(|byte| byte & 0xFE).collect::<Vec<_>>();
        let printed = |hex: &str| bytes(hex).iter().map(|byte| byte & 0xFE).collect::<Vec<_>>();
        assert_eq!(
            even(suite.key(&seed, Purpose::Encryption)),
            printed("AB94FDECF2674FDFB9B391F85D7F76F2")
        );
        assert_eq!(
            even(suite.key(&seed, Purpose::Authentication)),
            printed("7962D9ECE03D1ACD4C76089DCE131543")
        );
        assert_eq!(
            *Suite::Aes128.key(b"000001", Purpose::Password),
            bytes("66F0EF4FBA597AFA5AEEBEFF94B8A752")
        );
    }

    /// ICAO 9303-11, appendix D.3: the sealed message of a mutual authentication and its MAC.
    #[test]
    fn triple_des_and_the_retail_mac_agree_with_the_standard() {
        let key = bytes("AB94FDECF2674FDFB9B391F85D7F76F2");
        let data = bytes("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
        let sealed = Suite::TripleDes.encrypt(&key, &[0; 8], &data).unwrap();
        assert_eq!(
            *sealed,
            bytes("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2")
        );
        assert_eq!(*Suite::TripleDes.decrypt(&key, &[0; 8], &sealed).unwrap(), data);
        let mut padded = sealed.to_vec();
        Suite::TripleDes.pad(&mut padded);
        let mac_key = bytes("7962D9ECE03D1ACD4C76089DCE131543");
        let mac = Suite::TripleDes.mac(&mac_key, &padded).unwrap();
        assert_eq!(mac.to_vec(), bytes("5F1448EEA8AD90A7"));
    }

    #[test]
    fn wrong_lengths_are_refused() {
        for suite in [Suite::TripleDes, Suite::Aes128, Suite::Aes192, Suite::Aes256] {
            let key = suite.key(b"secret", Purpose::Encryption);
            assert!(suite.encrypt(&[1], &vec![0; suite.block()], &[]).is_err());
            assert!(suite.decrypt(&key, &vec![0; suite.block()], &[1, 2, 3]).is_err());
            assert!(suite.mac(&[1], &[]).is_err());
        }
    }

    #[test]
    fn padding_comes_off_again() {
        for length in 0..40 {
            let mut data = vec![7; length];
            Suite::Aes128.pad(&mut data);
            assert!(data.len().is_multiple_of(16));
            assert_eq!(unpadded(&data), Some(&vec![7; length][..]));
        }
        for broken in [&[][..], &[0, 0], &[1, 2], &[0x80, 1]] {
            assert_eq!(unpadded(broken), None);
        }
    }
}
