//! What every test here needs: a private SANE configuration, `scan-pages` with the kiosk's driver
//! in a process of its own (libsane reads its environment once per process), `scanimage` as the
//! witness, and the emulators of tests/rig.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use tempfile::TempDir;

/// One scanner as libsane sees it, and room for its pages.
pub struct Stage {
    pub folder: TempDir,
    pub device: String,
    config: PathBuf,
    more: Vec<(&'static str, PathBuf)>,
}

impl Stage {
    /// A stage in `folder`, whose SANE configuration is at `config`.
    pub fn new(folder: TempDir, config: PathBuf, device: &str) -> Self {
        for room in ["ours", "theirs"] {
            fs::create_dir(folder.path().join(room)).unwrap();
        }
        Self { folder, config, device: device.to_owned(), more: Vec::new() }
    }

    /// Sets a further variable of the environment.
    pub fn with(mut self, name: &'static str, value: impl Into<PathBuf>) -> Self {
        self.more.push((name, value.into()));
        self
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("SANE_CONFIG_DIR", &self.config);
        command.envs(self.more.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, program: &str, words: &[&str]) -> Output {
        let output = self.command(program).args(words).output();
        output.unwrap_or_else(|error| panic!("{program} should run: {error}"))
    }

    /// What `scan-pages` says when asked for anything, and the error it ends with.
    pub fn ask(&self, words: &[&str]) -> Vec<String> {
        let Output { stdout, stderr, .. } = self.run(env!("CARGO_BIN_EXE_scan-pages"), words);
        let said = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        said.lines().map(str::to_owned).collect()
    }

    /// Scans once; pages and the end.
    pub fn scan(&self, job: &str) -> (usize, String) {
        let words: Vec<&str> = [self.device.as_str()].into_iter().chain(job.split(' ')).collect();
        let said = self.ask(&words);
        let pages = said.iter().filter(|line| line.starts_with("page ")).count();
        (pages, said.last().cloned().unwrap_or_default())
    }

    /// Begins a scan in a process that ends with it.
    pub fn start(&self, job: &str) -> Talk {
        let mut command = self.command(env!("CARGO_BIN_EXE_scan-pages"));
        Talk::with(command.arg(&self.device).args(job.split(' ')))
    }

    /// Opens the scanner in a process that takes jobs.
    pub fn session(&self) -> Session {
        let mut command = self.command(env!("CARGO_BIN_EXE_scan-pages"));
        Session(Talk::with(command.arg(&self.device)))
    }

    pub fn scanimage(&self, words: &str) -> Output {
        let words: Vec<&str> =
            ["-d", self.device.as_str()].into_iter().chain(words.split('|')).collect();
        self.run("scanimage", &words)
    }

    /// A page that `scan-pages` (`ours`) or `scanimage` (`theirs`) wrote.
    pub fn page(&self, room: &str, number: usize) -> Option<Vec<u8>> {
        fs::read(self.folder.path().join(format!("{room}/{number}.pnm"))).ok()
    }
}

/// A process that is asked line by line. It is killed at the end.
pub struct Talk {
    child: Child,
    asked: Option<ChildStdin>,
    said: Lines<BufReader<ChildStdout>>,
}

impl Talk {
    fn with(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { asked: child.stdin.take(), said, child }
    }

    pub fn say(&mut self, line: &str) {
        writeln!(self.asked.as_mut().unwrap(), "{line}").unwrap();
    }

    pub fn hear(&mut self) -> Option<String> {
        self.said.next().map(Result::unwrap)
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // saned's rig ends its children when its input ends.
        self.asked = None;
        self.kill();
    }
}

/// One open scanner, asked job by job.
pub struct Session(pub Talk);

impl Session {
    /// How many pages came, and how the job ended.
    pub fn scan(&mut self, job: &str) -> (usize, String) {
        self.0.say(job);
        self.finish()
    }

    /// Waits for the end of a job that was begun; pages from here on, and the end.
    pub fn finish(&mut self) -> (usize, String) {
        let mut pages = 0;
        loop {
            let line = self.0.hear().expect("the job should end");
            match line.split(' ').next() {
                Some("page") => pages += 1,
                Some("end" | "error") => return (pages, line),
                _ => {}
            }
        }
    }

    /// Begins a job and waits until so many pages have begun.
    pub fn begin(&mut self, job: &str, pages: usize) {
        self.0.say(job);
        for _ in 0..pages {
            while self.0.hear().expect("a page should begin") != "begins" {}
        }
    }
}

/// An emulator of tests/rig, and the line of JSON with which it began.
pub struct Rig {
    pub talk: Talk,
    pub began: String,
}

impl Rig {
    pub fn start(program: &str, words: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("MOTCUA_PYTHON")
            .map_or_else(|| root.join(".venv/bin/python"), PathBuf::from);
        let mut command = Command::new(python);
        let mut talk = Talk::with(command.arg(root.join("tests/rig").join(program)).args(words));
        let began = talk.hear().unwrap_or_else(|| panic!("{program} (scripts/setup) should run"));
        Self { talk, began }
    }

    /// A text of the first line.
    pub fn told(&self, name: &str) -> &str {
        let (_, rest) = self.began.split_once(&format!("\"{name}\": \"")).unwrap();
        rest.split_once('"').unwrap().0
    }
}

/// Size and samples of a PNM file, whatever its comments.
pub fn read_pnm(file: &[u8]) -> (String, &[u8]) {
    let (mut head, mut rest) = (Vec::new(), file);
    while head.len() < 3 {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let line = String::from_utf8(rest[..end].to_vec()).unwrap();
        rest = &rest[end + 1..];
        if !line.starts_with('#') {
            head.push(line);
        }
    }
    (head.join(" "), rest)
}
