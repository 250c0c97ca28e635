//! The parsers that see bytes from outside the process, by name, each as a function that takes
//! any bytes. `scripts/fuzz` drives them with libFuzzer and keeps what it found interesting in
//! `tests/fuzz/corpus`; the tests of this crate feed all of that again, and changed.

pub mod corpus;
mod targets;

pub use targets::TARGETS;

/// A parser under test. It may refuse its input; it may not panic, hang, or take memory without
/// bound.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its file in the corpus.
    pub name: &'static str,
    /// Feeds it.
    pub feed: fn(&[u8]),
}

/// The target of a name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
