//! A device that is a tape.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Instant;

use super::{Step, TapeHead, What};
use crate::{ClassStatus, Connect, Port, PortError};

/// Most bytes that are shown of what was different.
const SHOWN: usize = 24;

/// A device that plays a tape: it answers as the device did, and fails when the driver does
/// anything else than was done then. Clones play the same tape.
#[derive(Clone)]
pub struct Replay {
    device: String,
    left: Arc<Mutex<Left>>,
}

/// What has not been played.
struct Left {
    steps: VecDeque<Step>,
    played: usize,
    /// The first time the driver did something else; from then on nothing is right.
    deviated: Option<PortError>,
}

impl Replay {
    /// Puts a tape in.
    #[must_use]
    pub fn new(head: &TapeHead, steps: Vec<Step>) -> Self {
        let left = Left { steps: steps.into(), played: 0, deviated: None };
        Self { device: head.device.clone(), left: Arc::new(Mutex::new(left)) }
    }

    /// Says that the driver did all that was done then, and nothing else.
    ///
    /// # Errors
    /// [`PortError::Deviated`] with the first thing that was different.
    pub fn finish(&self) -> Result<(), PortError> {
        self.play(|left| match (left.deviated.clone(), left.steps.front()) {
            (Some(deviated), _) => Err(deviated),
            (None, None) => Ok(()),
            (None, Some(_)) => Err(left.deviate(&self.device, "nothing more")),
        })
    }

    fn play<T>(&self, play: impl FnOnce(&mut Left) -> T) -> T {
        play(&mut self.left.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn gone(&self) -> PortError {
        PortError::Gone { device: self.device.clone(), cause: ErrorKind::NotConnected }
    }

    /// Waits as the driver did then; what it was told at the end.
    fn out_of_time(&self, deadline: Instant, sent: usize) -> PortError {
        sleep(deadline.saturating_duration_since(Instant::now()));
        PortError::TimedOut { device: self.device.clone(), sent }
    }

    /// What a failed call told then, `sent` bytes after its begin.
    fn failure(&self, what: What, deadline: Instant, sent: usize) -> Option<PortError> {
        let device = || self.device.clone();
        match what {
            What::Silent | What::Stalled => Some(self.out_of_time(deadline, sent)),
            What::Halted => Some(PortError::Halted { device: device(), sent }),
            What::Gone => Some(self.gone()),
            What::Busy => Some(PortError::Busy { device: device() }),
            What::Opened | What::In | What::Out | What::Class => None,
        }
    }
}

impl Left {
    /// The next step, if it is one of these.
    fn take(&mut self, kinds: &[What]) -> Option<Step> {
        let step = self.steps.pop_front_if(|step| kinds.contains(&step.what))?;
        self.played += 1;
        Some(step)
    }

    /// Up to `count` bytes of the next step, if they go in this direction.
    fn take_bytes(&mut self, direction: What, count: usize) -> Option<Vec<u8>> {
        let step = self.steps.front_mut().filter(|step| step.what == direction)?;
        let bytes = step.bytes.drain(..count.min(step.bytes.len())).collect();
        if step.bytes.is_empty() {
            self.steps.pop_front();
            self.played += 1;
        }
        Some(bytes)
    }

    /// How many bytes of the next step are these.
    fn alike(&self, bytes: &[u8]) -> usize {
        let step = self.steps.front().map(|step| step.bytes.as_slice()).unwrap_or_default();
        step.iter().zip(bytes).take_while(|(one, other)| one == other).count()
    }

    fn deviate(&mut self, device: &str, did: &str) -> PortError {
        self.deviate_at(device, 0, did)
    }

    /// `at` is how far into the next step all was as it was then.
    fn deviate_at(&mut self, device: &str, at: usize, did: &str) -> PortError {
        let described = self.steps.front().map(|step| describe(step, at));
        let expected = described.unwrap_or_else(|| "its end".to_owned());
        let (device, did) = (device.to_owned(), did.to_owned());
        let error = PortError::Deviated { device, step: self.played + 1, expected, did };
        self.deviated.get_or_insert(error).clone()
    }
}

/// Short bytes whole, of long ones those from `at` on.
fn around(bytes: &[u8], at: usize) -> String {
    let from = if bytes.len() > SHOWN { at.min(bytes.len()) } else { 0 };
    let rest = bytes.get(from..).unwrap_or_default();
    let shown = rest.get(..SHOWN).unwrap_or(rest);
    let before = if from > 0 { format!("{from} bytes, then ") } else { String::new() };
    let behind = if shown.len() < rest.len() { "…" } else { "" };
    format!("{before}{}{behind}", hex::encode(shown))
}

fn describe(step: &Step, at: usize) -> String {
    let bytes = around(&step.bytes, at);
    match step.what {
        What::Opened => "the line opened".to_owned(),
        What::In => format!("the answer {bytes}"),
        What::Out => bytes,
        What::Silent => "a wait in which nothing came".to_owned(),
        What::Stalled => "a wait in which nothing was taken".to_owned(),
        What::Halted => "a halted transfer".to_owned(),
        What::Gone => "a lost line".to_owned(),
        What::Busy => "a line held by another program".to_owned(),
        What::Class => "a question to the line itself".to_owned(),
    }
}

impl Connect for Replay {
    fn device(&self) -> &str {
        &self.device
    }

    fn connect(&self, deadline: Instant) -> Result<Box<dyn Port>, PortError> {
        let step = self.play(|left| {
            let step = left.take(&[What::Opened, What::Gone, What::Busy]);
            step.ok_or_else(|| left.deviate(&self.device, "a line opened"))
        })?;
        match self.failure(step.what, deadline, 0) {
            None => Ok(Box::new(self.clone())),
            Some(error) => Err(error),
        }
    }
}

impl Port for Replay {
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, PortError> {
        let device = &self.device;
        let step = self.play(|left| {
            if let Some(bytes) = left.take_bytes(What::In, buffer.len()) {
                buffer.iter_mut().zip(&bytes).for_each(|(to, from)| *to = *from);
                return Ok(Err(bytes.len()));
            }
            let step = left.take(&[What::Silent, What::Halted, What::Gone]);
            step.map(Ok).ok_or_else(|| left.deviate(device, "a wait for bytes"))
        })?;
        let step = match step {
            Err(count) => return Ok(count),
            Ok(step) => step,
        };
        Err(self.failure(step.what, deadline, 0).unwrap_or_else(|| self.gone()))
    }

    fn write_all(&mut self, data: &[u8], deadline: Instant) -> Result<(), PortError> {
        let device = self.device.clone();
        let mut rest = data;
        while !rest.is_empty() {
            let sent = data.len() - rest.len();
            let ended = self.play(|left| {
                if let Some(step) = left.take(&[What::Stalled, What::Halted, What::Gone]) {
                    return Ok(Some(step.what));
                }
                let told = left.steps.front().map(|step| step.what) == Some(What::Out);
                let count = left.steps.front().map_or(0, |step| step.bytes.len()).min(rest.len());
                let (now, later) = rest.split_at(if told { count } else { rest.len() });
                let same = left.steps.front().is_some_and(|step| step.bytes.starts_with(now));
                if !told || !same {
                    let at = left.alike(now);
                    return Err(left.deviate_at(&device, at, &around(now, at)));
                }
                left.take_bytes(What::Out, count);
                rest = later;
                Ok(None)
            })?;
            if let Some(what) = ended {
                return Err(self.failure(what, deadline, sent).unwrap_or_else(|| self.gone()));
            }
        }
        Ok(())
    }

    fn discard(&mut self) {}

    fn class_status(&mut self) -> Option<ClassStatus> {
        let step = self.play(|left| {
            let step = left.take(&[What::Class]);
            if step.is_none() {
                left.deviate(&self.device, "a question to the line itself");
            }
            step
        })?;
        step.bytes.first().copied().map(ClassStatus::from_byte)
    }
}
