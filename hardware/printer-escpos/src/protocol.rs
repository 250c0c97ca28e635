//! ESC/POS as bytes: slips out, status in. Pure; nothing here waits or sends.

mod band;
mod job;
mod rows;
mod status;

pub(crate) use job::{Job, encode};
pub(crate) use status::{Answer, Answers, Report, automatic_report, status_of};

/// Asks for the paper sensor, answered in line with the data (`GS r 1`).
pub(crate) const AFTER_DATA: &[u8] = &[0x1D, b'r', 1];

/// Forgets all that was received and not printed (`DLE DC4 8`).
pub(crate) const CLEAR_BUFFER: &[u8] = &[0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/// Asks to be told changes of online state, errors and paper as they come (`GS a`).
pub(crate) const TELL_CHANGES: &[u8] = &[0x1D, b'a', 0x0E];

/// Asks for a status at once (`DLE EOT n`). The encoder crate adds a fourth byte that belongs to
/// no request with `n` up to 4, so these three are ours.
pub(crate) fn real_time_request(kind: u8) -> [u8; 3] {
    [0x10, 0x04, kind]
}

/// Asks to be told this name once all data before has been printed (`GS ( H`, function 48).
pub(crate) fn process_request(name: [u8; 4]) -> Vec<u8> {
    [&[0x1D, b'(', b'H', 6, 0, 48, 48], name.as_slice()].concat()
}

/// Names of processes, in turn: four letters of those that the command allows.
pub(crate) fn process_name(turn: u32) -> [u8; 4] {
    const LETTERS: u32 = 26;
    let letter = |place: u32| {
        let digit = turn / LETTERS.pow(place) % LETTERS;
        b'A' + u8::try_from(digit).unwrap_or(0)
    };
    [letter(3), letter(2), letter(1), letter(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_named_in_letters_that_are_allowed_and_the_next_one_otherwise() {
        assert_eq!(process_request(process_name(27)), b"\x1d(H\x06\x0000AABB");
        assert_ne!(process_name(u32::MAX), process_name(0));
    }
}
