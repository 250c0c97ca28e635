//! A worker with its device, and what is told of it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use hardware_api::{Block, PaperSlip, TextSize};
use rustix::process::{Pid, Signal, kill_process};
use settings::{ColorSetting, PaperSetting, Printer, PrinterPort, Scanner, SourceSetting};
use simulator::{PrinterSetup, PrinterSim};
use worker::{Class, Launch, PrinterProxy, StopReason, WorkerEvent, WorkerNews};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_device-worker");
pub const LONG: Duration = Duration::from_secs(20);
/// What a status may take on a busy machine.
pub const STATUS: Duration = Duration::from_secs(3);

/// What is told of a worker.
pub struct News(Receiver<WorkerNews>);

impl News {
    fn next(&self) -> WorkerEvent {
        self.0.recv_timeout(LONG).expect("news of the worker").what
    }

    /// Why it stopped, and the pause before the next.
    pub fn stopped(&self) -> (StopReason, Duration) {
        match self.next() {
            WorkerEvent::Stopped { why, again_in, .. } => (why, again_in),
            other @ (WorkerEvent::Unconfined { .. } | WorkerEvent::Back { .. }) => {
                panic!("it did not stop: {other:?}")
            }
        }
    }

    /// How long a worker was away that stopped before.
    pub fn back_after_stop(&self) -> Duration {
        self.stopped();
        self.back()
    }

    /// Whether nothing was told.
    pub fn is_quiet(&self) -> bool {
        self.0.try_recv().is_err()
    }

    /// How long it was away.
    pub fn back(&self) -> Duration {
        match self.next() {
            WorkerEvent::Back { after } => after,
            other @ (WorkerEvent::Unconfined { .. } | WorkerEvent::Stopped { .. }) => {
                panic!("it is not back: {other:?}")
            }
        }
    }
}

/// A launch of `program`, and what will be told of it.
pub fn launch(program: &Path, class: Class, settings: &impl serde::Serialize) -> (Launch, News) {
    let (sender, receiver) = channel();
    let news = Arc::new(move |news| {
        let _nobody_listens = sender.send(news);
    });
    (Launch::new(program, class, "the device", settings, news).unwrap(), News(receiver))
}

/// The settings of a simulated printer.
pub fn printer_at(printer: &PrinterSim) -> Printer {
    Printer {
        port: PrinterPort::Tcp(printer.address().to_owned()),
        model: "epson-tm-t20".to_owned(),
        paper: PaperSetting::Mm80,
    }
}

/// The settings of the scanner that SANE calls so.
pub fn scanner_named(name: &str) -> Scanner {
    Scanner {
        name: name.to_owned(),
        source: SourceSetting::Flatbed,
        dpi: 300,
        color: ColorSetting::Color,
    }
}

/// The rig's printer at a pseudo-terminal.
pub struct SerialPrinter {
    pub device: String,
    child: Child,
}

impl SerialPrinter {
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig/printer_line.py");
        let mut command = Command::new("/usr/bin/python3");
        command.arg(script).arg("pty").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let opening: BTreeMap<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
        Self { device: opening["device"].as_str().unwrap().to_owned(), child }
    }
}

impl Drop for SerialPrinter {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A printer in a worker.
pub struct Stage {
    pub printer: PrinterSim,
    pub proxy: PrinterProxy,
    pub news: News,
}

impl Stage {
    pub fn new() -> Self {
        Self::with(&PrinterSetup::default(), |launch| launch)
    }

    pub fn with(setup: &PrinterSetup, change: impl FnOnce(Launch) -> Launch) -> Self {
        let printer = PrinterSim::start(setup).unwrap();
        let (launch, news) = launch(PROGRAM.as_ref(), Class::Printer, &printer_at(&printer));
        Self { printer, proxy: PrinterProxy::start(change(launch)).unwrap(), news }
    }
}

pub fn slip(lines: usize) -> PaperSlip {
    let line = |n| Block::Left(TextSize::Normal, format!("Dòng {n}: Đặng Thị Ngọc Ánh"));
    PaperSlip { blocks: (0..lines).map(line).collect() }
}

/// The processes that this one has started and that are no zombies.
pub fn children() -> Vec<Pid> {
    let own = std::process::id().to_string();
    let living = |pid: &str| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, rest) = stat.rsplit_once(')')?;
        let mut words = rest.split_whitespace();
        let state = words.next()?;
        (words.next() == Some(&own) && state != "Z").then_some(())
    };
    let names = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| living(name).is_some()).filter_map(|name| pid(&name)).collect()
}

pub fn pid(name: &str) -> Option<Pid> {
    Pid::from_raw(name.trim().parse().ok()?)
}

/// The one worker.
pub fn the_worker() -> Pid {
    let mut only = None;
    wait_until("one worker", || {
        let children = children();
        only = children.first().copied();
        children.len() == 1
    });
    only.unwrap()
}

pub fn signal(pid: Pid, signal: Signal) {
    kill_process(pid, signal).unwrap();
}

pub fn is_alive(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z")))
}

pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < LONG, "{what} did not come");
        thread::sleep(Duration::from_millis(5));
    }
}
