//! The printer's own reading of ESC/POS, written from the command reference and sharing nothing
//! with the driver: bytes in, marked paper and answers out.

use super::{PrinterFault, PrinterSetup, Ticket, sensors};

/// Lines of text are fed by a sixth of an inch.
const LINES_PER_INCH: usize = 6;

/// `DLE DC4 8`: forget what was not printed.
const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/// Buffer, settings and paper of a printer.
pub(super) struct Interpreter {
    dots: usize,
    dpi: usize,
    first_units_per_inch: usize,
    units_per_inch: usize,
    margin: usize,
    automatic: bool,
    told: Option<PrinterFault>,
    /// Bytes that may become a command which is obeyed on arrival.
    arriving: Vec<u8>,
    /// Bytes that wait in line.
    buffer: Vec<u8>,
    strip: Ticket,
    finished: Vec<Ticket>,
}

/// What the buffer begins with.
enum Next {
    /// Not enough bytes yet.
    Incomplete,
    /// So many bytes that mean this.
    Command(usize, Meaning),
}

enum Meaning {
    Initialize,
    Units(usize),
    FeedUnits(usize),
    FeedLines(usize),
    Margin(usize),
    Raster { width_bytes: usize, rows: usize, wide: bool, high: bool },
    Cut,
    Automatic(bool),
    TellPaper,
    TellName([u8; 4]),
    Nothing,
    NotUnderstood,
}

impl Interpreter {
    pub(super) fn new(setup: &PrinterSetup) -> Self {
        let dpi = usize::from(setup.dpi);
        let units = dpi * usize::from(setup.feed_units_per_dot);
        let dots = usize::from(setup.dots);
        Self {
            dots,
            dpi,
            first_units_per_inch: units,
            units_per_inch: units,
            margin: 0,
            automatic: false,
            told: None,
            arriving: Vec::new(),
            buffer: Vec::new(),
            strip: blank(dots),
            finished: Vec::new(),
        }
    }

    /// Begins anew; paper that was marked stays in the slot.
    pub(super) fn switch_on(&mut self) {
        self.arriving.clear();
        self.buffer.clear();
        self.initialize();
        self.automatic = false;
    }

    fn initialize(&mut self) {
        self.units_per_inch = self.first_units_per_inch;
        self.margin = 0;
    }

    /// Takes one byte; returns what is answered.
    pub(super) fn take(&mut self, byte: u8, fault: Option<PrinterFault>) -> Vec<u8> {
        self.arriving.push(byte);
        let mut answer = Vec::new();
        match self.arriving.as_slice() {
            [0x10, 0x04, kind] => {
                answer.extend(sensors::real_time(*kind, fault));
                self.arriving.clear();
            }
            // Recovery from an error; nothing to recover here.
            [0x10, 0x05, _] => self.arriving.clear(),
            [0x10] | [0x10, 0x04 | 0x05] => {}
            clear if clear == CLEAR => {
                self.arriving.clear();
                self.buffer.clear();
                answer.extend([0x37, 0x25, 0x00]);
            }
            begun if CLEAR.starts_with(begun) => {}
            _ => {
                // No such command after all; only its last byte may begin another one.
                let last = self.arriving.pop().filter(|byte| *byte == 0x10);
                if last.is_none() {
                    self.arriving.push(byte);
                }
                self.buffer.append(&mut self.arriving);
                self.arriving.extend(last);
            }
        }
        answer.extend(self.go_on(fault));
        answer
    }

    /// Works off what waits, as far as the fault allows; returns what is answered.
    pub(super) fn go_on(&mut self, fault: Option<PrinterFault>) -> Vec<u8> {
        let mut answer = Vec::new();
        if self.automatic && self.told != fault {
            self.told = fault;
            answer.extend(sensors::automatic(fault));
        }
        if sensors::stops(fault) {
            return answer;
        }
        while let Next::Command(length, meaning) = self.next() {
            let command: Vec<u8> = self.buffer.drain(..length).collect();
            self.strip.bytes.extend(&command);
            match meaning {
                Meaning::Initialize => self.initialize(),
                Meaning::Units(units) => self.units_per_inch = units,
                Meaning::FeedUnits(units) => self.feed(units * self.dpi / self.units_per_inch),
                Meaning::FeedLines(lines) => self.feed(lines * self.dpi / LINES_PER_INCH),
                Meaning::Margin(dots) => self.margin = dots,
                Meaning::Raster { width_bytes, rows, wide, high } => {
                    let data = command.get(8..).unwrap_or_default();
                    for row in data.chunks(width_bytes.max(1)).take(rows) {
                        self.mark(row, wide);
                        if high {
                            self.mark(row, wide);
                        }
                    }
                }
                Meaning::Cut => self.cut(),
                Meaning::Automatic(on) => {
                    self.automatic = on;
                    self.told = fault;
                    answer.extend(on.then(|| sensors::automatic(fault)).into_iter().flatten());
                }
                Meaning::TellPaper => answer.push(sensors::paper(fault)),
                Meaning::TellName([a, b, c, d]) => answer.extend([0x37, 0x22, a, b, c, d, 0]),
                Meaning::Nothing => {}
                Meaning::NotUnderstood => self.strip.not_understood.extend(command),
            }
        }
        answer
    }

    /// Tickets that were cut off since the last call.
    pub(super) fn finished(&mut self) -> Vec<Ticket> {
        std::mem::take(&mut self.finished)
    }

    fn next(&self) -> Next {
        let command = |length, meaning| Next::Command(length, meaning);
        match self.buffer.as_slice() {
            [0x00, ..] => command(1, Meaning::Nothing),
            [b'\n', ..] => command(1, Meaning::FeedLines(1)),
            [0x1B, b'@', ..] => command(2, Meaning::Initialize),
            [0x1B, b'J', units, ..] => command(3, Meaning::FeedUnits(usize::from(*units))),
            [0x1B, b'd', lines, ..] => command(3, Meaning::FeedLines(usize::from(*lines))),
            [0x1B, b'i' | b'm', ..] => command(2, Meaning::Cut),
            [0x1D, b'P', _, y, ..] => {
                let units = if *y == 0 { self.first_units_per_inch } else { usize::from(*y) };
                command(4, Meaning::Units(units))
            }
            [0x1D, b'V', 65 | 66, _, ..] => command(4, Meaning::Cut),
            [0x1D, b'V', 0 | 1 | 48 | 49, ..] => command(3, Meaning::Cut),
            [0x1D, b'a', which, ..] => command(3, Meaning::Automatic(*which != 0)),
            [0x1D, b'r', 1 | 49, ..] => command(3, Meaning::TellPaper),
            [0x1D, b'(', b'H', 6, 0, 48, 48, a, b, c, d, ..] => {
                command(11, Meaning::TellName([*a, *b, *c, *d]))
            }
            [0x1D, b'L', low, high, ..] => {
                // Its unit is a dot: 1/203 or 1/180 inch in the printers simulated here.
                command(4, Meaning::Margin(usize::from(u16::from_le_bytes([*low, *high]))))
            }
            [0x1D, b'v', b'0', size @ (0..=3 | 48..=51), w0, w1, h0, h1, data @ ..] => {
                let width_bytes = usize::from(u16::from_le_bytes([*w0, *w1]));
                let rows = usize::from(u16::from_le_bytes([*h0, *h1]));
                if data.len() < width_bytes * rows {
                    return Next::Incomplete;
                }
                let (wide, high) = (size & 1 != 0, size & 2 != 0);
                command(8 + width_bytes * rows, Meaning::Raster { width_bytes, rows, wide, high })
            }
            begun if may_become_known(begun) => Next::Incomplete,
            _ => command(1, Meaning::NotUnderstood),
        }
    }

    fn feed(&mut self, rows: usize) {
        let blank = vec![0; self.dots.div_ceil(8)];
        self.strip.rows.extend(std::iter::repeat_n(blank, rows));
    }

    /// Marks one row of dots, beginning at the margin.
    fn mark(&mut self, row: &[u8], wide: bool) {
        let mut marked = vec![0_u8; self.dots.div_ceil(8)];
        let dots = row.iter().flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
        let each = if wide { 2 } else { 1 };
        let dots = dots.flat_map(|dot| std::iter::repeat_n(dot, each));
        for (x, _) in (self.margin..self.dots).zip(dots).filter(|(_, dot)| *dot) {
            if let Some(byte) = marked.get_mut(x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
        self.strip.rows.push(marked);
    }

    /// A cut through paper that nothing was fed onto leaves no ticket.
    fn cut(&mut self) {
        if self.strip.rows.is_empty() {
            return;
        }
        self.finished.push(std::mem::replace(&mut self.strip, blank(self.dots)));
    }
}

fn blank(dots: usize) -> Ticket {
    Ticket { dots, rows: Vec::new(), bytes: Vec::new(), not_understood: Vec::new() }
}

/// Whether these few bytes are the beginning of a command.
fn may_become_known(begun: &[u8]) -> bool {
    match begun {
        [] | [0x1B | 0x1D] | [0x1B, b'J' | b'd'] => true,
        [0x1D, b'L' | b'P' | b'V' | b'a' | b'r' | b'v'] | [0x1D, b'V', 65 | 66] => true,
        [0x1D, b'L' | b'P', _] => true,
        [0x1D, b'(', rest @ ..] => {
            rest.len() < 9 && rest.iter().zip(b"H\x06\x0000").all(|(is, is_to_be)| is == is_to_be)
        }
        [0x1D, b'v', b'0', rest @ ..] => rest.len() < 5 && !matches!(rest, [4..=47 | 52.., ..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interpreter() -> Interpreter {
        Interpreter::new(&PrinterSetup { dots: 16, ..PrinterSetup::default() })
    }

    fn take(printer: &mut Interpreter, bytes: &[u8], fault: Option<PrinterFault>) -> Vec<u8> {
        bytes.iter().flat_map(|byte| printer.take(*byte, fault)).collect()
    }

    #[test]
    fn a_raster_and_feeds_mark_the_paper_until_the_cut() {
        let mut printer = interpreter();
        let bytes =
            b"\x1b@\x1bJ\x04\x1dv0\x00\x01\x00\x02\x00\x80\x10\x1dP\xcb\xcb\x1bJ\x01\x1dVA\x00";
        assert!(take(&mut printer, bytes, None).is_empty());
        let tickets = printer.finished();
        assert_eq!(tickets.len(), 1);
        // Four half dots, two rows, one whole dot.
        assert_eq!(tickets[0].bits(), [0, 0, 0, 0, 0x80, 0, 0x10, 0, 0, 0]);
        assert_eq!(tickets[0].bytes(), bytes);
        assert!(tickets[0].not_understood().is_empty());
    }

    #[test]
    fn margins_and_doubled_dots_are_marked_where_they_belong() {
        let mut printer = interpreter();
        take(&mut printer, b"\x1dL\x04\x00\x1dv0\x03\x01\x00\x01\x00\xA8\x1dV\x00", None);
        assert_eq!(printer.finished()[0].bits(), [0x0C, 0xCC, 0x0C, 0xCC]);
    }

    #[test]
    fn a_stopped_printer_answers_at_once_and_prints_later() {
        let mut printer = interpreter();
        let out = Some(PrinterFault::PaperOut);
        assert_eq!(take(&mut printer, b"\x1bJ\x08\x1dr\x01\x10\x04\x04", out), [0x7E]);
        assert!(printer.strip.rows.is_empty());
        assert_eq!(printer.go_on(None), [0x00]);
        assert_eq!(printer.strip.rows.len(), 4);
    }

    #[test]
    fn a_name_comes_back_behind_the_data_and_a_blank_strip_is_no_ticket() {
        let mut printer = interpreter();
        let request = b"\x1bJ\x08\x1d(H\x06\x0000ABCD";
        let out = Some(PrinterFault::PaperOut);
        assert!(take(&mut printer, request, out).is_empty());
        assert_eq!(printer.go_on(None), b"\x37\x22ABCD\x00");
        take(&mut printer, b"\x1dVA\x00\x1dVA\x00", None);
        assert_eq!(printer.finished().len(), 1);
    }

    #[test]
    fn changes_are_told_unasked_once_that_is_wanted() {
        let mut printer = interpreter();
        assert_eq!(take(&mut printer, b"\x1da\x0e", None), [0x14, 0, 0, 0x0F]);
        assert_eq!(printer.go_on(Some(PrinterFault::CoverOpen)), [0x3C, 0, 0, 0x0F]);
        assert!(printer.go_on(Some(PrinterFault::CoverOpen)).is_empty());
    }

    #[test]
    fn a_cleared_buffer_is_forgotten() {
        let mut printer = interpreter();
        take(&mut printer, b"\x1bJ\x08", Some(PrinterFault::Jammed));
        assert_eq!(take(&mut printer, &CLEAR, Some(PrinterFault::Jammed)), [0x37, 0x25, 0]);
        printer.go_on(None);
        assert!(printer.strip.rows.is_empty());
    }

    #[test]
    fn what_is_no_command_is_kept_apart() {
        let mut printer = interpreter();
        take(&mut printer, b"\x1b@Abc\x1di\x1bJ\x02\x1dVA\x00", None);
        assert_eq!(printer.finished()[0].not_understood(), b"Abc\x1di");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived_and_none_is_lost(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
        ) {
            let mut printer = interpreter();
            take(&mut printer, &bytes, None);
            // Cuts end every ticket that has rows; what is left waits in line or lies in the slot.
            take(&mut printer, &[0; 8], None);
            let cut: usize = printer.finished().iter().map(|ticket| ticket.bytes().len()).sum();
            let left = cut + printer.strip.bytes.len() + printer.buffer.len();
            proptest::prop_assert!(left <= bytes.len() + 8);
        }
    }
}
