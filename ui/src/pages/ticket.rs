//! A number: being made, printed, or not printed.

use domain::{
    Language,
    screen::{Issued, TicketPage, TicketState},
};
use slint::ComponentHandle as _;

use crate::{
    figures,
    generated::{KioskWindow, ShortcomingKind, TicketKind, TicketModel},
};

pub(super) fn fill(window: &KioskWindow, page: &TicketPage, language: Language) {
    let model = window.global::<TicketModel>();
    model.set_field(page.field.get(language).into());
    let (kind, issued, shortcoming) = match &page.state {
        TicketState::Issuing => (TicketKind::Issuing, None, ShortcomingKind::None),
        TicketState::NoNumber => (TicketKind::NoNumber, None, ShortcomingKind::None),
        TicketState::Printing(issued) => {
            (TicketKind::Printing, Some(issued), ShortcomingKind::None)
        }
        TicketState::Printed(issued) => (TicketKind::Printed, Some(issued), ShortcomingKind::None),
        TicketState::NotPrinted(issued, shortcoming) => {
            (TicketKind::NotPrinted, Some(issued), (*shortcoming).into())
        }
    };
    if let Some(Issued { number, ahead, code }) = issued {
        model.set_number(number.to_string().into());
        model.set_ahead(i32::try_from(*ahead).unwrap_or(i32::MAX));
        model.set_code(figures::qr(code));
    }
    model.set_shortcoming(shortcoming);
    model.set_kind(kind);
}
