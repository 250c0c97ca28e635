//! ESC/POS as bytes: slips out, status in. Pure; nothing here waits or sends.

mod band;
mod job;
mod status;

pub(crate) use job::{Job, encode};
pub(crate) use status::{Answer, Answers, Report, automatic_report, status_of};

/// Asks for the paper sensor, answered in line with the data (`GS r 1`).
pub(crate) const AFTER_DATA: &[u8] = &[0x1D, b'r', 1];

/// Forgets all that was received and not printed (`DLE DC4 8`).
pub(crate) const CLEAR_BUFFER: &[u8] = &[0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/// Asks for a status at once (`DLE EOT n`). The encoder crate adds a fourth byte that belongs to
/// no request with `n` up to 4, so these three are ours.
pub(crate) fn real_time_request(kind: u8) -> [u8; 3] {
    [0x10, 0x04, kind]
}
