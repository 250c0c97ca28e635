//! One PDF/A-2b from the scanned pages of one document.
//!
//! The file holds nothing but the pages' JPEG data, untouched, one image per page at its physical
//! size. The same input gives the same bytes, so that a package sealed twice has the same digest.

mod icc;
mod jpeg;
mod xmp;

use jiff::{Timestamp, civil::DateTime, tz::Offset};
use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use sha2::{Digest, Sha256};

use jpeg::Header;

/// Vietnam keeps one time zone the year round.
pub(crate) const VIETNAM: Offset = Offset::constant(7);

/// What writes the file, as its properties show it.
const PRODUCER: &str = concat!("motcua ", env!("CARGO_PKG_VERSION"));

/// The colour space that device colours are meant in.
const OUTPUT_CONDITION: &str = "sRGB IEC61966-2.1";

/// Points per inch in PDF's coordinates.
const POINTS_PER_INCH: f32 = 72.0;

/// Smallest and largest page side that PDF/A-2 allows, in points (ISO 19005-2, 6.1.13).
const SIDE_POINTS: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// What goes into one file.
#[derive(Clone, Copy)]
pub struct PdfDocument<'a> {
    /// Shown as the document's name, usually what the paper is called. Control characters become
    /// spaces.
    pub title: &'a str,
    /// When the file was made; written at +07:00, whole seconds.
    pub created: Timestamp,
    /// The pages in reading order, at least one.
    pub pages: &'a [PdfPage<'a>],
}

/// One page.
#[derive(Clone, Copy)]
pub struct PdfPage<'a> {
    /// A baseline or progressive JPEG, 8 bits a sample, RGB (as YCbCr) or grey.
    pub jpeg: &'a [u8],
    /// Dots per inch of the scan; gives the page its physical size.
    pub dpi: u16,
}

impl std::fmt::Debug for PdfDocument<'_> {
    /// Leaves out what could be personal: the title and the pages' contents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PdfDocument({:?})", self.pages)
    }
}

impl std::fmt::Debug for PdfPage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PdfPage({} bytes at {} dpi)", self.jpeg.len(), self.dpi)
    }
}

/// Why no file was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// There is no page. Caller: scan one first.
    #[error("the document has no page")]
    NoPages,
    /// A page is not a JPEG that PDF/A can hold. Caller: encode the page anew.
    #[error("page {number} is not a grey or RGB JPEG with 8 bits a sample")]
    UnusableImage {
        /// Counted from 1.
        number: usize,
    },
    /// A page's pixels at its dpi give a size PDF cannot express. Caller: correct the dpi.
    #[error("page {number} would be smaller than 3 or larger than 14400 points")]
    UnusableSize {
        /// Counted from 1.
        number: usize,
    },
    /// More pages than PDF can count. Caller: split the document.
    #[error("the document has too many pages")]
    TooManyPages,
}

/// Writes one PDF/A-2b.
pub fn write(document: &PdfDocument<'_>) -> Result<Vec<u8>, PdfError> {
    if document.pages.is_empty() {
        return Err(PdfError::NoPages);
    }
    let count = i32::try_from(document.pages.len()).map_err(|_| PdfError::TooManyPages)?;
    let title = printable(document.title);
    let created = VIETNAM.to_datetime(document.created);
    let profile = icc::srgb();

    let mut ids = Ids::default();
    let (catalog, tree, info, metadata, intent) =
        (ids.next(), ids.next(), ids.next(), ids.next(), ids.next());

    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    pdf.set_binary_marker(b"\xE2\xE3\xCF\xD3");
    pdf.icc_profile(intent, &profile).n(3).alternate().device_rgb();

    let mut kids = Vec::with_capacity(document.pages.len());
    for (index, page) in document.pages.iter().enumerate() {
        kids.push(write_page(&mut pdf, &mut ids, tree, index.saturating_add(1), page)?);
    }
    pdf.pages(tree).kids(kids).count(count);

    let date = pdf_date(created);
    pdf.document_info(info)
        .title(TextStr(&title))
        .producer(TextStr(PRODUCER))
        .creation_date(date)
        .modified_date(date);
    let packet = xmp::packet(&title, PRODUCER, created);
    pdf.metadata(metadata, packet.as_bytes());

    let mut root = pdf.catalog(catalog);
    root.pages(tree).metadata(metadata);
    root.output_intents()
        .push()
        .subtype(OutputIntentSubtype::PDFA)
        .output_condition_identifier(TextStr(OUTPUT_CONDITION))
        .info(TextStr(OUTPUT_CONDITION))
        .dest_output_profile(intent);
    root.finish();

    let id = file_id(&packet, document.pages);
    pdf.set_file_id((id.clone(), id));
    Ok(pdf.finish())
}

/// Writes image, content and page; returns the page's number.
fn write_page(
    pdf: &mut Pdf,
    ids: &mut Ids,
    tree: Ref,
    number: usize,
    page: &PdfPage<'_>,
) -> Result<Ref, PdfError> {
    let header = Header::read(page.jpeg).ok_or(PdfError::UnusableImage { number })?;
    let side = |px: u16| {
        // A dpi of 0 gives infinity, which the range below refuses.
        let points = f32::from(px) * POINTS_PER_INCH / f32::from(page.dpi);
        SIDE_POINTS.contains(&points).then_some(points).ok_or(PdfError::UnusableSize { number })
    };
    let (width, height) = (side(header.width_px)?, side(header.height_px)?);
    let (id, image, content) = (ids.next(), ids.next(), ids.next());

    let mut object = pdf.image_xobject(image, page.jpeg);
    object.filter(Filter::DctDecode);
    object.width(i32::from(header.width_px)).height(i32::from(header.height_px));
    object.bits_per_component(8);
    match header.color {
        jpeg::Color::Grey => object.color_space().device_gray(),
        jpeg::Color::Rgb => object.color_space().device_rgb(),
    }
    object.finish();

    let mut drawing = Content::new();
    drawing.save_state();
    drawing.transform([width, 0.0, 0.0, height, 0.0, 0.0]);
    drawing.x_object(Name(b"Im0"));
    drawing.restore_state();
    pdf.stream(content, &drawing.finish());

    let mut leaf = pdf.page(id);
    leaf.media_box(Rect::new(0.0, 0.0, width, height)).parent(tree).contents(content);
    leaf.resources().x_objects().pair(Name(b"Im0"), image);
    leaf.finish();
    Ok(id)
}

/// Hands out object numbers from 1.
#[derive(Default)]
struct Ids(i32);

impl Ids {
    fn next(&mut self) -> Ref {
        self.0 = self.0.saturating_add(1);
        Ref::new(self.0)
    }
}

/// The title as both the info dictionary and the XMP packet can hold it, which PDF/A wants equal.
fn printable(title: &str) -> String {
    let forbidden_in_xml = |c| matches!(c, '\u{FFFE}' | '\u{FFFF}');
    title
        .chars()
        .map(|c| if c.is_control() || forbidden_in_xml(c) { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// PDF dates hold years 0 to 9999; a clock outside of that is broken and shows as a limit.
fn pdf_date(at: DateTime) -> Date {
    let small = |value: i8| u8::try_from(value).unwrap_or(0);
    Date::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(7)
        .utc_offset_minute(0)
}

/// Sixteen bytes that follow from all that is in the file.
fn file_id(packet: &str, pages: &[PdfPage<'_>]) -> Vec<u8> {
    let mut hash = Sha256::new_with_prefix(packet);
    for page in pages {
        hash.update(page.dpi.to_be_bytes());
        // Each page goes in as a digest of fixed length, so that no two page lists look alike.
        hash.update(Sha256::digest(page.jpeg));
    }
    hash.finalize().iter().take(16).copied().collect()
}

#[cfg(test)]
mod tests;
