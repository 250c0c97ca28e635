//! The looks at one picture, from cheap to dear: as it is, smaller, sharpened.

use super::effort::Effort;
use super::finder;
use super::luma::Luma;
use super::pass::{Findings, Pass};
use super::plane::{Blur, Plane};
use super::threshold::{Bits, Threshold};

/// One way of looking at a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// As it is.
    Whole,
    /// At half the size: grain and moiré are gone.
    Half,
    /// At a quarter: codes that fill the picture.
    Quarter,
    /// Sharpened: blur as wide as a module.
    Sharp,
    /// At twice the size, small pictures only: modules of one pixel.
    Double,
}

impl Stage {
    /// From cheap to dear by what each one adds.
    pub(crate) const ALL: [Self; 5] =
        [Self::Whole, Self::Half, Self::Sharp, Self::Quarter, Self::Double];

    fn threshold(self) -> Threshold {
        match self {
            Self::Whole | Self::Double => Threshold { radius: 24, bias: 1 },
            Self::Half | Self::Quarter => Threshold { radius: 16, bias: 0 },
            Self::Sharp => Threshold { radius: 14, bias: 0 },
        }
    }

    /// Where codes have small modules every row is looked at.
    fn row_step(self) -> usize {
        match self {
            Self::Half | Self::Quarter | Self::Double => 1,
            Self::Whole | Self::Sharp => 2,
        }
    }

    fn tolerance(self) -> f32 {
        match self {
            Self::Whole | Self::Half | Self::Quarter | Self::Double => 0.5,
            Self::Sharp => 0.6,
        }
    }

    /// Pixels of the picture to one of this stage's.
    fn scale(self) -> f32 {
        match self {
            Self::Whole | Self::Sharp => 1.0,
            Self::Half => 2.0,
            Self::Quarter => 4.0,
            Self::Double => 0.5,
        }
    }
}

/// One picture and what was made of it, in memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    whole: Plane,
    half: Plane,
    quarter: Plane,
    sharp: Plane,
    double: Plane,
    blur: Blur,
    bits: Bits,
}

impl Pictures {
    /// Takes over a picture; `false` if it is the one that is there already.
    pub(crate) fn take(&mut self, picture: &Luma<'_>) -> bool {
        let is_new = !self.whole.is_same(picture);
        if is_new {
            self.whole.copy(picture);
        }
        is_new
    }

    /// Looks at the picture in one way and adds what is seen.
    pub(crate) fn look(&mut self, stage: Stage, findings: &mut Findings, effort: &mut Effort) {
        let grey = match stage {
            Stage::Whole => &self.whole,
            Stage::Half => {
                self.half.halve(&self.whole);
                &self.half
            }
            Stage::Quarter => {
                self.half.halve(&self.whole);
                self.quarter.halve(&self.half);
                &self.quarter
            }
            Stage::Sharp => {
                self.sharp.sharpen(&self.whole, &mut self.blur);
                &self.sharp
            }
            Stage::Double => {
                self.double.double(&self.whole);
                &self.double
            }
        };
        if grey.is_empty() || !effort.spend(3 * grey.px.len()) {
            return;
        }
        self.bits.fill(grey, stage.threshold());
        let finders = finder::find(&self.bits, grey, stage.row_step(), stage.tolerance(), effort);
        Pass { grey, scale: stage.scale(), effort, findings }.read(&finders);
    }
}
