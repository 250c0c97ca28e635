//! Two-dimensional codes from a gun or before a camera.
//!
//! All readers give the raw bytes of a code and deliver a code that is held in view once per
//! presentation. What the bytes mean is judged elsewhere: no checksum protects them on a serial
//! line, and nothing proves that they come from a genuine card.

#[cfg(test)]
mod against_simulator;
#[cfg(test)]
mod against_tapes;
mod camera;
pub mod decode;
mod framing;
mod image_camera;
mod jpeg;
mod pgm;
mod picture;
mod presentation;
mod raw;
mod serial_gun;
mod video;
mod view;
mod wedge;

pub use camera::Camera;
pub use decode::find_codes;
pub use framing::{Framer, GAP, MAX_CODE_BYTES};
pub use picture::Frame;
pub use raw::{Geometry, PixelFormat};
pub use serial_gun::SerialGun;
pub use video::{FoundCamera, cameras};
pub use wedge::{Wedge, keyboards};
