//! The chip of an ID card (ICAO 9303), read over any link that carries commands.
//!
//! [`read`] opens the chip (PACE, or BAC where only that is spoken), reads what is wanted in as
//! few round trips as reader and chip allow, and checks it: the data against the issuer's
//! signature, the chip against being a copy. What was proven stands in [`Checks`], apart from what
//! was read. There is no clock, no randomness and no I/O in here but what the caller gives.
//!
//! A chip is opened with what is printed on the card: [`Can::of`] the personal number in the
//! printed code is enough for PACE.

mod access;
mod apdu;
mod bac;
mod channel;
mod checks;
pub(crate) mod cipher;
pub(crate) mod curve;
mod error;
mod files;
mod genuine;
mod link;
mod messaging;
mod opening;
mod pace;
mod passive;
mod reader;
mod reading;
pub(crate) mod signature;
mod trust;

pub use access::{Access, Can, MrzKey};
pub use checks::{Checks, Finding, Passive, Why};
pub use error::{ChipError, Step};
pub use link::{ApduLink, LinkError};
pub use reading::{ChipReading, File, Known, Opened, Part, Portrait, PortraitFormat};
pub use trust::{TrustError, TrustStore};

use jiff::Timestamp;

/// What to read and whom to believe.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What opens the chip.
    pub access: Access,
    /// What is wanted of it.
    pub want: Want,
    /// Whose signatures count.
    pub trust: &'a TrustStore,
    /// The time at which certificates must be valid.
    pub at: Timestamp,
}

/// What is wanted of a chip. The default is the least: no face, no beliefs, one proof that the
/// chip is no copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// Whether the face is read; it is most of the bytes.
    pub face: Face,
    /// What becomes of ethnicity and religion.
    pub beliefs: Beliefs,
    /// How often the chip must prove to be no copy.
    pub genuineness: Genuineness,
}

/// Whether the face is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// Leave it where it is.
    #[default]
    Leave,
    /// Read it.
    Read,
}

/// What becomes of ethnicity and religion, which are sensitive by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Beliefs {
    /// Dropped while parsing: they never become values.
    #[default]
    Drop,
    /// Kept, for a form that asks for them.
    Keep,
}

/// How often the chip must prove to be no copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Genuineness {
    /// By chip authentication; by active authentication where that is not offered.
    #[default]
    Once,
    /// By both, where both are offered.
    Twice,
    /// Not at all.
    Never,
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How much of all there is to do is done, in percent; never falls back.
    pub percent: u8,
}

/// What the caller says to progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continue {
    /// Go on.
    Yes,
    /// Stop before the next command: the citizen has left, or time is up.
    Stop,
}

/// Whether the card has the application of an ID card, open or not. Nothing is read.
///
/// # Errors
/// When card or reader are gone.
pub fn is_there(link: &mut dyn ApduLink) -> Result<bool, LinkError> {
    opening::is_there(link)
}

/// Reads a chip. `random` must fill what it is given from a secure source; `progress` is called
/// before each command.
pub fn read(
    link: &mut dyn ApduLink,
    request: &Request<'_>,
    random: &dyn Fn(&mut [u8]),
    progress: &mut dyn FnMut(Progress) -> Continue,
) -> Result<ChipReading, ChipError> {
    reader::Reader::new(link, request, random, progress).read()
}
