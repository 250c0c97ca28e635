//! Where one code ends and the next begins in a gun's stream of bytes. Pure.
//!
//! Guns end a code with CR, LF, both or ETX, and some begin it with STX, as configured by a
//! barcode in their manual. A gun in factory state may send nothing of the kind: then a pause
//! ends the code. One read of the line is never one code.

use std::time::{Duration, Instant};

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// A pause this long ends a code that has no suffix.
pub const GAP: Duration = Duration::from_millis(300);

/// A code longer than this is noise and is dropped up to its end.
pub const MAX_CODE_BYTES: usize = 4096;

/// Cuts a stream into codes.
#[derive(Debug)]
pub struct Framer {
    gap: Duration,
    held: Vec<u8>,
    overlong: bool,
    last_byte: Option<Instant>,
}

impl Framer {
    /// Starts between two codes.
    #[must_use]
    pub fn new(gap: Duration) -> Self {
        Self { gap, held: Vec::new(), overlong: false, last_byte: None }
    }

    /// Takes bytes that arrived at `at` and returns the codes they complete. That they come late
    /// ends no code: it may have been the reader of the line that was late, and not the gun.
    pub fn push(&mut self, bytes: &[u8], at: Instant) -> Vec<Vec<u8>> {
        let mut codes = vec![];
        for byte in bytes {
            match *byte {
                STX => self.reset(),
                b'\r' | b'\n' | ETX => codes.extend(self.end()),
                _ if self.held.len() < MAX_CODE_BYTES => self.held.push(*byte),
                _ => self.overlong = true,
            }
        }
        if !bytes.is_empty() {
            self.last_byte = Some(at);
        }
        codes
    }

    /// Says that the line was looked at and empty at `now`; returns the code that a pause has
    /// ended.
    pub fn pause(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.ends_at().is_some_and(|end| end <= now) { self.end() } else { None }
    }

    /// When a pause ends the code that has begun, if one has.
    #[must_use]
    pub fn ends_at(&self) -> Option<Instant> {
        self.last_byte.filter(|_| !self.held.is_empty()).map(|last| last + self.gap)
    }

    /// Forgets a code that was cut off.
    pub fn reset(&mut self) {
        self.held.clear();
        self.overlong = false;
    }

    fn end(&mut self) -> Option<Vec<u8>> {
        let code = std::mem::take(&mut self.held);
        let is_code = !std::mem::take(&mut self.overlong) && !code.is_empty();
        is_code.then_some(code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CARD: &str = "066204000003||Y Blắc Niê|29022004|Nam|Xã Ea Mẫu|04102024||||";

    fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
        Framer::new(GAP).push(stream, Instant::now())
    }

    /// Fault: code · a gun is set to another prefix or suffix (STX, ETX, CR, LF, both) → understood without settings of ours
    #[test]
    fn each_way_of_ending_a_code_is_understood() {
        let cases: [(&[u8], &[&[u8]]); 9] = [
            (b"A\r", &[b"A"]),
            (b"A\n", &[b"A"]),
            (b"A\r\nB\r\n", &[b"A", b"B"]),
            (b"\x02A\x03\x02B\x03", &[b"A", b"B"]),
            (b"\r\n\r\n", &[]),
            (b"A", &[]),
            (b"cut off\x02whole\r", &[b"whole"]),
            (b"\xff\xfe\x00\x80\r", &[b"\xff\xfe\x00\x80"]),
            (b"", &[]),
        ];
        for (stream, codes) in cases {
            assert_eq!(frames(stream), codes, "{stream:?}");
        }
    }

    #[test]
    fn a_pause_ends_a_code_without_suffix() {
        let start = Instant::now();
        let mut framer = Framer::new(GAP);
        assert_eq!(framer.ends_at(), None);
        assert!(framer.push(b"12", start).is_empty());
        assert!(framer.push(b"34", start + GAP / 2).is_empty());
        assert_eq!(framer.pause(start + GAP), None, "the pause counts from the last byte");
        assert_eq!(framer.pause(start + GAP / 2 + GAP), Some(b"1234".to_vec()));
        assert_eq!(framer.pause(start + GAP * 4), None);
    }

    #[test]
    fn whoever_looks_too_late_at_the_line_cuts_no_code_in_two() {
        let start = Instant::now();
        let mut framer = Framer::new(GAP);
        assert!(framer.push(b"5", start).is_empty());
        assert_eq!(framer.push(b"6\r", start + GAP * 6), [b"56"]);
    }

    /// Fault: code · a gun sends a code longer than any code is → dropped whole up to its end, and the next is read
    #[test]
    fn an_overlong_code_is_dropped_whole_and_the_next_is_read() {
        let mut stream = vec![b'x'; MAX_CODE_BYTES + 1];
        stream.extend_from_slice(b"\rnext\r");
        assert_eq!(frames(&stream), [b"next"]);
        let longest = vec![b'x'; MAX_CODE_BYTES];
        assert_eq!(frames(&[longest.as_slice(), b"\r"].concat()), [longest]);
    }

    proptest! {
        #[test]
        fn any_split_of_the_stream_gives_the_same_codes(
            stream in proptest::collection::vec(
                prop_oneof![Just(0x02u8), Just(0x03), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..400),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let at = Instant::now();
            let whole = frames(&stream);
            let mut framer = Framer::new(GAP);
            let (mut codes, mut rest, mut cuts) = (vec![], stream.as_slice(), cuts.iter().cycle());
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                codes.extend(framer.push(now, at));
                rest = later;
            }
            prop_assert_eq!(codes, whole);
        }

        #[test]
        fn codes_sent_with_a_suffix_come_back_byte_by_byte(
            names in proptest::collection::vec("[A-ZĐ][a-zàạắôơư]{1,20}", 1..5)
        ) {
            let stream = names.iter().map(|name| format!("{CARD}{name}\r\n")).collect::<String>();
            let sent: Vec<Vec<u8>> =
                names.iter().map(|name| format!("{CARD}{name}").into_bytes()).collect();
            let mut framer = Framer::new(GAP);
            let at = Instant::now();
            let codes: Vec<_> =
                stream.as_bytes().chunks(1).flat_map(|byte| framer.push(byte, at)).collect();
            prop_assert_eq!(codes, sent);
        }
    }
}
