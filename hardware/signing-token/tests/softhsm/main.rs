//! Signing with SoftHSM2, the signatures being judged by openssl, poppler and pyHanko.

#[cfg(test)]
mod signing;
#[cfg(test)]
mod stage;
