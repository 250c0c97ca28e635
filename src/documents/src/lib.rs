//! One PDF/A per document, checks on pages, and PAdES signatures.
//!
//! [`page`] turns the pixels of one scanned side into a JPEG and says whether the scan is usable;
//! [`pdf`] binds JPEG pages into one PDF/A-2b; [`pades`] adds a signature whose key lives elsewhere;
//! [`trust`] says whether the signer's certificate may be used.
//! Everything here is pure: bytes in, bytes out, the time given by the caller.

pub mod pades;
pub mod page;
pub mod pdf;
pub mod trust;
