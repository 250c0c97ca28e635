//! The printer's worker.

use hardware_api::{PaperWidth, Printer as _};
use printer_escpos::{EscPos, Model, ModelError, UsbPick};
use settings::{PaperSetting, Printer, PrinterPort};
use worker::{
    Class, PipeError,
    host::{Ended, Pipes},
    message::PrinterCall,
};

pub fn host(mut pipes: Pipes) -> Result<Ended, PipeError> {
    let settings: Printer = pipes.greet(Class::Printer)?;
    let mut printer = match open(&settings) {
        Ok(printer) => printer,
        Err(error) => return pipes.refuse(&format!("printer.model: {error}")),
    };
    let walls = crate::confine::before_use(&crate::confine::printer(&settings.port));
    pipes.serve(
        &walls,
        || {},
        |order, reply| match order.call {
            PrinterCall::Status => reply.answer(&printer.status(order.limit)),
            PrinterCall::Print(slip) => reply.answer(&printer.print(&slip, order.limit)),
            PrinterCall::Told => reply.answer(&printer.told()),
        },
    )
}

fn open(settings: &Printer) -> Result<EscPos, ModelError> {
    let width = match settings.paper {
        PaperSetting::Mm58 => PaperWidth::Mm58,
        PaperSetting::Mm80 => PaperWidth::Mm80,
    };
    let model = Model::by_name(&settings.model)?;
    match &settings.port {
        PrinterPort::Tcp(address) => EscPos::open_tcp(address, model, width),
        PrinterPort::Serial { path, baud_bps } => {
            EscPos::open_serial(path, *baud_bps, model, width)
        }
        PrinterPort::Usb { vendor, product, pick } => {
            EscPos::open_usb(*vendor, *product, picked(pick), model, width)
        }
        // A kiosk without a printer starts no worker for it; this one finds nobody.
        PrinterPort::None => EscPos::open_tcp("127.0.0.1:0", model, width),
    }
}

fn picked(pick: &settings::UsbPick) -> UsbPick {
    match pick {
        settings::UsbPick::First => UsbPick::First,
        settings::UsbPick::Serial(serial) => UsbPick::Serial(serial.clone()),
        settings::UsbPick::Socket(socket) => UsbPick::Socket(socket.clone()),
    }
}
