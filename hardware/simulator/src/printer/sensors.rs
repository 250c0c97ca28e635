//! What the printer tells about itself, in the bits of its command reference.

use super::PrinterFault;

/// Answers to `DLE EOT 1` to `4`, and to `20` in the form that Custom's printers have.
pub(super) fn real_time(kind: u8, fault: Option<PrinterFault>) -> Vec<u8> {
    let stops = stops(fault);
    let bits = match kind {
        1 => 0x04 | if stops { 0x08 } else { 0 },
        2 => match fault {
            Some(PrinterFault::CoverOpen) => 0x04,
            Some(PrinterFault::PaperOut) => 0x20,
            Some(PrinterFault::Jammed | PrinterFault::CutterStuck | PrinterFault::HeadHot) => 0x40,
            _ => 0,
        },
        3 => match fault {
            Some(PrinterFault::Jammed) => 0x04,
            Some(PrinterFault::CutterStuck) => 0x08,
            Some(PrinterFault::HeadHot) => 0x40,
            _ => 0,
        },
        4 => match fault {
            Some(PrinterFault::PaperLow) => 0x0C,
            Some(PrinterFault::PaperOut) => 0x6C,
            _ => 0,
        },
        20 => return whole(fault),
        _ => return Vec::new(),
    };
    vec![0x12 | bits]
}

/// Paper, lid, errors that pass, errors that stay.
fn whole(fault: Option<PrinterFault>) -> Vec<u8> {
    let bits = match fault {
        Some(PrinterFault::PaperLow) => [0x04, 0, 0, 0],
        Some(PrinterFault::PaperOut) => [0x05, 0, 0, 0],
        Some(PrinterFault::CoverOpen) => [0, 0x02, 0, 0],
        Some(PrinterFault::HeadHot) => [0, 0, 0x01, 0],
        Some(PrinterFault::Jammed) => [0, 0, 0x40, 0],
        Some(PrinterFault::CutterStuck) => [0, 0, 0, 0x01],
        _ => [0; 4],
    };
    [[0x10, 0x0F].as_slice(), &bits].concat()
}

/// The four bytes that are sent unasked after each change.
pub(super) fn automatic(fault: Option<PrinterFault>) -> [u8; 4] {
    let cover = if fault == Some(PrinterFault::CoverOpen) { 0x20 } else { 0 };
    let error = match fault {
        Some(PrinterFault::Jammed) => 0x04,
        Some(PrinterFault::CutterStuck) => 0x08,
        Some(PrinterFault::HeadHot) => 0x40,
        _ => 0,
    };
    [0x14 | if stops(fault) { 0x08 } else { 0 } | cover, error, paper(fault), 0x0F]
}

/// The answer to `GS r 1`.
pub(super) fn paper(fault: Option<PrinterFault>) -> u8 {
    match fault {
        Some(PrinterFault::PaperLow) => 0x03,
        Some(PrinterFault::PaperOut) => 0x0F,
        _ => 0,
    }
}

/// Whether the printer stands still.
pub(super) fn stops(fault: Option<PrinterFault>) -> bool {
    fault.is_some_and(|fault| !fault.still_prints())
}
