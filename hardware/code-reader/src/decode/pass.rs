//! One pass over one picture: from finders to payloads.

use super::Code;
use super::effort::Effort;
use super::finder::Finder;
use super::grid;
use super::plane::Plane;
use super::refine::{self, Fit, Guess};
use super::sample::Sampled;
use super::sighting::Point;
use super::triple::{Triple, pairs, triples};

/// Grids tried in one pass.
const MOST_FITS: usize = 6;
/// Triples looked at in one pass, ...
const MOST_TRIPLES: usize = 90;
/// ... and those that are looked at first.
const FIRST_TRIPLES: usize = 12;
/// Below this agreement with the known modules there is no code: what can be read has more than
/// 0.74, what is none seldom 0.5.
const NO_CODE: f32 = 0.65;

/// What the looks at one picture gave.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) codes: Vec<Code>,
    /// The best grid that could not be read.
    pub(crate) unread: Option<Unread>,
}

/// A grid that looks like a code but could not be read.
#[derive(Debug, Clone)]
pub(crate) struct Unread {
    pub(crate) fit: Fit,
    pub(crate) sampled: Sampled,
    pub(crate) corners: [Point; 4],
    pub(crate) module_px: f32,
}

impl Findings {
    /// Whether nothing is left to look for: something was read, and nothing unread was seen.
    pub(crate) fn is_enough(&self) -> bool {
        !self.codes.is_empty() && self.unread.is_none()
    }

    fn hit(&mut self, code: Code) {
        if self.unread.as_ref().is_some_and(|unread| code.covers(unread.middle())) {
            self.unread = None;
        }
        if !self.codes.iter().any(|known| known.bytes == code.bytes) {
            self.codes.push(code);
        }
    }

    fn miss(&mut self, unread: Unread) {
        let is_read = self.codes.iter().any(|code| code.covers(unread.middle()));
        let best = self.unread.as_ref().map_or(0.0, |unread| unread.fit.score);
        if !is_read && unread.fit.score > best {
            self.unread = Some(unread);
        }
    }
}

impl Unread {
    fn middle(&self) -> Point {
        let [a, _, c, _] = self.corners;
        Point { x: f32::midpoint(a.x, c.x), y: f32::midpoint(a.y, c.y) }
    }
}

impl Code {
    /// Whether a place is inside the outline: on the same side of all four edges.
    fn covers(&self, place: Point) -> bool {
        let [a, b, c, d] = self.corners;
        let side = |from: Point, to: Point| {
            (to.x - from.x) * (place.y - from.y) > (to.y - from.y) * (place.x - from.x)
        };
        let sides = [side(a, b), side(b, c), side(c, d), side(d, a)];
        sides == [true; 4] || sides == [false; 4]
    }
}

/// A picture with what may be spent on it.
pub(crate) struct Pass<'a> {
    pub(crate) grey: &'a Plane,
    /// Pixels of the camera's picture to one of this.
    pub(crate) scale: f32,
    pub(crate) effort: &'a mut Effort,
    pub(crate) findings: &'a mut Findings,
}

impl Pass<'_> {
    /// Reads every code whose finders are among these.
    pub(crate) fn read(&mut self, finders: &[Finder]) {
        let used = self.read_all(&triples(finders));
        if used.is_empty() {
            self.read_all(&pairs(finders));
        }
    }

    /// Gives the middles of the finders that belong to codes that were read.
    fn read_all(&mut self, triples: &[Triple]) -> Vec<Point> {
        let mut used: Vec<Point> = Vec::new();
        let likely = triples.get(..MOST_TRIPLES).unwrap_or(triples);
        // Mostly the code is among the first: the others need not even be guessed at.
        let (first, others) = likely.split_at(FIRST_TRIPLES.min(likely.len()));
        for batch in [first, others] {
            let mut fits = 0;
            for guess in self.guesses(batch, &used) {
                if fits == MOST_FITS {
                    break;
                }
                if guess.triple.is_free(&used) {
                    fits += 1;
                    if self.read_guess(&guess) {
                        used.extend(guess.triple.middles());
                        fits = 0;
                    }
                }
            }
        }
        used
    }

    /// Triples with the versions they may be, by how well finders and timing lines agree.
    fn guesses(&mut self, triples: &[Triple], used: &[Point]) -> Vec<Guess> {
        let free = triples.iter().filter(|triple| triple.is_free(used));
        let mut guesses: Vec<Guess> =
            free.flat_map(|triple| refine::guesses(self.grey, triple, self.effort)).collect();
        guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
        guesses
    }

    fn read_guess(&mut self, guess: &Guess) -> bool {
        let fit = refine::fit(self.grey, guess, self.effort);
        if fit.score < NO_CODE || !self.effort.spend(Sampled::cost(fit.pattern.size)) {
            return false;
        }
        let sampled = Sampled::new(self.grey, &fit);
        let outline = fit.warp.outline();
        let corners =
            outline.map(|place| Point { x: place.x * self.scale, y: place.y * self.scale });
        let Some(bytes) = grid::read(&sampled, fit.pattern, self.effort) else {
            let module_px = fit.module * self.scale;
            self.findings.miss(Unread { fit, sampled, corners, module_px });
            return false;
        };
        self.findings.hit(Code { bytes, corners });
        true
    }
}
