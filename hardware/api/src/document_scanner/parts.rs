//! A scan in pieces, as they come from the device, and how pieces become pages.

use serde::{Deserialize, Serialize};

use super::{ColorMode, Pixels, ScannedPage};

/// A piece of a running scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanPart<'a> {
    /// A page begins; one that was under way is lost.
    Begin(PageHead),
    /// More of its samples, row by row, 8 bits each, without padding. A piece may end inside a
    /// row.
    Samples(&'a [u8]),
    /// All of the page came.
    End,
}

/// What is known of a page when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHead {
    /// Pixels per row.
    pub width: u32,
    /// Rows; `None` when the device learns it only at the end.
    pub height: Option<u32>,
    /// Dots per inch.
    pub dpi: u16,
    /// Three samples a pixel, or one.
    pub color: ColorMode,
}

impl PageHead {
    /// Samples in a row, which are as many bytes.
    #[must_use]
    pub fn row_bytes(&self) -> usize {
        let samples = match self.color {
            ColorMode::Color => 3,
            ColorMode::Grey => 1,
        };
        usize::try_from(self.width).map_or(usize::MAX, |width| width.saturating_mul(samples))
    }

    /// Bytes of the whole page, where its height is known.
    #[must_use]
    pub fn bytes(&self) -> Option<usize> {
        let height = usize::try_from(self.height?).ok()?;
        self.row_bytes().checked_mul(height)
    }
}

/// The pieces do not make a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pieces of a scan do not make a page")]
pub struct BrokenPage;

/// Puts pages together from pieces.
#[derive(Default)]
pub struct PageBuilder {
    page: Option<Growing>,
}

/// A page on its way: room for all of it from the start where its height is known.
struct Growing {
    head: PageHead,
    bytes: Vec<u8>,
    filled: usize,
}

/// A4 in colour at 1200 dpi is 418 MB; a page of more is a device gone mad.
const MOST_BYTES: usize = 512 << 20;

impl PageBuilder {
    /// Takes a piece; gives the page that it completes.
    ///
    /// # Errors
    /// When the piece does not fit to those before it; the page under way is then dropped.
    pub fn take(&mut self, part: ScanPart<'_>) -> Result<Option<ScannedPage>, BrokenPage> {
        match part {
            ScanPart::Begin(head) => {
                self.page = None;
                // More than can be counted is too much; not known is not.
                let unknown = || head.height.is_none().then_some(0);
                let expected = head.bytes().or_else(unknown).ok_or(BrokenPage)?;
                if head.row_bytes() == 0 || expected > MOST_BYTES {
                    return Err(BrokenPage);
                }
                // Zeroed memory costs nothing until it is written to.
                self.page = Some(Growing { head, bytes: vec![0; expected], filled: 0 });
                Ok(None)
            }
            ScanPart::Samples(samples) => {
                self.room(samples.len())?.copy_from_slice(samples);
                self.filled(samples.len());
                Ok(None)
            }
            ScanPart::End => {
                let Growing { head, mut bytes, filled } = self.page.take().ok_or(BrokenPage)?;
                if head.height.is_some() && filled != bytes.len() {
                    return Err(BrokenPage);
                }
                bytes.truncate(filled);
                finish(head, bytes).map(Some)
            }
        }
    }

    /// The place of the next `count` samples, for whoever can put them there without a copy;
    /// [`Self::filled`] then says how many came.
    ///
    /// # Errors
    /// When the page has no room for so many; it is then dropped.
    pub fn room(&mut self, count: usize) -> Result<&mut [u8], BrokenPage> {
        let fits = self.page.as_ref().is_some_and(|page| {
            let most = page.head.bytes().unwrap_or(MOST_BYTES);
            page.filled.checked_add(count).is_some_and(|end| end <= most)
        });
        if !fits {
            self.page = None;
        }
        let page = self.page.as_mut().ok_or(BrokenPage)?;
        let end = page.filled + count;
        if end > page.bytes.len() {
            page.bytes.resize(end.max(2 * page.bytes.len()), 0);
        }
        page.bytes.get_mut(page.filled..end).ok_or(BrokenPage)
    }

    /// So many of the samples asked for last came.
    pub fn filled(&mut self, count: usize) {
        if let Some(page) = &mut self.page {
            page.filled = page.bytes.len().min(page.filled + count);
        }
    }

    /// Rows of the page under way that are there.
    #[must_use]
    pub fn rows(&self) -> usize {
        let rows = |page: &Growing| page.filled.checked_div(page.head.row_bytes());
        self.page.as_ref().and_then(rows).unwrap_or_default()
    }
}

fn finish(head: PageHead, bytes: Vec<u8>) -> Result<ScannedPage, BrokenPage> {
    let rows = bytes.len().checked_div(head.row_bytes()).unwrap_or_default();
    let height = u32::try_from(rows).map_err(|_| BrokenPage)?;
    let whole = rows > 0 && rows.checked_mul(head.row_bytes()) == Some(bytes.len());
    if !whole || head.height.is_some_and(|announced| announced != height) {
        return Err(BrokenPage);
    }
    let pixels = match head.color {
        ColorMode::Color => Pixels::Rgb(bytes),
        ColorMode::Grey => Pixels::Grey(bytes),
    };
    Ok(ScannedPage { width: head.width, height, dpi: head.dpi, pixels })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: PageHead =
        PageHead { width: 2, height: Some(2), dpi: 200, color: ColorMode::Color };

    fn build(parts: &[ScanPart<'_>]) -> Result<Option<ScannedPage>, BrokenPage> {
        let mut builder = PageBuilder::default();
        let mut last = Ok(None);
        for part in parts {
            last = builder.take(*part);
            if last.is_err() {
                assert_eq!(builder.rows(), 0, "nothing of a broken page stays");
                break;
            }
        }
        last
    }

    #[test]
    fn pieces_that_end_inside_rows_become_one_page() {
        use ScanPart::{Begin, End, Samples};
        let page = build(&[Begin(HEAD), Samples(&[1, 2, 3, 4]), Samples(&[5; 8]), End]);
        let pixels = Pixels::Rgb(vec![1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5]);
        assert_eq!(page, Ok(Some(ScannedPage { width: 2, height: 2, dpi: 200, pixels })));
    }

    #[test]
    fn a_page_of_unknown_height_is_as_high_as_what_came() {
        use ScanPart::{Begin, End, Samples};
        let head = PageHead { height: None, color: ColorMode::Grey, ..HEAD };
        let page = build(&[Begin(head), Samples(&[0; 6]), End]).unwrap().unwrap();
        assert_eq!((page.width, page.height), (2, 3));
    }

    #[test]
    fn pieces_that_do_not_fit_make_no_page() {
        use ScanPart::{Begin, End, Samples};
        let endless = PageHead { height: None, ..HEAD };
        let flat = PageHead { width: 0, ..HEAD };
        let mad = PageHead { width: u32::MAX, height: Some(u32::MAX), ..HEAD };
        let cases: [&[ScanPart<'_>]; 8] = [
            &[End],
            &[Samples(&[1])],
            &[Begin(HEAD), End],
            &[Begin(HEAD), Samples(&[0; 11]), End],
            &[Begin(HEAD), Samples(&[0; 13])],
            &[Begin(endless), Samples(&[0; 7]), End],
            &[Begin(flat)],
            &[Begin(mad)],
        ];
        for parts in cases {
            assert_eq!(build(parts), Err(BrokenPage), "{parts:?}");
        }
    }
}
