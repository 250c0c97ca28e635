//! A folder with settings, and `kioskctl` run in it.

use std::{
    fs,
    io::Write as _,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kioskctl");
/// What every kiosk must have set, and no command here uses.
const PROVINCE: &str = "[kiosk]\nid = \"bench\"\n[province]\nsealing_key = \"not used here\"\n";

/// Settings, and what commands are run with.
pub struct Bench {
    folder: TempDir,
    environment: Vec<(&'static str, PathBuf)>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Bench {
    /// A kiosk with these devices.
    pub fn new(devices: &str) -> Self {
        let workers = Path::new(PROGRAM).with_file_name("device-worker");
        assert!(
            workers.is_file(),
            "{} is not built: cargo build -p device-worker",
            workers.display()
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kiosk.toml"), format!("{PROVINCE}{devices}")).unwrap();
        Self { folder, environment: vec![] }
    }

    /// Sets a variable that libraries read.
    pub fn with(mut self, name: &'static str, value: impl Into<PathBuf>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, its words parted by spaces, with the settings of this bench.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.path("kiosk.toml")).args(words.split_whitespace());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, words: &str) -> Said {
        self.command(words).output().unwrap().into()
    }

    /// The same, with something to read on standard input.
    pub fn run_given(&self, words: &str, input: &str) -> Said {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that needs no input may be gone already.
        let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    /// A shell script in which `$KIOSKCTL` stands for the program with its settings.
    pub fn script(&self, script: &str) -> Said {
        self.shell(script).output().unwrap().into()
    }

    pub fn shell(&self, script: &str) -> Command {
        let program = format!("{PROGRAM} --config {}", self.path("kiosk.toml").display());
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("KIOSKCTL", program).stdin(Stdio::null());
        command.current_dir(self.folder.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// In a terminal of so many columns; what it shows is all in `out`.
    pub fn in_terminal(&self, columns: u16, words: &str) -> Said {
        self.script(&format!(
            "TERM=xterm script -qec \"stty rows 24 cols {columns}; $KIOSKCTL {words}\" /dev/null </dev/null"
        ))
    }
}

impl Said {
    /// Ended with that status; what it said otherwise is shown.
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        self
    }

    /// Failed as one sentence with a code and a remedy tell it.
    #[track_caller]
    pub fn failed(self, status: i32, words: &str, code: &str) -> Self {
        let said = self.ended(status);
        let complaint = said.err.lines().find(|line| line.starts_with("kioskctl: "));
        let complaint = complaint.unwrap_or_else(|| panic!("no complaint: {said:?}"));
        assert!(complaint.contains(words), "{words} in {}", said.err);
        assert!(complaint.ends_with(&format!("[{code}]")), "{code} in {}", said.err);
        assert!(said.err.contains("\n  → "), "no remedy: {}", said.err);
        said
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "{words} in {self:?}");
        self
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let by_signal = || output.status.signal().map_or(-1, |signal| -signal);
        let status = output.status.code().unwrap_or_else(by_signal);
        Self { status, out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A program of ours that is ended when dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = (self.0.kill(), self.0.wait());
    }
}

/// Must succeed; what it said on standard output.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The repository.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Python with the pinned packages.
pub fn python() -> PathBuf {
    let own = std::env::var_os("MOTCUA_PYTHON");
    own.map_or_else(|| project().join(".venv/bin/python"), PathBuf::from)
}
