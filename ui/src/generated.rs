//! What slint-build writes from `slint/`.

#![allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "written by slint-build"
)]

slint::include_modules!();
