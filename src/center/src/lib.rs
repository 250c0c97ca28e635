//! The queue of one center: numbers for kiosks, a console for officers, boards and phones.
//!
//! [`serve`] runs it on a listener: alone in the `center` program, or inside a kiosk or the lab.
//! One thread owns the queue ([`domain::queue`]); what it decides is on disk before anybody is
//! told (`daybook`). Everything else only reads what is on disk already (`shown`).

mod config;
mod daybook;
mod desk;
mod error;
mod http;
mod shown;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;

pub use config::{CenterConfig, ConfigError, CookieTransport, Counter, Officer, PasswordHash};
pub use daybook::DaybookError;
pub use error::CenterError;

/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Serves one center on `listener` until `shutdown` completes or the daybook can no longer be
/// written. Answers that are under way are finished first.
pub async fn serve(
    config: CenterConfig,
    listener: TcpListener,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), CenterError> {
    config.check()?;
    let config = Arc::new(config);
    let (desk, mut writer) = desk::open(Arc::clone(&config), Arc::clone(&clock))?;
    journal::record!(
        journal::Event::CenterStarted,
        tickets = desk.shown.ask(|q| q.tickets().len())
    );
    let center = http::Center::new(config, clock, desk.clone());
    let stop = center.stop.clone();
    let mut server = std::pin::pin!(http::serve(center, listener));
    tokio::select! {
        () = &mut server => {}
        () = shutdown => {}
        failed = &mut writer => return failed.unwrap_or(Err(CenterError::WriterGone)),
    }
    stop.send_replace(true);
    server.await;
    desk.stop().await;
    journal::record!(journal::Event::CenterStopped);
    writer.await.unwrap_or(Err(CenterError::WriterGone))
}
