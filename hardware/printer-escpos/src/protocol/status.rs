//! What printers answer. Answers of several kinds share the line and overtake each other, so a
//! byte's kind is told by its fixed bits, never by the order of the questions.
//!
//! | bits | kind |
//! |---|---|
//! | `0xx1xx10` | answer to `DLE EOT n` |
//! | `0xx1xx00` | first of four bytes of an automatic status |
//! | `0xx0xxxx` | its other three bytes; else an answer to `GS r` |
//! | `0xx1xx01`, `0xx1xx11` | flow control; `0x37` opens a text that ends with NUL |
//! | `10 0F` and four bytes | a whole status of Custom's, where the model gives such |

use hardware_api::{Cover, Cutter, Paper, PrinterStatus};

use crate::model::StatusForm;

/// Longer texts are none that we ask for.
const LONGEST_TEXT: usize = 8;

/// What came from a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// To `DLE EOT n`; which `n` the byte does not tell.
    RealTime(u8),
    /// To `GS r 1`.
    AfterData,
    /// To `GS ( H`: all data before the request of this name have been printed.
    Process([u8; 4]),
    /// Sent without being asked.
    Automatic([u8; 4]),
    /// To `DLE EOT 20`.
    Whole([u8; 4]),
}

/// Puts answers together from bytes.
#[derive(Debug)]
pub(crate) struct Answers {
    form: StatusForm,
    begun: Begun,
}

/// An answer of several bytes that has begun.
#[derive(Debug)]
enum Begun {
    Nothing,
    Automatic(Vec<u8>),
    Text(Vec<u8>),
    Whole(Vec<u8>),
}

impl Answers {
    pub(crate) fn new(form: StatusForm) -> Self {
        Self { form, begun: Begun::Nothing }
    }

    /// Forgets what has begun.
    pub(crate) fn forget(&mut self) {
        self.begun = Begun::Nothing;
    }

    /// Takes the next byte of the line; `Err` gives back one that no ESC/POS printer sends.
    pub(crate) fn push(&mut self, byte: u8) -> Result<Option<Answer>, u8> {
        match std::mem::replace(&mut self.begun, Begun::Nothing) {
            Begun::Text(text) => return Ok(self.push_text(text, byte)),
            Begun::Whole(bytes) => return self.push_whole(bytes, byte),
            begun @ (Begun::Nothing | Begun::Automatic(_)) => self.begun = begun,
        }
        match byte & 0b1001_0011 {
            0b0001_0010 => return Ok(Some(Answer::RealTime(byte))),
            0b0001_0000 => {
                self.begun = match self.form {
                    StatusForm::Epson => Begun::Automatic(vec![byte]),
                    StatusForm::Custom => Begun::Whole(vec![byte]),
                };
            }
            0b0001_0011 if byte == 0x37 => self.begun = Begun::Text(Vec::new()),
            0b0001_0001 | 0b0001_0011 => {}
            fixed if fixed & 0b1001_0000 == 0 => return Ok(self.push_plain(byte)),
            _ => return Err(byte),
        }
        Ok(None)
    }

    fn push_plain(&mut self, byte: u8) -> Option<Answer> {
        let Begun::Automatic(bytes) = &mut self.begun else { return Some(Answer::AfterData) };
        bytes.push(byte);
        let whole = <[u8; 4]>::try_from(bytes.as_slice()).ok()?;
        self.begun = Begun::Nothing;
        Some(Answer::Automatic(whole))
    }

    fn push_text(&mut self, mut text: Vec<u8>, byte: u8) -> Option<Answer> {
        if byte != 0 {
            if text.len() < LONGEST_TEXT {
                text.push(byte);
            }
            self.begun = Begun::Text(text);
            return None;
        }
        match text.as_slice() {
            [0x22, a, b, c, d] => Some(Answer::Process([*a, *b, *c, *d])),
            // Such as the word that a buffer was cleared, 0x25.
            _ => None,
        }
    }

    fn push_whole(&mut self, mut bytes: Vec<u8>, byte: u8) -> Result<Option<Answer>, u8> {
        bytes.push(byte);
        match bytes.as_slice() {
            [0x10, 0x0F, a, b, c, d] => Ok(Some(Answer::Whole([*a, *b, *c, *d]))),
            [0x10, 0x0F, ..] => {
                self.begun = Begun::Whole(bytes);
                Ok(None)
            }
            _ => Err(byte),
        }
    }
}

/// Answers to the requests `DLE EOT n`; those a model does not answer stay `None`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    pub printer: Option<u8>,
    pub offline: Option<u8>,
    pub error: Option<u8>,
    pub paper: Option<u8>,
    pub whole: Option<[u8; 4]>,
}

impl Report {
    /// Notes the answer to `DLE EOT kind`; `false` when this is none.
    pub(crate) fn note(&mut self, kind: u8, answer: Answer) -> bool {
        match answer {
            Answer::RealTime(byte) => {
                match kind {
                    1 => self.printer = Some(byte),
                    2 => self.offline = Some(byte),
                    3 => self.error = Some(byte),
                    4 => self.paper = Some(byte),
                    _ => {}
                }
                true
            }
            Answer::Whole(bytes) => {
                self.whole = Some(bytes);
                true
            }
            Answer::AfterData | Answer::Process(_) | Answer::Automatic(_) => false,
        }
    }
}

/// The state that a report shows.
pub(crate) fn status_of(report: Report) -> PrinterStatus {
    if let Some(whole) = report.whole {
        return whole_status(whole);
    }
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

/// The state that Custom's whole status shows: paper, user, recoverable, unrecoverable errors.
fn whole_status([paper_bits, user, recoverable, unrecoverable]: [u8; 4]) -> PrinterStatus {
    PrinterStatus {
        // Bit 6 of the paper is a limit that the operator has set: it still prints.
        paper: paper(paper_bits & 0x01 != 0, recoverable & 0x40 != 0, paper_bits & 0x44 != 0),
        cover: cover(user & 0x03 != 0 || unrecoverable & 0x02 != 0),
        cutter: cutter(unrecoverable & 0x01 != 0),
        online: recoverable & 0x0B == 0 && unrecoverable & 0x4C == 0,
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
        read_as(StatusForm::Epson, bytes)
    }

    fn read_as(form: StatusForm, bytes: &[u8]) -> Vec<Answer> {
        let mut answers = Answers::new(form);
        bytes.iter().filter_map(|byte| answers.push(*byte).unwrap()).collect()
    }

    #[test]
    fn kinds_are_told_apart_in_any_order() {
        let automatic = Answer::Automatic([0x14, 0x00, 0x00, 0x0F]);
        let cases: [(&[u8], &[Answer]); 6] = [
            (&[0x12], &[Answer::RealTime(0x12)]),
            (&[0x00], &[Answer::AfterData]),
            (&[0x14, 0x00, 0x00, 0x0F], &[automatic]),
            // A real-time answer overtakes the rest of an automatic status.
            (&[0x14, 0x00, 0x72, 0x00, 0x0F], &[Answer::RealTime(0x72), automatic]),
            (b"\x37\x22 !~A\x00\x12", &[Answer::Process(*b" !~A"), Answer::RealTime(0x12)]),
            // Flow control and the text that confirms a cleared buffer are no answers.
            (&[0x11, 0x13, 0x37, 0x25, 0x00, 0x0C], &[Answer::AfterData]),
        ];
        for (bytes, answers) in cases {
            assert_eq!(read(bytes), answers, "{bytes:02x?}");
        }
        assert_eq!(Answers::new(StatusForm::Epson).push(0xFF), Err(0xFF));
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
            for (byte, kind) in bytes.iter().zip(1..) {
                assert!(report.note(kind, Answer::RealTime(*byte)));
            }
            assert_eq!(status_of(report), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn a_whole_status_is_read_as_one_whatever_its_bytes_look_like() {
        let read = |bytes: &[u8]| read_as(StatusForm::Custom, bytes);
        let whole = Answer::Whole([0x12, 0x10, 0x37, 0x00]);
        assert_eq!(read(b"\x10\x0f\x12\x10\x37\x00\x00"), [whole, Answer::AfterData]);
        assert_eq!(Answers::new(StatusForm::Custom).push(0x10), Ok(None));
        let cases = [
            ([0x00, 0x00, 0x00, 0x00], status(Paper::Ok, Cover::Closed, Cutter::Ok, true)),
            ([0x04, 0x00, 0x00, 0x00], status(Paper::Low, Cover::Closed, Cutter::Ok, true)),
            ([0x05, 0x00, 0x00, 0x00], status(Paper::Out, Cover::Closed, Cutter::Ok, true)),
            ([0x00, 0x02, 0x00, 0x00], status(Paper::Ok, Cover::Open, Cutter::Ok, true)),
            ([0x00, 0x00, 0x40, 0x00], status(Paper::Jammed, Cover::Closed, Cutter::Ok, true)),
            ([0x00, 0x00, 0x01, 0x00], status(Paper::Ok, Cover::Closed, Cutter::Ok, false)),
            ([0x00, 0x00, 0x00, 0x01], status(Paper::Ok, Cover::Closed, Cutter::Jammed, true)),
        ];
        for (bytes, expected) in cases {
            let report = Report { whole: Some(bytes), ..Report::default() };
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
