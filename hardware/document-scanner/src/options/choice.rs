//! The value that a backend calls so-and-so.

use hardware_api::{ColorMode, Source};

use super::Constraint;

const BOTH_SIDES: [&str; 2] = ["duplex", "both"];
/// A back alone is no page of a document, and slides are no paper.
const NEVER: [&str; 4] = ["back", "rear", "transparency", "card"];

fn has_any(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

/// The source of paper that is wanted; a one-sided one says so, or at least nothing else.
pub(super) fn source(sources: &[String], source: Source) -> Option<&str> {
    let (words, both): (&[&str], bool) = match source {
        Source::Flatbed => (&["flatbed", "platen", "glass", "normal"], false),
        Source::Feeder => (&["adf", "feeder"], false),
        Source::FeederBothSides => (&["adf", "feeder"], true),
    };
    let is_it = |name: &&String| {
        has_any(name, words) && !has_any(name, &NEVER) && has_any(name, &BOTH_SIDES) == both
    };
    let front = |name: &&String| is_it(name) && !has_any(name, &["front"]);
    // "ADF Front" is the one side of a scanner that could do both.
    sources.iter().find(front).or_else(|| sources.iter().find(is_it)).map(String::as_str)
}

/// How the feeder draws paper, where that is an option of its own.
pub(super) fn sides(modes: &[String], both: bool) -> Option<&str> {
    let found = |mode: &&String| {
        if both { has_any(mode, &BOTH_SIDES) } else { has_any(mode, &["simplex", "one", "single"]) }
    };
    modes.iter().find(found).map(String::as_str)
}

/// The mode that gives 8 bits of colour or grey.
pub(super) fn mode(modes: &[String], color: ColorMode) -> Option<&str> {
    let words: &[&str] = match color {
        ColorMode::Color => &["color", "colour"],
        ColorMode::Grey => &["gray", "grey"],
    };
    let rank = |name: &String| {
        let coarse = has_any(name, &["lineart", "halftone", "dither", "binary"]);
        match has_any(name, words) && !coarse {
            true if words.contains(&name.to_lowercase().as_str()) => Some(0),
            true => Some(1),
            false => None,
        }
    };
    let best = modes.iter().filter_map(|mode| Some((rank(mode)?, mode))).min();
    best.map(|(_, mode)| mode.as_str())
}

/// The allowed raw value for `wanted`: the next larger of a list if there is one, so that a page
/// never has less than the law's dots per inch; within its range, on its steps.
pub(super) fn nearest(constraint: &Constraint, wanted: f64) -> i32 {
    let wanted = rounded(wanted);
    match constraint {
        Constraint::None | Constraint::Texts(_) => wanted,
        Constraint::Words(words) => {
            let larger = words.iter().filter(|word| **word >= wanted).min();
            larger.or(words.iter().max()).copied().unwrap_or(wanted)
        }
        Constraint::Range { min, max, quant } => {
            let (min, max) = (i64::from(*min), i64::from(*max));
            let quant = i64::from(*quant).max(1);
            let clamped = i64::from(wanted).min(max).max(min);
            let on_step = min + (clamped - min + quant / 2) / quant * quant;
            let within = if on_step > max { on_step - quant } else { on_step };
            i32::try_from(within.max(min)).unwrap_or(wanted)
        }
    }
}

#[expect(clippy::as_conversions, reason = "a float becomes the nearest integer, saturating")]
fn rounded(value: f64) -> i32 {
    value.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn sources_are_found_under_the_names_that_backends_use() {
        use Source::{Feeder, FeederBothSides, Flatbed};
        let cases: [(&[&str], Source, Option<&str>); 14] = [
            (&["Flatbed", "Automatic Document Feeder"], Feeder, Some("Automatic Document Feeder")),
            (&["Flatbed", "ADF", "ADF Duplex"], Feeder, Some("ADF")),
            (&["ADF Front", "ADF Back", "ADF Duplex"], Feeder, Some("ADF Front")),
            (&["ADF Front", "ADF"], Feeder, Some("ADF")),
            (&["Flatbed", "ADF Duplex"], Feeder, None),
            (&["Flatbed"], Feeder, None),
            (&[], Feeder, None),
            (&["Flatbed", "ADF", "ADF Duplex"], FeederBothSides, Some("ADF Duplex")),
            (
                &["ADF", "Automatic Document Feeder (both sides)"],
                FeederBothSides,
                Some("Automatic Document Feeder (both sides)"),
            ),
            (&["Flatbed", "ADF", "Card Duplex"], FeederBothSides, None),
            (&["ADF Back", "Card Front", "ADF Rear"], Feeder, None),
            (&["Normal", "Transparency Adapter"], Flatbed, Some("Normal")),
            (&["ADF", "Platen"], Flatbed, Some("Platen")),
            (&["ADF"], Flatbed, None),
        ];
        for (names, wanted, expected) in cases {
            assert_eq!(source(&texts(names), wanted), expected, "{names:?} {wanted:?}");
        }
    }

    #[test]
    fn sides_are_found_under_the_names_that_backends_use() {
        let both = texts(&["Simplex", "Duplex"]);
        assert_eq!(sides(&both, true), Some("Duplex"));
        assert_eq!(sides(&both, false), Some("Simplex"));
        assert_eq!(sides(&texts(&["Simplex"]), true), None);
    }

    #[test]
    fn modes_are_found_under_the_names_that_backends_use() {
        use ColorMode::{Color, Grey};
        let cases: [(&[&str], ColorMode, Option<&str>); 6] = [
            (&["Lineart", "Gray", "Color"], Color, Some("Color")),
            (&["Color Lineart", "24bit Color"], Color, Some("24bit Color")),
            (&["24-bit Color", "Color"], Color, Some("Color")),
            (&["Halftone", "True Gray"], Grey, Some("True Gray")),
            (&["Gray", "Color"], Grey, Some("Gray")),
            (&["Lineart"], Grey, None),
        ];
        for (names, color, expected) in cases {
            assert_eq!(mode(&texts(names), color), expected, "{names:?}");
        }
    }

    #[test]
    fn numbers_are_fitted_to_what_is_allowed() {
        let range = |min, max, quant| Constraint::Range { min, max, quant };
        let cases = [
            (Constraint::None, 200.4, 200),
            (Constraint::Words(vec![75, 150, 300, 600]), 200.0, 300),
            (Constraint::Words(vec![75, 150]), 200.0, 150),
            (Constraint::Words(vec![]), 200.0, 200),
            (range(1, 1200, 1), 300.0, 300),
            (range(50, 100, 0), 300.0, 100),
            (range(50, 100, 0), 3.0, 50),
            (range(0, 100, 30), 100.0, 90),
            (range(5, 100, 10), 19.0, 15),
            (range(100, 50, 10), 70.0, 100),
            (range(i32::MIN, i32::MAX, 1), f64::MAX, i32::MAX),
        ];
        for (constraint, wanted, expected) in cases {
            assert_eq!(nearest(&constraint, wanted), expected, "{constraint:?} {wanted}");
        }
    }
}
