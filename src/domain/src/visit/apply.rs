//! Handing in: finding a procedure, identifying, the form, the summary, what comes after.

use std::{sync::Arc, time::Duration};

use super::{
    Effect, PresentedCode, PrintOutcome, Purpose, SlipPaper, Visit,
    citizen::{IdentifyStage, ReceivedStage, Stage, SubmittingStage},
    draft::Draft,
};
use crate::{
    Evidence, ProcedureCode, SubmissionId,
    ids::DossierCode,
    screen::{
        Availability, CodeFault, DossierPlace, Picture, ProcedureRow, Shortcoming, SlipState,
        Submitting,
    },
    touch::Touch,
};

impl Visit {
    pub(super) fn touch_apply(&mut self, touch: Touch) -> Vec<Effect> {
        match touch {
            Touch::Search(query) => {
                if matches!(self.citizen.stage, Stage::Find { .. }) {
                    self.find(query);
                }
                vec![]
            }
            Touch::Procedure(code) => self.choose_procedure(&code),
            Touch::Apply => self.apply(),
            Touch::TypeInstead => self.type_instead(),
            Touch::CodeInstead => self.code_instead(),
            Touch::Answer { question, text } => self.answer_question(&question, text),
            Touch::FocusQuestion(at) => self.focus_question(at),
            Touch::Back => self.back(),
            Touch::Next => self.next(),
            Touch::Submit => self.submit(),
            Touch::PrintAgain => self.print_slip_again(),
            _ => vec![],
        }
    }

    pub(super) fn find(&mut self, query: String) {
        let catalogue = &self.world.catalogue;
        let rows: Arc<[ProcedureRow]> = self
            .world
            .index
            .find(&query)
            .into_iter()
            .filter_map(|at| catalogue.procedures.get(at))
            .map(|procedure| ProcedureRow {
                code: procedure.code.clone(),
                name: procedure.name.clone(),
                field: self.world.field_name(&procedure.field),
                fee: procedure.fee.clone(),
            })
            .collect();
        self.go(Stage::Find { query, rows });
    }

    fn choose_procedure(&mut self, code: &ProcedureCode) -> Vec<Effect> {
        if let (Stage::Find { .. }, Some(procedure)) =
            (&self.citizen.stage, self.world.catalogue.procedure(code, self.world.today))
        {
            let procedure = Arc::new(procedure.clone());
            self.go(Stage::Info(procedure));
        }
        vec![]
    }

    fn apply(&mut self) -> Vec<Effect> {
        let Stage::Info(procedure) = &self.citizen.stage else { return vec![] };
        if matches!(self.world.can_submit(procedure), Availability::Down(_)) {
            return vec![];
        }
        let procedure = Arc::clone(procedure);
        let kept = self.citizen.draft.as_ref().is_some_and(|draft| draft.procedure == procedure);
        let mut effects = vec![];
        if !kept {
            effects.extend(self.forget_pages());
            self.citizen.draft = Some(Draft::new(procedure, self.world.edition));
        }
        effects.extend(self.identify());
        effects
    }

    /// Pages of a draft that is given up are forgotten outside too.
    fn forget_pages(&mut self) -> Vec<Effect> {
        let draft = self.citizen.draft.take();
        let pages = draft.into_iter().flat_map(|draft| draft.papers).flat_map(|paper| paper.pages);
        pages.map(|(id, _)| Effect::ForgetPage(id)).collect()
    }

    fn identify(&mut self) -> Vec<Effect> {
        let known = self.citizen.draft.as_ref().is_some_and(|draft| draft.person.is_some());
        if known {
            self.go(Stage::Identify(IdentifyStage::Known));
            return vec![];
        }
        let fault = (!self.world.code_reader).then_some(CodeFault::NoReader);
        self.go(Stage::Identify(IdentifyStage::Waiting { fault, preview: None }));
        vec![Effect::WatchCodes(Purpose::Identify)]
    }

    fn type_instead(&mut self) -> Vec<Effect> {
        if !matches!(self.citizen.stage, Stage::Identify(IdentifyStage::Waiting { .. })) {
            return vec![];
        }
        self.go(Stage::Identify(IdentifyStage::Typing { focused: 0 }));
        vec![Effect::StopCodes]
    }

    fn code_instead(&mut self) -> Vec<Effect> {
        if !matches!(self.citizen.stage, Stage::Identify(_)) {
            return vec![];
        }
        if let Some(draft) = &mut self.citizen.draft {
            draft.person = None;
        }
        self.identify()
    }

    pub(super) fn preview_came(&mut self, picture: Picture) -> Vec<Effect> {
        if let Stage::Identify(IdentifyStage::Waiting { preview, .. }) = &mut self.citizen.stage {
            *preview = Some(picture);
        }
        vec![]
    }

    /// A code was held to the reader: for identifying here, for looking up elsewhere.
    pub(super) fn code_came(&mut self, code: PresentedCode) -> Vec<Effect> {
        let Stage::Identify(IdentifyStage::Waiting { fault, .. }) = &mut self.citizen.stage else {
            return self.code_for_look_up(code);
        };
        // Holding a card is as much a sign of life as touching the glass.
        self.last_touch = self.now;
        *fault = Some(match code {
            PresentedCode::IdCard(facts) => {
                if let Some(draft) = &mut self.citizen.draft {
                    draft.identify(facts, Evidence::Code);
                }
                self.go(Stage::Identify(IdentifyStage::Known));
                return vec![Effect::StopCodes];
            }
            PresentedCode::GarbledIdCard => CodeFault::Garbled,
            PresentedCode::Payment => CodeFault::Payment,
            PresentedCode::HealthCard => CodeFault::HealthCard,
            PresentedCode::Slip { .. } | PresentedCode::Dossier(_) | PresentedCode::Ticket => {
                CodeFault::Ours
            }
            PresentedCode::Unknown => CodeFault::Unknown,
        });
        vec![]
    }

    fn answer_question(&mut self, question: &str, text: String) -> Vec<Effect> {
        let here = self.questions_here().iter().any(|id| id == question);
        if let (true, Some(draft)) = (here, &mut self.citizen.draft) {
            draft.answer(question, text);
        }
        vec![]
    }

    /// Names of the questions on this page.
    fn questions_here(&self) -> Vec<String> {
        let Some(draft) = &self.citizen.draft else { return vec![] };
        let views = match &self.citizen.stage {
            Stage::Identify(IdentifyStage::Typing { .. }) => draft.identity_views(),
            Stage::Form { section, .. } => {
                draft.section(*section).map(|section| draft.views(section)).unwrap_or_default()
            }
            _ => return vec![],
        };
        views.into_iter().map(|view| view.id).collect()
    }

    fn focus_question(&mut self, at: usize) -> Vec<Effect> {
        let questions = self.questions_here().len();
        if let Stage::Form { focused, .. } | Stage::Identify(IdentifyStage::Typing { focused }) =
            &mut self.citizen.stage
            && at < questions
        {
            *focused = at;
        }
        vec![]
    }

    fn back(&mut self) -> Vec<Effect> {
        match &self.citizen.stage {
            Stage::Find { .. } => {
                self.go(Stage::Welcome);
                self.forget_pages()
            }
            Stage::Info(_) => {
                self.find(String::new());
                vec![]
            }
            Stage::Identify(IdentifyStage::Typing { .. }) => self.identify(),
            Stage::Identify(_) => {
                self.back_to_info();
                vec![Effect::StopCodes]
            }
            Stage::Form { section: 0, .. } => self.identify(),
            Stage::Form { section, .. } => {
                let section = section - 1;
                self.go(Stage::Form { section, focused: 0 });
                vec![]
            }
            Stage::Summary { .. } => self.before_summary(),
            _ => vec![],
        }
    }

    fn back_to_info(&mut self) {
        if let Some(draft) = &self.citizen.draft {
            let procedure = Arc::clone(&draft.procedure);
            self.go(Stage::Info(procedure));
        }
    }

    fn next(&mut self) -> Vec<Effect> {
        let today = self.world.today;
        match &self.citizen.stage {
            Stage::Info(_) => self.apply(),
            Stage::Identify(IdentifyStage::Known) => self.form(0),
            Stage::Identify(IdentifyStage::Typing { .. }) => {
                let wrong = self.citizen.draft.as_mut().and_then(|d| d.check_typed_person(today));
                self.go(Stage::Identify(match wrong {
                    Some(focused) => IdentifyStage::Typing { focused },
                    None => IdentifyStage::Known,
                }));
                vec![]
            }
            Stage::Form { section, .. } => {
                let section = *section;
                let wrong =
                    self.citizen.draft.as_mut().and_then(|d| d.check_section(section, today));
                match wrong {
                    Some(focused) => {
                        self.go(Stage::Form { section, focused });
                        vec![]
                    }
                    None => self.form(section + 1),
                }
            }
            Stage::Received(received) if received.slip != SlipState::Printing => {
                self.go(Stage::Rate(None));
                vec![]
            }
            _ => vec![],
        }
    }

    /// Shows a section of the form, or what comes after the last.
    pub(super) fn form(&mut self, section: usize) -> Vec<Effect> {
        let sections = self.citizen.draft.as_ref().map_or(0, Draft::sections);
        if section < sections {
            self.go(Stage::Form { section, focused: 0 });
            vec![]
        } else {
            self.scan_or_later()
        }
    }

    fn submit(&mut self) -> Vec<Effect> {
        let (Stage::Summary { .. }, Some(draft)) = (&self.citizen.stage, &self.citizen.draft)
        else {
            return vec![];
        };
        let Some(submission) = draft.submission(self.citizen.language) else { return vec![] };
        let procedure = draft.procedure.name.clone();
        self.go(Stage::Submitting(SubmittingStage {
            at: Submitting::Sealing,
            procedure,
            spoken: String::new(),
            code: String::new(),
        }));
        vec![Effect::Keep(Box::new(submission))]
    }

    /// Sealed and on the disk: from here on nothing personal is needed in memory.
    pub(super) fn kept(
        &mut self,
        submission: SubmissionId,
        spoken: String,
        code: String,
    ) -> Vec<Effect> {
        let Stage::Submitting(submitting) = &mut self.citizen.stage else { return vec![] };
        *submitting = SubmittingStage {
            at: Submitting::Sending,
            procedure: submitting.procedure.clone(),
            spoken,
            code,
        };
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

    fn print_slip(&self) -> Vec<Effect> {
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
        })]
    }

    fn print_slip_again(&mut self) -> Vec<Effect> {
        let Stage::Received(received) = &mut self.citizen.stage else { return vec![] };
        if received.slip == SlipState::Printing {
            return vec![];
        }
        received.slip = SlipState::Printing;
        self.waiting_since = self.now;
        self.print_slip()
    }

    pub(super) fn submit_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        match &self.citizen.stage {
            Stage::Submitting(stage) if stage.at == Submitting::Sealing => {
                (waited >= self.timing.sealing).then(|| self.not_kept())
            }
            Stage::Submitting(_) => (waited >= self.timing.sending).then(|| self.received(None)),
            Stage::Received(received) if received.slip == SlipState::Printing => {
                let late = PrintOutcome::Failed(Shortcoming::NoPrinter);
                (waited >= self.timing.printing).then(|| self.answer(super::Answer::Paper(late)))
            }
            _ => None,
        }
    }
}
