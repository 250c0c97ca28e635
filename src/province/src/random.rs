//! Names and tokens that nobody can guess.

use crate::failure::Failure;

/// 128 random bits in lower-case hex.
pub(crate) fn hex_128() -> Result<String, Failure> {
    Ok(hex::encode(bytes::<16>()?))
}

/// 256 random bits in lower-case hex.
pub(crate) fn hex_256() -> Result<String, Failure> {
    Ok(hex::encode(bytes::<32>()?))
}

fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Storage)?;
    Ok(bytes)
}
