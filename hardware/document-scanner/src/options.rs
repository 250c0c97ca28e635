//! The options of a scanner as plain data, and what they mean: no I/O, fit for any input.
//!
//! SANE fixes the names of the usual options and leaves their values to the backend: a feeder is
//! "ADF" here and "Automatic Document Feeder" there, both sides are a source here and a switch
//! there.

mod abilities;
mod choice;
mod settings;
#[cfg(test)]
mod tests;

pub(crate) use abilities::double_feed_sensor;
pub use abilities::{abilities, feeder_sensor};
pub use settings::{Setting, Unfit, Value, Wish, setting, wishes};

/// An option as the backend describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// Its number, from 1.
    pub index: i32,
    /// Its name, `resolution`.
    pub name: String,
    /// What a value of it is.
    pub kind: Kind,
    /// What a number of it counts.
    pub unit: Unit,
    /// It can be set now.
    pub settable: bool,
    /// Allowed values.
    pub constraint: Constraint,
}

/// What a value of an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word, 0 or 1.
    Bool,
    /// A word.
    Int,
    /// A word with 16 bits after the point.
    Fixed,
    /// Text.
    Text,
    /// Buttons, groups and arrays, which no scan needs.
    Other,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Pixels.
    Pixel,
    /// Millimetres.
    Millimetre,
    /// Anything else.
    Other,
}

/// Allowed values; words are raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// Any.
    None,
    /// From `min` to `max` in steps of `quant`; 0 and 1 are no steps.
    Range {
        /// Least.
        min: i32,
        /// Most.
        max: i32,
        /// Step.
        quant: i32,
    },
    /// One of these.
    Words(Vec<i32>),
    /// One of these.
    Texts(Vec<String>),
}

impl Descriptor {
    /// The texts that may be set; none for other options.
    fn texts(&self) -> &[String] {
        match &self.constraint {
            Constraint::Texts(texts) if self.kind == Kind::Text => texts,
            Constraint::Texts(_)
            | Constraint::None
            | Constraint::Range { .. }
            | Constraint::Words(_) => &[],
        }
    }

    /// How many raw units are one; `None` for what is no number.
    fn scale(&self) -> Option<f64> {
        match self.kind {
            Kind::Int => Some(1.0),
            Kind::Fixed => Some(65536.0),
            Kind::Bool | Kind::Text | Kind::Other => None,
        }
    }

    /// What a raw word of it says.
    #[must_use]
    pub fn number(&self, word: i32) -> Option<f64> {
        self.scale().map(|scale| f64::from(word) / scale)
    }
}

fn find<'a>(options: &'a [Descriptor], name: &str) -> Option<&'a Descriptor> {
    options.iter().find(|option| option.name == name)
}

fn settable<'a>(options: &'a [Descriptor], name: &str) -> Option<&'a Descriptor> {
    find(options, name).filter(|option| option.settable)
}
