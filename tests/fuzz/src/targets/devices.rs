//! What devices, their emulators and their worker processes say.

use document_scanner::options::{
    Constraint, Descriptor, Kind, Unit, abilities, feeder_sensor, setting, wishes,
};
use hardware_api::{
    CardInfo, ColorMode, DeviceError, Printed, PrinterStatus, ScanEnd, ScanRequest,
    ScannerCapabilities, ScannerStatus, Sight, SignError, SigningIdentity, Source, TokenStatus,
};
use worker::{
    frame,
    message::{self, CardCall, CodeCall, Order, PageMark, PrinterCall, ScannerCall, TokenCall},
};

use super::Pieces;

/// Names a scanner's options may have, and values of those that are texts.
const NAMES: &[&str] = &[
    "source",
    "mode",
    "depth",
    "resolution",
    "x-resolution",
    "y-resolution",
    "tl-x",
    "tl-y",
    "br-x",
    "br-y",
    "duplex",
    "adf-mode",
    "page-loaded",
    "double-feed-detection",
    "other",
];
const TEXTS: &[&str] =
    &["Flatbed", "ADF", "ADF Duplex", "Color", "Gray", "Lineart", "Both sides", "Simplex", ""];

pub(super) fn tape(bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        let _tape = transport::read_tape(text);
    }
}

pub(super) fn escl_settings(bytes: &[u8]) {
    let _settings = simulator::scan_settings(&String::from_utf8_lossy(bytes));
}

/// Options as a backend may describe them.
pub(super) fn scanner_options(bytes: &[u8]) {
    let mut pieces = Pieces(bytes);
    let mut options = Vec::new();
    while let Some(option) = descriptor(&mut pieces, options.len()) {
        options.push(option);
    }
    let _abilities = abilities(&options);
    let _sensor = feeder_sensor(&options);
    for source in [Source::Flatbed, Source::Feeder, Source::FeederBothSides] {
        for color in [ColorMode::Color, ColorMode::Grey] {
            let request = ScanRequest { source, dpi: 300, color };
            for wish in wishes() {
                if let Ok(Some(setting)) = setting(wish, &options, &request, 300.0) {
                    let _allowed = setting.is_allowed();
                }
            }
        }
    }
}

fn descriptor(pieces: &mut Pieces<'_>, before: usize) -> Option<Descriptor> {
    let name = pick(NAMES, pieces.byte()?);
    let kinds = [Kind::Bool, Kind::Int, Kind::Fixed, Kind::Text, Kind::Other];
    let units = [Unit::Pixel, Unit::Millimetre, Unit::Other];
    let (kind, unit) = (pick(&kinds, pieces.byte()?), pick(&units, pieces.byte()?));
    let constraint = match pieces.byte()? % 4 {
        0 => Constraint::None,
        1 => Constraint::Range { min: pieces.word()?, max: pieces.word()?, quant: pieces.word()? },
        2 => Constraint::Words((0..pieces.byte()? % 8).map_while(|_| pieces.word()).collect()),
        _ => {
            let count = pieces.byte()? % 8;
            let texts = (0..count).map_while(|_| Some(pick(TEXTS, pieces.byte()?).to_owned()));
            Constraint::Texts(texts.collect())
        }
    };
    Some(Descriptor {
        index: i32::try_from(before).ok()? + 1,
        name: name.to_owned(),
        kind,
        unit,
        settable: pieces.byte()? % 2 == 0,
        constraint,
    })
}

#[expect(clippy::indexing_slicing, reason = "the index is taken modulo the length")]
fn pick<T: Copy>(all: &[T], which: u8) -> T {
    all[usize::from(which) % all.len()]
}

pub(super) fn worker_frame(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Some((_, after))) = frame::decode(rest) {
        rest = after;
    }
    let _printer = message::decode::<Order<PrinterCall<'_>>>(bytes);
    let _scanner = message::decode::<Order<ScannerCall>>(bytes);
    let _code = message::decode::<Order<CodeCall>>(bytes);
    let _card = message::decode::<Order<CardCall<'_>>>(bytes);
    let _token = message::decode::<Order<TokenCall<'_>>>(bytes);
    let _mark = message::decode::<PageMark>(bytes);
    answers(bytes);
}

/// What a worker answers to each kind of order.
fn answers(bytes: &[u8]) {
    type Answer<T> = Result<T, DeviceError>;
    let _printer = message::decode::<Answer<PrinterStatus>>(bytes);
    let _printed = message::decode::<Answer<Printed>>(bytes);
    let _scanner = message::decode::<Answer<ScannerStatus>>(bytes);
    let _abilities = message::decode::<Answer<ScannerCapabilities>>(bytes);
    let _end = message::decode::<Answer<ScanEnd>>(bytes);
    let _sight = message::decode::<Answer<Option<Sight>>>(bytes);
    let _card = message::decode::<Answer<CardInfo>>(bytes);
    let _bytes = message::decode::<Answer<Vec<u8>>>(bytes);
    let _token = message::decode::<Answer<TokenStatus>>(bytes);
    let _identities = message::decode::<Answer<Vec<SigningIdentity>>>(bytes);
    let _signatures = message::decode::<Result<Vec<Vec<u8>>, SignError>>(bytes);
}
