//! The center over its network, as kiosks, officers, boards and power cuts meet it.

mod calls;
mod hall;
mod kiosks;
mod log_in;
mod pages;
mod power_cut;
