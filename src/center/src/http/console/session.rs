//! Who is logged in. Sessions live in memory; a restart asks officers to log in again.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use argon2::{Argon2, PasswordHash, PasswordVerifier as _};
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::{
    config::{CookieTransport, Officer},
    http::language,
};

const COOKIE: &str = "motcua_session";
/// A working day and some.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// Wrong log-ins are counted over this time.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// Tries per window for one name from one address.
const TRIES_PER_NAME: u32 = 5;
/// Tries per window from one address.
const TRIES_PER_ADDRESS: u32 = 20;
/// Names and addresses remembered at once; with more, nobody new is let try.
const TRIES_KEPT: usize = 10_000;
/// Hashes computed at once: each takes 19 MiB and a core for some 20 ms.
const HASHES_AT_ONCE: usize = 2;
/// A hash that no password has, so that unknown names take as long as known ones.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$6MMQnuQhu4qdW6zJ2VnEDj4Jc3AEmfkVH3DAaKTfJ7o";

/// The sessions of one center, and the wrong log-ins of the last minute.
pub struct Sessions {
    open: Mutex<HashMap<Digest, Session>>,
    tries: Mutex<HashMap<Tried, Tries>>,
    hashes: Semaphore,
}

type Digest = [u8; 32];

struct Session {
    login: String,
    until: Timestamp,
}

#[derive(PartialEq, Eq, Hash)]
enum Tried {
    Address(IpAddr),
    Name(IpAddr, String),
}

struct Tries {
    count: u32,
    since: Timestamp,
}

/// Why nobody was logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogInRefused {
    Wrong,
    TooMany,
    Busy,
}

impl Default for Sessions {
    fn default() -> Self {
        let hashes = Semaphore::new(HASHES_AT_ONCE);
        Self { open: Mutex::default(), tries: Mutex::default(), hashes }
    }
}

impl Sessions {
    /// Opens a session and gives its token.
    pub async fn log_in(
        &self,
        officers: &[Officer],
        login: String,
        password: String,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<String, LogInRefused> {
        // Counted before the password is looked at, so that many at once gain nothing.
        if !self.may_try(address, &login, now) {
            return Err(LogInRefused::TooMany);
        }
        let known = officers.iter().find(|officer| officer.login == login);
        let hash = known.map_or_else(|| NOBODY.to_owned(), |officer| officer.password.0.clone());
        let place = self.hashes.acquire().await.map_err(|_| LogInRefused::Busy)?;
        let right = tokio::task::spawn_blocking(move || matches(&password, &hash)).await;
        drop(place);
        if !right.map_err(|_| LogInRefused::Busy)? || known.is_none() {
            return Err(LogInRefused::Wrong);
        }
        lock(&self.tries).remove(&Tried::Name(address, login.clone()));
        let mut token = [0; 32];
        getrandom::fill(&mut token).map_err(|_| LogInRefused::Busy)?;
        let token = URL_SAFE_NO_PAD.encode(token);
        let mut open = lock(&self.open);
        open.retain(|_, session| session.until > now);
        open.insert(digest(&token), Session { login, until: now + SESSION });
        Ok(token)
    }

    /// The log-in name behind the cookie.
    pub fn login(&self, headers: &HeaderMap, now: Timestamp) -> Option<String> {
        let token = language::cookie(headers, COOKIE)?;
        let open = lock(&self.open);
        let session = open.get(&digest(token)).filter(|session| session.until > now)?;
        Some(session.login.clone())
    }

    /// Ends the session behind the cookie.
    pub fn end(&self, headers: &HeaderMap) {
        if let Some(token) = language::cookie(headers, COOKIE) {
            lock(&self.open).remove(&digest(token));
        }
    }

    fn may_try(&self, address: IpAddr, login: &str, now: Timestamp) -> bool {
        let mut tries = lock(&self.tries);
        tries.retain(|_, tries| now.duration_since(tries.since) < WINDOW);
        if tries.len() >= TRIES_KEPT {
            return false;
        }
        let mut within = |key, limit| {
            let tries = tries.entry(key).or_insert(Tries { count: 0, since: now });
            tries.count = tries.count.saturating_add(1);
            tries.count <= limit
        };
        // The address first: beyond its limit it adds no names, and so cannot fill the table.
        within(Tried::Address(address), TRIES_PER_ADDRESS)
            && within(Tried::Name(address, login.to_owned()), TRIES_PER_NAME)
    }
}

/// The cookie that carries `token`: no script sees it, no other site's page sends it.
pub fn cookie(token: &str, transport: CookieTransport) -> String {
    let age = SESSION.as_secs();
    let secure = secure(transport);
    format!("{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

/// Takes the cookie back.
pub fn no_cookie(transport: CookieTransport) -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{}", secure(transport))
}

fn secure(transport: CookieTransport) -> &'static str {
    match transport {
        CookieTransport::Http => "",
        CookieTransport::Https => "; Secure",
    }
}

fn matches(password: &str, hash: &str) -> bool {
    let hash = PasswordHash::new(hash);
    hash.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn digest(token: &str) -> Digest {
    Sha256::digest(token).into()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_checked_like_any_other_and_fits_no_password() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(hash.hash.map(|hash| hash.len()), Some(32));
        assert!(!matches("", NOBODY));
    }

    #[test]
    fn one_address_that_tries_names_without_end_keeps_nobody_else_out() {
        let sessions = Sessions::default();
        let [one, other] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        let now = Timestamp::UNIX_EPOCH;
        for name in 0..=TRIES_KEPT {
            sessions.may_try(one, &name.to_string(), now);
        }
        assert!(!sessions.may_try(one, "quay1", now));
        assert!(sessions.may_try(other, "quay1", now));
    }
}
