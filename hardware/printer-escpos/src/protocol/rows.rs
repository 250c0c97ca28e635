//! Which rows of a picture are sent together: the division that takes the fewest bytes.
//!
//! Blank rows are fed, not sent. A band is as wide as its widest row, so that a heading of two
//! lines is cheaper as two bands, and a letter's tones cheaper without its neighbours' stems. Rows
//! that come in equal pairs are sent once and printed twice.

use super::band::{Scale, scale_of_pair};
use crate::raster::Bitmap;

/// What one more band is worth in bytes: eight of its head, four of its margin, and the printer's
/// time to begin it. Without the last the bands get so thin that some printers stop between them.
const COST_OF_BAND: usize = 40;
/// A feed of up to 255 rows.
const COST_OF_FEED: usize = 3;

/// Rows that are treated alike.
pub(super) enum Part<'a> {
    /// So many blank ones.
    Blank(usize),
    /// One band.
    Inked(Vec<&'a [u8]>, Scale),
}

/// Divides a picture into feeds and bands of at most `most` rows.
pub(super) fn parts(bitmap: &Bitmap, most: usize, trim_left: bool) -> Vec<Part<'_>> {
    let rows: Vec<&[u8]> = bitmap.rows().collect();
    let steps = cheapest_steps(&rows, most, trim_left);
    let mut parts = Vec::new();
    let mut end = rows.len();
    while let Some(step) = steps.get(end).filter(|_| end > 0) {
        let taken = rows.get(step.begin..end).unwrap_or_default();
        parts.push(match step.kind {
            Kind::Feed => Part::Blank(taken.len()),
            Kind::Band(scale) => Part::Inked(taken.to_vec(), scale),
        });
        end = step.begin;
    }
    parts.reverse();
    parts
}

/// The last step on the cheapest way to a row.
#[derive(Clone, Copy)]
struct Step {
    cost: usize,
    begin: usize,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Feed,
    Band(Scale),
}

/// The cheapest way to each row: all ways to the rows above are known when a row is reached.
fn cheapest_steps(rows: &[&[u8]], most: usize, trim_left: bool) -> Vec<Step> {
    let unreached = Step { cost: usize::MAX, begin: 0, kind: Kind::Feed };
    let mut steps = vec![unreached; rows.len() + 1];
    if let Some(first) = steps.first_mut() {
        first.cost = 0;
    }
    let inks: Vec<Option<Ink>> = rows.iter().map(|row| Ink::of(row, trim_left)).collect();
    let pairs: Vec<Option<Scale>> =
        rows.windows(2).map(|pair| pair.first().zip(pair.last())).map(scale_of_rows).collect();
    for begin in 0..rows.len() {
        let Some(cost) = steps.get(begin).map(|step| step.cost) else { break };
        let mut offer = |end: usize, more: usize, kind| {
            if let Some(step) = steps.get_mut(end)
                && cost.saturating_add(more) < step.cost
            {
                *step = Step { cost: cost.saturating_add(more), begin, kind };
            }
        };
        let ahead = inks.get(begin..).unwrap_or_default();
        let blank = ahead.iter().take_while(|ink| ink.is_none()).count();
        if blank > 0 {
            offer(begin + blank, COST_OF_FEED * blank.div_ceil(255), Kind::Feed);
            continue;
        }
        let mut ink = None;
        for (count, row) in (1..).zip(ahead).take(most) {
            ink = Ink::both(ink, *row);
            let width = ink.map_or(0, Ink::width);
            offer(begin + count, COST_OF_BAND + width * count, Kind::Band(Scale::AsItIs));
        }
        for scale in [Scale::Tall, Scale::Square] {
            let mut ink = None;
            let pairs_ahead = pairs.get(begin..).unwrap_or_default().iter().step_by(2);
            let fitting = pairs_ahead.take_while(|pair| pair.is_some_and(|pair| pair >= scale));
            for (count, _) in (1..=most / 2).zip(fitting) {
                let pair = ahead.get(2 * count - 2).copied().flatten();
                ink = Ink::both(ink, pair);
                let width = scale.width(ink.map_or(0, Ink::width));
                offer(begin + 2 * count, COST_OF_BAND + width * count, Kind::Band(scale));
            }
        }
    }
    steps
}

fn scale_of_rows(rows: Option<(&&[u8], &&[u8])>) -> Option<Scale> {
    let (upper, lower) = rows?;
    scale_of_pair(upper, lower)
}

/// Where the ink of some rows begins and ends, in bytes.
#[derive(Clone, Copy)]
struct Ink {
    first: usize,
    last: usize,
}

impl Ink {
    fn of(row: &[u8], trim_left: bool) -> Option<Self> {
        let last = row.iter().rposition(|byte| *byte != 0)?;
        let first = row.iter().position(|byte| *byte != 0).filter(|_| trim_left);
        Some(Self { first: first.unwrap_or(0), last })
    }

    fn both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => {
                Some(Self { first: one.first.min(other.first), last: one.last.max(other.last) })
            }
            (one, other) => one.or(other),
        }
    }

    fn width(self) -> usize {
        self.last - self.first + 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bitmap(dots: &[(u32, u32)]) -> Bitmap {
        let mut bitmap = Bitmap::new(576);
        for (x, y) in dots {
            bitmap.grow_to(y + 1);
            bitmap.blacken(*x, *y);
        }
        bitmap
    }

    #[test]
    fn a_wide_row_does_not_make_its_neighbours_wide() {
        let stem: Vec<(u32, u32)> = (0..61).map(|y| (300, y)).collect();
        let rule: Vec<(u32, u32)> = (0..576).map(|x| (x, 61)).collect();
        let picture = bitmap(&[stem, rule].concat());
        let parts = parts(&picture, 128, true);
        let heights: Vec<usize> = parts
            .iter()
            .map(|part| match part {
                Part::Blank(rows) => *rows,
                Part::Inked(rows, _) => rows.len(),
            })
            .collect();
        assert_eq!(heights, [61, 1]);
    }

    proptest! {
        #[test]
        fn every_row_is_printed_once(
            dots in proptest::collection::vec((0_u32..576, 0_u32..400), 1..60),
            most in 24_usize..255,
            trim_left in any::<bool>(),
        ) {
            let picture = bitmap(&dots);
            let mut seen = Vec::new();
            for part in parts(&picture, most, trim_left) {
                match part {
                    Part::Blank(rows) => seen.extend(vec![[0; 72].as_slice(); rows]),
                    Part::Inked(rows, _) => {
                        prop_assert!(rows.len() <= most);
                        seen.extend(rows);
                    }
                }
            }
            prop_assert!(seen.into_iter().eq(picture.rows()));
        }
    }
}
