//! Several frames of one code together say what each alone leaves open: noise and passing glare
//! average out, since modules keep their place in the grid however the card moves.

use super::effort::Effort;
use super::grid;
use super::pass::Unread;
use super::sample::{Judgement, Sampled};
use super::symbol::{self, Layout, Modules};

/// How the modules of each frame are judged before they are added.
const JUDGEMENT: Judgement = Judgement { window: 4, leakage: 0.1 };
/// Frames after which the earlier ones begin to count less.
const MEMORY: f32 = 8.0;

/// The sum of grids that could not be read one by one.
#[derive(Debug, Default)]
pub(crate) struct Fusion {
    sum: Modules,
    weight: f32,
}

impl Fusion {
    /// Adds an unread grid; gives the payload if all together can be read.
    pub(crate) fn add(&mut self, unread: &Unread, effort: &mut Effort) -> Option<Vec<u8>> {
        let Unread { sampled, fit, .. } = unread;
        if !effort.spend(2 * Sampled::judging_cost(fit.pattern.size)) {
            return None;
        }
        let modules = sampled.judge(JUDGEMENT);
        if self.sum.size != modules.size {
            // Another symbol: what was added before says nothing about it.
            self.sum = Modules { size: modules.size, dark: vec![0.0; modules.dark.len()] };
            self.weight = 0.0;
        }
        let fade = if self.weight > MEMORY { MEMORY / self.weight } else { 1.0 };
        for (sum, dark) in self.sum.dark.iter_mut().zip(&modules.dark) {
            *sum = *sum * fade + dark * fit.score;
        }
        self.weight = self.weight * fade + fit.score;
        if self.weight < 1.5 * fit.score {
            return None;
        }
        let layout = Layout::new(modules.size)?;
        let dark = self.sum.dark.iter().map(|sum| sum / self.weight).collect();
        let mean = Modules { size: modules.size, dark };
        symbol::read(&mean, &layout)
            .or_else(|| grid::read_equalised(&mean, fit.pattern, &layout, effort))
    }

    pub(crate) fn clear(&mut self) {
        self.weight = 0.0;
        self.sum = Modules::default();
    }
}
