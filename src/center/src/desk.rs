//! The one writer of the queue: decides, writes down, then tells.
//!
//! Requests that arrive while the disk is busy are decided together and share one fsync.

use std::sync::Arc;

use domain::queue::{Answer, Change, Event, Queue, Refusal, local_day};
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    Clock,
    config::CenterConfig,
    daybook::{Daybook, DaybookError, Hold},
    error::CenterError,
    shown::Shown,
};

/// Requests that may wait for the writer; further ones wait at the door.
const LINE: usize = 1024;
/// Requests that share one fsync at most.
const GROUP: usize = 256;

/// Where everything that changes the queue is asked for.
#[derive(Debug, Clone)]
pub struct Desk {
    line: mpsc::Sender<Wish>,
    /// The queue as far as it is on disk.
    pub shown: Arc<Shown>,
}

#[derive(Debug)]
enum Wish {
    Queue { event: Event, answer: oneshot::Sender<Result<Answer, Refusal>> },
    LookAtTheClock,
    Stop,
}

/// The writer is gone: the center is stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the center is stopping")]
pub struct Stopping;

impl Desk {
    /// Puts `event` to the queue and waits until what came of it is on disk.
    pub async fn put(&self, event: Event) -> Result<Result<Answer, Refusal>, Stopping> {
        let (answer, told) = oneshot::channel();
        self.line.send(Wish::Queue { event, answer }).await.map_err(|_| Stopping)?;
        told.await.map_err(|_| Stopping)
    }

    /// Lets the writer see whether a new day began.
    pub async fn look_at_the_clock(&self) -> Result<(), Stopping> {
        self.line.send(Wish::LookAtTheClock).await.map_err(|_| Stopping)
    }

    /// Has the writer end after what stands in line before this.
    pub async fn stop(&self) {
        // An error means that it has ended already.
        let _ = self.line.send(Wish::Stop).await;
    }
}

/// Replays today's book and starts the writer. It ends when told to, or with the first failed
/// write.
pub fn open(
    config: Arc<CenterConfig>,
    clock: Clock,
) -> Result<(Desk, JoinHandle<Result<(), CenterError>>), CenterError> {
    let hold = Hold::take(&config.data_dir)?;
    let (book, queue) = open_day(&config, clock())?;
    let shown = Arc::new(Shown::new(queue.clone()));
    let (line, wishes) = mpsc::channel(LINE);
    let writer = Writer { config, clock, book, queue, shown: Arc::clone(&shown), _hold: hold };
    let handle = tokio::task::spawn_blocking(move || writer.run(wishes));
    Ok((Desk { line, shown }, handle))
}

fn open_day(config: &CenterConfig, at: Timestamp) -> Result<(Daybook, Queue), DaybookError> {
    let day = local_day(at);
    let opened = Daybook::open(&config.data_dir, &config.id, day)?;
    if opened.torn > 0 {
        journal::record!(journal::Event::CenterJournalTorn, %day, bytes = opened.torn);
    }
    Ok((opened.book, opened.queue))
}

struct Writer {
    config: Arc<CenterConfig>,
    clock: Clock,
    book: Daybook,
    /// Ahead of what is shown by what is not on disk yet.
    queue: Queue,
    shown: Arc<Shown>,
    _hold: Hold,
}

impl Writer {
    fn run(mut self, mut wishes: mpsc::Receiver<Wish>) -> Result<(), CenterError> {
        let mut group = Vec::with_capacity(GROUP);
        while let Some(first) = wishes.blocking_recv() {
            group.push(first);
            while group.len() < GROUP
                && let Ok(more) = wishes.try_recv()
            {
                group.push(more);
            }
            let stop = group.iter().any(|wish| matches!(wish, Wish::Stop));
            self.serve(group.drain(..))?;
            if stop {
                break;
            }
        }
        Ok(())
    }

    /// Decides a group, writes it down with one fsync, shows it, and only then answers.
    fn serve(&mut self, group: impl Iterator<Item = Wish>) -> Result<(), CenterError> {
        let at = (self.clock)();
        self.turn_the_page(at)?;
        let mut changes: Vec<Change> = Vec::new();
        let mut answers = Vec::new();
        for wish in group {
            let Wish::Queue { event, answer } = wish else { continue };
            let told = match self.queue.on(&event, at) {
                Ok(outcome) => {
                    changes.extend(outcome.changes);
                    Ok(outcome.answer)
                }
                Err(broken @ Refusal::Broken(_)) => return Err(CenterError::Queue(broken)),
                Err(refusal) => Err(refusal),
            };
            answers.push((answer, told));
        }
        if !changes.is_empty() {
            if let Err(failure) = self.book.append(&changes) {
                journal::record!(journal::Event::CenterJournalFailed);
                return Err(failure.into());
            }
            self.shown.advance(&changes, &self.config);
        }
        for (answer, told) in answers {
            // Who asked may have gone; what was decided stays.
            let _ = answer.send(told);
        }
        Ok(())
    }

    /// With the day ends everything in it: who was not served draws a new number, and a call
    /// still open at midnight closes with its page.
    fn turn_the_page(&mut self, at: Timestamp) -> Result<(), DaybookError> {
        if local_day(at) != self.queue.day() {
            (self.book, self.queue) = open_day(&self.config, at)?;
            self.shown.turn(self.queue.clone(), &self.config);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::queue::{RequestKey, TicketId};

    use super::*;

    fn issue(wish: u8) -> Event {
        Event::Issue {
            request: RequestKey::parse(&format!("{wish:032x}")).unwrap(),
            id: TicketId::from_random([wish; 10]),
            field: "ho-tich".into(),
            letter: 'A',
            kiosk: "ki-ot-1".into(),
        }
    }

    #[test]
    fn what_cannot_be_written_is_neither_told_nor_shown_and_ends_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let example = include_str!("../../../config/center.example.toml");
        let mut config = CenterConfig::parse(example).unwrap();
        config.data_dir = folder.path().to_owned();
        let hold = Hold::take(folder.path()).unwrap();
        let (mut book, queue) = open_day(&config, Timestamp::UNIX_EPOCH).unwrap();
        book.fail_from_now_on();
        let shown = Arc::new(Shown::new(queue.clone()));
        let writer = Writer {
            config: Arc::new(config),
            clock: Arc::new(|| Timestamp::UNIX_EPOCH),
            book,
            queue,
            shown: Arc::clone(&shown),
            _hold: hold,
        };
        let (line, wishes) = mpsc::channel(LINE);
        let (answer, mut told) = oneshot::channel();
        line.blocking_send(Wish::Queue { event: issue(1), answer }).unwrap();
        let ended = writer.run(wishes);
        assert!(matches!(ended, Err(CenterError::Daybook(DaybookError::Io { .. }))), "{ended:?}");
        assert!(told.try_recv().is_err(), "nobody was told");
        assert_eq!(shown.ask(|queue| queue.tickets().len()), 0, "nothing is shown");
        assert!(line.blocking_send(Wish::Stop).is_err(), "nobody else is served");
    }
}
