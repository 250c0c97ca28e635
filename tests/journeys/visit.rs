//! The visit that `scripts/run` plays without a display, by the real program: what it leaves is
//! judged by strangers, and a signal at any moment leaves no process behind.

mod ending;
mod judged;
mod pictures;
mod program;
#[path = "../../src/documents/tests/programs/tool.rs"]
mod tool;
