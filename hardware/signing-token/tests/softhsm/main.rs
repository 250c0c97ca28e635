//! Signing with SoftHSM2, the signatures being judged by openssl, poppler and pyHanko.

#[cfg(test)]
#[path = "../shared/python.rs"]
mod python;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod stage;
