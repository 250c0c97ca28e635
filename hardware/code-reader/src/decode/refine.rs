//! Fitting the grid of a symbol to the grey picture.
//!
//! What is maximised is how well the picture agrees with the modules that everybody knows
//! ([`Pattern`]): the correlation of each finder, timing line and alignment pattern, averaged.
//! First the fourth corner is searched where the lower right alignment pattern fits best; then
//! all corners are moved in ever smaller steps; if that is not good enough, the paper is bent.

use super::effort::Effort;
use super::pattern::{Group, Pattern};
use super::plane::Plane;
use super::sighting::Point;
use super::triple::Triple;
use super::warp::{Bend, Corners, Warp};

/// A symbol's grid in the picture.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    pub(crate) pattern: &'static Pattern,
    pub(crate) warp: Warp,
    pub(crate) is_inverted: bool,
    /// Agreement with the known modules, at most 1.
    pub(crate) score: f32,
    /// Pixels to a side of a module.
    pub(crate) module: f32,
}

/// Steps that one sample costs.
const SAMPLE: usize = 8;
/// Finders and timing lines of what can be read agree better before the fit, ...
const NO_GUESS: f32 = 0.3;
/// ... where one finder was not seen, those patterns that do not end at it, ...
const NO_PAIR: f32 = 0.7;
/// ... all patterns at the places guessed, ...
const UNPROMISING: f32 = 0.1;
/// ... and all patterns after the fourth corner was found.
const HOPELESS: f32 = 0.5;
/// Above this a code is seen from straight ahead: no need to think of perspective.
const FRONTAL: f32 = 0.85;
/// A grid as good as this needs no bending.
const FLAT: f32 = 0.965;
/// A step that gains less is none.
const GAIN: f32 = 1e-4;

/// Three finders and the version they may make, before anything is fitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guess {
    pub(crate) triple: Triple,
    pattern: &'static Pattern,
    /// Where its fourth corner may be.
    opposite: Point,
    /// Agreement of finders and timing lines.
    pub(crate) score: f32,
}

/// The versions worth a fit: at most two of those the distances allow, each seen from straight
/// ahead or in perspective.
pub(crate) fn guesses(grey: &Plane, triple: &Triple, effort: &mut Effort) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = Vec::new();
    for pattern in triple.versions().filter_map(Pattern::of) {
        let seen = pattern.seen_without(triple.unseen);
        for opposite in [triple.opposite(), triple.opposite_in_perspective()] {
            if !effort.spend(cost(seen.iter().copied())) {
                break;
            }
            let search = Search::new(grey, pattern, triple, opposite);
            let score = search.score(seen.iter().copied(), &search.corners, [0.0; 6]);
            guesses.push(Guess { triple: *triple, pattern, opposite, score });
            if !(UNPROMISING..FRONTAL).contains(&score) {
                break;
            }
        }
    }
    guesses.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = guesses.first().map_or(0.0, |guess| guess.score);
    let least = if triple.unseen.is_some() { NO_PAIR } else { NO_GUESS };
    guesses.retain(|guess| guess.score >= least.max(0.6 * best));
    guesses.truncate(2);
    guesses
}

/// Fits a symbol of the guessed version to its three finders.
pub(crate) fn fit(grey: &Plane, guess: &Guess, effort: &mut Effort) -> Fit {
    let Guess { triple, pattern, opposite, .. } = *guess;
    let mut search = Search::new(grey, pattern, &triple, opposite);
    if effort.spend(cost(&pattern.groups)) {
        search.best = search.score(&pattern.groups, &search.corners, search.bend);
        if search.best > UNPROMISING {
            search.unseen_corner(triple.unseen, effort);
            search.fourth_corner(effort);
        }
    }
    if search.best > HOPELESS {
        search.corners(effort);
        if search.best < FLAT {
            search.bend(effort);
        }
    }
    let Search { corners, bend, best, module, is_inverted, .. } = search;
    let warp = Warp::new(pattern.side(), &corners, bend);
    Fit { warp, is_inverted, score: best, module, pattern }
}

fn cost<'a>(groups: impl IntoIterator<Item = &'a Group>) -> usize {
    groups.into_iter().map(|group| group.marks.len()).sum::<usize>() * SAMPLE
}

struct Search<'a> {
    grey: &'a Plane,
    pattern: &'static Pattern,
    is_inverted: bool,
    module: f32,
    corners: Corners,
    bend: Bend,
    best: f32,
}

impl<'a> Search<'a> {
    fn new(grey: &'a Plane, pattern: &'static Pattern, triple: &Triple, opposite: Point) -> Self {
        let [corner, right, below] = triple.finders.map(|finder| finder.centre);
        let across = (right.x - corner.x).hypot(right.y - corner.y);
        let down = (below.x - corner.x).hypot(below.y - corner.y);
        Self {
            grey,
            pattern,
            is_inverted: triple.finders.iter().any(|finder| finder.is_inverted),
            module: f32::midpoint(across, down) / (pattern.side() - 7.0),
            corners: [corner, right, opposite, below],
            bend: [0.0; 6],
            best: f32::MIN,
        }
    }

    fn score<'g>(
        &self,
        groups: impl IntoIterator<Item = &'g Group>,
        corners: &Corners,
        bend: Bend,
    ) -> f32 {
        let warp = Warp::new(self.pattern.side(), corners, bend);
        let add = |(total, count): (f32, f32), group| {
            (total + agreement(self.grey, &warp, group), count + 1.0)
        };
        let (total, count) = groups.into_iter().fold((0.0, 0.0), add);
        (if self.is_inverted { -total } else { total }) / f32::max(count, 1.0)
    }

    /// A finder that was not seen is near where a square code seen from straight ahead has it:
    /// where the timing lines that end at it, and what is left of it, agree best.
    fn unseen_corner(&mut self, unseen: Option<usize>, effort: &mut Effort) {
        let Some(unseen) = unseen else { return };
        let lines: &[usize] = match unseen {
            0 => &[3, 4],
            1 => &[3],
            _ => &[4],
        };
        let places = lines.iter().copied().chain([unseen]);
        let groups: Vec<&Group> =
            places.filter_map(|place| self.pattern.groups.get(place)).collect();
        let index = [0, 1, 3].get(unseen).copied().unwrap_or(0);
        self.search_corner(index, 0.5, 0.02, &groups, effort);
    }

    /// Tries a change; keeps it if the whole agrees better.
    fn attempt(&mut self, corners: Corners, bend: Bend) -> bool {
        let score = self.score(&self.pattern.groups, &corners, bend);
        let is_better = score > self.best + GAIN;
        if is_better {
            (self.best, self.corners, self.bend) = (score, corners, bend);
        }
        is_better
    }

    /// Three finders leave perspective open: the fourth corner may be anywhere near.
    fn fourth_corner(&mut self, effort: &mut Effort) {
        if let Some(alignment) = self.pattern.alignments().last() {
            self.search_corner(2, 0.8, 0.004, &[alignment], effort);
        }
    }

    /// Tries all places of one corner within a fifth of the symbol, `step` modules apart; keeps
    /// the best if all patterns agree better with it. Of equals the nearest, by `slope` for each
    /// step: data may look like the pattern sought.
    fn search_corner(
        &mut self,
        index: usize,
        step: f32,
        slope: f32,
        groups: &[&Group],
        effort: &mut Effort,
    ) {
        let reach = i16::try_from(self.pattern.size / 5).unwrap_or(i16::MAX);
        let side = usize::try_from(2 * reach + 1).unwrap_or_default();
        if !effort.spend(side * side * cost(groups.iter().copied())) {
            return;
        }
        let with = |corners: Corners, row: i16, column: i16| {
            let mut corners = corners;
            if let Some(corner) = corners.get_mut(index) {
                corner.x += f32::from(column) * self.module * step;
                corner.y += f32::from(row) * self.module * step;
            }
            corners
        };
        let (mut best, mut found) = (f32::MIN, self.corners);
        for row in -reach..=reach {
            for column in -reach..=reach {
                let corners = with(self.corners, row, column);
                let score = self.score(groups.iter().copied(), &corners, self.bend);
                let score = score - slope * f32::from(row).hypot(f32::from(column));
                if score > best {
                    (best, found) = (score, corners);
                }
            }
        }
        self.attempt(found, self.bend);
    }

    fn corners(&mut self, effort: &mut Effort) {
        for step in [0.7, 0.35, 0.18, 0.09] {
            for _ in 0..4 {
                if !self.move_corners(step * self.module, effort) {
                    break;
                }
            }
        }
    }

    /// One round of moving each corner each way.
    fn move_corners(&mut self, step: f32, effort: &mut Effort) -> bool {
        let mut improved = false;
        for index in 0..4 {
            // The corner without a finder is known least.
            let step = if index == 2 { 2.0 * step } else { step };
            for (dx, dy) in [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)] {
                if !effort.spend(cost(&self.pattern.groups)) {
                    return false;
                }
                let mut corners = self.corners;
                if let Some(corner) = corners.get_mut(index) {
                    *corner = Point { x: corner.x + dx, y: corner.y + dy };
                }
                improved |= self.attempt(corners, self.bend);
            }
        }
        improved
    }

    /// Bends the paper and moves the corners in turns, unless that gains nothing.
    fn bend(&mut self, effort: &mut Effort) {
        let flat = (self.best, self.corners, self.bend);
        for step in [1.2, 0.6, 0.3, 0.15] {
            for _ in 0..3 {
                let improved = self.move_bend(step, effort);
                if !(self.move_corners(step * self.module * 0.6, effort) || improved) {
                    break;
                }
            }
        }
        if self.best < flat.0 + 0.01 {
            (self.best, self.corners, self.bend) = flat;
        }
    }

    fn move_bend(&mut self, step: f32, effort: &mut Effort) -> bool {
        let mut improved = false;
        for index in 0..self.bend.len() {
            for step in [step, -step] {
                if !effort.spend(cost(&self.pattern.groups)) {
                    return false;
                }
                let mut bend = self.bend;
                if let Some(term) = bend.get_mut(index) {
                    *term += step;
                }
                improved |= self.attempt(self.corners, bend);
            }
        }
        improved
    }
}

/// Correlation of brightness with what a group should be: dark where it is dark. A group
/// without contrast counts as nothing rather than as noise.
fn agreement(grey: &Plane, warp: &Warp, group: &Group) -> f32 {
    let (mut sum, mut squares, mut product, mut count) = (0.0, 0.0, 0.0, 0.0);
    for mark in &group.marks {
        let brightness = grey.at(warp.map(mark.u, mark.v));
        sum += brightness;
        squares += brightness * brightness;
        product -= mark.dark * brightness;
        count += 1.0;
    }
    let mean = sum / count;
    let deviation = (squares / count - mean * mean).max(0.0).sqrt();
    (product / count + group.mean * mean) / (deviation * group.deviation + 1.0)
}
