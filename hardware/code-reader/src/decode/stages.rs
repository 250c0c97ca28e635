//! The looks at one picture, from cheap to dear: as it is, smaller, sharpened.

use super::Code;
use super::effort::Effort;
use super::equalise;
use super::finder::{self, Finder};
use super::plane::{Blur, Plane};
use super::refine::{self, Fit, Guess};
use super::sample::{Judgement, Sampled};
use super::sighting::Point;
use super::symbol::{self, Layout, Modules};
use super::threshold::{Bits, Threshold};
use super::triple::{Triple, pairs, triples};

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
}

impl Stage {
    /// From cheap to dear by what each one adds.
    pub(crate) const ALL: [Self; 4] = [Self::Whole, Self::Half, Self::Sharp, Self::Quarter];

    fn threshold(self) -> Threshold {
        match self {
            Self::Whole => Threshold { radius: 24, bias: 1 },
            Self::Half | Self::Quarter => Threshold { radius: 16, bias: 0 },
            Self::Sharp => Threshold { radius: 14, bias: 0 },
        }
    }

    /// Where codes have small modules every row is looked at.
    fn row_step(self) -> usize {
        match self {
            Self::Half | Self::Quarter => 1,
            Self::Whole | Self::Sharp => 2,
        }
    }

    fn tolerance(self) -> f32 {
        match self {
            Self::Whole | Self::Half | Self::Quarter => 0.5,
            Self::Sharp => 0.6,
        }
    }

    /// Pixels of the picture to one of this stage's.
    fn scale(self) -> f32 {
        match self {
            Self::Whole | Self::Sharp => 1.0,
            Self::Half => 2.0,
            Self::Quarter => 4.0,
        }
    }
}

/// Grids tried in one stage.
const MOST_FITS: usize = 6;
/// Triples looked at in one stage.
const MOST_TRIPLES: usize = 90;
/// Below this agreement with the known modules there is no code: what can be read has more than
/// 0.74, what is none seldom 0.5.
const NO_CODE: f32 = 0.65;

/// One picture and what was made of it, in memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    pub(crate) whole: Plane,
    half: Plane,
    quarter: Plane,
    sharp: Plane,
    blur: Blur,
    bits: Bits,
}

/// What the looks at one picture gave.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) codes: Vec<Code>,
    /// The best grid that could not be read.
    pub(crate) unread: Option<Unread>,
    /// Finders that belong to no code that was read.
    pub(crate) loose: usize,
}

/// A grid that looks like a code but could not be read.
#[derive(Debug, Clone)]
pub(crate) struct Unread {
    pub(crate) fit: Fit,
    pub(crate) sampled: Sampled,
    pub(crate) corners: [Point; 4],
    pub(crate) module_px: f32,
}

impl Pictures {
    pub(crate) fn prepare(&mut self, stage: Stage) {
        match stage {
            Stage::Whole => {}
            Stage::Half => self.half.halve(&self.whole),
            Stage::Quarter => {
                self.half.halve(&self.whole);
                self.quarter.halve(&self.half);
            }
            Stage::Sharp => self.sharp.sharpen(&self.whole, &mut self.blur),
        }
    }

    pub(crate) fn look(&mut self, stage: Stage, findings: &mut Findings, effort: &mut Effort) {
        self.prepare(stage);
        let grey = match stage {
            Stage::Whole => &self.whole,
            Stage::Half => &self.half,
            Stage::Quarter => &self.quarter,
            Stage::Sharp => &self.sharp,
        };
        if grey.is_empty() || !effort.spend(2 * grey.px.len()) {
            return;
        }
        self.bits.fill(grey, stage.threshold());
        let finders = finder::find(&self.bits, grey, stage.row_step(), stage.tolerance(), effort);
        Pass { grey, scale: stage.scale(), effort, findings }.read(&finders);
    }
}

struct Pass<'a> {
    grey: &'a Plane,
    scale: f32,
    effort: &'a mut Effort,
    findings: &'a mut Findings,
}

impl Pass<'_> {
    fn read(&mut self, finders: &[Finder]) {
        let mut used = self.read_all(&triples(finders));
        if used.is_empty() {
            used = self.read_all(&pairs(finders));
        }
        self.findings.loose = finders.len().saturating_sub(used.len());
    }

    /// Gives the middles of the finders that belong to codes that were read.
    fn read_all(&mut self, triples: &[Triple]) -> Vec<Point> {
        let mut used: Vec<Point> = Vec::new();
        let mut fits = 0;
        for guess in self.guesses(triples) {
            let places = guess.triple.finders.map(|finder| finder.centre);
            if places.iter().any(|place| used.contains(place)) {
                continue;
            }
            fits += 1;
            if fits > MOST_FITS {
                break;
            }
            if self.read_guess(&guess) {
                used.extend(places);
                fits = 0;
            }
        }
        used
    }

    /// Triples with the versions they may be, by how well finders and timing lines agree.
    fn guesses(&mut self, triples: &[Triple]) -> Vec<Guess> {
        let likely = triples.iter().take(MOST_TRIPLES);
        let mut guesses: Vec<Guess> =
            likely.flat_map(|triple| refine::guesses(self.grey, triple, self.effort)).collect();
        guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
        guesses
    }

    fn read_guess(&mut self, guess: &Guess) -> bool {
        let fit = refine::fit(self.grey, guess, self.effort);
        if fit.score < NO_CODE || !self.effort.spend(Sampled::cost(fit.pattern.size)) {
            return false;
        }
        let sampled = Sampled::new(self.grey, &fit);
        let corners = fit
            .warp
            .outline()
            .map(|place| Point { x: place.x * self.scale, y: place.y * self.scale });
        if let Some(bytes) = read_grid(&sampled, &fit, self.effort) {
            if !self.findings.codes.iter().any(|code| code.bytes == bytes) {
                self.findings.codes.push(Code { bytes, corners });
            }
            return true;
        }
        let best = self.findings.unread.as_ref().map_or(0.0, |unread| unread.fit.score);
        if fit.score > best {
            let module_px = fit.module * self.scale;
            self.findings.unread = Some(Unread { fit, sampled, corners, module_px });
        }
        false
    }
}

/// Ways of telling dark from light, the likeliest first.
const JUDGEMENTS: [Judgement; 6] = [
    Judgement { window: 4, leakage: 0.0 },
    Judgement { window: 4, leakage: 0.15 },
    Judgement { window: 3, leakage: 0.3 },
    Judgement { window: 7, leakage: 0.1 },
    Judgement { window: 2, leakage: 0.1 },
    Judgement { window: 4, leakage: 0.6 },
];

/// Reads the modules of a grid, judged in several ways, then with the blur taken out.
pub(crate) fn read_grid(sampled: &Sampled, fit: &Fit, effort: &mut Effort) -> Option<Vec<u8>> {
    let layout = Layout::new(sampled.size)?;
    let judge = |judgement: &Judgement| symbol::read(&sampled.judge(*judgement), &layout);
    JUDGEMENTS.iter().find_map(judge).or_else(|| equalised(sampled, fit, &layout, effort))
}

fn equalised(
    sampled: &Sampled,
    fit: &Fit,
    layout: &Layout,
    effort: &mut Effort,
) -> Option<Vec<u8>> {
    let modules = sampled.judge(Judgement { window: 5, leakage: 0.0 });
    if !effort.spend(2 * equalise::cost(fit.pattern.size)) {
        return None;
    }
    let mut decided: Modules = equalise::by_pattern(&modules, fit.pattern)?;
    for _ in 0..2 {
        if let Some(bytes) = symbol::read(&decided, layout) {
            return Some(bytes);
        }
        decided = equalise::by_decisions(&modules, &decided, fit.pattern)?;
    }
    symbol::read(&decided, layout)
}
