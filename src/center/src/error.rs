//! What can end a center.

use crate::{config::ConfigError, daybook::DaybookError};

/// Why a center did not start, or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CenterError {
    /// The configuration cannot be used: mend it.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// The daybook cannot be read or written: nothing may be promised any more.
    #[error("the daybook of the queue cannot be used")]
    Daybook(#[from] DaybookError),
    /// The network failed.
    #[error("could not serve on the listen address")]
    Serve(#[source] std::io::Error),
    /// The queue contradicted itself: start again, which replays the daybook.
    #[error("the queue contradicted itself")]
    Queue(#[source] domain::queue::Refusal),
    /// The thread that owns the queue ended early.
    #[error("the writer of the queue ended early")]
    WriterGone,
}
