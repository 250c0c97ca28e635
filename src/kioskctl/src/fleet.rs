//! The devices of the settings, one class at a time.

use std::cell::RefCell;

use app::{Devices, ScannerDevice};
use hardware_api::{CardReader, CodeReader, Printer, SigningToken};
use identity::chip::TrustStore;
use jiff::{Timestamp, civil::Date, tz};
use settings::KioskSettings;

use crate::failure::Failure;

/// The devices this kiosk should have. Each can be taken once.
pub(crate) struct Fleet {
    settings: KioskSettings,
    devices: RefCell<Devices>,
}

impl Fleet {
    /// From the settings; nothing is opened yet.
    pub(crate) fn of(settings: KioskSettings) -> Result<Self, Failure> {
        let devices = RefCell::new(kiosk::devices(&settings)?);
        Ok(Self { settings, devices })
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
        self.devices.borrow_mut().printer.take().ok_or(Failure::NotSetUp("printer"))
    }

    pub(crate) fn scanner(&self) -> Result<ScannerDevice, Failure> {
        self.devices.borrow_mut().scanner.take().ok_or(Failure::NotSetUp("scanner"))
    }

    /// Each with its name in the settings.
    pub(crate) fn code_readers(&self) -> Result<Vec<(String, Box<dyn CodeReader>)>, Failure> {
        let readers = std::mem::take(&mut self.devices.borrow_mut().codes);
        if readers.is_empty() {
            return Err(Failure::NotSetUp("code reader"));
        }
        let names = self.settings.codes.readers.iter().map(ToString::to_string);
        Ok(names.zip(readers).collect())
    }

    pub(crate) fn token(&self) -> Result<Box<dyn SigningToken>, Failure> {
        self.devices.borrow_mut().token.take().ok_or(Failure::NotSetUp("signing token"))
    }

    pub(crate) fn card_reader(&self) -> Result<Box<dyn CardReader>, Failure> {
        Err(Failure::NotSetUp("card reader"))
    }

    /// Whose signatures on chips count.
    pub(crate) fn trust(&self) -> Result<TrustStore, Failure> {
        Ok(TrustStore::default())
    }
}
