//! Whole readings of ID cards' chips, against the chip in `tests/rig/id_card.py`: every option it
//! has, every fault at every command, and other readers beside ours.

#[cfg(test)]
mod emulator;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod noise;
#[cfg(test)]
mod readings;
#[cfg(test)]
mod second_reader;
#[cfg(test)]
mod service;
#[cfg(test)]
mod third_reader;
