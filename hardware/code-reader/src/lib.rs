//! Two-dimensional codes from a serial gun or from an image.
//!
//! Both readers give the raw bytes of a code and deliver a code that is held in view once per
//! presentation. What the bytes mean is judged elsewhere: no checksum protects them on a serial
//! line, and nothing proves that they come from a genuine card.

#[cfg(test)]
mod against_simulator;
pub mod decode;
mod framing;
mod image_camera;
mod picture;
mod presentation;
mod qr;
mod serial_gun;

pub use framing::{Framer, GAP, MAX_CODE_BYTES};
pub use image_camera::ImageCamera;
pub use picture::Frame;
pub use qr::find_codes;
pub use serial_gun::SerialGun;
