//! What a worker could not shut.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that a worker may still do although its device does not need it: the kernel it runs
/// on cannot refuse it. The worker works all the same, and whoever runs the kiosk is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gap {
    /// It may open every file and device that the kiosk may (no Landlock).
    Files,
    /// It may open connections and send datagrams (no filter of system calls).
    Network,
    /// The one connection it needs may go to any port, and it may listen (Landlock before
    /// Linux 6.7).
    Ports,
    /// It may send signals to the kiosk's other processes (Landlock before Linux 6.12).
    Signals,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Files => "it may open any file and device that the kiosk may",
            Self::Network => "it may use the network",
            Self::Ports => "it may connect to any port",
            Self::Signals => "it may send signals to the kiosk",
        })
    }
}
