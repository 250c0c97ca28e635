//! What was read from a chip, and how far it may be believed.

use std::fmt;

use domain::{CardFacts, Evidence};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::checks::Checks;
use crate::{lds::Citizen, mrz::Mrz};

/// A file of the chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum File {
    /// How it opens.
    CardAccess,
    /// The list of files.
    Com,
    /// The machine-readable lines.
    Dg1,
    /// The face.
    Dg2,
    /// The citizen in full, as Vietnam lays it down.
    Dg13,
    /// Keys for chip authentication.
    Dg14,
    /// The key for active authentication.
    Dg15,
    /// The issuer's signature over all of them.
    Sod,
}

/// A part of the card that need not be readable for the rest to be of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<T> {
    /// Here it is.
    Read(T),
    /// Nobody asked for it.
    NotAsked,
    /// The chip has it and does not give it out (6982).
    Refused,
    /// The chip does not have it (6A82).
    Absent,
    /// It is there and cannot be understood: encrypted, as on cards since July 2024, or broken.
    NotUnderstood,
}

/// All that was read from one chip in one session. `Debug` is masked.
#[derive(Debug)]
pub struct ChipReading {
    /// The machine-readable lines.
    pub mrz: Part<Mrz>,
    /// The citizen with toned names.
    pub citizen: Part<Citizen>,
    /// The face.
    pub portrait: Part<Portrait>,
    /// What was proven about all this.
    pub checks: Checks,
    /// How the chip was opened.
    pub opened: Opened,
    /// How many commands it took.
    pub round_trips: u32,
}

/// What was read before the card left. Nothing of it was checked. `Debug` is masked.
#[derive(Debug, Default)]
pub struct Known {
    /// The machine-readable lines.
    pub mrz: Option<Mrz>,
    /// The citizen with toned names.
    pub citizen: Option<Citizen>,
}

/// How a chip was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// With password-authenticated connection establishment.
    Pace,
    /// With the older basic access control.
    Bac,
}

/// A face as the chip holds it, not decoded. `Debug` is masked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Portrait {
    /// How it is encoded.
    #[zeroize(skip)]
    pub format: PortraitFormat,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// How a face is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortraitFormat {
    /// JPEG.
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
}

impl<T> Part<T> {
    /// What was read, if it was.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::NotAsked | Self::Refused | Self::Absent | Self::NotUnderstood => None,
        }
    }

    /// The same by value.
    pub fn into_read(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::NotAsked | Self::Refused | Self::Absent | Self::NotUnderstood => None,
        }
    }
}

impl ChipReading {
    /// The facts as the rest of the kiosk knows them: from the citizen's own group where it is
    /// readable, else from the lines, whose name has no tones.
    #[must_use]
    pub fn facts(&self) -> Option<CardFacts> {
        let citizen = self.citizen.read().and_then(Citizen::facts);
        citizen.or_else(|| self.mrz.read().and_then(Mrz::facts))
    }

    /// How far all this may be believed; nothing where a check failed that must not fail: such a
    /// card says no more than what anyone can type.
    #[must_use]
    pub fn evidence(&self) -> Option<Evidence> {
        self.checks.evidence()
    }
}

impl fmt::Debug for Portrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Portrait({:?}, ***)", self.format)
    }
}
