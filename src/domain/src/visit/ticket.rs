//! Taking a number: welcome, choice of field, paper.

use std::time::Duration;

use super::{
    Answer, Effect, Impression, IssuedTicket, PrintOutcome, TicketPaper, Visit,
    citizen::{Stage, TicketStage},
};
use crate::{
    FieldCode,
    screen::{Availability, LookUp, LookUpField, LookUpState, Shortcoming, SlipState},
    touch::Touch,
};

/// How often a paper is sent to the printer unasked: once, and once more when the printer works
/// again. One that tears each paper is not to go on for ever.
const UNASKED_PRINTS: u8 = 2;

impl Visit {
    pub(super) fn touch_welcome(&mut self, touch: &Touch) -> Vec<Effect> {
        let welcome = self.world.welcome();
        let up = |service: Availability| !matches!(service, Availability::Down(_));
        match touch {
            Touch::TakeTicket if up(welcome.tickets) => {
                self.go(Stage::ChooseField);
                vec![]
            }
            // Reading about procedures needs nothing but the catalogue.
            Touch::FindProcedure if !self.world.catalogue.procedures.is_empty() => {
                self.find(String::new());
                vec![]
            }
            Touch::LookUpDossier if up(welcome.look_up) => {
                self.go(Stage::LookUp(LookUp {
                    code: String::new(),
                    factor: String::new(),
                    focused: LookUpField::Code,
                    state: LookUpState::Typing,
                }));
                vec![Effect::WatchCodes]
            }
            _ => vec![],
        }
    }

    pub(super) fn touch_ticket(&mut self, touch: &Touch) -> Vec<Effect> {
        match (&self.citizen.stage, touch) {
            (Stage::ChooseField, Touch::Field(code)) => self.ask_for_number(code),
            (Stage::ChooseField, Touch::Back) => self.leave(),
            (Stage::Ticket(TicketStage::NoNumber { .. }), Touch::Back | Touch::Next) => {
                self.go(Stage::ChooseField);
                vec![]
            }
            (Stage::Ticket(TicketStage::NotPrinted(ticket, _)), Touch::PrintAgain) => {
                let ticket = ticket.clone();
                self.print_ticket(ticket)
            }
            (
                Stage::Ticket(TicketStage::Printed(_) | TicketStage::NotPrinted(..)),
                Touch::Next | Touch::Back,
            ) => self.wipe(Stage::Goodbye),
            _ => vec![],
        }
    }

    fn ask_for_number(&mut self, code: &FieldCode) -> Vec<Effect> {
        let Some(tile) = self.world.fields().into_iter().find(|tile| tile.code == *code) else {
            return vec![];
        };
        self.go(Stage::Ticket(TicketStage::Issuing { name: tile.name.clone() }));
        vec![Effect::IssueTicket { field: tile.code, name: tile.name }]
    }

    fn print_ticket(&mut self, ticket: IssuedTicket) -> Vec<Effect> {
        let impression = self.next_impression();
        let paper = TicketPaper {
            ticket: ticket.clone(),
            center: self.world.center_name(),
            language: self.citizen.language,
            impression,
        };
        self.go(Stage::Ticket(TicketStage::Printing(ticket)));
        vec![Effect::PrintTicket(paper)]
    }

    /// The paper that did not come, now that the printer works again.
    pub(super) fn print_after_all(&mut self) -> Vec<Effect> {
        if self.citizen.prints >= UNASKED_PRINTS {
            return vec![];
        }
        if let Stage::Ticket(TicketStage::NotPrinted(ticket, _)) = &self.citizen.stage {
            let ticket = ticket.clone();
            return self.print_ticket(ticket);
        }
        if let Stage::Received(received) = &self.citizen.stage
            && matches!(received.slip, SlipState::NotPrinted(_))
        {
            return self.print_slip_again();
        }
        vec![]
    }

    /// Counts a print; whether it is the first.
    pub(super) fn next_impression(&mut self) -> Impression {
        let first = self.citizen.prints == 0;
        self.citizen.prints = self.citizen.prints.saturating_add(1);
        if first { Impression::First } else { Impression::Again }
    }

    pub(super) fn ticket_deadline(&mut self, waited: Duration) -> Option<Vec<Effect>> {
        let Stage::Ticket(ticket) = &self.citizen.stage else { return None };
        match ticket {
            TicketStage::Issuing { .. } if waited >= self.timing.issuing => {
                Some(self.answer(Answer::NotIssued))
            }
            TicketStage::Printing(_) if waited >= self.timing.printing => {
                let outcome = PrintOutcome::Failed(Shortcoming::NoPrinter);
                Some(self.answer(Answer::Paper(outcome)))
            }
            TicketStage::Printed(_)
                if self.now.since(self.last_touch.max(self.waiting_since))
                    >= self.timing.ticket_shown =>
            {
                Some(self.wipe(Stage::Welcome))
            }
            TicketStage::Issuing { .. }
            | TicketStage::Printing(_)
            | TicketStage::Printed(_)
            | TicketStage::NoNumber { .. }
            | TicketStage::NotPrinted(..) => None,
        }
    }

    /// An answer to something this visit asked for. One that the present stage does not wait
    /// for came too late and changes nothing.
    pub(super) fn answer(&mut self, answer: Answer) -> Vec<Effect> {
        match answer {
            // A number for another field than the one on the screen was asked for before.
            Answer::Issued(ticket) => {
                match &self.citizen.stage {
                    Stage::Ticket(
                        TicketStage::Issuing { name } | TicketStage::NoNumber { name },
                    ) if *name == ticket.field => self.print_ticket(ticket),
                    _ => vec![Effect::ReportPaper { ticket: ticket.id, printed: false }],
                }
            }
            Answer::NotIssued => {
                if let Stage::Ticket(TicketStage::Issuing { name }) = &self.citizen.stage {
                    let name = name.clone();
                    self.go(Stage::Ticket(TicketStage::NoNumber { name }));
                }
                vec![]
            }
            Answer::Paper(outcome) => self.paper_came(outcome),
            Answer::Code(code) => self.code_came(code),
            Answer::Preview(view) => self.camera_sees(view),
            Answer::Page(scan, id, page) => self.page_came(scan, id, page),
            Answer::ScanEnded(scan, ended) => self.scan_ended(scan, ended),
            Answer::Token(news) => self.sign_news(news),
            Answer::Chip(news) => self.chip_news(news),
            Answer::Kept { submission, spoken, code } => self.kept(submission, spoken, code),
            Answer::NotKept => self.not_kept(),
            Answer::Delivered(dossier) => self.delivered(dossier),
            Answer::LookedUp(found) => self.look_up_answer(found),
            Answer::Staff(answer) => self.staff_answer(answer),
        }
    }

    fn paper_came(&mut self, outcome: PrintOutcome) -> Vec<Effect> {
        match &mut self.citizen.stage {
            Stage::Ticket(TicketStage::Printing(ticket)) => {
                let ticket = ticket.clone();
                let report =
                    |printed| vec![Effect::ReportPaper { ticket: ticket.id.clone(), printed }];
                let (next, effects) = match outcome {
                    PrintOutcome::Printed => (TicketStage::Printed(ticket.clone()), report(true)),
                    PrintOutcome::Failed(why) => {
                        (TicketStage::NotPrinted(ticket.clone(), why), report(false))
                    }
                };
                self.go(Stage::Ticket(next));
                effects
            }
            // It was given up before, and came after all.
            Stage::Ticket(TicketStage::NotPrinted(ticket, _))
                if outcome == PrintOutcome::Printed =>
            {
                let ticket = ticket.clone();
                let report = Effect::ReportPaper { ticket: ticket.id.clone(), printed: true };
                self.go(Stage::Ticket(TicketStage::Printed(ticket)));
                vec![report]
            }
            Stage::Received(received) if received.slip == SlipState::Printing => {
                received.slip = match outcome {
                    PrintOutcome::Printed => SlipState::Printed,
                    PrintOutcome::Failed(why) => SlipState::NotPrinted(why),
                };
                self.waiting_since = self.now;
                vec![]
            }
            _ => vec![],
        }
    }
}
