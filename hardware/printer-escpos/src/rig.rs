//! Tests' hold on the emulators of `tests/rig`: printers behind the real libusb, the real network
//! and the real serial lines, which share nothing with the driver or the Rust simulator.

use std::any::type_name;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use hardware_api::PaperWidth;

use crate::against_readers::{assert_same, python, read_png};
use crate::raster::render;
use crate::usual_ticket::ticket;

/// Where a child of the rig finds its control port and the strips of paper.
const CONTROL: &str = "MOTCUA_RIG";
const FOLDER: &str = "MOTCUA_RIG_FOLDER";
/// Debian's, which has the bindings of umockdev.
const SYSTEM_PYTHON: &str = "/usr/bin/python3";
/// No test takes longer, and nothing of the rig outlives it.
const MOST_SECONDS: &str = "120";

/// A line to an emulator at work.
pub(crate) struct Rig {
    lines: BufReader<TcpStream>,
    folder: PathBuf,
}

/// What an emulator has seen so far.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Report {
    /// Bytes taken from the line.
    pub taken: usize,
    /// Strips that were cut off.
    pub papers: usize,
    /// Bytes that stand on paper which was not cut.
    pub hanging: usize,
}

impl Rig {
    fn connect(port: u16, folder: &Path) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the rig listens");
        Self { lines: BufReader::new(stream), folder: folder.to_owned() }
    }

    /// Tells the emulator something, such as `fault pipe@4000`.
    pub(crate) fn tell(&mut self, line: &str) -> Report {
        let mut answer = String::new();
        writeln!(self.lines.get_mut(), "{line}").unwrap();
        self.lines.read_line(&mut answer).unwrap();
        json(&answer)
    }

    pub(crate) fn report(&mut self) -> Report {
        self.tell("report")
    }

    /// The last strip that was cut off is the usual ticket, dot by dot, as an interpreter sees it
    /// that shares nothing with the driver.
    pub(crate) fn assert_last_paper_is_the_ticket(&mut self) {
        let papers = self.report().papers;
        let bytes = self.folder.join(format!("{papers}.bin"));
        let prefix = bytes.with_extension("");
        let words = [bytes.to_str().unwrap(), prefix.to_str().unwrap()];
        let report = python("escpos_read.py", &words);
        assert!(report.ends_with(r#""unknown": ""}"#), "{report}");
        let picture = read_png(Path::new(&format!("{}-1.png", prefix.display())));
        assert_same(&picture, &render(&ticket(), PaperWidth::Mm80));
    }
}

/// Runs `test` in a process of its own whose libusb finds a simulated printer, with these options
/// of `usb_printer.py`.
///
/// What stands between libusb and the kernel must be loaded before the program starts, so the
/// test binary calls itself under the rig for the one test this was called from.
pub(crate) fn on_usb<F: FnOnce(&mut Rig)>(options: &[&str], test: F) {
    if let (Some(port), Some(folder)) = (std::env::var_os(CONTROL), std::env::var_os(FOLDER)) {
        let port = port.to_str().and_then(|port| port.parse().ok()).unwrap();
        return test(&mut Rig::connect(port, Path::new(&folder)));
    }
    let name = type_name::<F>().split_once("::").unwrap().1.replace("::{{closure}}", "");
    let test = std::env::current_exe().unwrap();
    let said = run_on_usb(options, &test, &[name.as_str(), "--exact", "--nocapture"]);
    assert!(said.contains("1 passed"), "{name}:\n{said}");
}

/// Runs a program at the simulated USB and returns what it said.
pub(crate) fn run_on_usb(options: &[&str], program: &Path, words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("timeout")
        .args(["--kill-after=5", MOST_SECONDS, "umockdev-wrapper", SYSTEM_PYTHON])
        .arg(script("usb_printer.py"))
        .arg("--folder")
        .arg(folder.path())
        .args(options)
        .arg("--")
        .arg(program)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .expect("timeout of coreutils and umockdev-wrapper of umockdev are installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{said}\n{failed}", program.display());
    said
}

/// A printer at a line that needs nothing between: it works until this is dropped.
pub(crate) struct AtLine {
    pub rig: Rig,
    /// The address or path.
    pub device: String,
    child: Child,
    _input: ChildStdin,
    _folder: tempfile::TempDir,
}

#[derive(serde::Deserialize)]
struct Opening {
    device: String,
    control: u16,
}

impl AtLine {
    /// Starts `printer_line.py` with these words.
    pub(crate) fn start(words: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(SYSTEM_PYTHON)
            .arg(script("printer_line.py"))
            .args(words)
            .arg("--folder")
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Debian's Python starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Opening { device, control } = json(&line);
        let rig = Rig::connect(control, folder.path());
        let input = child.stdin.take().unwrap();
        Self { rig, device, child, _input: input, _folder: folder }
    }
}

impl Drop for AtLine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig").join(name)
}

/// One line of an emulator.
fn json<T: serde::de::DeserializeOwned>(line: &str) -> T {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}
