//! Readers of chip cards through PC/SC: pcscd owns the hardware, this crate asks it.
//!
//! [`PcscReader`] watches every reader whose name holds a configured text, so that a device with
//! a slot for contacts and a field for radio is one reader. A session is exclusive: a program
//! that spoke to the card in between would break its secure messaging.
//!
//! PC/SC has no deadline for a command, and a card that keeps silent can hold the service for
//! ever. Each call therefore runs on a thread that is given up when its time is over: the caller
//! gets [`hardware_api::DeviceError::Silent`] in time, the service is asked on a fresh thread
//! from then on, and taking the card away frees the old one. Only ending the process frees
//! everything, which is why this driver belongs into a worker.

mod apdu;
mod device;
mod failure;
mod line;
mod protocol;
mod service;

pub use device::{PcscReader, list};
pub use protocol::Extended;
