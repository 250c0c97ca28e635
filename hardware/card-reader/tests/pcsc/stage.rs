//! A PC/SC service of its own for each test.
//!
//! pcscd has one socket and its virtual reader one port for the whole machine. So a test runs
//! itself again in namespaces of its own, where it is alone; everything in them ends with it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use card_reader::{Extended, PcscReader};
use hardware_api::{CardReader, CardStatus, DeviceError};

/// Set in the second process: the test's folder.
const FOLDER: &str = "MOTCUA_TEST_FOLDER";
/// What runs in the namespaces before the test.
const ALONE: &str = r#"
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount -t tmpfs tmpfs /etc/reader.conf.d
exec "$@"
"#;
/// The service's settings for the virtual reader, as its package brings them.
const READER: &str = "FRIENDLYNAME \"Virtual PCD\"\n\
    DEVICENAME /dev/null:0x8C7B\n\
    LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\n\
    CHANNELID 0x8C7B\n";
/// Long enough for whatever must happen at once, on a busy machine.
pub const SOON: Duration = Duration::from_secs(20);

/// Runs `body` in a process that is alone with a service; `name` is the test's own path.
pub fn alone(name: &str, body: impl FnOnce(&mut Stage)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let mut stage = Stage { folder: folder.into(), service: None };
        stage.plug_reader_in();
        stage.start_service();
        return body(&mut stage);
    }
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"])
        .args(["timeout", "100", "bash", "-c", ALONE, "stage"])
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    let log = std::fs::read_to_string(folder.path().join("pcscd.log")).unwrap_or_default();
    assert!(said.contains("1 passed"), "{name}: {said}\n{errors}\npcscd: {log}");
}

/// The service, its reader, and the card.
pub struct Stage {
    folder: PathBuf,
    service: Option<Child>,
}

/// A card on the reader, taken away when dropped.
pub struct OnReader(Child);

impl Stage {
    pub fn start_service(&mut self) {
        let log = std::fs::File::create(self.folder.join("pcscd.log")).unwrap();
        let service = Command::new("pcscd").arg("--foreground").stdout(log).spawn().unwrap();
        self.service = Some(service);
        let up = || Path::new("/run/pcscd/pcscd.comm").exists();
        eventually("pcscd listens", || up().then_some(()));
    }

    /// Ends the service as if it had crashed; its socket and its note of itself stay behind.
    pub fn kill_service(&mut self) {
        let mut service = self.service.take().unwrap();
        service.kill().unwrap();
        service.wait().unwrap();
        for left in ["pcscd.comm", "pcscd.pid"] {
            std::fs::remove_file(Path::new("/run/pcscd").join(left)).unwrap();
        }
    }

    pub fn plug_reader_in(&self) {
        std::fs::write("/etc/reader.conf.d/vpcd", READER).unwrap();
    }

    pub fn unplug_reader(&self) {
        std::fs::remove_file("/etc/reader.conf.d/vpcd").unwrap();
    }

    /// Lays a card on the reader and waits until it is noticed.
    pub fn lay(&self, reader: &mut PcscReader, arguments: &[&str]) -> OnReader {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let card = Command::new(python(&root))
            .arg(root.join("tests/rig/nfc_card.py"))
            .args(["--log".as_ref(), self.folder.join("commands").as_os_str()])
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let card = OnReader(card);
        wait_for(reader, CardStatus::Present);
        card
    }

    /// All commands that cards were given, as hex.
    pub fn commands(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.join("commands")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

impl Drop for OnReader {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The driver for the virtual reader.
pub fn reader() -> PcscReader {
    PcscReader::new("virtual pcd", Extended::AsReaderSays)
}

pub fn wait_for(reader: &mut PcscReader, status: CardStatus) {
    eventually(&format!("{status:?}"), || {
        (reader.status(Duration::from_millis(200)) == Ok(status)).then_some(())
    });
}

/// Tries again until there is something.
pub fn eventually<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(it) = there() {
            return it;
        }
        assert!(begin.elapsed() < SOON, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a command written in hex.
pub fn send(reader: &mut PcscReader, command: &str) -> Result<Vec<u8>, DeviceError> {
    reader.transmit(&bytes(command), SOON)
}

/// Bytes from hex.
pub fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// The Python with the pinned packages.
fn python(root: &Path) -> PathBuf {
    let own = std::env::var_os("MOTCUA_PYTHON");
    own.map_or_else(|| root.join(".venv/bin/python"), PathBuf::from)
}
