//! Drivers by settings. A device that is not there yet is looked for at each use.

use std::{fs, io, path::PathBuf, sync::Arc};

use app::{Devices, ScannerDevice};
use code_reader::{Camera, SerialGun};
use der::{DecodePem as _, Encode as _};
use hardware_api::{
    CodeReader, ColorMode, DeviceError, PaperWidth, Printer, ScanRequest, SigningToken, Source,
};
use printer_escpos::{EscPos, Model, ModelError, UsbPick};
use settings::{CodePort, ColorSetting, KioskSettings, PaperSetting, PrinterPort, SourceSetting};

use crate::late::{LateScanner, LateToken};

/// A device is set up wrongly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The printer's model or paper. Caller: mend the settings.
    #[error("could not use printer.model")]
    Printer(#[from] ModelError),
    /// A code reader. Caller: mend the settings.
    #[error("could not use codes.readers")]
    Reader(#[from] DeviceError),
    /// A certificate of the chain. Caller: mend `token.chain`.
    #[error("could not read a certificate from {}", path.display())]
    Chain {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// All devices that the settings name.
pub fn devices(settings: &KioskSettings) -> Result<Devices, OpenError> {
    let readers = settings.codes.readers.iter().map(code_reader);
    let token: Option<Box<dyn SigningToken>> = match settings.token.modules.as_slice() {
        [] => None,
        modules => Some(Box::new(LateToken::new(modules.to_vec()))),
    };
    Ok(Devices {
        printer: printer(settings)?,
        scanner: scanner(settings),
        codes: readers.collect::<Result<_, _>>()?,
        token,
        chain: chain(&settings.token.chain)?,
    })
}

fn printer(settings: &KioskSettings) -> Result<Option<Box<dyn Printer>>, ModelError> {
    let width = match settings.printer.paper {
        PaperSetting::Mm58 => PaperWidth::Mm58,
        PaperSetting::Mm80 => PaperWidth::Mm80,
    };
    let model = Model::by_name(&settings.printer.model)?;
    Ok(match &settings.printer.port {
        PrinterPort::None => None,
        PrinterPort::Tcp(address) => Some(Box::new(EscPos::open_tcp(address, model, width)?)),
        PrinterPort::Serial { path, baud_bps } => {
            Some(Box::new(EscPos::open_serial(path, *baud_bps, model, width)?))
        }
        PrinterPort::Usb { vendor, product, pick } => {
            let pick = match pick.clone() {
                settings::UsbPick::First => UsbPick::First,
                settings::UsbPick::Serial(serial) => UsbPick::Serial(serial),
                settings::UsbPick::Socket(socket) => UsbPick::Socket(socket),
            };
            Some(Box::new(EscPos::open_usb(*vendor, *product, pick, model, width)?))
        }
    })
}

fn scanner(settings: &KioskSettings) -> Option<ScannerDevice> {
    let set = &settings.scanner;
    if set.name.is_empty() {
        return None;
    }
    let scanner = LateScanner::new(&set.name);
    let cancel = scanner.canceller();
    let request = ScanRequest {
        source: match set.source {
            SourceSetting::Feeder => Source::Feeder,
            SourceSetting::FeederBothSides => Source::FeederBothSides,
            SourceSetting::Flatbed => Source::Flatbed,
        },
        dpi: set.dpi,
        color: match set.color {
            ColorSetting::Color => ColorMode::Color,
            ColorSetting::Grey => ColorMode::Grey,
        },
    };
    Some(ScannerDevice {
        scanner: Box::new(scanner),
        cancel: Arc::new(move || cancel.cancel()),
        request,
    })
}

fn code_reader(port: &CodePort) -> Result<Box<dyn CodeReader>, DeviceError> {
    Ok(match port {
        CodePort::Serial { path, baud_bps } => Box::new(SerialGun::open(path, *baud_bps)?),
        CodePort::Image(path) => Box::new(Camera::image(path)?),
    })
}

fn chain(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, OpenError> {
    let read = |path: &PathBuf| {
        let pem = fs::read(path)?;
        x509_cert::Certificate::from_pem(pem)
            .and_then(|certificate| certificate.to_der())
            .map_err(io::Error::other)
    };
    let wrap = |path: &PathBuf, source| OpenError::Chain { path: path.clone(), source };
    files.iter().map(|path| read(path).map_err(|source| wrap(path, source))).collect()
}
