//! Taking out blur that is as wide as the modules.
//!
//! Blur mixes each module with its neighbours, in a way that is the same all over the symbol but
//! unknown: out of focus, moved in some direction, or both. The modules that everybody knows
//! ([`Pattern`]) show it: the weights with which a module's neighbourhood best tells those known
//! colours (least squares) tell the others' too. Once they are told, all of them teach.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "loops over a square of modules and a small square matrix, both of fixed sizes"
)]

use super::pattern::Pattern;
use super::symbol::Modules;

/// Neighbours to each side that take part.
const REACH: usize = 2;
const SIDE: usize = 2 * REACH + 1;
/// Weights: one for each module of the neighbourhood, and one for the brightness of all.
const WEIGHTS: usize = SIDE * SIDE + 1;
/// What holds the weights small, as a share of the lessons: keeps noise from being learnt.
const RIDGE: f64 = 0.01;

type Neighbourhood = [f32; WEIGHTS];

/// Steps that learning from a symbol and applying it takes.
pub(crate) fn cost(size: u16) -> usize {
    usize::from(size) * usize::from(size) * WEIGHTS * WEIGHTS / 4
}

/// The modules with the blur taken out, as the known ones show it.
pub(crate) fn by_pattern(modules: &Modules, pattern: &Pattern) -> Option<Modules> {
    let mut lessons = Lessons::new();
    for mark in pattern.marks() {
        let around = neighbourhood(modules, mark.u as usize, mark.v as usize);
        lessons.add(&around, mark.dark, 1.0);
    }
    Some(apply(modules, &lessons.weights()?))
}

/// The same, taught by what a first look made of all modules: the surer, the more they count.
pub(crate) fn by_decisions(
    modules: &Modules,
    decided: &Modules,
    pattern: &Pattern,
) -> Option<Modules> {
    let mut lessons = Lessons::new();
    for y in 0..modules.size {
        for x in 0..modules.size {
            let decision = decided.get(x, y);
            let sureness = decision.abs().min(1.0);
            let around = neighbourhood(modules, x, y);
            lessons.add(&around, decision.signum(), sureness * sureness);
        }
    }
    for mark in pattern.marks() {
        let around = neighbourhood(modules, mark.u as usize, mark.v as usize);
        lessons.add(&around, mark.dark, 1.0);
    }
    Some(apply(modules, &lessons.weights()?))
}

fn apply(modules: &Modules, weights: &Neighbourhood) -> Modules {
    let size = modules.size;
    let dark = (0..size * size).map(|at| {
        let around = neighbourhood(modules, at % size, at / size);
        around.iter().zip(weights).map(|(value, weight)| value * weight).sum()
    });
    Modules { size, dark: dark.collect() }
}

/// A module with those around it; beyond the symbol is light paper.
fn neighbourhood(modules: &Modules, x: usize, y: usize) -> Neighbourhood {
    let mut values = [-1.0; WEIGHTS];
    for dy in 0..SIDE {
        for dx in 0..SIDE {
            let (x, y) = ((x + dx).wrapping_sub(REACH), (y + dy).wrapping_sub(REACH));
            if x < modules.size && y < modules.size {
                values[dy * SIDE + dx] = modules.get(x, y);
            }
        }
    }
    values[WEIGHTS - 1] = 1.0;
    values
}

/// The normal equations of the least squares.
struct Lessons {
    matrix: Box<[[f64; WEIGHTS]; WEIGHTS]>,
    target: [f64; WEIGHTS],
    count: f64,
}

impl Lessons {
    fn new() -> Self {
        Self { matrix: Box::new([[0.0; WEIGHTS]; WEIGHTS]), target: [0.0; WEIGHTS], count: 0.0 }
    }

    fn add(&mut self, around: &Neighbourhood, dark: f32, importance: f32) {
        for (index, value) in around.iter().enumerate() {
            let scaled = f64::from(value * importance);
            self.target[index] += scaled * f64::from(dark);
            for (sum, other) in self.matrix[index].iter_mut().zip(around).take(index + 1) {
                *sum += scaled * f64::from(*other);
            }
        }
        self.count += f64::from(importance);
    }

    /// Solved by Cholesky's decomposition; the ridge keeps it solvable.
    fn weights(mut self) -> Option<Neighbourhood> {
        let ridge = RIDGE * self.count + 1e-6;
        for index in 0..WEIGHTS {
            self.matrix[index][index] += ridge;
        }
        // Left alone, a module is what it looks like.
        self.target[SIDE * SIDE / 2] += ridge;
        for row in 0..WEIGHTS {
            for column in 0..=row {
                let known: f64 =
                    (0..column).map(|k| self.matrix[row][k] * self.matrix[column][k]).sum();
                let rest = self.matrix[row][column] - known;
                self.matrix[row][column] = if row == column {
                    if rest <= 0.0 {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / self.matrix[column][column]
                };
            }
        }
        let lower = &self.matrix;
        let mut solution = self.target;
        for row in 0..WEIGHTS {
            let known: f64 = (0..row).map(|k| lower[row][k] * solution[k]).sum();
            solution[row] = (solution[row] - known) / lower[row][row];
        }
        for row in (0..WEIGHTS).rev() {
            let known: f64 = (row + 1..WEIGHTS).map(|k| lower[k][row] * solution[k]).sum();
            solution[row] = (solution[row] - known) / lower[row][row];
        }
        Some(solution.map(|weight| weight as f32))
    }
}
