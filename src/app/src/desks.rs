//! Desks for devices: one thread each, which owns its driver.

mod card;
mod codes;
mod printer;
mod scanner;
mod token;

pub use card::CardDevice;
pub(crate) use token::Order;

use std::{sync::Arc, thread};

use hardware_api::{CodeReader, DocumentScanner, Printer, ScanRequest, SigningToken};

use crate::{Clock, Pace, Random, event::Inbox, pages::PageStore, papers::Reprints};

/// The devices of a kiosk. One that a kiosk does not have is simply absent.
#[derive(Default)]
pub struct Devices {
    /// Tickets and slips.
    pub printer: Option<Box<dyn Printer>>,
    /// Whether papers that were tried before say so.
    pub reprints: Reprints,
    /// Papers.
    pub scanner: Option<ScannerDevice>,
    /// Codes: a gun, a camera, or both.
    pub codes: Vec<Box<dyn CodeReader>>,
    /// Chips of ID cards.
    pub card: Option<CardDevice>,
    /// Signatures.
    pub token: Option<Box<dyn SigningToken>>,
    /// Whose certificates may sign.
    pub trust: documents::trust::TrustStore,
}

/// A scanner with what only the installation knows of it.
pub struct ScannerDevice {
    /// The driver.
    pub scanner: Box<dyn DocumentScanner>,
    /// Ends a running scan; may be called from any thread.
    pub cancel: Arc<dyn Fn() + Send + Sync>,
    /// How to scan.
    pub request: ScanRequest,
}

/// All desks.
pub(crate) struct Desks {
    pub(crate) printer: printer::PrinterDesk,
    pub(crate) scanner: scanner::ScannerDesk,
    pub(crate) card: card::CardDesk,
    pub(crate) codes: codes::CodeDesk,
    pub(crate) token: token::TokenDesk,
}

impl Desks {
    pub(crate) fn start(
        devices: Devices,
        pace: Pace,
        pages: &PageStore,
        clock: &Clock,
        random: Random,
        inbox: &Inbox,
    ) -> Self {
        let signer =
            token::Signer { pages: pages.clone(), clock: clock.clone(), trust: devices.trust };
        Self {
            printer: printer::PrinterDesk::start(devices.printer, inbox.clone()),
            scanner: scanner::ScannerDesk::start(
                devices.scanner,
                pace,
                pages.clone(),
                inbox.clone(),
            ),
            card: card::CardDesk::start(devices.card, pace, clock, random, inbox),
            codes: codes::CodeDesk::start(devices.codes, pace, clock, inbox),
            token: token::TokenDesk::start(devices.token, signer, inbox.clone()),
        }
    }
}

/// Starts a desk's thread under a name that logs and debuggers show. A system that cannot
/// start a thread cannot run a kiosk; the desk then simply never answers, which the machine's
/// deadlines turn into a sentence for the citizen.
fn spawn(name: &'static str, work: impl FnOnce() + Send + 'static) {
    if thread::Builder::new().name(name.to_owned()).spawn(work).is_err() {
        journal::record!(journal::Event::EffectDropped, desk = name);
    }
}
