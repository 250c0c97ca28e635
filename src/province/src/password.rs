//! Officers' passwords: Argon2id with the parameters of RFC 9106's second choice.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};

/// Fewest characters of a password.
pub const FEWEST: usize = 10;
/// Most bytes: longer ones would only cost time.
const MOST: usize = 256;

/// A password cannot be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has at least 10 characters and at most 256 bytes")]
    Length,
    /// The system gave no random bytes, or Argon2 refused its parameters.
    #[error("could not hash the password")]
    Hash,
}

/// Hashes a password with a fresh salt.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < FEWEST || password.len() > MOST {
        return Err(PasswordError::Length);
    }
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| PasswordError::Hash)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| PasswordError::Hash)?;
    let argon = argon().ok_or(PasswordError::Hash)?;
    let hashed = argon.hash_password(password.as_bytes(), &salt);
    hashed.map(|hash| hash.to_string()).map_err(|_| PasswordError::Hash)
}

/// Whether `password` is the one that was hashed. Takes some 30 ms of CPU either way.
#[must_use]
pub fn is_right(password: &str, hash: &str) -> bool {
    let (Ok(hash), Some(argon)) = (PasswordHash::new(hash), argon()) else { return false };
    password.len() <= MOST && argon.verify_password(password.as_bytes(), &hash).is_ok()
}

/// 64 MiB, 3 passes, 4 lanes.
fn argon() -> Option<Argon2<'static>> {
    let params = Params::new(64 << 10, 3, 4, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hashed = hash("mật khẩu dài").unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=65536,t=3,p=4$"));
        assert!(is_right("mật khẩu dài", &hashed));
        assert!(!is_right("mat khau dai", &hashed));
        assert!(!is_right("mật khẩu dài", "not a hash"));
        assert_eq!(hash("ngắn"), Err(PasswordError::Length));
    }
}
