//! The visit that `scripts/run` plays without a display, by the real program: what it leaves is
//! judged by strangers, and a signal at any moment leaves no process behind.

mod ending;
#[expect(clippy::indexing_slicing, reason = "what is not where it must be fails the test")]
mod judged;
#[expect(clippy::indexing_slicing, reason = "what is not where it must be fails the test")]
mod pictures;
#[expect(clippy::indexing_slicing, reason = "what is not where it must be fails the test")]
mod program;
#[path = "../../src/documents/tests/programs/tool.rs"]
mod tool;
