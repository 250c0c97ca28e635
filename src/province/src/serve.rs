//! Puts everything together and runs it until told to stop.

use std::{
    future::{Future, IntoFuture as _},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use intake::{OpeningKey, ReceiptSigner};
use jiff::SignedDuration;
use journal::Event;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, oneshot},
    task::JoinSet,
};

use crate::{
    attempts::Attempts,
    blobs::Blobs,
    catalogue::{CatalogueError, Served},
    clock::Clock,
    config::{ConfigError, ProvinceConfig},
    keys::{self, KeyError},
    officers::LogIns,
    routes,
    store::Store,
    uploads::Uploads,
    verify,
};

/// How soon a package is tried again whose verification met trouble with the storage.
const PATIENCE: Duration = Duration::from_secs(10);
/// Requests under way may take this long when the province stops; uploads go on afterwards.
const GRACE: Duration = Duration::from_secs(3);
/// How often expired uploads are looked for.
const SWEEP: Duration = Duration::from_secs(3600);
/// Wrong look-ups per code, and how long it is then locked.
const LOOK_UPS: (u32, SignedDuration) = (5, SignedDuration::from_mins(15));

/// The province cannot start or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProvinceError {
    /// The configuration cannot be used.
    #[error("the configuration cannot be used")]
    Config(#[from] ConfigError),
    /// A key cannot be used.
    #[error("the keys cannot be used")]
    Key(#[from] KeyError),
    /// The catalogue cannot be used.
    #[error("the catalogue cannot be used")]
    Catalogue(#[from] CatalogueError),
    /// The database cannot be used.
    #[error("could not open the database")]
    Database(#[from] sqlx::Error),
    /// The data folder cannot be used.
    #[error("could not use the data folder {path}")]
    Data {
        /// Which folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The listener failed.
    #[error("could not go on listening")]
    Listen(#[source] io::Error),
}

/// Everything the handlers share.
#[derive(Debug)]
pub(crate) struct Province {
    pub(crate) config: ProvinceConfig,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) uploads: Arc<Uploads>,
    pub(crate) catalogue: Served,
    pub(crate) opening: OpeningKey,
    pub(crate) signer: ReceiptSigner,
    pub(crate) look_up_attempts: Attempts,
    pub(crate) log_ins: LogIns,
}

impl Province {
    /// Opens keys, catalogue, database and folders. The receiver gets finished uploads.
    async fn open(
        config: ProvinceConfig,
        clock: Clock,
    ) -> Result<(Self, verify::Queue), ProvinceError> {
        config.check()?;
        let (opening, signer) = keys::load(&config.keys)?;
        let data = |source| ProvinceError::Data { path: config.data_dir.clone(), source };
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(&config.data_dir).map_err(data)?;
        let store = Store::open(&config.data_dir.join("province.sqlite3")).await?;
        let now = clock.now().as_millisecond();
        let catalogue = Served::load(&config.catalogue_dir, &store, now).await?;
        let blobs = Blobs::open(config.data_dir.join("documents")).map_err(data)?;
        let lifetime = SignedDuration::from_hours(config.limits.upload_hours.into());
        let most = config.limits.unfinished_uploads;
        let (finished, queue) = mpsc::unbounded_channel();
        let uploads = Uploads::open(config.data_dir.join("uploads"), most, lifetime, finished)
            .map_err(data)?;
        let province = Self {
            clock,
            store,
            blobs,
            uploads: Arc::new(uploads),
            catalogue,
            opening,
            signer,
            look_up_attempts: Attempts::new(LOOK_UPS.0, LOOK_UPS.1),
            log_ins: LogIns::default(),
            config,
        };
        Ok((province, Mutex::new(queue)))
    }
}

/// Serves kiosks and officers on `listener` until `shutdown` is done. Packages that were
/// uploaded but not verified by then are verified after the next start.
pub async fn serve(
    config: ProvinceConfig,
    listener: TcpListener,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ProvinceError> {
    let (province, queue) = Province::open(config, clock).await?;
    let province = Arc::new(province);
    let mut workers = JoinSet::new();
    let queue = Arc::new(queue);
    for _ in 0..province.config.limits.verifiers.max(1) {
        workers.spawn(verify::work(Arc::clone(&province), Arc::clone(&queue)));
    }
    workers.spawn(catch_up(Arc::clone(&province)));
    workers.spawn(sweep(Arc::clone(&province)));
    journal::record!(Event::IntakeStarted, edition = province.catalogue.edition.edition);

    let app = routes::router(Arc::clone(&province));
    let (tell, told) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        let _ended = tell.send(());
    };
    let late = async {
        let _ended = told.await;
        tokio::time::sleep(GRACE).await;
    };
    let served = axum::serve(listener, app).with_graceful_shutdown(shutdown).into_future();
    let served = tokio::select! {
        served = served => served,
        () = late => Ok(()),
    };
    workers.shutdown().await;
    province.store.close().await;
    journal::record!(Event::IntakeStopped);
    served.map_err(ProvinceError::Listen)
}

/// Verifies what was whole when the province stopped, and what could not be verified since.
async fn catch_up(province: Arc<Province>) {
    loop {
        province.uploads.queue_all();
        tokio::time::sleep(PATIENCE).await;
    }
}

async fn sweep(province: Arc<Province>) {
    loop {
        let (uploads, now) = (Arc::clone(&province.uploads), province.clock.now());
        let swept = tokio::task::spawn_blocking(move || uploads.sweep(now)).await;
        if let Ok(Err(error)) = swept {
            journal::record!(Event::IntakeStorageFailed, error = %error);
        }
        tokio::time::sleep(SWEEP).await;
    }
}
