//! The database: SQLite in WAL mode with `synchronous=FULL`.
//!
//! Query texts use `$n` and nothing that PostgreSQL lacks, so that a second backend needs
//! migrations of its own and no second set of queries. Writes go through one connection and
//! begin at once as writers: there is one writer at a time and no busy loop.

mod dossiers;
mod sessions;

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use wire::province::RatingGiven;

pub(crate) use dossiers::{Arrival, DossierRow, ListRow, NewStatus, Received, StatusRow, Turned};
pub(crate) use sessions::SessionRow;

/// All stored facts.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl Store {
    /// Opens (or makes) the database and brings it to the newest form.
    pub(crate) async fn open(file: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true);
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { readers, writer })
    }

    /// Ends all connections; the write-ahead log is folded in.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// The number of a catalogue content: the one it has, or the next.
    pub(crate) async fn number_edition(
        &self,
        sha256: &str,
        catalogue: &str,
        now: i64,
    ) -> Result<u64, sqlx::Error> {
        let mut tx = self.write().await?;
        let newest: Option<(i64, String)> = sqlx::query_as(
            "SELECT edition, sha256 FROM catalogue_editions ORDER BY edition DESC LIMIT 1",
        )
        .fetch_optional(&mut *tx)
        .await?;
        let edition = match newest {
            Some((edition, newest)) if newest == sha256 => edition,
            Some((edition, _)) => edition + 1,
            None => 1,
        };
        // A content that comes back after another one gets a new, greater number.
        sqlx::query(
            "INSERT INTO catalogue_editions (edition, sha256, since, catalogue) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (edition) DO NOTHING",
        )
        .bind(edition)
        .bind(sha256)
        .bind(now)
        .bind(catalogue)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(u64::try_from(edition).unwrap_or(0))
    }

    /// The catalogue of an edition, as JSON.
    pub(crate) async fn edition(&self, edition: u64) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT catalogue FROM catalogue_editions WHERE edition = $1")
            .bind(i64::try_from(edition).unwrap_or(-1))
            .fetch_optional(&self.readers)
            .await
    }

    /// Keeps a rating; the same request again changes nothing.
    pub(crate) async fn rate(&self, given: &RatingGiven, now: i64) -> Result<(), sqlx::Error> {
        let rating = serde_json::to_string(&given.rating).unwrap_or_default();
        sqlx::query(
            "INSERT INTO ratings (request, kiosk, submission, rating, at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request) DO NOTHING",
        )
        .bind(&given.request)
        .bind(given.kiosk.as_str())
        .bind(given.submission.as_ref().map(domain::SubmissionId::as_str))
        .bind(rating.trim_matches('"'))
        .bind(now)
        .execute(&self.writer)
        .await
        .map(|_| ())
    }
}
