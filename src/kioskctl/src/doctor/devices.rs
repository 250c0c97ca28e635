//! Looks at the devices, as a citizen's visit would use them.

use std::time::Duration;

use hardware_api::{
    CardStatus, Cover, Cutter, DeviceError, Paper, PinState, PrinterStatus, TokenStatus,
};
use journal::Event;

use super::{Look, readiness::Row};
use crate::{failure::Failure, fleet::Fleet, printer, scanner, token};

/// A look at a device that is set up; one whose worker does not start is a row at once.
fn look<D: Send + 'static>(
    part: &'static str,
    device: Result<D, Failure>,
    look: impl FnOnce(D) -> Row + Send + 'static,
) -> Look {
    match device {
        Ok(device) => Some(Box::new(move || look(device))),
        Err(Failure::NotSetUp(_)) => None,
        Err(failure) => Some(Box::new(move || {
            Row::broken(part, failure.to_string(), "mend the settings or the installation")
        })),
    }
}

pub(super) fn printer(fleet: &Fleet) -> Look {
    look("printer", fleet.printer(), |mut printer| match printer.status(printer::ANSWER) {
        Ok(status) => of_printer(status),
        Err(error) => Row::event("printer", Event::PrinterGone).because(error),
    })
}

fn of_printer(status: PrinterStatus) -> Row {
    let event = match status {
        PrinterStatus { cover: Cover::Open, .. } => Event::PrinterCoverOpen,
        PrinterStatus { paper: Paper::Out, .. } => Event::PrinterPaperOut,
        PrinterStatus { paper: Paper::Jammed, .. } => Event::PrinterJammed,
        PrinterStatus { cutter: Cutter::Jammed, .. } => Event::PrinterCutterJammed,
        PrinterStatus { online: false, .. } => Event::PrinterGone,
        PrinterStatus { paper: Paper::Low, .. } => Event::PrinterPaperLow,
        PrinterStatus { paper: Paper::Ok, .. } => Event::PrinterReady,
    };
    Row::event("printer", event)
}

pub(super) fn scanner(fleet: &Fleet) -> Look {
    look("scanner", fleet.scanner(), |mut device| match device.scanner.status(scanner::ANSWER) {
        Ok(status) if status.ready => Row::ready("scanner", scanner::describe(status)),
        Ok(status) => Row::event("scanner", Event::ScannerGone).because(scanner::describe(status)),
        Err(error) => Row::event("scanner", Event::ScannerGone).because(error),
    })
}

pub(super) fn codes(fleet: &Fleet) -> Look {
    look("codes", fleet.code_readers(), |mut readers| {
        let missing: Vec<String> = readers
            .iter_mut()
            .filter_map(|(name, reader)| Some(format!("{name}: {}", reader.is_there().err()?)))
            .collect();
        if missing.is_empty() {
            return Row::event("codes", Event::CodeReaderReady);
        }
        Row::event("codes", Event::CodeReaderGone).because(missing.join("; "))
    })
}

/// A chip is the citizen's; what can be missing in the morning is the reader.
pub(super) fn card(fleet: &Fleet) -> Look {
    look("card", fleet.card_reader(), |mut device| match device.reader.status(Duration::ZERO) {
        Ok(CardStatus::NoReader) => Row::event("card", Event::CardReaderGone),
        Ok(CardStatus::Empty) => Row::ready("card", "the reader answers"),
        Ok(CardStatus::Present) => Row::ready("card", "somebody left a card"),
        Err(error) => Row::event("card", Event::CardReaderGone).because(error),
    })
}

/// A token is the citizen's: what can be wrong in the morning are the modules.
pub(super) fn token(fleet: &Fleet) -> Look {
    look("token", fleet.token(), |mut device| {
        let answer = device.status().and_then(|status| Ok((status, device.modules()?)));
        let (status, modules) = match answer {
            Ok(answer) => answer,
            Err(error) => return of_token(&error),
        };
        let left_out: Vec<String> = modules
            .iter()
            .filter(|report| matches!(report.state, hardware_api::ModuleState::LeftOut(_)))
            .map(|report| format!("{} {}", report.module, token::describe_module(report.state)))
            .collect();
        if !left_out.is_empty() {
            return Row::event("token", Event::TokenFailed).because(left_out.join("; "));
        }
        match status {
            TokenStatus::Absent => Row::ready("token", "the modules answer"),
            TokenStatus::Present(PinState::Locked) => Row::event("token", Event::TokenLocked),
            TokenStatus::Present(_) => Row::ready("token", "somebody left a token"),
        }
    })
}

fn of_token(error: &DeviceError) -> Row {
    Row::event("token", Event::TokenFailed).because(error)
}
