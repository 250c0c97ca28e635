//! The driver against the real PC/SC service and a reader whose card is a program.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod stage;
