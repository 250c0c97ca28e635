//! Morning, and numbers: on paper, without paper, and none at all.

use domain::{
    screen::{Availability, Page, Shortcoming, TicketState},
    touch::Touch,
};
use simulator::PrinterFault;

use super::Story;
use crate::LabError;

/// So many bytes into a ticket the line stands still, so that its coming can be seen.
const IN_THE_MIDDLE: usize = 4_000;

fn is_ticket(page: &Page, wished: impl Fn(&TicketState) -> bool) -> bool {
    matches!(page, Page::Ticket(ticket) if wished(&ticket.state))
}

impl Story<'_> {
    /// The kiosk is switched on before center and province can be reached.
    pub(super) fn morning(&mut self) -> Result<(), LabError> {
        self.see("out-of-service", |page| *page == Page::OutOfService)?;
        self.hall.center_cable.join();
        self.hall.province_cable.join();
        self.everything_works()?;
        self.picture("welcome")
    }

    pub(super) fn a_number_on_paper(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::TakeTicket);
        self.picture("choose-field")?;
        let printer = &self.hall.simulator.printer;
        printer.fail_after(IN_THE_MIDDLE, PrinterFault::Stalled);
        self.player.touch(Touch::Field("ho-kinh-doanh".into()));
        self.player.wait_for_page("a ticket that comes", |page| {
            is_ticket(page, |state| matches!(state, TicketState::Printing(_)))
        })?;
        let printing = self.player.screen().clone();
        printer.set_fault(None);
        self.player.wait_for_page("a printed ticket", |page| {
            is_ticket(page, |state| matches!(state, TicketState::Printed(_)))
        })?;
        let printed = self.player.screen().clone();
        self.player.touch(Touch::Finish);
        let goodbye = self.player.screen().clone();
        self.picture_of(&printing, "ticket-printing")?;
        self.picture_of(&printed, "ticket-printed")?;
        self.picture_of(&goodbye, "goodbye")?;
        self.leave()
    }

    /// The paper is at its end; it is put in while the number stands on the screen.
    pub(super) fn a_number_without_paper(&mut self) -> Result<(), LabError> {
        let printer = &self.hall.simulator.printer;
        printer.set_fault(Some(PrinterFault::PaperOut));
        self.see("welcome-without-paper", |page| {
            matches!(page, Page::Welcome(welcome)
                if welcome.tickets == Availability::Limited(Shortcoming::NoPaper))
        })?;
        self.player.touch(Touch::TakeTicket);
        self.player.touch(Touch::Field("ho-tich".into()));
        self.see("ticket-not-printed", |page| {
            is_ticket(page, |state| matches!(state, TicketState::NotPrinted(..)))
        })?;
        printer.set_fault(None);
        self.player.wait_for_page("the ticket after all", |page| {
            is_ticket(page, |state| matches!(state, TicketState::Printed(_)))
        })?;
        self.leave()
    }

    /// The cable to the center is cut while somebody chooses a field.
    pub(super) fn no_number(&mut self) -> Result<(), LabError> {
        self.player.touch(Touch::TakeTicket);
        self.hall.center_cable.cut();
        self.player.touch(Touch::Field("ho-tich".into()));
        self.see("ticket-no-number", |page| {
            is_ticket(page, |state| *state == TicketState::NoNumber)
        })?;
        self.player.touch(Touch::Finish);
        self.player.skip(super::GOODBYE);
        self.see("welcome-without-center", |page| {
            matches!(page, Page::Welcome(welcome)
                if welcome.tickets == Availability::Down(Shortcoming::NoCenter))
        })?;
        self.hall.center_cable.join();
        self.everything_works()
    }
}
