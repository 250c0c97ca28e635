//! What is known of a code that is in the picture but could not be read.

use hardware_api::Hint;

use super::pass::Unread;

/// Below this the modules run into each other.
const SMALL_MODULE_PX: f32 = 2.2;
/// A share of the area that error correction cannot make good.
const MUCH_BLOWN: f32 = 0.06;
/// Seen so much from the side that far modules are lost.
const STRONG_SKEW: f32 = 1.45;
/// Blur as wide as a module.
const BLURRED: f32 = 0.45;

/// A place in the picture, in pixels from the outer upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A code that was seen, read or not: the facts from which a hint is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// The outer corners: upper left as the code sees itself, then clockwise.
    pub corners: [Point; 4],
    /// Pixels to a side of one module. Below two, reading is luck.
    pub module_px: f32,
    /// Share of the code's area that is blown out to white: 0 to 1.
    pub blown: f32,
    /// Contrast of the finest black-white pattern against the coarsest: 1 is sharp, 0 is lost.
    pub sharpness: f32,
    /// Longer against shorter of two opposite sides: 1 is seen from straight ahead.
    pub skew: f32,
}

impl Sighting {
    pub(crate) fn of(unread: &Unread) -> Self {
        let Unread { fit, sampled, corners, module_px } = unread;
        let timing = sampled.timing_contrast();
        Self {
            corners: *corners,
            module_px: *module_px,
            blown: sampled.blown(fit.is_inverted),
            sharpness: (timing / sampled.range().max(1.0)).clamp(0.0, 1.0),
            skew: skew(corners),
        }
    }

    /// What the citizen can do about it. `None` when nothing is known to be in the way: the next
    /// frame may do.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        if self.module_px < SMALL_MODULE_PX {
            Some(Hint::Closer)
        } else if self.blown > MUCH_BLOWN {
            Some(Hint::Glare)
        } else if self.skew > STRONG_SKEW {
            Some(Hint::Tilt)
        } else if self.sharpness < BLURRED {
            Some(Hint::HoldStill)
        } else {
            None
        }
    }
}

/// The longer of two opposite sides against the shorter, of both pairs the larger.
fn skew([a, b, c, d]: &[Point; 4]) -> f32 {
    let length = |from: &Point, to: &Point| (from.x - to.x).hypot(from.y - to.y).max(1.0);
    let ratio = |one: f32, other: f32| one.max(other) / one.min(other);
    ratio(length(a, b), length(c, d)).max(ratio(length(b, c), length(d, a)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_most_in_the_way_is_said_first() {
        let good = Sighting {
            corners: [Point::default(); 4],
            module_px: 3.5,
            blown: 0.0,
            sharpness: 0.9,
            skew: 1.05,
        };
        let cases = [
            (good, None),
            (Sighting { module_px: 1.6, sharpness: 0.1, ..good }, Some(Hint::Closer)),
            (Sighting { blown: 0.2, sharpness: 0.1, ..good }, Some(Hint::Glare)),
            (Sighting { skew: 1.8, sharpness: 0.3, ..good }, Some(Hint::Tilt)),
            (Sighting { sharpness: 0.3, ..good }, Some(Hint::HoldStill)),
        ];
        for (sighting, hint) in cases {
            assert_eq!(sighting.hint(), hint, "{sighting:?}");
        }
    }
}
