//! Fitting the grid of a symbol to the grey picture.
//!
//! What is maximised is how well the picture agrees with the modules that everybody knows
//! ([`Pattern`]): the correlation of each finder, timing line and alignment pattern, averaged.
//! First the fourth corner is searched where the lower right alignment pattern fits best; then
//! all corners are moved in ever smaller steps; if that is not good enough, the paper is bent.

use super::effort::Effort;
use super::pattern::{ALIGNMENTS_FROM, Group, Pattern};
use super::plane::Plane;
use super::sighting::Point;
use super::triple::Triple;
use super::warp::{Bend, Corners, Warp};

/// A symbol's grid in the picture.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    pub(crate) pattern: Pattern,
    pub(crate) warp: Warp,
    pub(crate) is_inverted: bool,
    /// Agreement with the known modules, at most 1.
    pub(crate) score: f32,
    /// Pixels to a side of a module.
    pub(crate) module: f32,
}

/// Steps that one sample costs.
const SAMPLE: usize = 6;
/// A grid as good as this needs no bending.
const FLAT: f32 = 0.965;
/// A step that gains less is none.
const GAIN: f32 = 1e-4;

/// The versions worth a fit, best first: at most two of those the distances allow.
pub(crate) fn likely_versions(grey: &Plane, triple: &Triple, effort: &mut Effort) -> Vec<Pattern> {
    let mut rated: Vec<(f32, Pattern)> = Vec::new();
    for version in triple.versions() {
        let pattern = Pattern::new(version);
        let search = Search::new(grey, &pattern, triple);
        let groups = pattern.groups.get(..ALIGNMENTS_FROM).unwrap_or_default();
        if !effort.spend(search.cost(groups)) {
            break;
        }
        let score = search.score(groups, &search.corners, [0.0; 6]);
        rated.push((score, pattern));
    }
    rated.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let best = rated.first().map_or(0.0, |(score, _)| *score);
    rated.retain(|(score, _)| *score >= 0.12 && *score >= 0.6 * best);
    rated.truncate(2);
    rated.into_iter().map(|(_, pattern)| pattern).collect()
}

/// Fits a symbol of this version to three finders.
pub(crate) fn fit(grey: &Plane, triple: &Triple, pattern: Pattern, effort: &mut Effort) -> Fit {
    let mut search = Search::new(grey, &pattern, triple);
    search.fourth_corner(effort);
    search.corners(effort);
    if search.best < FLAT {
        search.bend(effort);
    }
    let Search { corners, bend, best, module, .. } = search;
    let warp = Warp::new(pattern.side(), &corners, bend);
    Fit { warp, is_inverted: search.is_inverted, score: best, module, pattern }
}

struct Search<'a> {
    grey: &'a Plane,
    pattern: &'a Pattern,
    is_inverted: bool,
    module: f32,
    corners: Corners,
    bend: Bend,
    best: f32,
}

impl<'a> Search<'a> {
    fn new(grey: &'a Plane, pattern: &'a Pattern, triple: &Triple) -> Self {
        let [corner, right, below] = triple.finders.map(|finder| finder.centre);
        let across = (right.x - corner.x).hypot(right.y - corner.y);
        let down = (below.x - corner.x).hypot(below.y - corner.y);
        let opposite = Point { x: right.x + below.x - corner.x, y: right.y + below.y - corner.y };
        let mut search = Self {
            grey,
            pattern,
            is_inverted: triple.finders.iter().any(|finder| finder.is_inverted),
            module: f32::midpoint(across, down) / (pattern.side() - 7.0),
            corners: [corner, right, opposite, below],
            bend: [0.0; 6],
            best: f32::MIN,
        };
        search.best = search.score(&pattern.groups, &search.corners, search.bend);
        search
    }

    fn cost(&self, groups: &[Group]) -> usize {
        groups.iter().map(|group| group.marks.len()).sum::<usize>() * SAMPLE
    }

    fn score(&self, groups: &[Group], corners: &Corners, bend: Bend) -> f32 {
        let warp = Warp::new(self.pattern.side(), corners, bend);
        let total: f32 = groups.iter().map(|group| agreement(self.grey, &warp, group)).sum();
        let count: f32 = groups.iter().map(|_| 1.0).sum();
        (if self.is_inverted { -total } else { total }) / count.max(1.0)
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
        let Some(alignment) = self.pattern.alignments().last() else { return };
        let groups = std::slice::from_ref(alignment);
        let reach = i16::try_from(self.pattern.size / 5).unwrap_or(i16::MAX);
        let side = usize::try_from(2 * reach + 1).unwrap_or_default();
        if !effort.spend(side * side * self.cost(groups)) {
            return;
        }
        let [corner, right, opposite, below] = self.corners;
        let (mut best, mut found) = (f32::MIN, opposite);
        for row in -reach..=reach {
            for column in -reach..=reach {
                let (row, column) = (f32::from(row), f32::from(column));
                let place = Point {
                    x: opposite.x + column * self.module * 0.8,
                    y: opposite.y + row * self.module * 0.8,
                };
                let score = self.score(groups, &[corner, right, place, below], self.bend);
                // Of equals the nearest: data may look like an alignment pattern.
                let score = score - 0.004 * row.hypot(column);
                if score > best {
                    (best, found) = (score, place);
                }
            }
        }
        self.attempt([corner, right, found, below], self.bend);
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
                if !effort.spend(self.cost(&self.pattern.groups)) {
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
                if !effort.spend(self.cost(&self.pattern.groups)) {
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
