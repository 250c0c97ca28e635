//! The start.

use domain::screen::Welcome;
use slint::ComponentHandle as _;

use crate::generated::{KioskWindow, WelcomeModel};

pub(super) fn fill(window: &KioskWindow, page: Welcome) {
    let model = window.global::<WelcomeModel>();
    model.set_tickets(page.tickets.into());
    model.set_dossiers(page.dossiers.into());
    model.set_look_up(page.look_up.into());
}
