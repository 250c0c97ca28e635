//! What is asked of a scan, said in the options that a backend happens to have.
//!
//! SANE fixes the names of the usual options and leaves their values to the backend: a feeder is
//! "ADF" here and "Automatic Document Feeder" there.

use hardware_api::{ColorMode, Feeder, ScanRequest, Source};

use crate::ffi::{Changed, Constraint, Descriptor, Handle, Kind, Status, Unit};

/// A4, the paper of Vietnamese offices.
const PAGE_MM: [(&str, f64); 4] = [("tl-x", 0.0), ("tl-y", 0.0), ("br-x", 210.0), ("br-y", 297.0)];

const MM_PER_INCH: f64 = 25.4;

/// Why a request cannot be carried out by this scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The backend refused a value it offered.
    Status(Status),
    /// It has no such paper source.
    NoSource,
}

impl From<Status> for Refused {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// Sets all options for a request; returns the dots per inch in force.
pub(crate) fn apply(handle: &mut Handle, request: &ScanRequest) -> Result<u16, Refused> {
    let mut settings = Settings::new(handle);
    settings.set_source(request.source)?;
    if let Some(mode) = choose_mode(settings.texts("mode"), request.color) {
        settings.set_text("mode", &mode)?;
    }
    settings.set_number("depth", 8.0)?;
    let wanted = f64::from(request.dpi);
    let dpi = settings.set_number("resolution", wanted)?.unwrap_or(wanted);
    settings.set_number("y-resolution", dpi)?;
    for (name, mm) in PAGE_MM {
        let per_mm = match settings.unit(name) {
            Some(Unit::Pixel) => dpi / MM_PER_INCH,
            Some(Unit::Millimetre | Unit::Other) | None => 1.0,
        };
        settings.set_number(name, mm * per_mm)?;
    }
    Ok(rounded(dpi))
}

/// What the options tell of the feeder without scanning.
pub(crate) fn feeder(handle: &mut Handle) -> Feeder {
    let mut settings = Settings::new(handle);
    if choose_source(settings.texts("source"), Source::Feeder).is_none() {
        return Feeder::Absent;
    }
    for sensor in ["page-loaded", "adf-loaded"] {
        match settings.is_on(sensor) {
            Some(true) => return Feeder::Loaded,
            Some(false) => return Feeder::Empty,
            None => {}
        }
    }
    Feeder::Unknown
}

struct Settings<'a> {
    handle: &'a mut Handle,
    options: Vec<Descriptor>,
}

impl<'a> Settings<'a> {
    fn new(handle: &'a mut Handle) -> Self {
        let options = handle.descriptors();
        Self { handle, options }
    }

    fn find(&self, name: &str) -> Option<&Descriptor> {
        self.options.iter().find(|option| option.name == name)
    }

    fn settable(&self, name: &str) -> Option<Descriptor> {
        self.find(name).filter(|option| option.settable).cloned()
    }

    fn texts(&self, name: &str) -> &[String] {
        match self.find(name).map(|option| &option.constraint) {
            Some(Constraint::Texts(texts)) => texts,
            Some(Constraint::None | Constraint::Range { .. } | Constraint::Words(_)) | None => &[],
        }
    }

    fn unit(&self, name: &str) -> Option<Unit> {
        self.find(name).map(|option| option.unit)
    }

    fn is_on(&mut self, name: &str) -> Option<bool> {
        let option = self.find(name).filter(|option| option.kind == Kind::Bool)?.clone();
        self.handle.word(&option).ok().map(|word| word != 0)
    }

    /// A scanner that does not let one choose has one place for paper: the glass.
    fn set_source(&mut self, source: Source) -> Result<(), Refused> {
        let sources = self.texts("source");
        match (choose_source(sources, source), sources.is_empty(), source) {
            (Some(name), _, _) => Ok(self.set_text("source", &name)?),
            (None, true, Source::Flatbed) => Ok(()),
            (None, _, Source::Flatbed | Source::Feeder) => Err(Refused::NoSource),
        }
    }

    fn set_text(&mut self, name: &str, value: &str) -> Result<(), Status> {
        if let Some(option) = self.settable(name) {
            let changed = self.handle.set_text(&option, value)?;
            self.reload(changed);
        }
        Ok(())
    }

    /// Sets the allowed value that comes nearest; returns the value in force, if there is one.
    fn set_number(&mut self, name: &str, wanted: f64) -> Result<Option<f64>, Status> {
        let Some(option) = self.settable(name) else {
            return Ok(None);
        };
        let scale = match option.kind {
            Kind::Int => 1.0,
            Kind::Fixed => 65536.0,
            Kind::Bool | Kind::Text | Kind::Other => return Ok(None),
        };
        let changed = self.handle.set_word(&option, nearest(&option.constraint, wanted * scale))?;
        let in_force = self.handle.word(&option)?;
        self.reload(changed);
        Ok(Some(f64::from(in_force) / scale))
    }

    fn reload(&mut self, changed: Changed) {
        if changed == Changed::OtherOptions {
            self.options = self.handle.descriptors();
        }
    }
}

/// One-sided feeding is asked for: a source that says so, or at least does not say otherwise.
fn choose_source(sources: &[String], source: Source) -> Option<String> {
    let words: &[&str] = match source {
        Source::Flatbed => &["flatbed", "platen", "glass", "normal"],
        Source::Feeder => &["adf", "feeder"],
    };
    let is_it = |name: &&String| {
        let name = name.to_lowercase();
        words.iter().any(|word| name.contains(word))
            && !["duplex", "back", "both", "transparency"].iter().any(|word| name.contains(word))
    };
    sources.iter().find(is_it).cloned()
}

fn choose_mode(modes: &[String], color: ColorMode) -> Option<String> {
    let words: &[&str] = match color {
        ColorMode::Color => &["color", "colour"],
        ColorMode::Grey => &["gray", "grey"],
    };
    let rank = |name: &String| {
        let name = name.to_lowercase();
        let coarse = ["lineart", "halftone", "dither", "binary"].iter().any(|w| name.contains(w));
        match words.iter().any(|word| name.contains(word)) && !coarse {
            true if words.contains(&name.as_str()) => Some(0),
            true => Some(1),
            false => None,
        }
    };
    modes.iter().filter_map(|mode| Some((rank(mode)?, mode))).min().map(|(_, mode)| mode.clone())
}

/// The allowed raw value for `wanted`: the next larger of a list if there is one, so that a page
/// never has less than the law's dots per inch; within its range, on its steps.
fn nearest(constraint: &Constraint, wanted: f64) -> i32 {
    let wanted = rounded_word(wanted);
    match constraint {
        Constraint::None | Constraint::Texts(_) => wanted,
        Constraint::Words(words) => {
            let larger = words.iter().filter(|word| **word >= wanted).min();
            larger.or(words.iter().max()).copied().unwrap_or(wanted)
        }
        Constraint::Range { min, max, quant } => {
            let clamped = i64::from(wanted.max(*min).min(*max));
            let (min, quant) = (i64::from(*min), i64::from((*quant).max(1)));
            let on_step = min + (clamped - min + quant / 2) / quant * quant;
            let within = if on_step > i64::from(*max) { on_step - quant } else { on_step };
            i32::try_from(within).unwrap_or(wanted)
        }
    }
}

#[expect(clippy::as_conversions, reason = "a float becomes the nearest integer, saturating")]
fn rounded_word(value: f64) -> i32 {
    value.round() as i32
}

#[expect(clippy::as_conversions, reason = "a float becomes the nearest integer, saturating")]
fn rounded(value: f64) -> u16 {
    value.round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn sources_are_found_under_the_names_that_backends_use() {
        use Source::{Feeder, Flatbed};
        let cases: [(&[&str], Source, Option<&str>); 9] = [
            (&["Flatbed", "Automatic Document Feeder"], Feeder, Some("Automatic Document Feeder")),
            (&["Flatbed", "ADF", "ADF Duplex"], Feeder, Some("ADF")),
            (&["ADF Duplex", "ADF Front", "ADF Back"], Feeder, Some("ADF Front")),
            (&["Flatbed", "ADF Duplex"], Feeder, None),
            (&["Flatbed"], Feeder, None),
            (&[], Feeder, None),
            (&["Normal", "Transparency Adapter"], Flatbed, Some("Normal")),
            (&["ADF", "Platen"], Flatbed, Some("Platen")),
            (&["ADF"], Flatbed, None),
        ];
        for (names, source, expected) in cases {
            assert_eq!(choose_source(&texts(names), source).as_deref(), expected, "{names:?}");
        }
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
            assert_eq!(choose_mode(&texts(names), color).as_deref(), expected, "{names:?}");
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
            (range(i32::MIN, i32::MAX, 1), f64::MAX, i32::MAX),
        ];
        for (constraint, wanted, expected) in cases {
            assert_eq!(nearest(&constraint, wanted), expected, "{constraint:?} {wanted}");
        }
    }
}
