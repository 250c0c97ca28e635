//! Where the log goes: standard error, as text for people or JSON for machines.

use tracing_subscriber::{EnvFilter, fmt};

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line, for journald and collectors.
    Json,
}

/// Starts the log of this process on standard error. `filter` is in `tracing`'s form, such as
/// `info` or `info,app=debug`; one that cannot be read means `info`. A second call does nothing.
pub fn init(format: LogFormat, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that was already started (several programs in one process, tests) is kept.
    let _already = match format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
