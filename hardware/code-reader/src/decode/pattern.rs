//! The modules that everybody knows: finders, timing lines, alignment patterns.

use std::sync::OnceLock;

use super::symbol::alignment_centres;

/// The middle of a module whose colour does not depend on the data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) u: f32,
    pub(crate) v: f32,
    /// 1 dark, -1 light.
    pub(crate) dark: f32,
}

/// Marks that are judged together, because light and contrast are the same all over them.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) marks: Vec<Mark>,
    /// Mean of `dark` over the marks.
    pub(crate) mean: f32,
    /// Root of the variance of `dark`.
    pub(crate) deviation: f32,
}

/// The known modules of a symbol size.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) size: u16,
    /// Three finders, two timing lines, then the alignment patterns, that in the lower right
    /// corner last.
    pub(crate) groups: Vec<Group>,
}

/// Finders and timing lines come first.
const ALIGNMENTS_FROM: usize = 5;

impl Pattern {
    /// The pattern of a version from 1 to 40, made when it is first asked for.
    pub(crate) fn of(version: u16) -> Option<&'static Self> {
        static MADE: [OnceLock<Pattern>; 40] = [const { OnceLock::new() }; 40];
        let place = MADE.get(usize::from(version.checked_sub(1)?))?;
        Some(place.get_or_init(|| Self::new(version)))
    }

    fn new(version: u16) -> Self {
        let size = 17 + 4 * version;
        let far = size - 7;
        let mut groups: Vec<Group> =
            [(0, 0), (far, 0), (0, far)].map(|corner| finder(corner, size)).to_vec();
        let line = |mark: fn(u16) -> (u16, u16)| {
            Group::of((8..size - 8).map(|at| (mark(at), at % 2 == 0)))
        };
        groups.extend([line(|at| (at, 6)), line(|at| (6, at))]);
        let centres: Vec<u16> = alignment_centres(version.into())
            .into_iter()
            .filter_map(|centre| u16::try_from(centre).ok())
            .collect();
        let last = centres.last().copied().unwrap_or_default();
        for y in &centres {
            for x in &centres {
                let has_finder = (*x == 6 && (*y == 6 || *y == last)) || (*y == 6 && *x == last);
                if !has_finder {
                    groups.push(alignment((*x, *y)));
                }
            }
        }
        Self { size, groups }
    }

    /// Modules to a side, for arithmetic.
    pub(crate) fn side(&self) -> f32 {
        f32::from(self.size)
    }

    /// Finders and timing lines, without a finder that was not seen and the lines that end at it.
    pub(crate) fn seen_without(&self, unseen: Option<usize>) -> Vec<&Group> {
        let hidden: &[usize] = match unseen {
            None => &[],
            Some(0) => &[0],
            Some(1) => &[1, 3],
            Some(_) => &[2, 4],
        };
        let first = self.groups.iter().take(ALIGNMENTS_FROM).enumerate();
        first.filter(|(place, _)| !hidden.contains(place)).map(|(_, group)| group).collect()
    }

    pub(crate) fn alignments(&self) -> &[Group] {
        self.groups.get(ALIGNMENTS_FROM..).unwrap_or_default()
    }

    pub(crate) fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.groups.iter().flat_map(|group| &group.marks)
    }
}

impl Group {
    fn of(modules: impl Iterator<Item = ((u16, u16), bool)>) -> Self {
        let marks: Vec<Mark> = modules
            .map(|((x, y), is_dark)| Mark {
                u: f32::from(x) + 0.5,
                v: f32::from(y) + 0.5,
                dark: if is_dark { 1.0 } else { -1.0 },
            })
            .collect();
        let count: f32 = marks.iter().map(|mark| mark.dark.abs()).sum();
        let mean = marks.iter().map(|mark| mark.dark).sum::<f32>() / count.max(1.0);
        Self { marks, mean, deviation: (1.0 - mean * mean).sqrt() }
    }
}

/// A finder with the light modules around it, as far as they are inside the symbol.
fn finder((left, top): (u16, u16), size: u16) -> Group {
    let around = |from: u16| from.saturating_sub(1)..(from + 8).min(size);
    let modules = around(top).flat_map(|y| around(left).map(move |x| (x, y)));
    Group::of(modules.map(|(x, y)| {
        let ring = (left + 3).abs_diff(x).max((top + 3).abs_diff(y));
        ((x, y), ring <= 1 || ring == 3)
    }))
}

fn alignment((x, y): (u16, u16)) -> Group {
    let around = |centre: u16| centre - 2..=centre + 2;
    let modules = around(y).flat_map(|y| around(x).map(move |x| (x, y)));
    Group::of(modules.map(|place| {
        let ring = x.abs_diff(place.0).max(y.abs_diff(place.1));
        (place, ring != 1)
    }))
}
