//! Handing in: submit, kept here, received there, the slip.

use std::time::Duration;

use super::{
    Answer, Effect, PrintOutcome, SlipPaper, Visit,
    citizen::{ReceivedStage, Stage, SubmittingStage},
};
use crate::{
    SubmissionId,
    ids::DossierCode,
    screen::{DossierPlace, Shortcoming, SlipState, Submitting},
    text::Concealed,
};

impl Visit {
    pub(super) fn submit(&mut self) -> Vec<Effect> {
        let (Stage::Summary { .. }, Some(draft)) = (&self.citizen.stage, &self.citizen.draft)
        else {
            return vec![];
        };
        let Some(submission) = draft.submission(self.citizen.language) else { return vec![] };
        let procedure = draft.procedure.name.clone();
        self.go(Stage::Submitting(SubmittingStage {
            at: Submitting::Sealing,
            abandoned: false,
            procedure,
            spoken: String::new(),
            code: Concealed::default(),
        }));
        vec![Effect::Keep(Box::new(submission))]
    }

    /// Sealed and on the disk: from here on nothing personal is needed in memory.
    pub(super) fn kept(
        &mut self,
        submission: SubmissionId,
        spoken: String,
        code: Concealed,
    ) -> Vec<Effect> {
        // A disk that hung past every deadline may still have written: the promise holds.
        let procedure = match (&self.citizen.stage, &self.citizen.draft) {
            (Stage::Submitting(submitting), _) => submitting.procedure.clone(),
            (Stage::Summary { failed: true }, Some(draft)) => draft.procedure.name.clone(),
            _ => return vec![],
        };
        self.citizen.stage = Stage::Submitting(SubmittingStage {
            at: Submitting::Sending,
            abandoned: false,
            procedure,
            spoken,
            code,
        });
        self.citizen.submitted = Some(submission);
        self.waiting_since = self.now;
        let effects = self.forget_pages();
        if !self.world.province_answers() {
            return effects.into_iter().chain(self.received(None)).collect();
        }
        effects
    }

    pub(super) fn not_kept(&mut self) -> Vec<Effect> {
        if let Stage::Submitting(SubmittingStage { at: Submitting::Sealing, .. }) =
            &self.citizen.stage
        {
            self.go(Stage::Summary { failed: true });
        }
        vec![]
    }

    pub(super) fn delivered(&mut self, dossier: DossierCode) -> Vec<Effect> {
        match &mut self.citizen.stage {
            Stage::Submitting(SubmittingStage { at: Submitting::Sending, .. }) => {
                self.received(Some(dossier))
            }
            Stage::Received(received) => {
                received.place = DossierPlace::Province(dossier);
                vec![]
            }
            _ => vec![],
        }
    }

    fn received(&mut self, dossier: Option<DossierCode>) -> Vec<Effect> {
        let Stage::Submitting(stage) = &self.citizen.stage else { return vec![] };
        let place = match dossier {
            Some(code) => DossierPlace::Province(code),
            None => DossierPlace::Kiosk(stage.spoken.clone()),
        };
        let (procedure, spoken, code) =
            (stage.procedure.clone(), stage.spoken.clone(), stage.code.clone());
        self.go(Stage::Received(ReceivedStage {
            place,
            procedure,
            spoken,
            code,
            slip: SlipState::Printing,
        }));
        self.print_slip()
    }

    fn print_slip(&mut self) -> Vec<Effect> {
        let impression = self.next_impression();
        let Stage::Received(received) = &self.citizen.stage else { return vec![] };
        let dossier = match &received.place {
            DossierPlace::Province(code) => Some(code.to_string()),
            DossierPlace::Kiosk(_) => None,
        };
        vec![Effect::PrintSlip(SlipPaper {
            center: self.world.center_name(),
            procedure: received.procedure.clone(),
            dossier,
            spoken: received.spoken.clone(),
            code: received.code.clone(),
            language: self.citizen.language,
            impression,
        })]
    }

    pub(super) fn print_slip_again(&mut self) -> Vec<Effect> {
        let Stage::Received(received) = &mut self.citizen.stage else { return vec![] };
        if received.slip == SlipState::Printing {
            return vec![];
        }
        received.slip = SlipState::Printing;
        self.waiting_since = self.now;
        self.print_slip()
    }

    pub(super) fn submit_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        match &mut self.citizen.stage {
            Stage::Submitting(stage) if stage.at == Submitting::Sealing => {
                if waited < self.timing.sealing {
                    return None;
                }
                if std::mem::replace(&mut stage.abandoned, true) {
                    // Not even an answer to that: the disk hangs.
                    return Some(self.not_kept());
                }
                self.waiting_since = self.now;
                Some(vec![Effect::AbandonKeeping])
            }
            Stage::Submitting(_) => (waited >= self.timing.sending).then(|| self.received(None)),
            Stage::Received(received) if received.slip == SlipState::Printing => {
                let late = PrintOutcome::Failed(Shortcoming::NoPrinter);
                (waited >= self.timing.printing).then(|| self.answer(Answer::Paper(late)))
            }
            _ => None,
        }
    }
}
