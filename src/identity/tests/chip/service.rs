//! The real PC/SC service with a reader on which the chip in software is laid.
//!
//! pcscd has one socket and its virtual reader one port for the whole machine. So a test runs
//! itself again in namespaces of its own, where it is alone; everything in them ends with it.

use std::{
    ffi::CString,
    io,
    net::{Shutdown, TcpStream},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use identity::chip::{ApduLink, LinkError};
use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};

/// Set in the second process.
const INSIDE: &str = "MOTCUA_TEST_INSIDE";
/// What runs in the namespaces before the test.
const ALONE: &str = r#"
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount -t tmpfs tmpfs /etc/reader.conf.d
printf 'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x8C7B\nLIBPATH %s\nCHANNELID 0x8C7B\n' \
    /usr/lib/pcsc/drivers/serial/libifdvpcd.so >/etc/reader.conf.d/vpcd
exec "$@"
"#;
/// Where the virtual reader waits for its card.
const READER: u16 = 0x8C7B;
/// Long enough for whatever must happen at once, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Runs `body` in a process that is alone with the service; `name` is the test's own path.
pub fn alone(name: &str, body: impl FnOnce(&Service)) {
    if std::env::var_os(INSIDE).is_some() {
        return body(&Service::start());
    }
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child"])
        .args(["timeout", "100", "bash", "-c", ALONE, "stage"])
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(INSIDE, "yes")
        .output()
        .unwrap();
    let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    assert!(said.contains("1 passed"), "{name}: {said}\n{errors}");
}

/// The service with its reader.
pub struct Service(Child);

/// A card on the reader, taken away when dropped.
pub struct OnReader([TcpStream; 2]);

impl Service {
    fn start() -> Self {
        let service = Self(Command::new("pcscd").arg("--foreground").spawn().unwrap());
        let up = || Path::new("/run/pcscd/pcscd.comm").exists();
        eventually("pcscd listens", || up().then_some(()));
        service
    }

    /// Lays the chip that listens on `port` on the reader.
    pub fn lay(&self, port: u16) -> OnReader {
        let ends = [port, READER].map(|port| {
            let line = eventually("the line", || TcpStream::connect(("127.0.0.1", port)).ok());
            line.set_nodelay(true).unwrap();
            line
        });
        for [from, to] in [[0, 1], [1, 0]] {
            let (mut from, mut to) =
                (ends[from].try_clone().unwrap(), ends[to].try_clone().unwrap());
            std::thread::spawn(move || io::copy(&mut from, &mut to));
        }
        OnReader(ends)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl OnReader {
    /// Talks to it, as if it had just been laid down.
    pub fn connect(&self) -> pcsc::Card {
        let context = Context::establish(Scope::User).unwrap();
        eventually("a card", || {
            let names = context.list_readers_owned().ok()?;
            let name: &CString = names.first()?;
            let mut card = context.connect(name, ShareMode::Shared, Protocols::ANY).ok()?;
            card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::ResetCard).ok()?;
            Some(card)
        })
    }
}

impl Drop for OnReader {
    fn drop(&mut self) {
        for end in &self.0 {
            let _gone = end.shutdown(Shutdown::Both);
        }
    }
}

/// Our reader's way to a card of the service.
pub struct Line(pub pcsc::Card);

impl ApduLink for Line {
    fn max_response(&self) -> usize {
        258
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, LinkError> {
        let mut room = [0; pcsc::MAX_BUFFER_SIZE];
        let answer = self.0.transmit(command, &mut room).map_err(|_| LinkError::CardLeft)?;
        Ok(answer.to_vec())
    }
}

/// Tries again until there is something.
fn eventually<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(it) = there() {
            return it;
        }
        assert!(begin.elapsed() < SOON, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
