//! The devices of the settings, one class at a time: a command to the printer starts no worker
//! for the scanner.

use app::{CardDevice, Devices, ScannerDevice};
use hardware_api::{CodeReader, Printer, SigningToken};
use jiff::{Timestamp, civil::Date, tz};
use settings::{KioskSettings, PrinterPort};

use crate::failure::Failure;

/// A code reader with its name in the settings.
pub(crate) type NamedReader = (String, Box<dyn CodeReader>);

/// The devices this kiosk should have. Nothing runs until one is asked for.
#[derive(Clone)]
pub(crate) struct Fleet {
    settings: KioskSettings,
}

impl Fleet {
    pub(crate) fn of(settings: KioskSettings) -> Self {
        Self { settings }
    }

    pub(crate) fn settings(&self) -> &KioskSettings {
        &self.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        kiosk::os_clock()()
    }

    /// The day it is in Vietnam.
    pub(crate) fn today(&self) -> Date {
        tz::offset(7).to_datetime(self.now()).date()
    }

    pub(crate) fn printer(&self) -> Result<Box<dyn Printer>, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| {
            none.printer = all.printer.clone();
        };
        self.devices(only)?.printer.ok_or(Failure::NotSetUp("printer"))
    }

    pub(crate) fn scanner(&self) -> Result<ScannerDevice, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| {
            none.scanner = all.scanner.clone();
        };
        self.devices(only)?.scanner.ok_or(Failure::NotSetUp("scanner"))
    }

    /// All of them.
    pub(crate) fn code_readers(&self) -> Result<Vec<NamedReader>, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.codes = all.codes.clone();
        let readers = self.devices(only)?.codes;
        if readers.is_empty() {
            return Err(Failure::NotSetUp("code reader"));
        }
        let names = self.settings.codes.readers.iter().map(ToString::to_string);
        Ok(names.zip(readers).collect())
    }

    pub(crate) fn card_reader(&self) -> Result<CardDevice, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.card = all.card.clone();
        self.devices(only)?.card.ok_or(Failure::NotSetUp("card reader"))
    }

    pub(crate) fn token(&self) -> Result<Box<dyn SigningToken>, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.token = all.token.clone();
        self.devices(only)?.token.ok_or(Failure::NotSetUp("signing token"))
    }

    /// The devices of one class: `keep` puts its settings back where all were taken out.
    fn devices(&self, keep: fn(&KioskSettings, &mut KioskSettings)) -> Result<Devices, Failure> {
        let mut settings = self.settings.clone();
        settings.printer.port = PrinterPort::None;
        settings.scanner.name.clear();
        settings.codes.readers.clear();
        settings.card.reader.clear();
        settings.token.modules.clear();
        keep(&self.settings, &mut settings);
        Ok(kiosk::devices(&settings, &kiosk::worker_program()?)?)
    }
}
