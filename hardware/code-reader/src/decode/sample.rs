//! From a fitted grid to modules: how dark each one is, against those around it.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "loops over a square of size * size values, size being at most 177"
)]

use super::plane::Plane;
use super::refine::Fit;
use super::symbol::Modules;

/// Brightness of each module as it was seen; codes light on dark are turned over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sampled {
    pub(crate) size: usize,
    /// 0 bright, 255 dark.
    pub(crate) dark: Vec<f32>,
    /// Difference between the darkest and the brightest of them.
    range: f32,
}

/// Places in a module that are looked at, with their weights: the middle counts double.
const PLACES: [(f32, f32, f32); 5] =
    [(0.5, 0.5, 2.0), (0.28, 0.5, 1.0), (0.72, 0.5, 1.0), (0.5, 0.28, 1.0), (0.5, 0.72, 1.0)];

/// How modules are told dark or light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judgement {
    /// Modules to each side that a module is compared with.
    pub(crate) window: usize,
    /// Share of each neighbour that blur has mixed in and that is taken out again.
    pub(crate) leakage: f32,
}

impl Sampled {
    pub(crate) fn new(grey: &Plane, fit: &Fit) -> Self {
        let size = usize::from(fit.pattern.size);
        let mut dark = Vec::with_capacity(size * size);
        for y in 0..size {
            for x in 0..size {
                let sum: f32 = PLACES
                    .iter()
                    .map(|(u, v, weight)| {
                        weight * grey.at(fit.warp.map(x as f32 + u, y as f32 + v))
                    })
                    .sum();
                dark.push(if fit.is_inverted { sum / 6.0 } else { 255.0 - sum / 6.0 });
            }
        }
        let (low, high) = bounds(dark.iter().copied());
        Self { size, dark, range: (high - low).max(0.0) }
    }

    /// Steps that sampling a grid takes.
    pub(crate) fn cost(size: u16) -> usize {
        usize::from(size) * usize::from(size) * 5 * 6
    }

    /// Steps that telling dark from light takes, with an attempt to read the outcome.
    pub(crate) fn judging_cost(size: u16) -> usize {
        usize::from(size) * usize::from(size) * 200
    }

    /// Each module against the middle of its surroundings. Where these show no contrast nothing
    /// is known, and the modules come out near zero.
    pub(crate) fn judge(&self, judgement: Judgement) -> Modules {
        let (values, reach) = (self.without_leakage(judgement.leakage), judgement.window);
        let single = values.iter().map(|value| Extent { low: *value, high: *value, sum: *value });
        let rows = merge(&single.collect::<Vec<_>>(), self.size, reach, Along::Rows);
        let squares = merge(&rows, self.size, reach, Along::Columns);
        let least = 4.0 + 0.05 * self.range;
        let inside = |at: usize| (at + reach + 1).min(self.size) - at.saturating_sub(reach);
        let dark = values.iter().zip(&squares).enumerate().map(|(at, (value, square))| {
            let count = inside(at % self.size) * inside(at / self.size);
            let middle = 0.5 * square.sum / count as f32 + 0.25 * (square.low + square.high);
            2.0 * (value - middle) / (square.high - square.low + least)
        });
        Modules { size: self.size, dark: dark.collect() }
    }

    /// Difference between the darkest and the brightest module.
    pub(crate) fn range(&self) -> f32 {
        self.range
    }

    /// How much darker the dark modules of both timing lines are than the light ones: what blur
    /// has left of the finest pattern there is.
    pub(crate) fn timing_contrast(&self) -> f32 {
        let steps = 8..self.size.saturating_sub(8).max(8);
        let count = steps.len().max(1) as f32;
        let sum: f32 = steps
            .map(|at| {
                let both = self.dark[6 * self.size + at] + self.dark[at * self.size + 6];
                if at % 2 == 0 { both } else { -both }
            })
            .sum();
        sum / count
    }

    /// Share of the modules that are as bright as the camera can tell, with all their
    /// neighbours: glare, where a code has hardly ever so much white.
    pub(crate) fn blown(&self, is_inverted: bool) -> f32 {
        const WHITE: f32 = 250.0;
        let bright =
            |at: usize| (if is_inverted { self.dark[at] } else { 255.0 - self.dark[at] }) > WHITE;
        let inner = 1..self.size.saturating_sub(1).max(1);
        let middles = inner.clone().flat_map(|y| inner.clone().map(move |x| (x, y)));
        let blown = middles.filter(|(x, y)| {
            (y - 1..=y + 1).all(|y| (x - 1..=x + 1).all(|x| bright(y * self.size + x)))
        });
        blown.count() as f32 / self.dark.len().max(1) as f32
    }

    fn without_leakage(&self, leakage: f32) -> Vec<f32> {
        if leakage <= 0.0 {
            return self.dark.clone();
        }
        let last = self.size - 1;
        let at = |x: usize, y: usize| self.dark[y * self.size + x];
        (0..self.dark.len())
            .map(|index| {
                let (x, y) = (index % self.size, index / self.size);
                let sides = at(x.saturating_sub(1), y)
                    + at((x + 1).min(last), y)
                    + at(x, y.saturating_sub(1))
                    + at(x, (y + 1).min(last));
                self.dark[index] * (1.0 + 4.0 * leakage) - leakage * sides
            })
            .collect()
    }
}

/// What is known of several modules together.
#[derive(Debug, Clone, Copy)]
struct Extent {
    low: f32,
    high: f32,
    sum: f32,
}

#[derive(Clone, Copy)]
enum Along {
    Rows,
    Columns,
}

/// Merges each value with those up to `reach` away along one axis.
fn merge(values: &[Extent], size: usize, reach: usize, along: Along) -> Vec<Extent> {
    let mut merged = Vec::with_capacity(values.len());
    for at in 0..values.len() {
        let (step, first, place) = match along {
            Along::Rows => (1, at - at % size, at % size),
            Along::Columns => (size, at % size, at / size),
        };
        let near = place.saturating_sub(reach)..(place + reach + 1).min(size);
        let mut all = values[at];
        all.sum = 0.0;
        for other in near {
            let other = values[first + other * step];
            all.low = all.low.min(other.low);
            all.high = all.high.max(other.high);
            all.sum += other.sum;
        }
        merged.push(all);
    }
    merged
}

fn bounds(values: impl Iterator<Item = f32>) -> (f32, f32) {
    values.fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)))
}
