//! From a screen to what the pages show: one adapter per page, none of which decides anything.

use domain::screen::{Page, Screen, Step};
use slint::ComponentHandle as _;

use crate::generated::{Frame, HelpKind, KioskWindow};

mod asking;
mod camera;
mod chip;
mod choose_field;
mod find_procedure;
mod form;
mod identify;
mod look_up;
mod procedure_info;
mod rate;
mod received;
mod scan;
mod sign;
mod summary;
mod ticket;
mod welcome;

/// Draws what differs between `screen` and the one shown before.
pub(crate) fn fill(window: &KioskWindow, screen: &Screen, last: Option<&Screen>) {
    let frame = window.global::<Frame>();
    frame.set_language(screen.language.into());
    frame.set_center(screen.center.get(screen.language).into());
    frame.set_staff(screen.staff.into());
    frame.set_help(screen.help.map_or(HelpKind::None, Into::into));
    frame.set_idle(screen.idle.is_some());
    if let Some(idle) = screen.idle {
        frame.set_seconds_left(i32::try_from(idle.seconds_left).unwrap_or(i32::MAX));
    }
    // Apart from the page, which a camera must not have drawn anew many times a second.
    if last.is_none_or(|last| last.camera != screen.camera) {
        camera::fill(window, screen.camera.as_ref());
    }
    let same =
        last.is_some_and(|last| last.language == screen.language && last.page == screen.page);
    if !same {
        let step = step(&screen.page).unwrap_or(Step { at: 0, of: 0 });
        frame.set_step_at(i32::try_from(step.at).unwrap_or(0));
        frame.set_step_of(i32::try_from(step.of).unwrap_or(0));
        fill_page(window, screen);
        // Last, so that a page never appears with what the one before it left behind.
        frame.set_page((&screen.page).into());
    }
}

fn step(page: &Page) -> Option<Step> {
    match page {
        Page::Identify(page) => Some(page.step),
        Page::Form(page) => Some(page.step),
        Page::Scan(page) => Some(page.step),
        Page::Sign(page) => Some(page.step),
        Page::Summary(page) => Some(page.step),
        Page::Welcome(_)
        | Page::ChooseField(_)
        | Page::Ticket(_)
        | Page::FindProcedure(_)
        | Page::ProcedureInfo(_)
        | Page::Submitting(_)
        | Page::Received(_)
        | Page::LookUp(_)
        | Page::DossierStatus(_)
        | Page::Rate(_)
        | Page::Goodbye
        | Page::OutOfService => None,
    }
}

fn fill_page(window: &KioskWindow, screen: &Screen) {
    let language = screen.language;
    match &screen.page {
        Page::Welcome(page) => {
            forget(window);
            welcome::fill(window, *page);
        }
        Page::ChooseField(page) => choose_field::fill(window, page, language),
        Page::Ticket(page) => ticket::fill(window, page, language),
        Page::FindProcedure(page) => find_procedure::fill(window, page, language),
        Page::ProcedureInfo(page) => procedure_info::fill(window, page, language),
        Page::Identify(page) => identify::fill(window, &screen.page, page, language),
        Page::Form(page) => form::fill(window, &screen.page, page, language),
        Page::Scan(page) => scan::fill(window, page, language),
        Page::Sign(page) => sign::fill(window, page),
        Page::Summary(page) => summary::fill(window, page, language),
        Page::Submitting(page) => summary::fill_submitting(window, *page),
        Page::Received(page) => received::fill(window, page, language),
        Page::LookUp(page) => look_up::fill(window, page),
        Page::DossierStatus(page) => look_up::fill_status(window, page, language),
        Page::Rate(page) => rate::fill(window, *page),
        Page::Goodbye | Page::OutOfService => forget(window),
    }
}

/// What a visit leaves in the pages' properties is wiped with the visit.
fn forget(window: &KioskWindow) {
    asking::forget(window);
    identify::forget(window);
    scan::forget(window);
    sign::forget(window);
    summary::forget(window);
    received::forget(window);
    look_up::forget(window);
}
