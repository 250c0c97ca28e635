//! Finder patterns: the three squares in a code's corners, dark-light-dark in 1:1:3:1:1 along
//! every line through their middle. Codes light on dark are found in the same scan.
#![expect(
    clippy::as_conversions,
    reason = "pixel coordinates are at most 2^14: exact in f32, and float to integer saturates"
)]

use super::effort::Effort;
use super::plane::Plane;
use super::sighting::Point;
use super::threshold::{Bits, Line};

/// One pattern, or what looks like one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finder {
    pub(crate) centre: Point,
    /// Pixels to a module along rows and along columns. Of a turned code both are longer by the
    /// same factor.
    pub(crate) module: Point,
    /// Light on dark.
    pub(crate) is_inverted: bool,
    /// Rows in which it was found.
    rows: f32,
    /// The least difference in grey between the light ring and the dark around it.
    contrast: f32,
}

impl Finder {
    pub(crate) fn mean_module(&self) -> f32 {
        f32::midpoint(self.module.x, self.module.y)
    }

    /// How much it looks like a real one.
    pub(crate) fn rank(&self) -> f32 {
        self.contrast * self.rows.min(20.0).sqrt()
    }

    /// One like this at another place.
    pub(crate) fn at(self, centre: Point) -> Self {
        Self { centre, ..self }
    }

    fn is_believable(&self) -> bool {
        self.contrast > if self.rows > 1.0 { WEAK } else { STRONG }
    }

    fn covers(&self, place: Point) -> bool {
        let reach = 2.0 * self.mean_module();
        (self.centre.x - place.x).abs() < reach && (self.centre.y - place.y).abs() < reach
    }
}

/// Only the best are looked at further.
const MOST: usize = 14;
/// Grain makes finders too: when there are so many, the weak ones make room.
const MOST_CANDIDATES: usize = 300;
/// Grain hardly ever has as much contrast as this, ...
const STRONG: f32 = 12.0;
/// ... and what has less than this in several rows is paper.
const WEAK: f32 = 1.5;

/// Finds patterns in rows `row_step` apart, best first.
pub(crate) fn find(
    bits: &Bits,
    grey: &Plane,
    row_step: usize,
    tolerance: f32,
    effort: &mut Effort,
) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut edges = Vec::with_capacity(bits.width + 2);
    for y in (0..bits.height).step_by(row_step.max(1)) {
        bits.edges(y, &mut edges);
        if !effort.spend(bits.width / 8 + 6 * edges.len()) {
            break;
        }
        scan(bits, y, &edges, tolerance, &mut found, effort);
        if found.len() >= MOST_CANDIDATES {
            found.iter_mut().for_each(|finder| finder.contrast = ring_contrast(finder, grey));
            found.retain(Finder::is_believable);
            found.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
            found.truncate(MOST_CANDIDATES / 2);
        }
    }
    found.iter_mut().for_each(|finder| finder.contrast = ring_contrast(finder, grey));
    found.retain(Finder::is_believable);
    found.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
    found.truncate(MOST);
    found
}

/// Looks at every five runs of a row.
fn scan(
    bits: &Bits,
    y: usize,
    edges: &[u32],
    tolerance: f32,
    found: &mut Vec<Finder>,
    effort: &mut Effort,
) {
    for ends in edges.array_windows::<6>() {
        let [a, b, c, d, e, f] = *ends;
        // Cheap, and true of hardly anything but a finder: the middle is the longest run.
        let middle = d - c;
        if middle <= c - b || middle <= e - d || 2 * middle < c - b + e - d {
            continue;
        }
        let Some(module) = module_of([b - a, c - b, middle, e - d, f - e], tolerance) else {
            continue;
        };
        let x = c as f32 + middle as f32 / 2.0;
        let longest = (module * 6.0) as u32 + 3;
        if !effort.spend(8 * longest as usize) {
            return;
        }
        let column = bits.column(x as usize, y);
        let Some((off, tall)) = column.and_then(|line| cross(line, longest, tolerance)) else {
            continue;
        };
        if tall > 2.5 * module || module > 2.5 * tall {
            continue;
        }
        let centre_y = y as f32 + 0.5 + off;
        let row = bits.row(x as usize, centre_y as usize);
        let Some((off, wide)) = row.and_then(|line| cross(line, longest, tolerance)) else {
            continue;
        };
        let centre = Point { x: x.floor() + 0.5 + off, y: centre_y };
        let is_inverted = bits.get(x as usize, y) == Some(false);
        note(found, centre, Point { x: wide, y: tall }, is_inverted);
    }
}

/// Joins what is found in several rows.
fn note(found: &mut Vec<Finder>, centre: Point, module: Point, is_inverted: bool) {
    let same =
        found.iter_mut().find(|finder| finder.is_inverted == is_inverted && finder.covers(centre));
    if let Some(finder) = same {
        let mix = |old: f32, new: f32| (old * finder.rows + new) / (finder.rows + 1.0);
        finder.centre =
            Point { x: mix(finder.centre.x, centre.x), y: mix(finder.centre.y, centre.y) };
        finder.module =
            Point { x: mix(finder.module.x, module.x), y: mix(finder.module.y, module.y) };
        finder.rows += 1.0;
    } else {
        found.push(Finder { centre, module, is_inverted, rows: 1.0, contrast: 0.0 });
    }
}

/// The module length that makes five runs a finder's, if there is one.
fn module_of(runs: [u32; 5], tolerance: f32) -> Option<f32> {
    let total: u32 = runs.iter().sum();
    if total < 9 {
        return None;
    }
    let module = total as f32 / 7.0;
    let slack = module * tolerance + 0.6;
    let fits = runs.iter().zip([1.0, 1.0, 3.0, 1.0, 1.0]).all(|(run, share)| {
        (*run as f32 - share * module).abs() < if share > 1.0 { 2.0 * slack } else { slack }
    });
    fits.then_some(module)
}

/// Walks from a place both ways. Gives how far the middle of the pattern is from there, and its
/// module length.
fn cross(
    line: Line<impl Iterator<Item = bool>, impl Iterator<Item = bool>>,
    longest: u32,
    tolerance: f32,
) -> Option<(f32, f32)> {
    let [ahead, light_ahead, dark_ahead] = arm(line.ahead, line.middle, 1, longest)?;
    let [behind, light_behind, dark_behind] = arm(line.behind, line.middle, 0, longest)?;
    let runs = [dark_behind, light_behind, behind + ahead, light_ahead, dark_ahead];
    if runs.contains(&0) {
        return None;
    }
    let module = module_of(runs, tolerance)?;
    Some(((ahead as f32 - behind as f32 - 1.0) / 2.0, module))
}

/// Three runs outwards: the rest of the middle, of which `begun` pixels are known, light, dark.
/// `None` when one is too long to be a finder's.
fn arm(
    line: impl Iterator<Item = bool>,
    mut color: bool,
    begun: u32,
    longest: u32,
) -> Option<[u32; 3]> {
    let (mut runs, mut at) = ([begun, 0, 0], 0);
    for is_dark in line {
        if is_dark != color {
            (color, at) = (is_dark, at + 1);
        }
        let Some(run) = runs.get_mut(at) else { break };
        *run += 1;
        if *run > longest {
            return None;
        }
    }
    Some(runs)
}

/// A real finder's light ring is lighter than its middle and its dark ring on all four sides;
/// grain is not.
fn ring_contrast(finder: &Finder, grey: &Plane) -> f32 {
    let sign = if finder.is_inverted { -1.0 } else { 1.0 };
    let Finder { centre, module, .. } = *finder;
    let middle = grey.at(centre);
    let arms = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
    arms.iter().fold(f32::MAX, |least, (dx, dy)| {
        let out = |modules: f32| {
            grey.at(Point {
                x: centre.x + modules * module.x * dx,
                y: centre.y + modules * module.y * dy,
            })
        };
        let light = out(2.0);
        least.min(sign * (light - middle)).min(sign * (light - out(3.0)))
    })
}
