//! Everything on one machine, with simulated devices and a bench panel.

fn main() {}
