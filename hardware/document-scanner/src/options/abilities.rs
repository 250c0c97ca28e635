//! What a scanner can do, read from its options.

use hardware_api::{ColorMode, Resolutions, ScannerCapabilities, Source};

use super::settings::{has_double_feed, has_sides};
use super::{Constraint, Descriptor, Kind, Unit, choice, find};

/// Lists of more are no scanner's.
const MOST_RESOLUTIONS: usize = 64;

/// What a scanner with these options can do.
#[must_use]
pub fn abilities(options: &[Descriptor]) -> ScannerCapabilities {
    let texts = |name| find(options, name).map(Descriptor::texts).unwrap_or_default();
    ScannerCapabilities {
        sources: sources(options, texts("source")),
        colors: [ColorMode::Color, ColorMode::Grey]
            .into_iter()
            .filter(|color| choice::mode(texts("mode"), *color).is_some())
            .collect(),
        dpi: resolutions(options),
        width_mm: largest_mm(options, "br-x"),
        height_mm: largest_mm(options, "br-y"),
        notices_double_feed: has_double_feed(options),
    }
}

/// The option that tells whether paper lies in the feeder; `None` without a feeder or a sensor.
#[must_use]
pub fn feeder_sensor(options: &[Descriptor]) -> Option<&Descriptor> {
    let sensor = |name| find(options, name).filter(|option| option.kind == Kind::Bool);
    ["page-loaded", "adf-loaded"].into_iter().find_map(sensor)
}

/// The option that tells that two sheets went in at once. The same name is elsewhere the switch
/// that has them noticed.
pub(crate) fn double_feed_sensor(options: &[Descriptor]) -> Option<&Descriptor> {
    find(options, "double-feed").filter(|option| option.kind == Kind::Bool && !option.settable)
}

/// A scanner that names no source has one place for paper: the glass.
fn sources(options: &[Descriptor], texts: &[String]) -> Vec<Source> {
    if texts.is_empty() {
        return vec![Source::Flatbed];
    }
    let has = |source| choice::source(texts, source).is_some();
    let both = has(Source::FeederBothSides) || has(Source::Feeder) && has_sides(options);
    let there = [
        (Source::Flatbed, has(Source::Flatbed)),
        (Source::Feeder, has(Source::Feeder)),
        (Source::FeederBothSides, both),
    ];
    there.into_iter().filter_map(|(source, there)| there.then_some(source)).collect()
}

fn resolutions(options: &[Descriptor]) -> Resolutions {
    let Some(option) = find(options, "resolution") else { return Resolutions::Unknown };
    let dpi = |word: i32| option.number(word).and_then(rounded);
    match &option.constraint {
        Constraint::Words(words) => {
            let mut all: Vec<u16> = words.iter().filter_map(|word| dpi(*word)).collect();
            all.sort_unstable();
            all.dedup();
            all.truncate(MOST_RESOLUTIONS);
            if all.is_empty() { Resolutions::Unknown } else { Resolutions::These(all) }
        }
        Constraint::Range { min, max, .. } => match (dpi(*min), dpi(*max)) {
            (Some(least), Some(most)) if least <= most => Resolutions::Between(least, most),
            (Some(_) | None, Some(_) | None) => Resolutions::Unknown,
        },
        Constraint::None | Constraint::Texts(_) => Resolutions::Unknown,
    }
}

fn largest_mm(options: &[Descriptor], name: &str) -> Option<u16> {
    let option = find(options, name).filter(|option| option.unit == Unit::Millimetre)?;
    let largest = match &option.constraint {
        Constraint::Range { max, .. } => *max,
        Constraint::Words(words) => *words.iter().max()?,
        Constraint::None | Constraint::Texts(_) => return None,
    };
    option.number(largest).and_then(rounded)
}

/// Whole and above zero, or nothing.
#[expect(clippy::as_conversions, reason = "checked to be within the type")]
fn rounded(value: f64) -> Option<u16> {
    let whole = value.round();
    (1.0..=f64::from(u16::MAX)).contains(&whole).then_some(whole as u16)
}
