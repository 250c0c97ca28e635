//! A center inside the kiosk's process: where a hall has one kiosk and no other machine.

use std::{io, path::Path, sync::Arc};

use center::{CenterConfig, CenterError, ConfigError};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot, task::JoinHandle};

/// The embedded center cannot start, or ended badly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// The file cannot be read, or its address is taken.
    #[error("could not open the center")]
    Open(#[from] io::Error),
    /// The file is no configuration of a center.
    #[error("could not use the center's configuration")]
    Config(#[from] ConfigError),
    /// The center failed while it ran.
    #[error("the center failed")]
    Center(#[from] CenterError),
}

/// A running center.
#[derive(Debug)]
pub struct EmbeddedCenter {
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), CenterError>>,
}

/// Starts a center on `runtime` as the file says. `on_failure` is told when it fails while it
/// runs: a kiosk without its queue should be started anew.
pub fn start_center(
    file: &Path,
    runtime: &Runtime,
    on_failure: impl FnOnce() + Send + 'static,
) -> Result<EmbeddedCenter, EmbeddedError> {
    let config = CenterConfig::parse(&std::fs::read_to_string(file)?)?;
    let listener = runtime.block_on(TcpListener::bind(config.listen))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let clock: center::Clock = Arc::clone(&crate::os_clock());
    let shutdown = async move {
        // A dropped sender asks for the same.
        let _dropped = stopped.await;
    };
    let serving = center::serve(config, listener, clock, shutdown);
    let running = runtime.spawn(async move {
        let ended = serving.await;
        if ended.is_err() {
            on_failure();
        }
        ended
    });
    Ok(EmbeddedCenter { stop, running })
}

impl EmbeddedCenter {
    /// Ends it; answers that are under way are finished first.
    pub fn stop(self, runtime: &Runtime) -> Result<(), EmbeddedError> {
        let _already_ended = self.stop.send(());
        match runtime.block_on(self.running) {
            Ok(ended) => Ok(ended?),
            Err(cancelled) => Err(io::Error::other(cancelled).into()),
        }
    }
}
