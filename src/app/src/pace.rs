//! How often those that nobody uses are asked how they are.

use std::time::Duration;

/// How soon a kiosk notices that a device or server is gone or back while nobody uses it. What
/// somebody uses is noticed by its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// An idle scanner is asked so often.
    pub scanner: Duration,
    /// A scanner, code reader or card reader that is gone is looked for so often.
    pub lost: Duration,
    /// The center is asked so often.
    pub center: Duration,
    /// The province is asked so often, which also tells of new catalogues.
    pub province: Duration,
    /// The same while it does not answer.
    pub province_silent: Duration,
    /// A device's worker that lived so long is healthy: when it dies then, it is started again
    /// at once, and only one that dies again before waits ever longer.
    pub healthy: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            scanner: s(5),
            lost: s(1),
            center: s(2),
            province: s(10),
            province_silent: s(3),
            healthy: s(60),
        }
    }
}
