//! Officers' sessions. Only digests of tokens are kept: a stolen database opens no session.

use super::Store;

/// A session that has not ended.
#[derive(sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) officer: String,
    pub(crate) csrf: String,
}

impl Store {
    /// Begins a session and forgets those that have ended.
    pub(crate) async fn begin_session(
        &self,
        token_sha256: &str,
        session: &SessionRow,
        expires_at: i64,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (token_sha256, officer, csrf, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(token_sha256)
        .bind(&session.officer)
        .bind(&session.csrf)
        .bind(expires_at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// The session of a token.
    pub(crate) async fn session(
        &self,
        token_sha256: &str,
        now: i64,
    ) -> Result<Option<SessionRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT officer, csrf FROM sessions WHERE token_sha256 = $1 AND expires_at > $2",
        )
        .bind(token_sha256)
        .bind(now)
        .fetch_optional(&self.readers)
        .await
    }

    /// Ends a session.
    pub(crate) async fn end_session(&self, token_sha256: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM sessions WHERE token_sha256 = $1")
            .bind(token_sha256)
            .execute(&self.writer)
            .await
            .map(|_| ())
    }
}
