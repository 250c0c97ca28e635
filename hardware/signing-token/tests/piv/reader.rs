//! A card reader of its own for each test.
//!
//! pcscd has one socket and its virtual reader one port for the whole machine. So a test runs
//! itself again in namespaces of its own, where it is alone with a pcscd, both ending with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use crate::python::python;

/// Set in the second process: the folder of the card.
const FOLDER: &str = "MOTCUA_TEST_CARD";

/// What runs in the namespaces before the test. pcscd's pipe of messages is the test's log.
const STAGE: &str = r#"
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
pcscd --foreground > "$MOTCUA_TEST_CARD/pcscd.log" 2>&1 &
for _ in $(seq 200); do [ -S /run/pcscd/pcscd.comm ] && break; sleep 0.05; done
exec "$@"
"#;

/// Runs `body` in a process with a reader, empty at first; `name` is the test's own path.
pub fn with_reader(name: &str, body: impl FnOnce(&Reader)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(&Reader(folder.into()));
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"])
        .args(["timeout", "100", "bash", "-c", STAGE, "stage"])
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    let log = std::fs::read_to_string(folder.path().join("pcscd.log")).unwrap_or_default();
    assert!(said.contains("1 passed"), "{name}: {said}\n{errors}\npcscd: {log}");
}

/// The virtual reader.
pub struct Reader(PathBuf);

/// A card in the reader, pulled when dropped.
pub struct Inserted(Child);

impl Reader {
    /// Puts the test's one card in. Readers take a moment to notice.
    pub fn insert(&self) -> Inserted {
        self.insert_with(&[])
    }

    /// Puts the test's one card in, with options such as a fault.
    pub fn insert_with(&self, options: &[&str]) -> Inserted {
        let card = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig/piv_token.py");
        let mut command = Command::new(python());
        command.arg(card).arg(&self.0).arg("--log").arg(self.0.join("commands"));
        Inserted(command.args(options).spawn().unwrap())
    }

    /// How many commands the card was given since this was asked last.
    pub fn commands(&self) -> usize {
        let log = self.0.join("commands");
        let count = std::fs::read_to_string(&log).unwrap_or_default().lines().count();
        let _ = std::fs::remove_file(log);
        count
    }

    /// Where the card's certificates are, and room for files.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
