//! A gun in keyboard mode ("wedge") as a line of bytes.
//!
//! The keyboard is taken away from the screen (`EVIOCGRAB`): a code must not be typed into a
//! form, nor its Enter press a button. Keyboard mode cannot carry Vietnamese letters; set a gun
//! to serial mode wherever it has one.

mod keys;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use evdev::raw_stream::RawDevice;
use evdev::{EventType, InputEvent, SynchronizationCode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use transport::{Connect, Port, PortError};

use keys::Keys;

/// A gun in keyboard mode at an input device of the kernel, best one below `/dev/input/by-id`.
/// It is read as a serial gun is: `SerialGun::over(Box::new(Wedge::new(path)))`.
#[derive(Debug, Clone)]
pub struct Wedge {
    path: String,
}

impl Wedge {
    /// Names the device; nothing is opened.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into() }
    }

    fn error(&self, cause: &io::Error) -> PortError {
        let device = self.path.clone();
        if cause.kind() == io::ErrorKind::ResourceBusy {
            PortError::Busy { device }
        } else {
            PortError::Gone { device, cause: cause.kind() }
        }
    }
}

/// The keyboards of this machine under names that stay; a gun in keyboard mode is one of them, and
/// only its name tells it from a keyboard that people type on.
#[must_use]
pub fn keyboards() -> Vec<PathBuf> {
    keyboards_in(Path::new("/dev/input/by-id"))
}

fn keyboards_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.to_str().is_some_and(|path| path.ends_with("-event-kbd")));
    paths.sort();
    paths
}

impl Connect for Wedge {
    fn device(&self) -> &str {
        &self.path
    }

    fn connect(&self, _deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        let open = || {
            let mut keyboard = RawDevice::open(&self.path)?;
            keyboard.grab()?;
            rustix::fs::fcntl_setfl(&keyboard, OFlags::NONBLOCK)?;
            Ok(keyboard)
        };
        let keyboard = open().map_err(|cause: io::Error| self.error(&cause))?;
        Ok(Box::new(Typing {
            wedge: self.clone(),
            keyboard,
            keys: Keys::default(),
            typed: Vec::new(),
        }))
    }
}

/// A keyboard that is ours alone.
struct Typing {
    wedge: Wedge,
    keyboard: RawDevice,
    keys: Keys,
    typed: Vec<u8>,
}

impl Typing {
    fn wait(&self, deadline: Instant) -> io::Result<bool> {
        let left = deadline.saturating_duration_since(Instant::now());
        let left =
            Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
        let mut waited = [PollFd::new(&self.keyboard, PollFlags::IN)];
        match poll(&mut waited, Some(&left)) {
            Ok(ready) => Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }

    fn take(&mut self) -> io::Result<()> {
        match self.keyboard.fetch_events() {
            Ok(events) => {
                for event in events {
                    type_event(&event, &mut self.keys, &mut self.typed);
                }
                Ok(())
            }
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(cause) => Err(cause),
        }
    }
}

fn type_event(event: &InputEvent, keys: &mut Keys, typed: &mut Vec<u8>) {
    if event.event_type() == EventType::KEY {
        typed.extend(keys.event(event.code(), event.value()));
    } else if is_dropped(event) {
        // The kernel threw keys away because nobody took them in time: which are down now is not
        // known, and what was typed is not whole.
        *keys = Keys::default();
        typed.push(STX);
    }
}

/// Begins a code anew; see [`crate::Framer`].
const STX: u8 = 0x02;

fn is_dropped(event: &InputEvent) -> bool {
    event.event_type() == EventType::SYNCHRONIZATION
        && event.code() == SynchronizationCode::SYN_DROPPED.0
}

impl Port for Typing {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        while self.typed.is_empty() {
            let ready = self.wait(deadline).map_err(|cause| self.wedge.error(&cause))?;
            if ready {
                self.take().map_err(|cause| self.wedge.error(&cause))?;
            } else if Instant::now() >= deadline {
                return Err(PortError::TimedOut { device: self.wedge.path.clone(), sent: 0 });
            }
        }
        let count = self.typed.len().min(buffer.len());
        for (to, byte) in buffer.iter_mut().zip(self.typed.drain(..count)) {
            *to = byte;
        }
        Ok(count)
    }

    /// A keyboard takes nothing.
    fn write_all(&mut self, _data: &[u8], _deadline: Instant) -> Result<(), PortError> {
        Err(PortError::Gone { device: self.wedge.path.clone(), cause: io::ErrorKind::Unsupported })
    }

    fn discard(&mut self) {
        // A keyboard that cannot be read is gone; the next read says so.
        let _ = self.take();
        self.typed.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use evdev::KeyCode;
    use hardware_api::{CodeReader, DeviceError};

    use super::*;
    use crate::{Framer, GAP, SerialGun};

    /// What `evemu-record` wrote of a gun that read `A-1`: a scan code, the key, a report.
    fn recorded() -> Vec<InputEvent> {
        let report = || InputEvent::new(EventType::SYNCHRONIZATION.0, 0, 0);
        let scan = |code| InputEvent::new(EventType::MISC.0, 4, code);
        let key = |key: KeyCode, value| InputEvent::new(EventType::KEY.0, key.0, value);
        let (shift, a, minus) = (KeyCode::KEY_LEFTSHIFT, KeyCode::KEY_A, KeyCode::KEY_MINUS);
        let (one, enter) = (KeyCode::KEY_1, KeyCode::KEY_ENTER);
        let mut events = vec![scan(0x700e1), key(shift, 1), report(), scan(0x70004), key(a, 1)];
        events.extend([report(), scan(0x70004), key(a, 0), scan(0x700e1), key(shift, 0), report()]);
        for (code, pressed) in [(0x7002d, minus), (0x7001e, one), (0x70028, enter)] {
            events.extend([scan(code), key(pressed, 1), report(), scan(code), key(pressed, 0)]);
        }
        events
    }

    fn codes(events: &[InputEvent]) -> Vec<Vec<u8>> {
        let (mut keys, mut typed) = (Keys::default(), Vec::new());
        for event in events {
            type_event(event, &mut keys, &mut typed);
        }
        Framer::new(GAP).push(&typed, Instant::now())
    }

    #[test]
    fn recorded_keys_are_a_code() {
        assert_eq!(codes(&recorded()), [b"A-1"]);
    }

    #[test]
    fn keyboards_are_listed_by_names_that_stay() {
        let folder = tempfile::tempdir().unwrap();
        let [gun, mouse] = ["usb-Honeywell-event-kbd", "usb-Mouse-event-mouse"]
            .map(|name| folder.path().join(name));
        std::fs::write(&gun, "").unwrap();
        std::fs::write(mouse, "").unwrap();
        assert_eq!(keyboards_in(folder.path()), [gun]);
        assert!(keyboards_in(&folder.path().join("missing")).is_empty());
    }

    /// Fault: code · keys of a gun in keyboard mode are lost because nobody took them in time → what was typed before is no code
    #[test]
    fn a_code_with_lost_keys_is_dropped() {
        let lost = InputEvent::new(EventType::SYNCHRONIZATION.0, 3, 0);
        let cut = recorded().len() - 5;
        let events = [&recorded()[..cut], &[lost], &recorded()].concat();
        assert_eq!(codes(&events), [b"A-1"]);
    }

    /// Fault: code · a gun in keyboard mode is not plugged in, or something else stands at its place → gone
    #[test]
    fn a_keyboard_that_is_not_there_is_gone() {
        let other = tempfile::NamedTempFile::new().unwrap();
        for path in ["/dev/input/by-id/usb-nobody-event-kbd", other.path().to_str().unwrap()] {
            let mut gun = SerialGun::over(Box::new(Wedge::new(path)));
            let gone = DeviceError::Gone { device: path.to_owned() };
            assert_eq!(gun.is_there(), Err(gone.clone()));
            assert_eq!(gun.next(Duration::from_millis(5)), Err(gone));
        }
    }
}
