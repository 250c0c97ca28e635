//! Looks at the devices, as a citizen's visit would use them.

use hardware_api::{Cover, Cutter, DeviceError, Paper, PinState, PrinterStatus, TokenStatus};
use journal::Event;

use super::{Look, readiness::Row};
use crate::{fleet::Fleet, printer, scanner, token};

pub(super) fn printer(fleet: &Fleet) -> Look {
    let mut printer = fleet.printer().ok()?;
    Some(Box::new(move || match printer.status(printer::ANSWER) {
        Ok(status) => of_printer(status),
        Err(error) => Row::event("printer", Event::PrinterGone).because(error),
    }))
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
    let mut device = fleet.scanner().ok()?;
    Some(Box::new(move || match device.scanner.status(scanner::ANSWER) {
        Ok(status) if status.ready => Row::ready("scanner", scanner::describe(status)),
        Ok(status) => Row::event("scanner", Event::ScannerGone).because(scanner::describe(status)),
        Err(error) => Row::event("scanner", Event::ScannerGone).because(error),
    }))
}

pub(super) fn codes(fleet: &Fleet) -> Look {
    let mut readers = fleet.code_readers().ok()?;
    Some(Box::new(move || {
        let missing: Vec<String> = readers
            .iter_mut()
            .filter_map(|(name, reader)| Some(format!("{name}: {}", reader.is_there().err()?)))
            .collect();
        if missing.is_empty() {
            return Row::event("codes", Event::CodeReaderReady);
        }
        Row::event("codes", Event::CodeReaderGone).because(missing.join("; "))
    }))
}

pub(super) fn card(_fleet: &Fleet) -> Look {
    None
}

/// A token is the citizen's: what can be wrong in the morning are the modules.
pub(super) fn token(fleet: &Fleet) -> Look {
    let mut device = fleet.token().ok()?;
    Some(Box::new(move || {
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
    }))
}

fn of_token(error: &DeviceError) -> Row {
    Row::event("token", Event::TokenFailed).because(error)
}
