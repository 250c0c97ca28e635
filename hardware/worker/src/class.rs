//! The classes of devices, and what a worker of each may use.

use std::{fmt, str::FromStr, time::Duration};

/// Which kind of device a worker holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Thermal printer.
    Printer,
    /// Document scanner.
    Scanner,
    /// Gun or camera.
    Code,
    /// Reader of chip cards.
    Card,
    /// Signing token.
    Token,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Printer, Self::Scanner, Self::Code, Self::Card, Self::Token];

    /// The name, as in the worker's only argument.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Printer => "printer",
            Self::Scanner => "scanner",
            Self::Code => "code",
            Self::Card => "card",
            Self::Token => "token",
        }
    }

    /// Most address space of a worker, in MiB. Threads and allocators reserve far more than they
    /// use, so this is several times what is ever resident; it stops what grows without end.
    #[must_use]
    pub const fn memory_mib(self) -> u64 {
        match self {
            Self::Printer | Self::Card => 512,
            // A camera's frames and the decoder's copies of them.
            Self::Code => 1024,
            // Modules of makers bring whole runtimes; a backend may hold a page of 600 dpi.
            Self::Scanner | Self::Token => 2048,
        }
    }

    /// How long after a cancellation a worker may go on: a sheet must leave the rollers.
    #[must_use]
    pub(crate) const fn cancel_grace(self) -> Duration {
        match self {
            Self::Scanner => Duration::from_secs(8),
            Self::Printer | Self::Code | Self::Card | Self::Token => Duration::from_secs(2),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text names no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no class of devices is called so: printer, scanner, code, card, token")]
pub struct NoClass;

impl FromStr for Class {
    type Err = NoClass;

    fn from_str(text: &str) -> Result<Self, NoClass> {
        Self::ALL.into_iter().find(|class| class.name() == text).ok_or(NoClass)
    }
}
