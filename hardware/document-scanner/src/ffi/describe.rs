//! What libsane tells, copied into plain data.

use std::ffi::{CStr, c_char, c_int};

use super::raw::{RawDescriptor, RawParameters, RawRange};
use crate::frame::{Format, Parameters};
use crate::options::{Constraint, Descriptor, Kind, Unit};
use crate::status::Status;

const CAP_SOFT_SELECT: c_int = 1;
const CAP_INACTIVE: c_int = 32;
const WORD_BYTES: c_int = 4;

/// A terminated text of libsane's, copied; null is empty.
pub(super) fn text(raw: *const c_char) -> String {
    if raw.is_null() {
        return String::new();
    }
    // SAFETY: not null, and texts of libsane are terminated.
    unsafe { CStr::from_ptr(raw) }.to_string_lossy().into_owned()
}

/// `None` for an option that contradicts itself.
pub(super) fn descriptor(index: c_int, raw: &RawDescriptor) -> Option<Descriptor> {
    let kind = match (raw.kind, raw.size) {
        (0, WORD_BYTES) => Kind::Bool,
        (1, WORD_BYTES) => Kind::Int,
        (2, WORD_BYTES) => Kind::Fixed,
        (3, _) => Kind::Text,
        _ => Kind::Other,
    };
    let unit = match raw.unit {
        1 => Unit::Pixel,
        3 => Unit::Millimetre,
        _ => Unit::Other,
    };
    let selectable = raw.capabilities & CAP_SOFT_SELECT != 0;
    let settable = selectable && raw.capabilities & CAP_INACTIVE == 0;
    let constraint = constraint(raw)?;
    Some(Descriptor { index, name: text(raw.name), kind, unit, settable, constraint })
}

fn constraint(raw: &RawDescriptor) -> Option<Constraint> {
    if raw.constraint_kind != 0 && raw.constraint.is_null() {
        return None;
    }
    Some(match raw.constraint_kind {
        1 => {
            // SAFETY: this kind points to a range.
            let range = unsafe { &*raw.constraint.cast::<RawRange>() };
            Constraint::Range { min: range.min, max: range.max, quant: range.quant }
        }
        2 => {
            let words = raw.constraint.cast::<c_int>();
            // SAFETY: this kind points to words, the first of which counts the others.
            let count = usize::try_from(unsafe { *words }).ok()?;
            // SAFETY: as above.
            Constraint::Words((1..=count).map(|at| unsafe { *words.add(at) }).collect())
        }
        3 => {
            let mut next = raw.constraint.cast::<*const c_char>();
            let mut texts = Vec::new();
            // SAFETY: this kind points to texts, ended by a null pointer.
            while let Some(one) = unsafe { next.as_ref() }.filter(|one| !one.is_null()) {
                texts.push(text(*one));
                // SAFETY: not yet past the null entry.
                next = unsafe { next.add(1) };
            }
            Constraint::Texts(texts)
        }
        _ => Constraint::None,
    })
}

/// The shape of a frame, unless no frame has it.
pub(super) fn parameters(raw: &RawParameters) -> Result<Parameters, Status> {
    let format = match raw.format {
        0 => Format::Grey,
        1 => Format::Rgb,
        2 => Format::Red,
        3 => Format::Green,
        4 => Format::Blue,
        _ => return Err(Status::Unsupported),
    };
    let size = |value: c_int| usize::try_from(value).map_err(|_| Status::Invalid);
    Ok(Parameters {
        format,
        last_frame: raw.last_frame != 0,
        bytes_per_line: size(raw.bytes_per_line)?,
        pixels_per_line: size(raw.pixels_per_line)?,
        lines: usize::try_from(raw.lines).ok(),
        depth: raw.depth,
    })
}
