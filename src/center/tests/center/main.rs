//! The center over its network, as kiosks, officers, boards and power cuts meet it.

// `cfg(test)` always holds here; it tells the lints that everything in these modules is a test.
#[cfg(test)]
mod calls;
#[cfg(test)]
mod hall;
#[cfg(test)]
mod kiosks;
#[cfg(test)]
mod log_in;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod power_cut;
#[cfg(test)]
mod program;
