//! Pair kerning from the typeface's `GPOS` table; the old `kern` table is not in it.

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::opentype_layout::LayoutTable;
use ttf_parser::{Face, GlyphId};

/// Looks up how much closer two letters stand.
pub(crate) struct Kerning<'a> {
    pairs: Vec<Vec<PairAdjustment<'a>>>,
}

impl<'a> Kerning<'a> {
    /// Collects the lookups of the `kern` feature.
    pub(crate) fn of(face: &Face<'a>) -> Self {
        let pairs = face.tables().gpos.map(lookups).unwrap_or_default();
        Self { pairs }
    }

    /// Change of the first glyph's advance before the second, in font units.
    pub(crate) fn between(&self, first: u16, second: u16) -> i16 {
        let (first, second) = (GlyphId(first), GlyphId(second));
        // Of each lookup, the first subtable that knows the pair counts; lookups add up.
        let found = |lookup: &Vec<PairAdjustment>| {
            lookup.iter().find_map(|subtable| advance(subtable, first, second))
        };
        self.pairs.iter().filter_map(found).sum()
    }
}

fn lookups(table: LayoutTable<'_>) -> Vec<Vec<PairAdjustment<'_>>> {
    let kern = ttf_parser::Tag::from_bytes(b"kern");
    let mut wanted: Vec<u16> = table
        .features
        .into_iter()
        .filter(|feature| feature.tag == kern)
        .flat_map(|feature| feature.lookup_indices)
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let lookup = |index| {
        let subtables = table.lookups.get(index)?.subtables;
        Some(subtables.into_iter::<PositioningSubtable>().filter_map(pair).collect())
    };
    wanted.into_iter().filter_map(lookup).collect()
}

fn pair(subtable: PositioningSubtable<'_>) -> Option<PairAdjustment<'_>> {
    if let PositioningSubtable::Pair(pair) = subtable { Some(pair) } else { None }
}

fn advance(pair: &PairAdjustment<'_>, first: GlyphId, second: GlyphId) -> Option<i16> {
    let index = pair.coverage().get(first)?;
    let (before, _) = match pair {
        PairAdjustment::Format1 { sets, .. } => sets.get(index)?.get(second)?,
        PairAdjustment::Format2 { classes, matrix, .. } => {
            matrix.get((classes.0.get(first), classes.1.get(second)))?
        }
    };
    Some(before.x_advance)
}
