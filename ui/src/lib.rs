//! The face of the kiosk: one [`Screen`](domain::screen::Screen) in, one
//! [`Touch`](domain::touch::Touch) out.
//!
//! Layout, look and the fixed words live in `slint/` (words translated in `lang/`); the Rust side
//! maps a screen to what the pages show, keeps the keyboard, and decides nothing.

pub mod gallery;
mod generated;
mod kinds;
mod pages;
mod touches;
mod window;

pub use window::{Remote, Ui, UiOptions};
