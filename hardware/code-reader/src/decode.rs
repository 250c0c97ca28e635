//! QR codes in grey pictures: exact payload bytes, never a guess at their text.
//!
//! Two ways in. [`read_still`] looks at one picture until everything was tried: for files.
//! [`Reader`] looks at the running picture of a camera: the cheap looks at every frame, the dear
//! ones in turns, each frame within a [`Budget`]; and it tells what is in the way of reading
//! ([`Sighting`]), so that the screen can say "closer" while the citizen still holds the card.

mod effort;
mod equalise;
mod finder;
mod fuse;
mod grid;
mod luma;
mod pass;
mod pattern;
mod plane;
mod refine;
mod sample;
mod sighting;
mod stages;
mod symbol;
mod threshold;
mod triple;
mod warp;

pub use luma::Luma;
pub use sighting::{Point, Sighting};

use std::fmt;

use effort::Effort;
use fuse::Fusion;
use pass::Findings;
use stages::{Pictures, Stage};

use crate::picture::Frame;

/// What one look at a frame may cost, in pixels touched: near one nanosecond each.
///
/// Counted, not timed: the same frames give the same answers on a loaded machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Budget(pub u32);

impl Budget {
    /// For a preview of ten frames a second that leaves the processor to the rest of the kiosk.
    pub const PREVIEW: Self = Self(15_000_000);
}

/// One code that was read.
#[derive(Clone, PartialEq)]
pub struct Code {
    /// The payload as it was encoded.
    pub bytes: Vec<u8>,
    /// Its outer corners in pixels: upper left as the code sees itself, then clockwise.
    pub corners: [Point; 4],
}

/// Payloads are personal data: only their length is shown.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} bytes)", self.bytes.len())
    }
}

/// What a frame showed.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Every code that was read, each payload once.
    pub codes: Vec<Code>,
    /// The best code that is in the picture but could not be read, and why that may be.
    pub sighting: Option<Sighting>,
}

/// A still may cost this for each of its pixels, and ...
const STILL_PER_PIXEL: u64 = 60;
/// ... this for its codes. Most take a tenth of it.
const STILL_AT_LEAST: u64 = 120_000_000;

/// [`read_still`] of a picture that was in a file.
#[must_use]
pub fn find_codes(frame: &Frame) -> Vec<Vec<u8>> {
    frame.luma().map_or_else(Vec::new, |picture| read_still(&picture))
}

/// All payloads in one picture, each once. Looks in every way until something was read and
/// nothing unread is in sight; bounded by the picture's size.
#[must_use]
pub fn read_still(picture: &Luma<'_>) -> Vec<Vec<u8>> {
    let mut pictures = Pictures::default();
    pictures.take(picture);
    let pixels = picture.width() * picture.height();
    let pixels = u64::try_from(pixels).unwrap_or(u64::MAX);
    let mut effort = Effort::new(pixels.saturating_mul(STILL_PER_PIXEL) + STILL_AT_LEAST);
    let mut findings = Findings::default();
    for stage in Stage::ALL {
        pictures.look(stage, &mut findings, &mut effort);
        if findings.is_enough() {
            break;
        }
    }
    findings.codes.into_iter().map(|code| code.bytes).collect()
}

/// The dear looks: every frame has one of them first, blur being more frequent than grain.
const TURNS: [[&[Stage]; 2]; 3] = [[SHARP, SMALLER], [SMALLER, SHARP], [SHARP, SMALLER]];
const SHARP: &[Stage] = &[Stage::Sharp];
const SMALLER: &[Stage] = &[Stage::Half, Stage::Quarter];

/// Reads the frames of a running camera. Keep one for each camera: it reuses its memory and
/// learns from frame to frame.
#[derive(Debug, Default)]
pub struct Reader {
    pictures: Pictures,
    fusion: Fusion,
    turn: usize,
    last: Look,
}

impl Reader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the next frame: at every one as it is, and in one of the dearer ways in turns,
    /// in all of them if a code was seen but not read. What several frames leave unread one by
    /// one is read of them together.
    ///
    /// A frame equal to the one before costs next to nothing and gives the same again.
    pub fn frame(&mut self, picture: &Luma<'_>, budget: Budget) -> Look {
        if !self.pictures.take(picture) {
            return self.last.clone();
        }
        // Something is kept for all frames together: dear looks at one would leave nothing.
        let kept = budget.0 / 6;
        let mut effort = Effort::new((budget.0 - kept).into());
        let mut findings = Findings::default();
        self.pictures.look(Stage::Whole, &mut findings, &mut effort);
        let turn = TURNS.get(self.turn % TURNS.len()).copied().unwrap_or_default();
        self.turn = self.turn.wrapping_add(1);
        for stages in turn {
            if findings.codes.is_empty() {
                for stage in stages {
                    self.pictures.look(*stage, &mut findings, &mut effort);
                }
            }
            if findings.unread.is_none() {
                break;
            }
        }
        self.fuse(&mut findings, &mut Effort::new(kept.into()));
        let sighting = findings.unread.as_ref().map(Sighting::of);
        self.last = Look { codes: findings.codes, sighting };
        self.last.clone()
    }

    fn fuse(&mut self, findings: &mut Findings, effort: &mut Effort) {
        if !findings.codes.is_empty() {
            self.fusion.clear();
        } else if let Some(unread) = &findings.unread
            && let Some(bytes) = self.fusion.add(unread, effort)
        {
            findings.codes.push(Code { bytes, corners: unread.corners });
            findings.unread = None;
            self.fusion.clear();
        }
    }

    /// Forgets what earlier frames showed: the next citizen stands there.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
#[expect(clippy::as_conversions, reason = "pictures are drawn with small numbers")]
mod tests;
