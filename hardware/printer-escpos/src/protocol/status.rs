//! What printers answer. Answers of several kinds share the line and overtake each other, so a
//! byte's kind is told by its fixed bits, never by the order of the questions.
//!
//! | bits | kind |
//! |---|---|
//! | `0xx1xx10` | answer to `DLE EOT n` |
//! | `0xx1xx00` | first of four bytes of an automatic status |
//! | `0xx0xxxx` | its other three bytes; else an answer to `GS r` |
//! | `0xx1xx01`, `0xx1xx11` | flow control; `0x37` opens a text that ends with NUL |

use hardware_api::{Cover, Cutter, Paper, PrinterStatus};

/// What came from a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// To `DLE EOT n`; which `n` the byte does not tell.
    RealTime(u8),
    /// To `GS r 1`.
    AfterData,
    /// Sent without being asked.
    Automatic([u8; 4]),
}

/// Puts answers together from bytes.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    automatic: Vec<u8>,
    in_text: bool,
}

impl Answers {
    /// Takes the next byte of the line; `Err` gives back one that no ESC/POS printer sends.
    pub(crate) fn push(&mut self, byte: u8) -> Result<Option<Answer>, u8> {
        if self.in_text {
            self.in_text = byte != 0;
            return Ok(None);
        }
        Ok(match byte & 0b1001_0011 {
            0b0001_0010 => Some(Answer::RealTime(byte)),
            0b0001_0000 => {
                self.automatic = vec![byte];
                None
            }
            0b0001_0001 | 0b0001_0011 => {
                self.in_text = byte == 0x37;
                None
            }
            fixed if fixed & 0b1001_0000 == 0 => self.push_plain(byte),
            _ => return Err(byte),
        })
    }

    fn push_plain(&mut self, byte: u8) -> Option<Answer> {
        if self.automatic.is_empty() {
            return Some(Answer::AfterData);
        }
        self.automatic.push(byte);
        let whole = <[u8; 4]>::try_from(self.automatic.as_slice()).ok()?;
        self.automatic.clear();
        Some(Answer::Automatic(whole))
    }
}

/// Answers to the requests `DLE EOT 1` to `4`; those a model does not answer stay `None`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    pub printer: Option<u8>,
    pub offline: Option<u8>,
    pub error: Option<u8>,
    pub paper: Option<u8>,
}

impl Report {
    /// Notes the answer to `DLE EOT kind`.
    pub(crate) fn note(&mut self, kind: u8, answer: u8) {
        match kind {
            1 => self.printer = Some(answer),
            2 => self.offline = Some(answer),
            3 => self.error = Some(answer),
            4 => self.paper = Some(answer),
            _ => {}
        }
    }
}

/// The state that a report shows.
pub(crate) fn status_of(report: Report) -> PrinterStatus {
    let has = |answer: Option<u8>, bits: u8| answer.is_some_and(|byte| byte & bits != 0);
    let out = has(report.paper, 0x60) || has(report.offline, 0x20);
    PrinterStatus {
        paper: paper(out, has(report.error, 0x04), has(report.paper, 0x0C)),
        cover: cover(has(report.offline, 0x04)),
        cutter: cutter(has(report.error, 0x08)),
        online: !has(report.printer, 0x08)
            && !has(report.offline, 0x40)
            && !has(report.error, 0x68),
    }
}

/// The state that an automatic status shows.
pub(crate) fn automatic_report([printer, error, paper_ends, _]: [u8; 4]) -> PrinterStatus {
    let out = paper_ends & 0x0C != 0;
    PrinterStatus {
        paper: paper(out, error & 0x04 != 0, paper_ends & 0x03 != 0),
        cover: cover(printer & 0x20 != 0),
        cutter: cutter(error & 0x08 != 0),
        online: printer & 0x08 == 0 && error & 0x6C == 0,
    }
}

fn paper(out: bool, stuck: bool, low: bool) -> Paper {
    if stuck {
        Paper::Jammed
    } else if out {
        Paper::Out
    } else if low {
        Paper::Low
    } else {
        Paper::Ok
    }
}

fn cover(open: bool) -> Cover {
    if open { Cover::Open } else { Cover::Closed }
}

fn cutter(jammed: bool) -> Cutter {
    if jammed { Cutter::Jammed } else { Cutter::Ok }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Answer> {
        let mut answers = Answers::default();
        bytes.iter().filter_map(|byte| answers.push(*byte).unwrap()).collect()
    }

    #[test]
    fn kinds_are_told_apart_in_any_order() {
        let automatic = Answer::Automatic([0x14, 0x00, 0x00, 0x0F]);
        let cases: [(&[u8], &[Answer]); 5] = [
            (&[0x12], &[Answer::RealTime(0x12)]),
            (&[0x00], &[Answer::AfterData]),
            (&[0x14, 0x00, 0x00, 0x0F], &[automatic]),
            // A real-time answer overtakes the rest of an automatic status.
            (&[0x14, 0x00, 0x72, 0x00, 0x0F], &[Answer::RealTime(0x72), automatic]),
            // Flow control and the text that confirms a cleared buffer are no answers.
            (&[0x11, 0x13, 0x37, 0x25, 0x00, 0x0C], &[Answer::AfterData]),
        ];
        for (bytes, answers) in cases {
            assert_eq!(read(bytes), answers, "{bytes:02x?}");
        }
        assert_eq!(Answers::default().push(0xFF), Err(0xFF));
    }

    #[test]
    fn answers_to_real_time_requests_show_the_state() {
        let cases = [
            ([0x16, 0x12, 0x12, 0x12], status(Paper::Ok, Cover::Closed, Cutter::Ok, true)),
            ([0x16, 0x12, 0x12, 0x1E], status(Paper::Low, Cover::Closed, Cutter::Ok, true)),
            ([0x1E, 0x32, 0x12, 0x72], status(Paper::Out, Cover::Closed, Cutter::Ok, false)),
            ([0x1E, 0x16, 0x12, 0x12], status(Paper::Ok, Cover::Open, Cutter::Ok, false)),
            ([0x1E, 0x52, 0x16, 0x12], status(Paper::Jammed, Cover::Closed, Cutter::Ok, false)),
            ([0x1E, 0x52, 0x1A, 0x12], status(Paper::Ok, Cover::Closed, Cutter::Jammed, false)),
            ([0x1E, 0x12, 0x12, 0x12], status(Paper::Ok, Cover::Closed, Cutter::Ok, false)),
            ([0x1E, 0x52, 0x32, 0x12], status(Paper::Ok, Cover::Closed, Cutter::Ok, false)),
        ];
        for (bytes, expected) in cases {
            let mut report = Report::default();
            bytes.iter().zip(1..).for_each(|(byte, kind)| report.note(kind, *byte));
            assert_eq!(status_of(report), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn an_automatic_status_shows_the_same_states() {
        let cases = [
            ([0x14, 0x00, 0x00, 0x0F], status(Paper::Ok, Cover::Closed, Cutter::Ok, true)),
            ([0x14, 0x00, 0x03, 0x0F], status(Paper::Low, Cover::Closed, Cutter::Ok, true)),
            ([0x1C, 0x00, 0x0F, 0x0F], status(Paper::Out, Cover::Closed, Cutter::Ok, false)),
            ([0x3C, 0x00, 0x00, 0x0F], status(Paper::Ok, Cover::Open, Cutter::Ok, false)),
            ([0x1C, 0x04, 0x00, 0x0F], status(Paper::Jammed, Cover::Closed, Cutter::Ok, false)),
            ([0x1C, 0x08, 0x00, 0x0F], status(Paper::Ok, Cover::Closed, Cutter::Jammed, false)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(automatic_report(bytes), expected, "{bytes:02x?}");
        }
    }

    fn status(paper: Paper, cover: Cover, cutter: Cutter, online: bool) -> PrinterStatus {
        PrinterStatus { paper, cover, cutter, online }
    }

    proptest::proptest! {
        #[test]
        fn an_answer_is_found_wherever_it_overtakes_a_report(
            at in 0_usize..=4,
            bits in proptest::num::u8::ANY,
            states in proptest::array::uniform4(proptest::num::u8::ANY),
        ) {
            let answer = bits & 0b0110_1100 | 0b0001_0010;
            let report = [
                states[0] & 0b0110_1100 | 0b0001_0000,
                states[1] & 0b0110_1111,
                states[2] & 0b0110_1111,
                states[3] & 0b0110_1111,
            ];
            let mut line = report.to_vec();
            line.insert(at, answer);
            let read = read(&line);
            proptest::prop_assert_eq!(read.len(), 2);
            proptest::prop_assert!(read.contains(&Answer::RealTime(answer)));
            proptest::prop_assert!(read.contains(&Answer::Automatic(report)));
        }
    }
}
