//! Reading one page: its frames, whole or not at all.

use hardware_api::ScannedPage;

use crate::ffi::{Format, Handle, Parameters, Status};
use crate::pixels::{Frame, assemble};

/// The most a backend gives at once through the network.
const CHUNK_BYTES: usize = 64 << 10;

/// A4 in colour at 600 dpi and 16 bits is 210 MB; more than this is a scanner gone mad.
const MAX_PAGE_BYTES: usize = 512 << 20;

/// Why no page came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoPage {
    /// The backend said so.
    Status(Status),
    /// The end came before the page was whole.
    Short { got: usize, expected: usize },
    /// More than was announced, or a shape that contradicts itself.
    Odd(&'static str),
}

impl From<Status> for NoPage {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// Reads the next page, unless `is_over` comes to say that it is not wanted any more.
pub(crate) fn read_page(
    handle: &mut Handle,
    dpi: u16,
    is_over: &dyn Fn() -> bool,
) -> Result<ScannedPage, NoPage> {
    let mut frames = Vec::new();
    loop {
        handle.start()?;
        let parameters = handle.parameters()?;
        let bytes = read_frame(handle, &parameters, is_over)?;
        frames.push(Frame { parameters, bytes });
        let is_whole = match parameters.format {
            Format::Grey | Format::Rgb => true,
            Format::Red | Format::Green | Format::Blue => parameters.last_frame,
        };
        if is_whole || frames.len() == 3 {
            break;
        }
    }
    let (width, height, pixels) = assemble(&frames).ok_or(NoPage::Odd("an impossible page"))?;
    let size = |value: usize| u32::try_from(value).map_err(|_| NoPage::Odd("an endless page"));
    Ok(ScannedPage { width: size(width)?, height: size(height)?, dpi, pixels })
}

fn read_frame(
    handle: &mut Handle,
    parameters: &Parameters,
    is_over: &dyn Fn() -> bool,
) -> Result<Vec<u8>, NoPage> {
    let line = parameters.bytes_per_line;
    let expected = parameters.lines.and_then(|lines| lines.checked_mul(line));
    let limit = expected.unwrap_or(MAX_PAGE_BYTES);
    if limit > MAX_PAGE_BYTES {
        return Err(NoPage::Odd("a page of more than 512 MB"));
    }
    let mut bytes = Vec::with_capacity(expected.unwrap_or_default());
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        // A backend may overlook a cancellation that comes while it starts.
        if is_over() {
            return Err(Status::Cancelled.into());
        }
        match handle.read(&mut chunk) {
            Ok(count) => bytes.extend_from_slice(chunk.get(..count).unwrap_or_default()),
            Err(Status::EndOfFile) => break,
            Err(status) => return Err(status.into()),
        }
        if bytes.len() > limit {
            return Err(NoPage::Odd("more lines than it announced"));
        }
    }
    // A cancelled scan may end like a whole one: only the count tells.
    let got = bytes.len();
    match expected {
        Some(expected) if got < expected => Err(NoPage::Short { got, expected }),
        None if line == 0 || got % line != 0 => {
            Err(NoPage::Short { got, expected: got.next_multiple_of(line.max(1)) })
        }
        Some(_) | None => Ok(bytes),
    }
}
