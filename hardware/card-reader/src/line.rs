//! Calls with deadlines to something that has none.

use std::{
    sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use hardware_api::DeviceError;

/// Threads that may be stuck at one time. More would not help: it is the service that hangs.
const MOST_STUCK: usize = 4;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that owns an `S` and is replaced, with a new `S`, when a call takes too long.
pub(crate) struct Line<S> {
    make: Box<dyn Fn() -> S + Send>,
    current: Option<(Sender<Job<S>>, JoinHandle<()>)>,
    stuck: Vec<JoinHandle<()>>,
}

impl<S: 'static> Line<S> {
    pub(crate) fn new(make: impl Fn() -> S + Send + 'static) -> Self {
        Self { make: Box::new(make), current: None, stuck: vec![] }
    }

    /// Runs `work` and gives its answer. When there is none in time, the thread is left to
    /// itself: what it answers later is dropped, and so is what it owns.
    pub(crate) fn call<T: Send + 'static>(
        &mut self,
        device: &str,
        deadline: Duration,
        work: impl FnOnce(&mut S) -> Result<T, DeviceError> + Send + 'static,
    ) -> Result<T, DeviceError>
    where
        S: Send,
    {
        let silent = || DeviceError::Silent { device: device.to_owned(), after: deadline };
        let (answer, answered) = sync_channel(1);
        let job: Job<S> = Box::new(move |owned| {
            // Nobody may be waiting any more.
            let _late = answer.send(work(owned));
        });
        let Some(jobs) = self.jobs() else { return Err(silent()) };
        if jobs.send(job).is_err() {
            self.current = None;
            return Err(DeviceError::Gone { device: device.to_owned() });
        }
        match answered.recv_timeout(deadline) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.stuck.extend(self.current.take().map(|(_, thread)| thread));
                Err(silent())
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.current = None;
                Err(DeviceError::Gone { device: device.to_owned() })
            }
        }
    }

    /// The thread in use, or a new one; none when too many hang.
    fn jobs(&mut self) -> Option<&Sender<Job<S>>>
    where
        S: Send,
    {
        self.stuck.retain(|thread| !thread.is_finished());
        if self.current.is_none() {
            if self.stuck.len() >= MOST_STUCK {
                return None;
            }
            let (sender, jobs) = channel::<Job<S>>();
            let mut owned = (self.make)();
            let work = move || jobs.into_iter().for_each(|job| job(&mut owned));
            let thread = thread::Builder::new().name("pcsc".to_owned()).spawn(work).ok()?;
            self.current = Some((sender, thread));
        }
        self.current.as_ref().map(|(jobs, _)| jobs)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const SOON: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(30);

    fn line() -> Line<u32> {
        Line::new(|| 0)
    }

    fn count(line: &mut Line<u32>) -> Result<u32, DeviceError> {
        line.call("r", LONG, |count| {
            *count += 1;
            Ok(*count)
        })
    }

    #[test]
    fn calls_share_what_the_thread_owns() {
        let mut line = line();
        assert_eq!([count(&mut line), count(&mut line)], [Ok(1), Ok(2)]);
    }

    #[test]
    fn a_call_that_hangs_is_given_up_in_time_and_the_next_begins_anew() {
        let mut line = line();
        assert_eq!(count(&mut line), Ok(1));
        let (release, hang) = channel::<()>();
        let begin = Instant::now();
        let hung = line.call("r", SOON, move |_| {
            let _released = hang.recv();
            Ok(())
        });
        assert_eq!(hung, Err(DeviceError::Silent { device: "r".into(), after: SOON }));
        assert!(begin.elapsed() < LONG / 2);
        assert_eq!(count(&mut line), Ok(1), "a new thread with a new count");
        drop(release);
    }

    #[test]
    fn threads_that_hang_are_not_piled_up_for_ever() {
        let mut line = line();
        let mut releases = vec![];
        for _ in 0..MOST_STUCK {
            let (release, hang) = channel::<()>();
            releases.push(release);
            let _silent = line.call("r", SOON, move |_| {
                let _released = hang.recv();
                Ok(())
            });
        }
        assert!(matches!(count(&mut line), Err(DeviceError::Silent { .. })));
        releases.clear();
        let begin = Instant::now();
        while count(&mut line) != Ok(1) {
            assert!(begin.elapsed() < LONG, "no thread came back");
            thread::sleep(SOON);
        }
    }

    #[test]
    fn a_panic_costs_one_answer() {
        let mut line = line();
        let broken =
            line.call("r", LONG, |_| -> Result<(), DeviceError> { panic!("for this test") });
        assert_eq!(broken, Err(DeviceError::Gone { device: "r".into() }));
        assert_eq!(count(&mut line), Ok(1));
    }
}
