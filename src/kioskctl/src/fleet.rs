//! The devices of the settings, one class at a time: a command to the printer starts no worker
//! for the scanner, and what is wrong with the scanner's settings does not keep it from printing.

use std::path::Path;

use app::{CardDevice, Devices, ScannerDevice};
use documents::trust::TrustStore;
use hardware_api::{CodeReader, Printer, SigningToken};
use jiff::{Timestamp, civil::Date, tz};
use kiosk::Unconfined;
use settings::{KioskSettings, PrinterPort};

use crate::failure::{Failure, Part};

/// A code reader with its name in the settings.
pub(crate) type NamedReader = (String, Box<dyn CodeReader>);

/// The devices this kiosk should have. Nothing runs until one is asked for.
#[derive(Clone)]
pub(crate) struct Fleet {
    settings: KioskSettings,
}

impl Fleet {
    /// Reads the settings in a file.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let file = file.to_owned();
        match kiosk::read_settings(Some(&file)) {
            Ok(settings) => Ok(Self { settings }),
            Err(error) => Err(Failure::settings(file, error)),
        }
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
        self.devices(only)?.printer.ok_or(Failure::NotSetUp(Part::Printer))
    }

    pub(crate) fn scanner(&self) -> Result<ScannerDevice, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| {
            none.scanner = all.scanner.clone();
        };
        self.devices(only)?.scanner.ok_or(Failure::NotSetUp(Part::Scanner))
    }

    /// All of them.
    pub(crate) fn code_readers(&self) -> Result<Vec<NamedReader>, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.codes = all.codes.clone();
        let readers = self.devices(only)?.codes;
        if readers.is_empty() {
            return Err(Failure::NotSetUp(Part::Codes));
        }
        let names = self.settings.codes.readers.iter().map(ToString::to_string);
        Ok(names.zip(readers).collect())
    }

    pub(crate) fn card_reader(&self) -> Result<CardDevice, Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.card = all.card.clone();
        self.devices(only)?.card.ok_or(Failure::NotSetUp(Part::Card))
    }

    /// With it comes whose certificates may sign.
    pub(crate) fn token(&self) -> Result<(Box<dyn SigningToken>, TrustStore), Failure> {
        let only = |all: &KioskSettings, none: &mut KioskSettings| none.token = all.token.clone();
        let devices = self.devices(only)?;
        let token = devices.token.ok_or(Failure::NotSetUp(Part::Token))?;
        Ok((token, devices.trust))
    }

    /// Workers of all classes that could not shut themselves in as they should.
    pub(crate) fn unconfined(&self) -> Result<Vec<Unconfined>, Failure> {
        Ok(kiosk::check_workers(&self.settings, &kiosk::worker_program()?)?)
    }

    /// The devices of one class: `keep` puts its settings back where all were taken out. A worker
    /// that refuses its settings is asked why; later calls would only find it gone.
    fn devices(&self, keep: fn(&KioskSettings, &mut KioskSettings)) -> Result<Devices, Failure> {
        let mut settings = self.settings.clone();
        settings.printer.port = PrinterPort::None;
        settings.scanner.name.clear();
        settings.codes.readers.clear();
        settings.card.reader.clear();
        for files in [
            &mut settings.card.trust,
            &mut settings.card.ecards,
            &mut settings.token.modules,
            &mut settings.token.roots,
            &mut settings.token.chain,
            &mut settings.token.revoked,
        ] {
            files.clear();
        }
        keep(&self.settings, &mut settings);
        let program = kiosk::worker_program()?;
        kiosk::check_workers(&settings, &program)?;
        Ok(kiosk::devices(&settings, &program)?)
    }
}
