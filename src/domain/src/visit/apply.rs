//! Towards a dossier: finding a procedure, identifying, the form.

use std::sync::Arc;

use super::{
    Effect, PresentedCode, Visit,
    citizen::{ChipStage, IdentifyStage, Stage},
    draft::Draft,
};
use crate::{
    CardFacts, Evidence, FurtherFacts, ProcedureCode,
    screen::{Availability, CodeFault, ProcedureRow, SlipState},
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
            Touch::ChipInstead => self.chip_instead(),
            Touch::PinDigit(_) | Touch::PinErase => self.type_key(&touch),
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
    pub(super) fn forget_pages(&mut self) -> Vec<Effect> {
        let draft = self.citizen.draft.take();
        let pages = draft.into_iter().flat_map(|draft| draft.papers).flat_map(|paper| paper.pages);
        pages.map(|(id, _)| Effect::ForgetPage(id)).collect()
    }

    pub(super) fn identify(&mut self) -> Vec<Effect> {
        let known = self.citizen.draft.as_ref().is_some_and(|draft| draft.person.is_some());
        if known {
            self.go(Stage::Identify(IdentifyStage::Known));
            return vec![];
        }
        self.go(Stage::Identify(IdentifyStage::Waiting { fault: None }));
        vec![Effect::WatchCodes]
    }

    fn type_instead(&mut self) -> Vec<Effect> {
        let effects = match self.citizen.stage {
            Stage::Identify(IdentifyStage::Waiting { .. }) => vec![Effect::StopCodes],
            Stage::Identify(IdentifyStage::Chip(_)) => vec![Effect::StopCodes, Effect::StopChip],
            _ => return vec![],
        };
        self.go(Stage::Identify(IdentifyStage::Typing { focused: 0 }));
        effects
    }

    fn code_instead(&mut self) -> Vec<Effect> {
        let mut effects = match &self.citizen.stage {
            Stage::Identify(IdentifyStage::Chip(_)) => vec![Effect::StopChip],
            Stage::Identify(_) => vec![],
            _ => return vec![],
        };
        if let Some(draft) = &mut self.citizen.draft {
            draft.person = None;
        }
        effects.extend(self.identify());
        effects
    }

    /// A code was held to the reader: for identifying here, for looking up elsewhere.
    pub(super) fn code_came(&mut self, code: PresentedCode) -> Vec<Effect> {
        if matches!(self.citizen.stage, Stage::Identify(IdentifyStage::Chip(_))) {
            return self.code_for_chip(code);
        }
        let Stage::Identify(IdentifyStage::Waiting { fault }) = &mut self.citizen.stage else {
            return self.code_for_look_up(code);
        };
        // Holding a card is as much a sign of life as touching the glass.
        self.last_touch = self.now;
        match facts_in(code) {
            Ok(facts) => {
                if let Some(draft) = &mut self.citizen.draft {
                    draft.identify(facts, &FurtherFacts::default(), Evidence::Code);
                }
                self.go(Stage::Identify(IdentifyStage::Known));
                vec![Effect::StopCodes]
            }
            Err(other) => {
                *fault = Some(other);
                vec![]
            }
        }
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
            Stage::Identify(IdentifyStage::Chip(ChipStage::Lines { refused, .. })) => {
                draft.line_views(*refused)
            }
            Stage::Form { section, .. } => {
                draft.section(*section).map(|section| draft.views(section)).unwrap_or_default()
            }
            _ => return vec![],
        };
        views.into_iter().map(|view| view.id).collect()
    }

    fn focus_question(&mut self, at: usize) -> Vec<Effect> {
        let questions = self.questions_here().len();
        if let Stage::Form { focused, .. }
        | Stage::Identify(
            IdentifyStage::Typing { focused }
            | IdentifyStage::Chip(ChipStage::Lines { focused, .. }),
        ) = &mut self.citizen.stage
            && at < questions
        {
            *focused = at;
        }
        vec![]
    }

    fn back(&mut self) -> Vec<Effect> {
        match &self.citizen.stage {
            Stage::Find { .. } => self.leave(),
            Stage::Info(_) => {
                self.find(String::new());
                vec![]
            }
            Stage::Identify(IdentifyStage::Typing { .. }) => self.identify(),
            Stage::Identify(IdentifyStage::Chip(_)) => self.leave_chip(),
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
            Stage::Identify(IdentifyStage::Chip(_)) => self.chip_next(),
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
}

/// The holder of an ID card whose code was shown, or what came instead.
pub(super) fn facts_in(code: PresentedCode) -> Result<CardFacts, CodeFault> {
    Err(match code {
        PresentedCode::IdCard(facts) => return Ok(facts),
        PresentedCode::GarbledIdCard => CodeFault::Garbled,
        PresentedCode::Payment => CodeFault::Payment,
        PresentedCode::HealthCard => CodeFault::HealthCard,
        PresentedCode::AppToken => CodeFault::AppToken,
        PresentedCode::Slip { .. } | PresentedCode::Dossier(_) | PresentedCode::Ticket => {
            CodeFault::Ours
        }
        PresentedCode::OtherCard => CodeFault::OtherCard,
        PresentedCode::ChipCard => CodeFault::ChipCard,
        PresentedCode::UnreadableCard => CodeFault::UnreadableCard,
        PresentedCode::RemovedCard => CodeFault::RemovedCard,
        PresentedCode::Unknown => CodeFault::Unknown,
    })
}
