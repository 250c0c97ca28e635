//! Keeping: from what the citizen confirmed to a sealed, durable, recorded package.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender},
    time::Duration,
};

use documents::trust::Revocation;
use domain::{
    KioskId, SubmissionId,
    visit::{Answer, Submission, VisitNo, WorldNews},
};
use identity::SlipCode;
use intake::{
    Answer as FormAnswer, Applicant, Document, DocumentEntry, Manifest, ProcedureVersion,
    digest::sha256_hex,
};
use jiff::Timestamp;
use journal::Event as Log;
use wire::province::DocumentDigest;

use super::{Attempt, OutboxError, OutboxParts, Step, Store, Waiting};
use crate::{
    Clock, Random,
    event::Inbox,
    pages::{Bound, PageStore},
    random_hex,
};

pub(super) struct Keeper {
    pub(super) parts: OutboxParts,
    pub(super) kiosk: KioskId,
    pub(super) store: Store,
    pub(super) pages: PageStore,
    pub(super) clock: Clock,
    pub(super) random: Random,
    /// Wakes the carrier.
    pub(super) bell: SyncSender<()>,
}

/// How often a disk that failed is tried again.
const PROBE: Duration = Duration::from_secs(20);

/// A dossier to be kept.
pub(super) type Job = (VisitNo, Submission, Attempt);

impl Keeper {
    /// Keeps until nobody asks any more. Whether the disk takes anything is told when it
    /// changes, so that the next citizen is not let fill a form in vain.
    pub(super) fn work(mut self, jobs: &Receiver<Job>, inbox: &Inbox) {
        let mut writes = true;
        inbox.world(WorldNews::Outbox(writes));
        loop {
            let before = writes;
            match jobs.recv_timeout(PROBE) {
                Ok((_, _, attempt)) if attempt.is_given_up() => {}
                Ok((visit, submission, attempt)) => {
                    let answer = match self.keep(visit, &submission, &attempt) {
                        Ok(answer) => {
                            writes = true;
                            answer
                        }
                        Err(error) => {
                            writes &= !error.is_of_the_disk();
                            journal::record!(Log::OutboxFailed, %error);
                            // A visit that gave up has its answer, and may be at the next try.
                            (!attempt.is_given_up()).then_some(Answer::NotKept)
                        }
                    };
                    if let Some(answer) = answer {
                        inbox.answer(visit, answer);
                    }
                }
                Err(RecvTimeoutError::Timeout) if !writes => writes = self.store.probe().is_ok(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if before != writes {
                inbox.world(WorldNews::Outbox(writes));
            }
        }
    }

    /// `None` when the attempt was given up meanwhile: nothing of it is left.
    fn keep(
        &mut self,
        visit: VisitNo,
        submission: &Submission,
        attempt: &Attempt,
    ) -> Result<Option<Answer>, OutboxError> {
        let now = (self.clock)();
        let id = SubmissionId(random_hex::<16>(&self.random));
        let slip = SlipCode { submission: id.clone(), secret: random_hex::<8>(&self.random) };
        let bound = if submission.signed {
            self.signed(visit, submission)?
        } else {
            self.pages.bind(&submission.papers, now)?
        };
        let (entries, documents): (Vec<_>, Vec<_>) = bound.into_iter().map(document).unzip();
        let digests = entries
            .iter()
            .map(|entry| DocumentDigest { name: entry.name.clone(), sha256: entry.sha256.clone() })
            .collect();
        let manifest = self.manifest(submission, &slip, now, entries);
        let sealed = self.store.write_file(
            &id,
            |file| {
                let out = io::BufWriter::new(file);
                intake::seal(&manifest, &documents, &self.parts.sealing_key, out)
                    .map_err(OutboxError::from)
            },
            || (self.parts.witness)(Step::Sealed),
        )?;
        (self.parts.witness)(Step::FileDurable);
        if !attempt.begin_recording() {
            self.store.delete_file(&id)?;
            return Ok(None);
        }
        let waiting = Waiting { submission: id.clone(), sealed, documents: digests, upload: None };
        self.store.record(&waiting, &now.to_string())?;
        (self.parts.witness)(Step::Recorded);
        journal::record!(Log::DossierKept, submission = id.as_str());
        // A bell that is already ringing is heard anyway.
        let _ringing = self.bell.try_send(());
        self.pages.forget_signed(visit);
        let spoken = spoken(&id);
        Ok(Some(Answer::Kept { spoken, code: slip.code().into(), submission: id }))
    }

    /// The documents the citizen signed: all of them, or the citizen must sign again.
    fn signed(&self, visit: VisitNo, submission: &Submission) -> Result<Vec<Bound>, OutboxError> {
        let signed = self.pages.signed(visit);
        let papers = submission.papers.iter().map(|paper| &paper.id);
        if signed.iter().map(|bound| &bound.paper).eq(papers) {
            Ok(signed)
        } else {
            Err(OutboxError::NotSigned)
        }
    }

    fn manifest(
        &self,
        submission: &Submission,
        slip: &SlipCode,
        now: Timestamp,
        documents: Vec<DocumentEntry>,
    ) -> Manifest {
        let facts = &submission.applicant;
        Manifest {
            format: Manifest::FORMAT,
            submission: slip.submission.clone(),
            kiosk: self.kiosk.clone(),
            submitted_at: now,
            procedure: ProcedureVersion {
                code: submission.procedure.clone(),
                valid_from: submission.valid_from,
                edition: submission.edition,
            },
            applicant: Applicant {
                personal_number: facts.personal_number.clone(),
                name: facts.name.clone(),
                birth_date: facts.birth_date,
                sex: facts.sex,
                residence: facts.residence.clone(),
                issue_date: facts.issue_date,
                evidence: submission.evidence,
            },
            language: submission.language,
            answers: submission
                .answers
                .iter()
                .map(|(question, value)| FormAnswer {
                    question: question.clone(),
                    value: value.clone(),
                })
                .collect(),
            documents,
            slip_secret_sha256: sha256_hex(slip.secret.as_bytes()),
        }
    }
}

fn document(bound: Bound) -> (DocumentEntry, Document) {
    let name = format!("{}.pdf", bound.paper);
    let entry = DocumentEntry::describe(&name, &bound.paper, bound.pages, &bound.pdf);
    let entry = match bound.revocation {
        Some(Revocation::NotRevoked) => entry.signed(intake::Revocation::NotRevoked),
        Some(Revocation::Unknown) => entry.signed(intake::Revocation::Unknown),
        None => entry,
    };
    (entry, Document { name, bytes: bound.pdf })
}

/// The head of a submission's name as a person reads it out, `1A2B-3C4D`.
fn spoken(id: &SubmissionId) -> String {
    let head: Vec<char> = id.as_str().to_uppercase().chars().take(8).collect();
    head.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}
