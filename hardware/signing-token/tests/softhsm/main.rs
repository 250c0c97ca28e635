//! Signing with SoftHSM2, the signatures being judged by openssl, poppler and pyHanko, and beside
//! modules that misbehave.

#[cfg(test)]
mod modules;
#[cfg(test)]
#[path = "../shared/python.rs"]
mod python;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod stage;
#[cfg(test)]
#[path = "../shared/token.rs"]
mod token;
