//! Dates as an ID card writes them, and dates of birth, of which some people know only the year.

use std::fmt;

use jiff::civil::Date;

use crate::personal_number::is_digits;

/// A date of birth, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum BirthDate {
    /// The day.
    Day(Date),
    /// Only the year.
    Year(i16),
}

impl BirthDate {
    /// Reads `ddMMyyyy`, or `0000yyyy` and `yyyy` of people who know only the year.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let year = text.strip_prefix("0000").unwrap_or(text);
        if is_digits(year, 4) {
            return year.parse().ok().filter(|year| *year >= 1).map(Self::Year);
        }
        parse_date(text).map(Self::Day)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        match self {
            Self::Day(date) => date.year(),
            Self::Year(year) => year,
        }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(date),
            Self::Year(_) => None,
        }
    }

    /// As Vietnamese forms write it: `15/01/1999`, or `1999`. Personal data.
    #[must_use]
    pub fn form_text(self) -> String {
        match self {
            Self::Day(date) => domain::form::show_date(date),
            Self::Year(year) => format!("{year:04}"),
        }
    }

    /// Whether the birth lies behind `date`.
    pub(crate) fn is_after(self, date: Date) -> bool {
        match self {
            Self::Day(birth) => birth > date,
            Self::Year(year) => year > date.year(),
        }
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Reads `ddMMyyyy`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    if !is_digits(text, 8) {
        return None;
    }
    let (day, month, year) = (text.get(..2)?, text.get(2..4)?, text.get(4..)?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        .ok()
        .filter(|date| date.year() >= 1)
}
