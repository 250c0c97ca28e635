//! The small picture for the citizen, and the one thing that would help. Pure.

use std::time::{Duration, Instant};

use hardware_api::{Hint, View};

use crate::picture::Frame;

/// No side that runs across the screen is longer.
const MAX_WIDTH: usize = 480;

/// A hint stands this long after what caused it was seen last: a hint that flickers is read by
/// nobody.
const STANDS: Duration = Duration::from_millis(900);

/// Looks that must agree before a hint is given.
const AGREE: u8 = 2;

/// Makes the picture small and mirrors it: whoever moves a card to the right sees it move to the
/// right.
pub(crate) fn shrink(frame: &Frame, hint: Option<Hint>) -> View {
    let factor = frame.width.div_ceil(MAX_WIDTH).max(1);
    let (width, height) = (frame.width / factor, frame.height / factor);
    let mut luma = Vec::with_capacity(width * height);
    let cells = u32::try_from(factor * factor).unwrap_or(u32::MAX);
    for band in frame.luma.chunks_exact((frame.width * factor).max(1)) {
        let mut sums = vec![0_u32; width];
        for row in band.chunks_exact(frame.width) {
            for (sum, cell) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                *sum += cell.iter().map(|luma| u32::from(*luma)).sum::<u32>();
            }
        }
        luma.extend(sums.iter().rev().map(|sum| u8::try_from(sum / cells).unwrap_or(u8::MAX)));
    }
    let side = |pixels: usize| u32::try_from(pixels).unwrap_or(0);
    View { width: side(width), height: side(height), luma, hint }
}

/// Keeps hints from flickering.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    wanted: Option<Hint>,
    agreed: u8,
    shown: Option<(Hint, Instant)>,
}

impl Hints {
    /// Takes what one look at a frame suggests.
    pub(crate) fn note(&mut self, hint: Option<Hint>, now: Instant) {
        self.agreed = if hint == self.wanted { self.agreed.saturating_add(1) } else { 1 };
        self.wanted = hint;
        if let (Some(hint), AGREE..) = (hint, self.agreed) {
            self.shown = Some((hint, now));
        }
    }

    /// A code was read: nothing is in the way.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The hint to show now.
    pub(crate) fn at(&self, now: Instant) -> Option<Hint> {
        let (hint, seen) = self.shown?;
        (now.saturating_duration_since(seen) < STANDS).then_some(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_small_and_mirrored() {
        let frame = Frame { width: 3, height: 2, luma: vec![1, 2, 3, 4, 5, 6] };
        let view = shrink(&frame, Some(Hint::Closer));
        assert_eq!((view.width, view.height, view.luma), (3, 2, vec![3, 2, 1, 6, 5, 4]));
        assert_eq!(view.hint, Some(Hint::Closer));
        for (width, height, small) in [
            (1920, 1080, (480, 270)),
            (1280, 720, (426, 240)),
            (1080, 1920, (360, 640)),
            (480, 3, (480, 3)),
        ] {
            let view = shrink(&Frame { width, height, luma: vec![90; width * height] }, None);
            assert_eq!((view.width, view.height), small);
            assert_eq!(view.luma, vec![90; view.luma.len()]);
            assert_eq!(view.luma.len(), usize::try_from(view.width * view.height).unwrap());
        }
        let view = shrink(&Frame { width: 0, height: 0, luma: vec![] }, None);
        assert_eq!((view.width, view.height, view.luma.len()), (0, 0, 0));
    }

    #[test]
    fn the_mean_of_a_cell_stands_for_it() {
        let luma = [[0, 100].repeat(480), [50, 50].repeat(480)].concat();
        let view = shrink(&Frame { width: 960, height: 2, luma }, None);
        assert_eq!((view.width, view.height, view.luma), (480, 1, vec![50; 480]));
    }

    #[test]
    fn a_hint_needs_two_looks_stands_a_while_and_goes_with_a_code() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut hints = Hints::default();
        hints.note(Some(Hint::Glare), at(0));
        assert_eq!(hints.at(at(0)), None);
        hints.note(Some(Hint::Tilt), at(60));
        assert_eq!(hints.at(at(60)), None, "they do not agree");
        hints.note(Some(Hint::Tilt), at(120));
        assert_eq!(hints.at(at(120)), Some(Hint::Tilt));
        hints.note(None, at(180));
        assert_eq!(hints.at(at(1000)), Some(Hint::Tilt));
        assert_eq!(hints.at(at(1020)), None);
        hints.note(Some(Hint::Tilt), at(2000));
        hints.note(Some(Hint::Tilt), at(2060));
        hints.clear();
        assert_eq!(hints.at(at(2060)), None);
    }
}
