//! The driver over the real libusb, at a simulated USB whose every fault is below the bytes.

mod faults;
mod plug;
