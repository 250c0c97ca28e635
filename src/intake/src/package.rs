//! The package: a tar of `manifest.json` and the documents, sealed with age (X25519).
//!
//! `age --decrypt -i province.key package.age | tar -t` lists it with stock tools, and a
//! package made with `tar` and `age -r` opens here.

mod open;
mod seal;

pub use open::{Limits, OpenError, Package, open, open_into};
pub use seal::{Document, SealError, seal};

/// Name of the first file.
pub const MANIFEST_NAME: &str = "manifest.json";

#[cfg(test)]
#[path = "package/tests.rs"]
mod tests;
