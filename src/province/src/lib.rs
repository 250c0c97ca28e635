//! The provincial intake: catalogue, dossiers, receipts, look-up, officers.
//!
//! [`serve`] runs everything on one listener. Kiosks speak `/v1/…` (described at
//! `/v1/openapi.json`), officers open `/` in a browser. Data lives in one folder: an SQLite
//! database, documents under their digests, and unfinished uploads.
//!
//! A province for a test, on a free port and in a folder of its own:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = std::path::Path::new("/tmp/province-1");
//! let keys = province::keys::generate(folder)?;
//! let config: province::ProvinceConfig = toml::from_str(&format!(
//!     r#"agency = "H40.16"
//!        name = {{ vi = "Tỉnh Ninh Bình", en = "Ninh Binh Province" }}
//!        listen = "127.0.0.1:0"
//!        data_dir = "{0}/data"
//!        catalogue_dir = "config/catalogue"
//!        keys = {{ opening = "{0}/opening.key", receipt = "{0}/receipt.pem" }}"#,
//!     folder.display(),
//! ))?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let address = listener.local_addr()?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let shutdown = async { stopped.await.unwrap_or(()) };
//! let running = province::serve(config, listener, province::Clock::system(), shutdown);
//! let running = tokio::spawn(running);
//! // … kiosks seal to `keys.sealing`, upload to http://{address}/v1/uploads, verify receipts
//! // with `keys.receipt` …
//! # let _ = (keys, address);
//! stop.send(()).ok();
//! running.await??;
//! # Ok(())
//! # }
//! ```

mod attempts;
mod blobs;
pub mod catalogue;
mod clock;
mod config;
mod failure;
mod health;
mod input;
pub mod keys;
mod look_ups;
mod officers;
mod openapi;
pub mod password;
mod random;
mod routes;
mod serve;
mod store;
mod submissions;
mod uploads;
mod verify;

pub use clock::Clock;
pub use config::{AgencyCode, ConfigError, KeyFiles, Limits, Officer, ProvinceConfig, ReachedBy};
pub use openapi::openapi;
pub use serve::{ProvinceError, serve};

pub(crate) use serve::Province;
