//! Reading a sampled grid: dark told from light in several ways, until one gives a payload.

use super::effort::Effort;
use super::equalise;
use super::pattern::Pattern;
use super::sample::{Judgement, Sampled};
use super::symbol::{self, Layout, Modules};

/// Ways of telling dark from light, the likeliest first.
const JUDGEMENTS: [Judgement; 6] = [
    Judgement { window: 4, leakage: 0.0 },
    Judgement { window: 4, leakage: 0.15 },
    Judgement { window: 3, leakage: 0.3 },
    Judgement { window: 7, leakage: 0.1 },
    Judgement { window: 2, leakage: 0.1 },
    Judgement { window: 4, leakage: 0.6 },
];

/// What the blur is learnt from: wide windows leave it as it is.
const PLAIN: Judgement = Judgement { window: 5, leakage: 0.0 };

/// Reads a grid in every way until one gives a payload.
pub(crate) fn read(sampled: &Sampled, pattern: &Pattern, effort: &mut Effort) -> Option<Vec<u8>> {
    let layout = Layout::new(sampled.size)?;
    let judged = JUDGEMENTS.iter().find_map(|judgement| {
        let is_paid = effort.spend(Sampled::judging_cost(pattern.size));
        is_paid.then(|| symbol::read(&sampled.judge(*judgement), &layout))?
    });
    judged.or_else(|| read_equalised(&sampled.judge(PLAIN), pattern, &layout, effort))
}

/// Reads modules after the blur was taken out: as the known modules show it, then twice as all
/// modules together do.
pub(crate) fn read_equalised(
    modules: &Modules,
    pattern: &Pattern,
    layout: &Layout,
    effort: &mut Effort,
) -> Option<Vec<u8>> {
    if !effort.spend(equalise::cost(pattern.size)) {
        return None;
    }
    let mut decided: Modules = equalise::by_pattern(modules, pattern)?;
    for _ in 0..2 {
        if let Some(bytes) = symbol::read(&decided, layout) {
            return Some(bytes);
        }
        if !effort.spend(equalise::cost(pattern.size)) {
            return None;
        }
        decided = equalise::by_decisions(modules, &decided, pattern)?;
    }
    symbol::read(&decided, layout)
}
