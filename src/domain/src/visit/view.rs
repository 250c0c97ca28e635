//! What stands on the screen, derived from the state.

use std::sync::Arc;

use super::{
    IssuedTicket, Visit,
    citizen::{
        ChipStage, IdentifyStage, ReceivedStage, ScanStage, SignStage, Stage, TicketStage,
        TokenFacts,
    },
    draft::Draft,
    effect::LastTry,
};
use crate::{
    catalogue::{Procedure, Signature},
    screen::{
        ChipFault, ChipPage, ChooseField, CodeFault, FindProcedure, FormPage, Identify,
        IdentifyState, Issued, LookUp, LookUpState, Page, PaperRow, PaperView, PinWarning,
        ProcedureInfo, Rate, Received, ScanPage, ScanTrouble, ScannerState, SignPage, SignState,
        Step, Summary, SummarySection, TicketPage, TicketState,
    },
};

impl Visit {
    pub(super) fn page(&self) -> Page {
        match &self.citizen.stage {
            Stage::Welcome if !self.world.in_service() => Page::OutOfService,
            Stage::Welcome => Page::Welcome(self.world.welcome()),
            Stage::ChooseField => Page::ChooseField(ChooseField {
                fields: self.world.fields(),
                paper: self.world.paper(),
            }),
            Stage::Ticket(ticket) => Page::Ticket(ticket_page(ticket)),
            Stage::Find { query, rows } => {
                Page::FindProcedure(FindProcedure { query: query.clone(), rows: Arc::clone(rows) })
            }
            Stage::Info(procedure) => Page::ProcedureInfo(Arc::new(self.info(procedure))),
            Stage::LookUp(page) => Page::LookUp(self.look_up_page(page)),
            Stage::Status(status) => Page::DossierStatus(status.clone()),
            Stage::Submitting(submitting) => Page::Submitting(submitting.at),
            Stage::Received(received) => Page::Received(received_page(received)),
            Stage::Rate(given) => Page::Rate(Rate { given: *given }),
            Stage::Goodbye => Page::Goodbye,
            Stage::Identify(_)
            | Stage::Form { .. }
            | Stage::Scan(_)
            | Stage::Sign(_)
            | Stage::Summary { .. } => self.draft_page().unwrap_or(Page::OutOfService),
        }
    }

    /// Pages that show the draft; none without one, which `apply` rules out.
    fn draft_page(&self) -> Option<Page> {
        let draft = self.citizen.draft.as_ref()?;
        Some(match &self.citizen.stage {
            Stage::Identify(stage) => {
                let chip = self.world.card_reader && draft.may_learn_from_chip();
                Page::Identify(Identify {
                    step: step(draft, 1),
                    chip,
                    state: self.identify_page(stage, draft)?,
                })
            }
            Stage::Form { section, focused } => form_page(draft, *section, *focused)?,
            Stage::Scan(stage) => Page::Scan(scan_page(draft, stage, self.world.scanner)),
            Stage::Sign(stage) => Page::Sign(sign_page(draft, stage)),
            Stage::Summary { failed } => Page::Summary(summary(draft, *failed)?),
            _ => return None,
        })
    }

    /// Readers that leave are said at once, and no more when they are back.
    fn identify_page(&self, stage: &IdentifyStage, draft: &Draft) -> Option<IdentifyState> {
        Some(match stage {
            IdentifyStage::Waiting { .. } if !self.world.code_reader => {
                IdentifyState::Waiting { fault: Some(CodeFault::NoReader) }
            }
            IdentifyStage::Waiting { fault } => IdentifyState::Waiting { fault: *fault },
            IdentifyStage::Typing { focused } => {
                IdentifyState::Typing { questions: draft.identity_views(), focused: *focused }
            }
            IdentifyStage::Known => IdentifyState::Known(draft.person_view()?),
            IdentifyStage::Chip(ChipStage::Key { .. } | ChipStage::Lines { .. })
                if !self.world.card_reader =>
            {
                IdentifyState::Chip(ChipPage::Failed(ChipFault::NoReader))
            }
            IdentifyStage::Chip(stage) => IdentifyState::Chip(chip_page(stage, draft)),
        })
    }

    fn look_up_page(&self, page: &LookUp) -> LookUp {
        let state = match page.state {
            LookUpState::Typing if !self.world.code_reader => LookUpState::NoReader,
            state => state,
        };
        LookUp { state, ..page.clone() }
    }

    fn info(&self, procedure: &Procedure) -> ProcedureInfo {
        ProcedureInfo {
            code: procedure.code.clone(),
            name: procedure.name.clone(),
            field: self.world.field_name(&procedure.field),
            competent: procedure.competent.clone(),
            online: procedure.online,
            papers: procedure
                .papers
                .iter()
                .map(|paper| PaperRow {
                    name: paper.name.clone(),
                    copy: paper.copy,
                    need: paper.need.clone(),
                })
                .collect(),
            fee: procedure.fee.clone(),
            time: procedure.time,
            legal_basis: procedure.legal_basis.clone(),
            signature: procedure.signature,
            can_submit: self.world.can_submit(procedure),
        }
    }
}

fn ticket_page(stage: &TicketStage) -> TicketPage {
    let issued = |ticket: &IssuedTicket| Issued {
        number: ticket.number,
        ahead: ticket.ahead,
        code: ticket.code.clone(),
    };
    let (field, state) = match stage {
        TicketStage::Issuing { name, .. } => (name, TicketState::Issuing),
        TicketStage::NoNumber { name } => (name, TicketState::NoNumber),
        TicketStage::Printing(t) => (&t.field, TicketState::Printing(issued(t))),
        TicketStage::Printed(t) => (&t.field, TicketState::Printed(issued(t))),
        TicketStage::NotPrinted(t, why) => (&t.field, TicketState::NotPrinted(issued(t), *why)),
    };
    TicketPage { field: field.clone(), state }
}

fn received_page(stage: &ReceivedStage) -> Received {
    Received {
        place: stage.place.clone(),
        code: stage.code.clone(),
        slip: stage.slip,
        procedure: stage.procedure.clone(),
    }
}

/// Steps: identify, form, papers, signature, summary; those a procedure lacks are not counted.
fn step(draft: &Draft, stage: usize) -> Step {
    let has = [
        true,
        draft.sections() > 0,
        !draft.papers.is_empty(),
        draft.procedure.signature != Signature::None && !draft.papers.is_empty(),
        true,
    ];
    let count = |n: usize| has.iter().take(n).filter(|there| **there).count();
    Step { at: count(stage), of: count(has.len()) }
}

fn chip_page(stage: &ChipStage, draft: &Draft) -> ChipPage {
    match stage {
        ChipStage::Key { key, fault } => {
            ChipPage::Key { digits: key.digits().len(), fault: *fault }
        }
        ChipStage::Lines { focused, refused } => ChipPage::Lines {
            questions: draft.line_views(*refused),
            focused: *focused,
            refused: *refused,
        },
        ChipStage::Lay { removed, .. } => ChipPage::Lay { removed: *removed },
        ChipStage::Reading { percent, .. } => ChipPage::Reading { percent: *percent },
        ChipStage::Failed { fault, .. } => ChipPage::Failed(*fault),
    }
}

fn form_page(draft: &Draft, at: usize, focused: usize) -> Option<Page> {
    let section = draft.section(at)?;
    Some(Page::Form(FormPage {
        step: step(draft, 2),
        title: section.title.clone(),
        section: Step { at: at + 1, of: draft.sections() },
        questions: draft.views(section),
        focused,
    }))
}

fn scan_page(draft: &Draft, stage: &ScanStage, is_there: bool) -> ScanPage {
    let papers = draft.procedure.papers.iter().zip(&draft.papers);
    ScanPage {
        step: step(draft, 3),
        papers: papers
            .map(|(paper, collected)| PaperView {
                name: paper.name.clone(),
                need: paper.need.clone(),
                hint: paper.hint.clone(),
                pages: collected.pages.iter().map(|(_, page)| page.clone()).collect(),
                skipped: collected.skipped,
            })
            .collect(),
        focused: stage.focused,
        scanner: match stage.scanner {
            // One that leaves is said at once, and no more when it is back.
            ScannerState::Idle if !is_there => ScannerState::Trouble(ScanTrouble::NoScanner),
            state => state,
        },
        missing: stage.missing,
    }
}

fn sign_page(draft: &Draft, stage: &SignStage) -> SignPage {
    let state = match stage {
        SignStage::Waiting => SignState::InsertToken,
        SignStage::Left => SignState::TokenLeft,
        SignStage::Pin { token, pin, warning, last_try } => {
            pin_state(token, pin.len(), *warning, *last_try)
        }
        SignStage::Signing(_) => SignState::Signing,
        SignStage::Signed => {
            SignState::Signed { holder: draft.signed_by.clone().unwrap_or_default() }
        }
    };
    let optional = draft.procedure.signature != Signature::Required;
    SignPage { step: step(draft, 4), optional, state }
}

fn pin_state(
    token: &TokenFacts,
    digits: usize,
    warning: Option<PinWarning>,
    last_try: LastTry,
) -> SignState {
    let Some(certificate) = token.certificate().cloned() else { return SignState::InsertToken };
    if !certificate.standing.may_sign() {
        return SignState::Unusable(certificate);
    }
    if warning == Some(PinWarning::FinalTry) && last_try == LastTry::Refuse {
        return SignState::ConfirmLastTry(certificate);
    }
    let usable = token.certificates.iter().filter(|it| it.standing.may_sign()).count();
    let choice = Step { at: token.chosen + 1, of: usable };
    SignState::EnterPin { certificate, choice, digits, warning }
}

fn summary(draft: &Draft, failed: bool) -> Option<Summary> {
    let sections = draft.procedure.form.sections.iter().map(|section| SummarySection {
        title: section.title.clone(),
        answers: section
            .questions
            .iter()
            .map(|question| (question.label.clone(), draft.spoken_answer(question)))
            .filter(|(_, answer)| !answer.vi.is_empty())
            .collect(),
    });
    let papers = draft.procedure.papers.iter().zip(&draft.papers);
    Some(Summary {
        step: step(draft, 5),
        procedure: draft.procedure.name.clone(),
        person: draft.person_view()?,
        sections: sections.collect(),
        papers: papers
            .filter(|(_, collected)| !collected.pages.is_empty())
            .map(|(paper, collected)| (paper.name.clone(), collected.pages.len()))
            .collect(),
        signed_by: draft.signed_by.clone(),
        fee: draft.procedure.fee.clone(),
        failed,
    })
}
