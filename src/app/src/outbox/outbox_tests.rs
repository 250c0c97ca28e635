//! A dossier that is given up while it is being kept: it is kept or not, never both, and never
//! twice.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

use domain::{CardFacts, Evidence, Language, PersonalNumber};
use jiff::{Timestamp, civil::date};

use super::*;
use crate::Event;

const VISIT: VisitNo = VisitNo(7);
const SOON: Duration = Duration::from_secs(20);

/// An outbox that stops at one step until it is told to go on.
struct Stage {
    outbox: Outbox,
    events: Receiver<Event>,
    reached: Receiver<()>,
    go_on: Sender<()>,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

fn stopping_at(step: Step) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (inbox, events) = crate::inbox();
    let ((tell, reached), (go_on, gone_on)) = (channel(), channel());
    let gate = std::sync::Mutex::new((tell, gone_on));
    let witness = move |now: Step| {
        if now == step {
            let (tell, gone_on) = &*gate.lock().unwrap();
            tell.send(()).unwrap();
            gone_on.recv_timeout(SOON).unwrap();
        }
    };
    let opening = intake::OpeningKey::generate();
    let parts = OutboxParts {
        folder: folder.path().to_owned(),
        sealing_key: opening.sealing_key(),
        receipt_keys: vec![],
        uploads: "http://127.0.0.1:1/v1/uploads".parse().unwrap(),
        witness: Arc::new(witness),
    };
    let outbox = Outbox::start(
        parts,
        "ki-01".into(),
        PageStore::new(VISIT),
        Arc::new(|| Timestamp::UNIX_EPOCH),
        Arc::new(|bytes| bytes.fill(7)),
        inbox,
        runtime.handle().clone(),
    );
    Stage { outbox: outbox.unwrap(), events, reached, go_on, runtime, folder }
}

impl Stage {
    /// The next answer to the visit, or `None` when none comes for a while.
    fn answer(&self, wait: Duration) -> Option<Answer> {
        let end = std::time::Instant::now() + wait;
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            match self.events.recv_timeout(left) {
                Ok(Event::Answer(VISIT, answer)) => return Some(answer),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    fn files(&self) -> usize {
        let sealed = |entry: &std::fs::DirEntry| {
            let name = entry.file_name();
            Path::new(&name).extension().is_none_or(|end| !end.to_string_lossy().contains("sqlite"))
        };
        std::fs::read_dir(self.folder.path()).unwrap().flatten().filter(sealed).count()
    }
}

fn submission() -> Submission {
    Submission {
        procedure: "1.004873".into(),
        valid_from: date(2026, 1, 1),
        edition: 1,
        applicant: CardFacts {
            personal_number: PersonalNumber::parse("001304000003").unwrap(),
            name: "Lê Bé Na".into(),
            birth_date: Some(date(2004, 2, 10)),
            sex: None,
            residence: None,
            issue_date: None,
        },
        evidence: Evidence::Typed,
        language: Language::Vi,
        answers: BTreeMap::new(),
        papers: vec![],
        signed: false,
    }
}

#[test]
fn what_is_given_up_while_its_file_is_written_leaves_nothing_and_is_answered_once() {
    let mut stage = stopping_at(Step::FileDurable);
    stage.outbox.keep(VISIT, submission());
    stage.reached.recv_timeout(SOON).unwrap();
    assert_eq!(stage.files(), 1, "the sealed file is there");
    stage.outbox.abandon(VISIT);
    assert!(matches!(stage.answer(SOON), Some(Answer::NotKept)));
    stage.go_on.send(()).unwrap();
    assert!(stage.answer(Duration::from_millis(300)).is_none(), "answered twice");
    assert_eq!(stage.files(), 0, "a file without a promise stayed");
    stage.runtime.shutdown_background();
}

#[test]
fn what_is_recorded_can_no_longer_be_given_up() {
    let mut stage = stopping_at(Step::Recorded);
    stage.outbox.keep(VISIT, submission());
    stage.reached.recv_timeout(SOON).unwrap();
    stage.outbox.abandon(VISIT);
    stage.go_on.send(()).unwrap();
    assert!(matches!(stage.answer(SOON), Some(Answer::Kept { .. })));
    assert_eq!(stage.files(), 1);
    stage.runtime.shutdown_background();
}
