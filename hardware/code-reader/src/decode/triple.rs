//! Which three finders make a code, which of them is its upper left one, and how many modules
//! the code may have.

use super::finder::Finder;
use super::sighting::Point;

/// Three finders that may belong together: upper left, upper right, lower left as the code sees
/// itself, unless it is mirrored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Triple {
    pub(crate) finders: [Finder; 3],
    /// Which of them was not seen but is where it should be, if one was not.
    pub(crate) unseen: Option<usize>,
    /// Small is good: how far from a right angle, equal sides, equal modules.
    oddness: f32,
}

/// Seen from the side, one edge looks this much longer than the other.
const MOST_SIDE_RATIO: f32 = 2.2;
/// ... and modules in one corner look this much larger than in another.
const MOST_MODULE_RATIO: f32 = 1.9;
/// ... and the angle this far from a right one.
const MOST_COSINE: f32 = 0.72;
/// Fourteen modules, whose length is overrated by a root of two in a code on its corner.
const SHORTEST_SIDE: f32 = 9.5;

/// The likely triples, best first.
pub(crate) fn triples(finders: &[Finder]) -> Vec<Triple> {
    let mut triples = Vec::new();
    for (index, a) in finders.iter().enumerate() {
        for (next, b) in finders.iter().enumerate().skip(index + 1) {
            for c in finders.iter().skip(next + 1) {
                triples.extend(Triple::of([*a, *b, *c]));
            }
        }
    }
    triples.sort_by(|a, b| a.oddness.total_cmp(&b.oddness));
    triples
}

/// Of two finders only the best are tried: each pair may stand in six ways.
const PAIRED: usize = 6;

/// Triples of which only two finders were seen: the third is under glare, dirt or faded.
pub(crate) fn pairs(finders: &[Finder]) -> Vec<Triple> {
    let best = finders.get(..PAIRED.min(finders.len())).unwrap_or_default();
    let mut pairs = Vec::new();
    for (index, a) in best.iter().enumerate() {
        for b in best.iter().skip(index + 1) {
            pairs.extend(Triple::completed(a, b));
            pairs.extend(Triple::completed(b, a));
        }
    }
    pairs
}

impl Triple {
    /// The three codes, seen from straight ahead, in which two finders follow each other
    /// clockwise: as upper left and upper right, lower left and upper left, lower left and upper
    /// right.
    fn completed(a: &Finder, b: &Finder) -> Vec<Self> {
        let across = Point { x: b.centre.x - a.centre.x, y: b.centre.y - a.centre.y };
        let middle = Point {
            x: f32::midpoint(a.centre.x, b.centre.x),
            y: f32::midpoint(a.centre.y, b.centre.y),
        };
        let finder = |x: f32, y: f32| a.at(Point { x, y });
        let ways = [
            ([*a, *b, finder(a.centre.x - across.y, a.centre.y + across.x)], 2),
            ([*b, finder(b.centre.x - across.y, b.centre.y + across.x), *a], 1),
            ([finder(middle.x + across.y / 2.0, middle.y - across.x / 2.0), *b, *a], 0),
        ];
        let whole = ways.into_iter().filter(|(finders, _)| oddness(finders).is_some());
        let whole = whole.filter(|_| a.is_inverted == b.is_inverted);
        whole
            .map(|(finders, unseen)| Self { finders, unseen: Some(unseen), oddness: 0.0 })
            .collect()
    }

    fn of(finders: [Finder; 3]) -> Option<Self> {
        let [a, b, c] = finders;
        if a.is_inverted != b.is_inverted || a.is_inverted != c.is_inverted {
            return None;
        }
        // The upper left one is opposite of the longest side.
        let sides = [distance(&b, &c), distance(&a, &c), distance(&a, &b)];
        let [corner, right, below] = match sides {
            [bc, ac, ab] if bc >= ac && bc >= ab => [a, b, c],
            [_, ac, ab] if ac >= ab => [b, a, c],
            _ => [c, a, b],
        };
        let turn = (right.centre.x - corner.centre.x) * (below.centre.y - corner.centre.y)
            - (right.centre.y - corner.centre.y) * (below.centre.x - corner.centre.x);
        let (right, below) = if turn < 0.0 { (below, right) } else { (right, below) };
        let finders = [corner, right, below];
        let oddness = oddness(&finders)?;
        Some(Self { finders, unseen: None, oddness })
    }

    /// The middles of its finders.
    pub(crate) fn middles(&self) -> [Point; 3] {
        self.finders.map(|finder| finder.centre)
    }

    /// Whether none of its finders belongs to a code that was read.
    pub(crate) fn is_free(&self, used: &[Point]) -> bool {
        !self.middles().iter().any(|middle| used.contains(middle))
    }

    /// Where a fourth finder would be, seen from straight ahead.
    pub(crate) fn opposite(&self) -> Point {
        let [corner, right, below] = self.middles();
        Point { x: right.x + below.x - corner.x, y: right.y + below.y - corner.y }
    }

    /// Where a fourth finder would be, if the finders' sizes tell how far away each one is: in
    /// perspective lengths shrink with distance to the power of one and a half.
    pub(crate) fn opposite_in_perspective(&self) -> Point {
        let [corner, right, below] = self.middles();
        let [size, size_right, size_below] =
            self.finders.map(|finder| (finder.module.x * finder.module.y).sqrt());
        let away = |module: f32| (size / module).powf(2.0 / 3.0).clamp(0.65, 1.5);
        let (far_right, far_below) = (away(size_right), away(size_below));
        let far = (far_right + far_below - 1.0).max(0.3);
        let along = |corner: f32, right: f32, below: f32| {
            (right * far_right + below * far_below - corner) / far
        };
        Point { x: along(corner.x, right.x, below.x), y: along(corner.y, right.y, below.y) }
    }

    /// Versions that fit the distances, likeliest first.
    pub(crate) fn versions(&self) -> impl Iterator<Item = u16> {
        let [corner, right, below] = &self.finders;
        let size = f32::midpoint(modules_between(corner, right), modules_between(corner, below));
        let guess = (size + 7.0 - 17.0) / 4.0;
        let fits = |version: &u16| f32::from(*version) - 0.5 < guess;
        let version = (1..=40).take_while(fits).last().unwrap_or(1);
        let around = [0, -1, 1, 2, -2].into_iter();
        around
            .filter_map(move |step| version.checked_add_signed(step))
            .filter(|version| (1..=40).contains(version))
    }
}

fn oddness(finders: &[Finder; 3]) -> Option<f32> {
    let [corner, right, below] = finders;
    let modules = finders.map(|finder| finder.mean_module());
    let (small, large) = (
        modules.iter().copied().fold(f32::MAX, f32::min),
        modules.iter().copied().fold(0.0, f32::max),
    );
    let (across, down) = (distance(corner, right), distance(corner, below));
    let (short, long) = (across.min(down), across.max(down));
    if large > MOST_MODULE_RATIO * small
        || long > MOST_SIDE_RATIO * short
        || short < SHORTEST_SIDE * small
        || long > 180.0 * large
    {
        return None;
    }
    let diagonal = distance(right, below);
    let cosine = (across * across + down * down - diagonal * diagonal) / (2.0 * across * down);
    if cosine.abs() > MOST_COSINE {
        return None;
    }
    let sureness: f32 = finders.iter().map(|finder| finder.rank().max(1.0).ln()).sum();
    Some(long / short - 1.0 + cosine.abs() + large / small - 1.0 - 0.15 * sureness)
}

fn distance(a: &Finder, b: &Finder) -> f32 {
    (a.centre.x - b.centre.x).hypot(a.centre.y - b.centre.y)
}

/// Modules are measured along rows and columns, where they look longer in a turned code: by as
/// much as its side differs from its longer part along an axis.
fn modules_between(a: &Finder, b: &Finder) -> f32 {
    let (dx, dy) = ((a.centre.x - b.centre.x).abs(), (a.centre.y - b.centre.y).abs());
    let module = f32::midpoint(a.mean_module(), b.mean_module());
    let length = dx.hypot(dy);
    length * length / (module * dx.max(dy))
}
