//! The scanner's worker. Opening can take for ever, and then the kiosk kills the process.

use std::sync::{Arc, Mutex, PoisonError};

use document_scanner::{Canceller, SaneScanner};
use hardware_api::{CapableScanner as _, DocumentScanner as _, ScanPart, StreamingScanner as _};
use settings::Scanner;
use worker::{
    Class, PipeError,
    host::{Ended, Pipes, Reply},
    message::{PageMark, ScannerCall},
};

use crate::late::Late;

/// Ends a running scan, whichever handle it runs on.
type Cancel = Arc<Mutex<Option<Canceller>>>;

pub fn host(mut pipes: Pipes) -> Result<Ended, PipeError> {
    let settings: Scanner = pipes.greet(Class::Scanner)?;
    let walls = crate::confine::before_use(&crate::confine::scanner(&settings.name));
    let cancel = Cancel::default();
    let opened = Arc::clone(&cancel);
    let mut scanner = Late::new(move || {
        let scanner = SaneScanner::open(&settings.name)?;
        *opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanner.canceller());
        Ok(scanner)
    });
    let cancel_it = move || {
        if let Some(canceller) = &*cancel.lock().unwrap_or_else(PoisonError::into_inner) {
            canceller.cancel();
        }
    };
    pipes.serve(&walls, cancel_it, |order, reply| match order.call {
        ScannerCall::Status => reply.answer(&scanner.with(|it| it.status(order.limit))),
        ScannerCall::Capabilities => reply.answer(&scanner.with(|it| it.capabilities(order.limit))),
        ScannerCall::Scan(request) => {
            let mut lost = None;
            let end = scanner.with(|it| {
                it.scan_parts(&request, order.limit, &mut |part| match pass(part, reply) {
                    Ok(()) => !reply.is_cancelled(),
                    Err(error) => {
                        lost = Some(error);
                        false
                    }
                })
            });
            lost.map_or_else(|| reply.answer(&end), Err)
        }
    })
}

fn pass(part: ScanPart<'_>, reply: &Reply<'_>) -> Result<(), PipeError> {
    match part {
        ScanPart::Begin(head) => reply.part(&PageMark::Begin(head)),
        ScanPart::Samples(samples) => reply.bulk(samples),
        ScanPart::End => reply.part(&PageMark::End),
    }
}
