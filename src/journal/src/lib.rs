//! What happened, for operators: one table of events with codes and remedies, and the log.
//!
//! Code refers to a row of [`Event`], never to free text; a row has a code that never changes
//! its meaning, one sentence and a remedy. Fields of an event hold numbers, device names and
//! codes, never what a citizen entered.

mod event;
mod log;

pub use event::{Event, Level};
pub use log::{LogFormat, init};

/// Writes one event to the log, with fields in `tracing`'s form.
///
/// ```
/// journal::record!(journal::Event::PrinterPaperOut, device = "tcp:127.0.0.1:9100");
/// ```
#[macro_export]
macro_rules! record {
    ($event:expr $(, $($field:tt)*)?) => {{
        let event: $crate::Event = $event;
        match event.level() {
            $crate::Level::Info => $crate::tracing::info!(code = event.code(), $($($field)*,)? "{}", event.sentence()),
            $crate::Level::Warning => $crate::tracing::warn!(code = event.code(), $($($field)*,)? "{}", event.sentence()),
            $crate::Level::Error => $crate::tracing::error!(code = event.code(), $($($field)*,)? "{}", event.sentence()),
        }
    }};
}

#[doc(hidden)]
pub use tracing;
