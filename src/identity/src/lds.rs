//! The chip's files, from bytes to values: pure functions that take whatever a card sends.

mod citizen;

pub use citizen::Citizen;
