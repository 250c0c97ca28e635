//! The face of the kiosk: one [`Screen`](domain::screen::Screen) in, one
//! [`Touch`](domain::touch::Touch) out.
//!
//! Layout, look and the fixed words live in `slint/` (words translated in `lang/`); the Rust side
//! maps a screen to what the pages show, keeps the keyboard, and decides nothing.

mod figures;
pub mod gallery;
mod generated;
mod keyboard;
mod kinds;
mod models;
mod pages;
mod touches;
mod typing;
mod window;

pub use window::{Remote, Ui, UiOptions};
