//! Looks at the devices, as a citizen's visit would use them.

use std::time::Duration;

use hardware_api::{CardStatus, DeviceError, ModuleState, PinState, TokenStatus};
use journal::Event;

use super::{Look, readiness::Row};
use crate::{
    failure::{Failure, Part},
    fleet::Fleet,
    printer, scanner, token,
};

/// A look at a device that is set up. Opening it belongs to the look: a worker that does not
/// start costs its own row.
fn look<D: 'static>(
    part: &'static str,
    fleet: &Fleet,
    open: fn(&Fleet) -> Result<D, Failure>,
    look: fn(D) -> Row,
) -> Look {
    let fleet = fleet.clone();
    Box::new(move || match open(&fleet) {
        Ok(device) => look(device),
        Err(Failure::NotSetUp(_)) => Row::not_set_up(part),
        Err(failure) => Row::failed(part, &failure),
    })
}

/// A device that did not answer, under the row of the event table that fits.
fn failed(part: &'static str, class: Part, error: &DeviceError) -> Row {
    Row::event(part, class.event(error)).because(error)
}

pub(super) fn printer(fleet: &Fleet) -> Look {
    look("printer", fleet, Fleet::printer, |mut printer| match printer.status(printer::ANSWER) {
        Ok(status) => Row::event("printer", printer::event(status)),
        Err(error) => failed("printer", Part::Printer, &error),
    })
}

pub(super) fn scanner(fleet: &Fleet) -> Look {
    look("scanner", fleet, Fleet::scanner, |mut device| {
        match device.scanner.status(scanner::ANSWER) {
            Ok(status) if status.ready => Row::ready("scanner", scanner::describe(status)),
            Ok(status) => {
                Row::event("scanner", Event::ScannerGone).because(scanner::describe(status))
            }
            Err(error) => failed("scanner", Part::Scanner, &error),
        }
    })
}

pub(super) fn codes(fleet: &Fleet) -> Look {
    look("codes", fleet, Fleet::code_readers, |mut readers| {
        let missing = readers.iter_mut().filter_map(|(_, reader)| reader.is_there().err());
        let missing: Vec<DeviceError> = missing.collect();
        let Some(first) = missing.first() else {
            return Row::event("codes", Event::CodeReaderReady);
        };
        let causes: Vec<String> = missing.iter().map(ToString::to_string).collect();
        Row::event("codes", Part::Codes.event(first)).because(causes.join("; "))
    })
}

/// Whether each driver is shut in: what it could do beyond its device, were it taken over.
pub(super) fn confinement(fleet: &Fleet) -> Look {
    let fleet = fleet.clone();
    Box::new(move || match fleet.unconfined() {
        Ok(open) if open.is_empty() => Row::ready("drivers", "each reaches its own device alone"),
        Ok(open) => {
            let open: Vec<_> = open.iter().map(ToString::to_string).collect();
            Row::event("drivers", Event::WorkerUnconfined).because(open.join("; "))
        }
        Err(failure) => Row::failed("drivers", &failure),
    })
}

/// A chip is the citizen's; what can be missing in the morning is the reader.
pub(super) fn card(fleet: &Fleet) -> Look {
    look("card", fleet, Fleet::card_reader, |mut device| {
        match device.reader.status(Duration::ZERO) {
            Ok(CardStatus::NoReader) => Row::event("card", Event::CardReaderGone),
            Ok(CardStatus::Empty) => Row::ready("card", "the reader answers"),
            Ok(CardStatus::Present) => Row::ready("card", "somebody left a card"),
            Err(error) => failed("card", Part::Card, &error),
        }
    })
}

/// A token is the citizen's: what can be wrong in the morning are the modules.
pub(super) fn token(fleet: &Fleet) -> Look {
    look("token", fleet, Fleet::token, |(mut token, _trust)| {
        let modules = match token::settled(token.as_mut()) {
            Ok(modules) => modules,
            Err(failure) => return Row::failed("token", &failure),
        };
        let left_out: Vec<String> = modules
            .iter()
            .filter(|report| report.state != ModuleState::Usable)
            .map(|report| format!("{} {}", report.module, token::describe_module(report.state)))
            .collect();
        if !left_out.is_empty() {
            return Row::event("token", Event::TokenModuleLeftOut).because(left_out.join("; "));
        }
        match token.status() {
            Ok(TokenStatus::Absent) => Row::ready("token", "the modules answer"),
            Ok(TokenStatus::Present(PinState::Locked)) => Row::event("token", Event::TokenLocked),
            Ok(TokenStatus::Present(_)) => Row::ready("token", "somebody left a token"),
            Err(error) => failed("token", Part::Token, &error),
        }
    })
}
