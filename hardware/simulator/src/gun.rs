//! A code gun on a serial line: payload, then CR, at the speed of the line.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use crate::SimulatorError;
use crate::pty::Pty;
use crate::worker::{Stop, TICK, Worker, lock};

/// Bytes that leave together, and how long 9,600 bit/s need for them.
const CHUNK: usize = 16;
const CHUNK_TIME: Duration = Duration::from_millis(16);

/// Ways in which the gun fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GunFault {
    /// The port is not there.
    Unplugged,
    /// The gun lost its settings: no CR ends a code.
    NoSuffix,
    /// Bits are disturbed: every eighth byte arrives wrong.
    Garbled,
    /// The gun is pulled in the middle of the next code; the fault becomes `Unplugged` then.
    PulledInside,
}

impl GunFault {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unplugged, Self::NoSuffix, Self::Garbled, Self::PulledInside];
}

/// A simulated code gun.
pub struct GunSim {
    path: PathBuf,
    state: Arc<Mutex<State>>,
    _worker: Worker,
}

#[derive(Default)]
struct State {
    fault: Option<GunFault>,
    waiting: VecDeque<Vec<u8>>,
}

impl GunSim {
    /// Plugs the gun in; its serial port is found at `path`.
    ///
    /// # Errors
    /// When the port cannot be made.
    pub fn start(path: &Path) -> Result<Self, SimulatorError> {
        let pty = Pty::plug(path)?;
        let state = Arc::new(Mutex::new(State::default()));
        let mut gun = Gun { path: path.to_owned(), state: Arc::clone(&state), pty: Some(pty) };
        let worker = Worker::start(move |stop| gun.run(&stop));
        Ok(Self { path: path.to_owned(), state, _worker: worker })
    }

    /// The serial port to open.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a code: it goes out in pieces at 9,600 bit/s while this returns at once. A gun that
    /// is unplugged reads nothing.
    pub fn present(&self, code: &[u8]) {
        let mut state = lock(&self.state);
        if state.fault != Some(GunFault::Unplugged) {
            state.waiting.push_back(code.to_vec());
        }
    }

    /// Breaks the gun, or mends it with `None`.
    pub fn set_fault(&self, fault: Option<GunFault>) {
        lock(&self.state).fault = fault;
    }

    /// How it is broken now.
    #[must_use]
    pub fn fault(&self) -> Option<GunFault> {
        lock(&self.state).fault
    }
}

struct Gun {
    path: PathBuf,
    state: Arc<Mutex<State>>,
    pty: Option<Pty>,
}

impl Gun {
    fn run(&mut self, stop: &Stop) {
        while !stop.is_asked() {
            let (fault, code) = {
                let mut state = lock(&self.state);
                (state.fault, state.waiting.pop_front())
            };
            if fault == Some(GunFault::Unplugged) {
                self.pty = None;
            } else if self.pty.is_none() {
                self.pty = Pty::plug(&self.path).ok();
            }
            match code {
                Some(code) => self.send(&code, fault, stop),
                None => sleep(TICK),
            }
        }
    }

    fn send(&mut self, code: &[u8], fault: Option<GunFault>, stop: &Stop) {
        let mut bytes = code.to_vec();
        if fault == Some(GunFault::Garbled) {
            bytes.iter_mut().step_by(8).for_each(|byte| *byte ^= 0x55);
        }
        if fault != Some(GunFault::NoSuffix) {
            bytes.push(b'\r');
        }
        let half = bytes.len() / 2;
        let mut sent = 0;
        for chunk in bytes.chunks(CHUNK) {
            if fault == Some(GunFault::PulledInside) && sent + chunk.len() > half {
                self.write(chunk.get(..half - sent).unwrap_or_default(), stop);
                lock(&self.state).fault = Some(GunFault::Unplugged);
                return;
            }
            self.write(chunk, stop);
            sent += chunk.len();
            sleep(CHUNK_TIME);
        }
    }

    /// Writes all, unless the other side stopped taking.
    fn write(&self, mut bytes: &[u8], stop: &Stop) {
        let Some(pty) = &self.pty else { return };
        while !bytes.is_empty() && !stop.is_asked() {
            match pty.write(bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => sleep(TICK),
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Instant;

    use super::*;

    /// Reads from the gun's port until `wanted` bytes have come, with whatever came behind them.
    fn read(path: &Path, wanted: usize) -> Vec<u8> {
        let mut port = std::fs::File::open(path).unwrap();
        let (mut bytes, mut chunk) = (Vec::new(), [0; 64]);
        while bytes.len() < wanted {
            match port.read(&mut chunk) {
                Ok(count @ 1..) => bytes.extend_from_slice(&chunk[..count]),
                _ => break,
            }
        }
        bytes
    }

    fn wait_until(done: impl Fn() -> bool) {
        let began = Instant::now();
        while !done() {
            assert!(began.elapsed() < Duration::from_secs(10), "waited in vain");
            sleep(TICK);
        }
    }

    #[test]
    fn a_code_arrives_with_its_suffix_and_faults_change_it() {
        let folder = tempfile::tempdir().unwrap();
        let gun = GunSim::start(&folder.path().join("gun")).unwrap();
        let code = b"001099001234||Nguyen Van An|01011999|Nam|";
        gun.present(code);
        assert_eq!(read(gun.path(), code.len() + 1), [code.as_slice(), b"\r"].concat());
        gun.set_fault(Some(GunFault::Garbled));
        gun.present(code);
        let garbled = read(gun.path(), code.len() + 1);
        assert_eq!(garbled.len(), code.len() + 1);
        assert_ne!(&garbled[..code.len()], code);
        gun.set_fault(Some(GunFault::NoSuffix));
        gun.present(code);
        assert_eq!(read(gun.path(), code.len()), code);
    }

    #[test]
    fn an_unplugged_gun_has_no_port_until_it_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let gun = GunSim::start(&folder.path().join("gun")).unwrap();
        gun.set_fault(Some(GunFault::PulledInside));
        gun.present(&[b'7'; 64]);
        wait_until(|| !gun.path().exists());
        assert_eq!(gun.fault(), Some(GunFault::Unplugged));
        gun.set_fault(None);
        wait_until(|| gun.path().exists());
    }
}
