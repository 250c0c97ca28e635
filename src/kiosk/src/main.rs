//! The composition root of the kiosk.

fn main() {}
