//! Reading one page: its samples as they come, its end only when all of it came.

use hardware_api::{PageHead, ScanPart};

use crate::ffi::Handle;
use crate::frame::{Format, Parameters, Samples, interleave};
use crate::status::Status;

/// The most a backend gives at once through the network.
const CHUNK_BYTES: usize = 64 << 10;

/// A4 in colour at 600 dpi and 16 bits is 210 MB; more than this is a scanner gone mad.
const MAX_PAGE_BYTES: usize = 512 << 20;

/// Network scanners send JPEG, and where one ends too early the decoder below SANE fills the page
/// up with just this grey. No paper is so even.
const FILLER: u8 = 128;
const FILLER_ROWS: usize = 8;

/// Why no page came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoPage {
    /// The backend said so before the page began.
    NotBegun(Status),
    /// The backend said so in the middle of the page.
    BrokenOff(Status),
    /// The end came before the page was whole.
    Short { got: usize, expected: usize },
    /// More than was announced, or a shape that contradicts itself.
    Odd(&'static str),
    /// Nobody wants it any more.
    Unwanted,
}

/// Reads pages of one scan, one after the other.
pub(crate) struct PageReader<'a> {
    pub handle: &'a mut Handle,
    pub dpi: u16,
    /// Whether the scan was cancelled or is late.
    pub is_over: &'a dyn Fn() -> bool,
    pub on_part: &'a mut dyn FnMut(ScanPart<'_>) -> bool,
}

impl PageReader<'_> {
    /// Reads the next page.
    pub(crate) fn read(&mut self) -> Result<(), NoPage> {
        let shape = self.start()?;
        if shape.format.is_one_of_three() {
            return self.read_three(shape);
        }
        let head = self.head(&shape)?;
        self.give(ScanPart::Begin(head))?;
        let mut samples = Samples::new(&shape).ok_or(IMPOSSIBLE)?;
        let mut filler = 0;
        let on_part = &mut *self.on_part;
        read_frame(self.handle, &shape, self.is_over, &mut |bytes| {
            let part = samples.take(bytes);
            let other = part.iter().rev().position(|sample| *sample != FILLER);
            filler = other.unwrap_or_else(|| filler + part.len());
            part.is_empty() || on_part(ScanPart::Samples(part))
        })?;
        if filler >= head.row_bytes().saturating_mul(FILLER_ROWS) {
            return Err(NoPage::Odd("a picture that ends in its middle"));
        }
        self.give(ScanPart::End)
    }

    fn start(&mut self) -> Result<Parameters, NoPage> {
        self.handle.start().map_err(NoPage::NotBegun)?;
        self.handle.parameters().map_err(NoPage::NotBegun)
    }

    /// Old scanners see one colour at a time: nothing can be given before the last came.
    fn read_three(&mut self, first: Parameters) -> Result<(), NoPage> {
        let mut colors: [(Format, Vec<u8>); 3] =
            [Format::Red, Format::Green, Format::Blue].map(|color| (color, Vec::new()));
        let mut shape = first;
        for pass in 1..=3 {
            let (_, color) = colors
                .iter_mut()
                .find(|(color, samples)| *color == shape.format && samples.is_empty())
                .ok_or(IMPOSSIBLE)?;
            let mut samples = Samples::new(&shape).ok_or(IMPOSSIBLE)?;
            read_frame(self.handle, &shape, self.is_over, &mut |bytes| {
                color.extend_from_slice(samples.take(bytes));
                true
            })?;
            if pass < 3 {
                shape = self.start()?;
            }
        }
        let [(_, red), (_, green), (_, blue)] = &colors;
        let page = interleave(red, green, blue).ok_or(IMPOSSIBLE)?;
        let head = self.head(&first)?;
        self.give(ScanPart::Begin(head))?;
        self.give(ScanPart::Samples(&page))?;
        self.give(ScanPart::End)
    }

    fn head(&self, shape: &Parameters) -> Result<PageHead, NoPage> {
        let size = |value: usize| u32::try_from(value).map_err(|_| NoPage::Odd("an endless page"));
        Ok(PageHead {
            width: size(shape.pixels_per_line)?,
            height: shape.lines.map(size).transpose()?,
            dpi: self.dpi,
            color: shape.format.color(),
        })
    }

    fn give(&mut self, part: ScanPart<'_>) -> Result<(), NoPage> {
        if (self.on_part)(part) { Ok(()) } else { Err(NoPage::Unwanted) }
    }
}

const IMPOSSIBLE: NoPage = NoPage::Odd("an impossible page");

/// Reads a frame to its end and counts what came.
fn read_frame(
    handle: &mut Handle,
    shape: &Parameters,
    is_over: &dyn Fn() -> bool,
    on_bytes: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), NoPage> {
    let line = shape.bytes_per_line;
    let expected = match shape.lines {
        Some(lines) => Some(lines.checked_mul(line).ok_or(IMPOSSIBLE)?),
        None => None,
    };
    let limit = expected.unwrap_or(MAX_PAGE_BYTES);
    if limit > MAX_PAGE_BYTES {
        return Err(NoPage::Odd("a page of more than 512 MB"));
    }
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut got = 0_usize;
    loop {
        // A backend may overlook a cancellation that comes while it starts.
        if is_over() {
            return Err(NoPage::BrokenOff(Status::Cancelled));
        }
        let count = match handle.read(&mut chunk) {
            Ok(count) => count,
            Err(Status::EndOfFile) => break,
            Err(status) if got == 0 => return Err(NoPage::NotBegun(status)),
            Err(status) => return Err(NoPage::BrokenOff(status)),
        };
        got += count;
        if got > limit {
            return Err(NoPage::Odd("more lines than it announced"));
        }
        if !on_bytes(chunk.get(..count).unwrap_or_default()) {
            return Err(NoPage::Unwanted);
        }
    }
    // A cancelled scan may end like a whole one: only the count tells.
    match expected {
        Some(expected) if got < expected => Err(NoPage::Short { got, expected }),
        Some(0) => Err(IMPOSSIBLE),
        None if got == 0 || line == 0 || !got.is_multiple_of(line) => {
            let expected = (got + 1).next_multiple_of(line.max(1));
            Err(NoPage::Short { got, expected })
        }
        Some(_) | None => Ok(()),
    }
}
