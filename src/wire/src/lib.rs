//! Messages between kiosk, center and province, used as they are on both ends.
//!
//! What kiosks send and receive has golden JSON beside this crate, but for the catalogue; what
//! the center streams to boards has none yet. A change that old peers would not
//! understand needs a new path (`/v2/…`), never a new meaning of an old one. Unknown members
//! are ignored by readers, so that members can be added.

pub mod center;
mod problem;
pub mod province;

pub use problem::Problem;

#[cfg(test)]
mod golden_tests;
