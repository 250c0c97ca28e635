//! A thermal printer: a line, a buffer, a head that marks paper, sensors.

mod interpreter;
mod line;
mod sensors;
mod ticket;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::SimulatorError;
use crate::worker::{Stop, TICK, Worker, lock};
use interpreter::Interpreter;
use line::Line;

pub use ticket::Ticket;

/// Ways in which the printer fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrinterFault {
    /// Little paper is left; it still prints.
    PaperLow,
    /// No paper: it stops and keeps what came.
    PaperOut,
    /// The lid is open: it stops and keeps what came.
    CoverOpen,
    /// Paper is stuck in its path: it stops and keeps what came.
    Jammed,
    /// The knife is stuck: it stops and keeps what came.
    CutterStuck,
    /// The head is too hot: it stops until it has cooled down.
    HeadHot,
    /// The firmware hangs: bytes vanish, nothing is answered.
    Silent,
    /// The line stands still: no byte is taken, nothing is answered.
    Stalled,
    /// The line is disturbed: nothing is understood, answers are noise.
    Garbled,
    /// Without power: nobody is at the line, and what it had taken is lost.
    Unplugged,
}

impl PrinterFault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::PaperLow,
        Self::PaperOut,
        Self::CoverOpen,
        Self::Jammed,
        Self::CutterStuck,
        Self::HeadHot,
        Self::Silent,
        Self::Stalled,
        Self::Garbled,
        Self::Unplugged,
    ];

    /// Whether a printer with this fault still prints.
    #[must_use]
    pub fn still_prints(self) -> bool {
        self == Self::PaperLow
    }
}

/// Where the printer is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterLine {
    /// Listens here; port 0 takes a free one.
    Tcp(SocketAddr),
    /// A serial port that is found at this path.
    Serial(PathBuf),
}

/// What printer is simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterSetup {
    /// Where it is plugged in.
    pub line: PrinterLine,
    /// Dots across the paper.
    pub dots: u16,
    /// Dots per inch.
    pub dpi: u16,
    /// Units of a vertical feed in one dot before any command sets them: 2 in most, 1 in some.
    pub feed_units_per_dot: u16,
    /// Speed of the line, or `None` for no brake.
    pub baud_bps: Option<u32>,
}

impl Default for PrinterSetup {
    /// An 80 mm printer at 203 dpi on a free loopback TCP port.
    fn default() -> Self {
        Self {
            line: PrinterLine::Tcp(SocketAddr::from(([127, 0, 0, 1], 0))),
            dots: 576,
            dpi: 203,
            feed_units_per_dot: 2,
            baud_bps: None,
        }
    }
}

/// A simulated printer.
pub struct PrinterSim {
    address: String,
    state: Arc<Mutex<State>>,
    _worker: Worker,
}

#[derive(Default)]
struct State {
    fault: Option<PrinterFault>,
    later: Option<(usize, PrinterFault)>,
    tickets: Vec<Ticket>,
    received: Vec<u8>,
}

impl PrinterSim {
    /// Switches the printer on.
    ///
    /// # Errors
    /// When its line cannot be made.
    pub fn start(setup: &PrinterSetup) -> Result<Self, SimulatorError> {
        let line = Line::open(&setup.line)?;
        let address = line.address();
        let state = Arc::new(Mutex::new(State::default()));
        let mut printer = Machine {
            state: Arc::clone(&state),
            interpreter: Interpreter::new(setup),
            baud_bps: setup.baud_bps,
            line,
            line_free: None,
            seen: None,
        };
        let worker = Worker::start(move |stop| printer.run(&stop));
        Ok(Self { address, state, _worker: worker })
    }

    /// Where to reach it: `host:port`, or the path of the serial port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Breaks the printer, or mends it with `None`; takes back what [`Self::fail_after`] planned.
    pub fn set_fault(&self, fault: Option<PrinterFault>) {
        let mut state = lock(&self.state);
        state.fault = fault;
        state.later = None;
    }

    /// Breaks the printer once it has taken so many more bytes.
    pub fn fail_after(&self, bytes: usize, fault: PrinterFault) {
        lock(&self.state).later = Some((bytes, fault));
    }

    /// How it is broken now.
    #[must_use]
    pub fn fault(&self) -> Option<PrinterFault> {
        lock(&self.state).fault
    }

    /// The tickets that were cut off so far, oldest first.
    #[must_use]
    pub fn tickets(&self) -> Vec<Ticket> {
        lock(&self.state).tickets.clone()
    }

    /// All bytes that came so far, requests included.
    #[must_use]
    pub fn received(&self) -> Vec<u8> {
        lock(&self.state).received.clone()
    }
}

/// The printer itself, on its thread.
struct Machine {
    state: Arc<Mutex<State>>,
    interpreter: Interpreter,
    baud_bps: Option<u32>,
    line: Line,
    /// When the line had carried all bytes so far, if it has a speed.
    line_free: Option<Instant>,
    seen: Option<PrinterFault>,
}

impl Machine {
    fn run(&mut self, stop: &Stop) {
        while !stop.is_asked() {
            let fault = lock(&self.state).fault;
            self.notice(fault);
            let bytes = match fault {
                Some(PrinterFault::Stalled | PrinterFault::Unplugged) => Vec::new(),
                _ => self.line.read(self.at_once()),
            };
            if bytes.is_empty() {
                sleep(TICK);
                continue;
            }
            self.pace(bytes.len());
            for byte in bytes {
                let fault = self.take(byte);
                self.notice(fault);
                if fault == Some(PrinterFault::Unplugged) {
                    // The rest never reached it, even if it is plugged in again at once.
                    break;
                }
            }
        }
    }

    /// Lets as much time pass as the line takes for so many bytes, ten bits each. Reckoned from
    /// when the line was last free, so that sleeping a little long does not add up.
    fn pace(&mut self, bytes: usize) {
        let Some(baud) = self.baud_bps else { return };
        let bits = 10 * u64::try_from(bytes).unwrap_or(0);
        let taken = Duration::from_micros(bits * 1_000_000 / u64::from(baud.max(1)));
        let began = Instant::now();
        // A line that stood still since then has not carried anything in advance.
        let free = self.line_free.filter(|free| began.duration_since(*free) < TICK * 4);
        let until = free.unwrap_or(began) + taken;
        self.line_free = Some(until);
        sleep(until.saturating_duration_since(Instant::now()));
    }

    /// Bytes taken in one go: a hundredth of a second of a slow line.
    fn at_once(&self) -> usize {
        self.baud_bps.map_or(4096, |baud| usize::try_from(baud / 1000).unwrap_or(0) + 1)
    }

    /// Takes one byte under the fault of this moment; returns the fault of the next.
    fn take(&mut self, byte: u8) -> Option<PrinterFault> {
        let mut state = lock(&self.state);
        let fault = state.fault;
        if fault == Some(PrinterFault::Unplugged) {
            return fault;
        }
        state.received.push(byte);
        let answer = match fault {
            Some(PrinterFault::Silent | PrinterFault::Unplugged) => Vec::new(),
            Some(PrinterFault::Garbled) => vec![0xFF],
            Some(
                PrinterFault::PaperLow
                | PrinterFault::PaperOut
                | PrinterFault::CoverOpen
                | PrinterFault::Jammed
                | PrinterFault::CutterStuck
                | PrinterFault::HeadHot
                | PrinterFault::Stalled,
            )
            | None => self.interpreter.take(byte, fault),
        };
        state.tickets.append(&mut self.interpreter.finished());
        let due = state.later.as_mut().is_some_and(|(bytes, _)| {
            *bytes = bytes.saturating_sub(1);
            *bytes == 0
        });
        if due {
            state.fault = state.later.take().map(|(_, fault)| fault);
        }
        let next = state.fault;
        drop(state);
        self.line.write(&answer);
        next
    }

    /// Lets a change of the fault act on the line and on what is in the buffer.
    fn notice(&mut self, fault: Option<PrinterFault>) {
        if fault == self.seen {
            return;
        }
        let was = self.seen;
        self.seen = fault;
        if matches!(
            was,
            Some(PrinterFault::Unplugged | PrinterFault::Silent | PrinterFault::Garbled)
        ) {
            // Mended by switching it off and on.
            self.interpreter.switch_on();
        }
        if fault == Some(PrinterFault::Unplugged) {
            self.interpreter.switch_on();
            self.line.unplug();
        } else if was == Some(PrinterFault::Unplugged) {
            self.line.plug();
        }
        let answer = self.interpreter.go_on(fault);
        lock(&self.state).tickets.append(&mut self.interpreter.finished());
        self.line.write(&answer);
    }
}
