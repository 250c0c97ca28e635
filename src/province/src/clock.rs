//! The time, handed in.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, civil::Date, tz::Offset};

/// Vietnam has one time zone and no daylight saving.
const VIETNAM: Offset = Offset::constant(7);

/// Asks what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the real clock is read")]
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// Now, in whole milliseconds as the database keeps them.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.0)();
        from_millis(now.as_millisecond())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A time of the database.
pub(crate) fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The day in Vietnam.
pub(crate) fn day(at: Timestamp) -> Date {
    VIETNAM.to_datetime(at).date()
}

/// Day and time as officers read them: `21/11/2026 23:05`.
pub(crate) fn show(at: Timestamp) -> String {
    let there = VIETNAM.to_datetime(at);
    let (date, time) = (there.date(), there.time());
    format!(
        "{:02}/{:02}/{:04} {:02}:{:02}",
        date.day(),
        date.month(),
        date.year(),
        time.hour(),
        time.minute()
    )
}
