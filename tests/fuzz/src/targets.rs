//! Which parsers there are.

use jiff::civil::date;

use crate::Target;

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "code-payload", feed: code_payload },
    Target { name: "mrz", feed: mrz },
    Target { name: "tape", feed: tape },
];

fn code_payload(bytes: &[u8]) {
    let _presented = identity::classify(bytes, date(2026, 11, 21));
}

fn mrz(bytes: &[u8]) {
    let _mrz = identity::mrz::Mrz::parse(bytes);
}

fn tape(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _tape = transport::read_tape(text);
    }
}
