//! An eSCL scanner in the network, through libsane's airscan backend (package sane-airscan).

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use simulator::{ScannerFault, ScannerSim, write_sane_config};
use tempfile::TempDir;

const DEVICE: &str = "airscan:e0:Simulated";

fn folder_for(scanner: &ScannerSim) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_sane_config(&folder.path().join("sane"), &scanner.url()).unwrap();
    fs::create_dir(folder.path().join("ours")).unwrap();
    folder
}

fn command(folder: &Path, program: &str, words: &str) -> Command {
    let mut command = Command::new(program);
    command.args(words.split(' ')).current_dir(folder).env("SANE_CONFIG_DIR", folder.join("sane"));
    command
}

fn start(folder: &TempDir, words: &str) -> Child {
    let words = format!("{DEVICE} {words}");
    let mut command = command(folder.path(), env!("CARGO_BIN_EXE_scan-pages"), &words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What `scan-pages` said, and the error it ended with, line by line.
fn scan(folder: &TempDir, words: &str) -> Vec<String> {
    let Output { stdout, stderr, .. } = start(folder, words).wait_with_output().unwrap();
    let (said, failed) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    said.lines().chain(failed.lines()).map(str::to_owned).collect()
}

#[test]
fn the_feeder_is_emptied_and_then_has_no_paper() {
    let scanner = ScannerSim::start().unwrap();
    let folder = folder_for(&scanner);
    scanner.load_forms(3);
    let said = scan(&folder, "feeder 75 color ours");
    assert_eq!((said.len(), said.last().unwrap().as_str()), (8, "end Done"), "{said:?}");
    assert_eq!(scanner.loaded(), 0);
    assert_eq!(scan(&folder, "feeder 75 color ours").last().unwrap(), "end NoPaper");
}

#[test]
fn the_glass_gives_the_page_that_scanimage_gets() {
    let scanner = ScannerSim::start().unwrap();
    let folder = folder_for(&scanner);
    assert_eq!(scan(&folder, "flatbed 150 grey ours").last().unwrap(), "end Done");
    let words = format!(
        "-d {DEVICE} --source Flatbed --mode Gray --resolution 150 -l 0 -t 0 -x 210 -y 297 --format=pnm"
    );
    let witness = command(folder.path(), "scanimage", &words).output().unwrap();
    assert!(witness.status.success(), "{}", String::from_utf8_lossy(&witness.stderr));
    let ours = fs::read(folder.path().join("ours/1.pnm")).unwrap();
    let samples = ours.splitn(4, |byte| *byte == b'\n').last().unwrap();
    assert!(samples.len() > 1_000_000 && witness.stdout.ends_with(samples));
}

#[test]
fn a_jam_on_the_second_page_leaves_the_first_whole() {
    let scanner = ScannerSim::start().unwrap();
    let folder = folder_for(&scanner);
    scanner.load_forms(3);
    scanner.fail_after(1, ScannerFault::Jammed);
    let said = scan(&folder, "feeder 75 grey ours");
    let pages = said.iter().filter(|line| line.starts_with("page")).count();
    assert_eq!((pages, said.last().unwrap().as_str()), (1, "end Jammed"), "{said:?}");
}

/// One open scanner, asked job by job.
struct Session {
    child: Child,
    said: std::io::Lines<BufReader<ChildStdout>>,
}

impl Session {
    fn open(folder: &TempDir) -> Self {
        let program = env!("CARGO_BIN_EXE_scan-pages");
        let mut command = command(folder.path(), program, DEVICE);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    /// How many pages came, and how the job ended.
    fn scan(&mut self, job: &str) -> (usize, String) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{job}").unwrap();
        let mut pages = 0;
        loop {
            let line = self.said.next().expect("the job should end").unwrap();
            match line.split(' ').next() {
                Some("page") => pages += 1,
                Some("end" | "error") => return (pages, line),
                _ => {}
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_open_scanner_lives_through_jobs_faults_and_a_power_cut() {
    let scanner = ScannerSim::start().unwrap();
    let folder = folder_for(&scanner);
    let mut session = Session::open(&folder);
    let steps: [(Option<ScannerFault>, usize, usize, &str); 8] = [
        (None, 2, 2, "end Done"),
        (None, 0, 0, "end NoPaper"),
        (Some(ScannerFault::Jammed), 1, 0, "end Jammed"),
        (None, 0, 1, "end Done"),
        (Some(ScannerFault::CoverOpen), 1, 0, "end CoverOpen"),
        (Some(ScannerFault::Unplugged), 0, 0, "error airscan:e0:Simulated is not connected"),
        (Some(ScannerFault::Unplugged), 0, 0, "error airscan:e0:Simulated is not connected"),
        (None, 1, 2, "end Done"),
    ];
    for (step, (fault, loaded, pages, end)) in steps.into_iter().enumerate() {
        scanner.load_forms(loaded);
        set_fault(&scanner, fault);
        assert_eq!(session.scan("feeder 75 grey ours"), (pages, end.to_owned()), "step {step}");
    }
    // Off and on again between two jobs: the handle that was kept is stale.
    set_fault(&scanner, Some(ScannerFault::Unplugged));
    set_fault(&scanner, None);
    scanner.load_forms(1);
    assert_eq!(session.scan("feeder 75 grey ours"), (1, "end Done".to_owned()));
}

/// Breaks or mends the scanner and waits until the network knows.
fn set_fault(scanner: &ScannerSim, fault: Option<ScannerFault>) {
    let address = scanner.url().replace("http://", "").replace("/eSCL/", "");
    let is_there = fault != Some(ScannerFault::Unplugged);
    scanner.set_fault(fault);
    while TcpStream::connect(&address).is_ok() != is_there {
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn each_fault_of_the_scanner_has_its_end() {
    let gone = format!("error {DEVICE} is not connected");
    for fault in ScannerFault::ALL {
        let expected = match fault {
            ScannerFault::Jammed => "end Jammed",
            ScannerFault::Empty => "end NoPaper",
            ScannerFault::CoverOpen => "end CoverOpen",
            ScannerFault::Busy => "end Busy",
            ScannerFault::Truncated => &gone,
            ScannerFault::Unplugged => gone.trim_start_matches("error "),
            // Tested on its own below.
            ScannerFault::Silent => continue,
        };
        let scanner = ScannerSim::start().unwrap();
        let folder = folder_for(&scanner);
        scanner.load_forms(2);
        scanner.set_fault(Some(fault));
        let said = scan(&folder, "feeder 75 grey ours");
        assert_eq!(said.last().unwrap(), expected, "{fault:?}: {said:?}");
        assert!(!folder.path().join("ours/1.pnm").exists(), "{fault:?}");
    }
}

#[test]
fn a_driver_that_hangs_on_a_silent_scanner_can_be_killed_and_the_next_one_works() {
    let scanner = ScannerSim::start().unwrap();
    let folder = folder_for(&scanner);
    scanner.set_fault(Some(ScannerFault::Silent));
    let mut stuck = start(&folder, "flatbed 75 grey ours deadline-ms=300");
    sleep(Duration::from_secs(1));
    assert_eq!(stuck.try_wait().unwrap(), None, "opening waits without an end");
    stuck.kill().unwrap();
    stuck.wait().unwrap();
    scanner.set_fault(None);
    assert_eq!(scan(&folder, "flatbed 75 grey ours").last().unwrap(), "end Done");
}
