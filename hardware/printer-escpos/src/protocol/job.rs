//! A picture as printer commands: inked bands as rasters, blank rows as feeds.

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::Protocol;

use super::TELL_CHANGES;
use super::band::Band;
use super::rows::{Part, parts};
use crate::model::{Cut, Model};
use crate::raster::{Bitmap, Paper};

/// A slip as commands. Each piece is one whole command: only between pieces may a real-time
/// request be sent without tearing a command apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub pieces: Vec<Vec<u8>>,
    /// The piece that cuts, to part what an interrupted job left behind.
    pub cut: Vec<u8>,
}

/// Encodes a picture.
#[expect(clippy::expect_used, reason = "the encoder fails only where its driver does; ours cannot")]
pub(crate) fn encode(bitmap: &Bitmap, model: &Model) -> Job {
    collect(bitmap, model).expect("bytes are collected in memory")
}

fn collect(bitmap: &Bitmap, model: &Model) -> Result<Job, PrinterError> {
    let pieces = Pieces::default();
    let mut printer = Printer::new(pieces.clone(), Protocol::default(), None);
    printer.init()?;
    if model.sets_motion_units {
        printer.motion_units(model.dpi, model.dpi)?;
    }
    if model.automatic_status {
        printer.custom(TELL_CHANGES)?;
    }
    let mut margin = 0;
    for part in parts(bitmap, usize::from(model.band_rows), model.sets_left_margin) {
        match part {
            Part::Blank(rows) => feed(&mut printer, rows)?,
            Part::Inked(rows, scale) => {
                let band = Band::of(&rows, model.sets_left_margin, scale);
                if band.left != margin {
                    margin = band.left;
                    printer.custom(&left_margin(margin))?;
                }
                printer.custom(&band.raster())?;
            }
        }
    }
    let paper = Paper { dots: bitmap.width(), dpi: u32::from(model.dpi) };
    let rest = paper.tenths_mm(u32::from(model.feed_before_cut_mm) * 10);
    feed(&mut printer, usize::try_from(rest).unwrap_or(0))?;
    printer.print()?;
    let before_cut = pieces.0.borrow().len();
    cut(&mut printer, model.cut)?.print()?;
    let pieces = pieces.0.take();
    let cut = pieces.get(before_cut..).unwrap_or_default().concat();
    Ok(Job { pieces, cut })
}

fn cut(printer: &mut Printer<Pieces>, cut: Cut) -> Result<&mut Printer<Pieces>, PrinterError> {
    match cut {
        Cut::FeedFull => printer.cut(),
        // The encoder crate's partial cut is a full one with a longer feed.
        Cut::FeedPartial => printer.custom(&[0x1D, b'V', 66, 0]),
        Cut::Total => printer.custom(&[0x1B, b'i']),
        Cut::None => Ok(printer),
    }
}

fn feed(printer: &mut Printer<Pieces>, mut rows: usize) -> Result<(), PrinterError> {
    while rows > 0 {
        let step = u8::try_from(rows).unwrap_or(u8::MAX);
        printer.custom(&[0x1B, b'J', step])?;
        rows -= usize::from(step);
    }
    Ok(())
}

fn left_margin(bytes: usize) -> Vec<u8> {
    let [low, high] = u16::try_from(bytes * 8).unwrap_or(u16::MAX).to_le_bytes();
    vec![0x1D, b'L', low, high]
}

/// Collects what the encoder crate writes, one piece per command; the crate's own transports
/// lose bytes on short writes.
#[derive(Clone, Default)]
struct Pieces(Rc<RefCell<Vec<Vec<u8>>>>);

impl Driver for Pieces {
    fn name(&self) -> String {
        "pieces".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.0.try_borrow_mut()?.push(data.to_vec());
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }

    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bitmap(width: u32, dots: &[(u32, u32)]) -> Bitmap {
        let mut bitmap = Bitmap::new(width);
        for (x, y) in dots {
            bitmap.grow_to(y + 1);
            bitmap.blacken(*x, *y);
        }
        bitmap.disarm();
        bitmap
    }

    #[test]
    fn blank_rows_become_feeds_and_blank_sides_are_not_sent() {
        let picture = bitmap(576, &[(80, 300), (89, 301)]);
        let model = Model::by_name("epson-tm-t20").unwrap();
        let job = encode(&picture, &model);
        let expected: [&[u8]; 8] = [
            b"\x1b@",
            &[0x1D, b'P', 203, 203],
            &[0x1D, b'a', 0x0E],
            &[0x1B, b'J', 255],
            &[0x1B, b'J', 45],
            &[0x1D, b'L', 80, 0],
            &[0x1D, b'v', b'0', 0, 2, 0, 2, 0, 0x80, 0, 0, 0x40],
            b"\x1dVA\x00",
        ];
        assert_eq!(job.pieces, expected);
        assert_eq!(job.cut, b"\x1dVA\x00");
    }

    #[test]
    fn each_model_cuts_in_its_way() {
        let cases: [(&str, &[u8]); 4] = [
            ("epson-tm-t88", b"\x1dVA\x00"),
            ("xprinter-xp-80", b"\x1dVB\x00"),
            ("custom-vkp80", b"\x1bi"),
            ("xprinter-xp-58", b""),
        ];
        for (name, cut) in cases {
            let job = encode(&bitmap(384, &[(1, 1)]), &Model::by_name(name).unwrap());
            assert_eq!(job.cut, cut, "{name}");
            assert!(job.pieces.concat().ends_with(cut), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_picture_holds_a_real_time_command(
            dots in proptest::collection::vec((0_u32..568, 0_u32..90), 0..900),
            name in proptest::sample::select(Model::names().collect::<Vec<_>>()),
        ) {
            let job = encode(&bitmap(576, &dots), &Model::by_name(name).unwrap());
            let bytes: Vec<u8> = job.pieces.iter().flatten().copied().collect();
            for pair in bytes.windows(2).filter(|pair| pair[0] == 0x10) {
                prop_assert!(!matches!(pair[1], 0x04 | 0x05 | 0x14), "{pair:02x?}");
            }
        }
    }
}
