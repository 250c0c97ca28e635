//! Dossiers: received exactly once, changed only as the law lets them.

use domain::{SubmissionId, dossier::Status, ids::DossierCode};
use intake::{Manifest, ReceiptError, SealedDigest};
use jiff::Timestamp;
use wire::province::{DocumentDigest, Receipt, SignedReceipt};

use super::Store;
use crate::clock::{day, from_millis};

/// A verified package on its way into the database.
#[derive(Debug)]
pub(crate) struct Arrival<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) sealed: &'a SealedDigest,
    pub(crate) procedure: &'a domain::Bilingual,
    pub(crate) agency: &'a str,
    pub(crate) now: Timestamp,
}

/// What became of a package.
#[derive(Debug)]
pub(crate) enum Received {
    /// It is a dossier now.
    Stored(DossierCode),
    /// It was one already.
    Already,
    /// Another package has its name.
    OtherContent,
}

/// A dossier as stored.
#[derive(sqlx::FromRow)]
pub(crate) struct DossierRow {
    pub(crate) code: String,
    pub(crate) submission: String,
    pub(crate) received_at: i64,
    status: i64,
    pub(crate) reason: Option<String>,
    pub(crate) procedure: String,
    pub(crate) procedure_vi: String,
    pub(crate) procedure_en: String,
    manifest: String,
    receipt: String,
}

impl DossierRow {
    pub(crate) fn status(&self) -> Status {
        status(self.status)
    }

    pub(crate) fn manifest(&self) -> Option<Manifest> {
        serde_json::from_str(&self.manifest).ok()
    }

    pub(crate) fn receipt(&self) -> Option<SignedReceipt> {
        serde_json::from_str(&self.receipt).ok()
    }
}

/// A dossier in the officers' list: nothing personal.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct ListRow {
    pub(crate) code: String,
    pub(crate) received_at: i64,
    status: i64,
    pub(crate) procedure_vi: String,
    pub(crate) procedure_en: String,
    pub(crate) kiosk: String,
}

impl ListRow {
    pub(crate) fn status(&self) -> Status {
        status(self.status)
    }
}

/// One change of status.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct StatusRow {
    at: i64,
    status: i64,
    pub(crate) officer: Option<String>,
    pub(crate) reason: Option<String>,
}

impl StatusRow {
    pub(crate) fn at(&self) -> Timestamp {
        from_millis(self.at)
    }

    pub(crate) fn status(&self) -> Status {
        status(self.status)
    }
}

/// A change that an officer asks for.
#[derive(Debug)]
pub(crate) struct NewStatus<'a> {
    pub(crate) dossier: &'a str,
    pub(crate) to: Status,
    pub(crate) officer: &'a str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) now: Timestamp,
}

/// What became of a wanted change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// Done.
    Done,
    /// The dossier is in a status that may not become this one.
    NotAllowed,
    /// No such dossier.
    NotFound,
}

fn status(number: i64) -> Status {
    Status::from(u8::try_from(number).unwrap_or(u8::MAX))
}

const BY_CODE: &str = "SELECT code, submission, received_at, status, reason, procedure, \
    procedure_vi, procedure_en, manifest, receipt FROM dossiers WHERE code = $1";
const BY_SUBMISSION: &str = "SELECT code, submission, received_at, status, reason, procedure, \
    procedure_vi, procedure_en, manifest, receipt FROM dossiers WHERE submission = $1";

impl Store {
    /// Stores a package once. The code is minted, the receipt signed and everything written in
    /// one transaction: after a crash there is either a dossier with its receipt or nothing.
    pub(crate) async fn receive(
        &self,
        arrival: &Arrival<'_>,
        sign: impl Fn(&Receipt) -> Result<SignedReceipt, ReceiptError> + Send,
    ) -> Result<Received, sqlx::Error> {
        let Arrival { manifest, sealed, procedure, agency, now } = arrival;
        let at = now.as_millisecond();
        let mut tx = self.write().await?;
        let known: Option<String> =
            sqlx::query_scalar("SELECT package_sha256 FROM dossiers WHERE submission = $1")
                .bind(manifest.submission.as_str())
                .fetch_optional(&mut *tx)
                .await?;
        if let Some(known) = known {
            let same = known == sealed.sha256;
            return Ok(if same { Received::Already } else { Received::OtherContent });
        }
        let day = day(*now).strftime("%Y%m%d").to_string();
        let ordinal: i64 = sqlx::query_scalar(
            "INSERT INTO dossier_numbers (day, last) VALUES ($1, 1) \
             ON CONFLICT (day) DO UPDATE SET last = dossier_numbers.last + 1 RETURNING last",
        )
        .bind(&day)
        .fetch_one(&mut *tx)
        .await?;
        let code = format!("{agency}-{day}-{ordinal:07}");
        let receipt = sign(&receipt(arrival, &code)).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let encode = |e: serde_json::Error| sqlx::Error::Encode(e.into());
        sqlx::query(
            "INSERT INTO dossiers (code, submission, package_sha256, received_at, status, \
             procedure, procedure_vi, procedure_en, kiosk, manifest, receipt) \
             VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&code)
        .bind(manifest.submission.as_str())
        .bind(&sealed.sha256)
        .bind(at)
        .bind(manifest.procedure.code.as_str())
        .bind(&procedure.vi)
        .bind(&procedure.en)
        .bind(manifest.kiosk.as_str())
        .bind(serde_json::to_string(manifest).map_err(encode)?)
        .bind(serde_json::to_string(&receipt).map_err(encode)?)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO status_changes (dossier, ordinal, at, status) VALUES ($1, 1, $2, 1)",
        )
        .bind(&code)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Received::Stored(DossierCode(code)))
    }

    /// The digest under which a submission was received.
    pub(crate) async fn received_sha256(
        &self,
        submission: &SubmissionId,
    ) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar("SELECT package_sha256 FROM dossiers WHERE submission = $1")
            .bind(submission.as_str())
            .fetch_optional(&self.readers)
            .await
    }

    /// A dossier by its code.
    pub(crate) async fn dossier(&self, code: &str) -> Result<Option<DossierRow>, sqlx::Error> {
        sqlx::query_as(BY_CODE).bind(code).fetch_optional(&self.readers).await
    }

    /// A dossier by its submission.
    pub(crate) async fn dossier_of(
        &self,
        submission: &str,
    ) -> Result<Option<DossierRow>, sqlx::Error> {
        sqlx::query_as(BY_SUBMISSION).bind(submission).fetch_optional(&self.readers).await
    }

    /// Every status a dossier had, oldest first.
    pub(crate) async fn history(&self, code: &str) -> Result<Vec<StatusRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT at, status, officer, reason FROM status_changes WHERE dossier = $1 \
             ORDER BY ordinal",
        )
        .bind(code)
        .fetch_all(&self.readers)
        .await
    }

    /// One page of the list, newest first. `code` is the beginning of a code.
    pub(crate) async fn list(
        &self,
        status: Option<Status>,
        code: &str,
        page: u32,
        page_size: u32,
    ) -> Result<Vec<ListRow>, sqlx::Error> {
        sqlx::query_as(
            "SELECT code, received_at, status, procedure_vi, procedure_en, kiosk FROM dossiers \
             WHERE ($1 = 0 OR status = $1) AND ($2 = '' OR substr(code, 1, length($2)) = $2) \
             ORDER BY received_at DESC, code DESC LIMIT $3 OFFSET $4",
        )
        .bind(status.map_or(0, |s| i64::from(s.number())))
        .bind(code)
        .bind(i64::from(page_size))
        .bind(i64::from(page) * i64::from(page_size))
        .fetch_all(&self.readers)
        .await
    }

    /// Changes a status when the law lets it, and writes down who did it and when.
    pub(crate) async fn turn(&self, change: &NewStatus<'_>) -> Result<Turned, sqlx::Error> {
        let mut tx = self.write().await?;
        let now: Option<i64> = sqlx::query_scalar("SELECT status FROM dossiers WHERE code = $1")
            .bind(change.dossier)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(now) = now else { return Ok(Turned::NotFound) };
        if !status(now).may_become(change.to) {
            return Ok(Turned::NotAllowed);
        }
        let to = i64::from(change.to.number());
        sqlx::query("UPDATE dossiers SET status = $2, reason = $3 WHERE code = $1")
            .bind(change.dossier)
            .bind(to)
            .bind(change.reason)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO status_changes (dossier, ordinal, at, status, officer, reason) \
             SELECT $1, 1 + max(ordinal), $2, $3, $4, $5 FROM status_changes WHERE dossier = $1",
        )
        .bind(change.dossier)
        .bind(change.now.as_millisecond())
        .bind(to)
        .bind(change.officer)
        .bind(change.reason)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Turned::Done)
    }

    /// Remembers that a package will never be taken, and why.
    pub(crate) async fn refuse(
        &self,
        submission: &SubmissionId,
        sha256: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO refusals (submission, package_sha256, at, detail) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (submission, package_sha256) DO NOTHING",
        )
        .bind(submission.as_str())
        .bind(sha256)
        .bind(now.as_millisecond())
        .bind(detail)
        .execute(&self.writer)
        .await
        .map(|_| ())
    }

    /// Why the newest refused package of a submission was refused.
    pub(crate) async fn refusal(
        &self,
        submission: &SubmissionId,
    ) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT detail FROM refusals WHERE submission = $1 ORDER BY at DESC LIMIT 1",
        )
        .bind(submission.as_str())
        .fetch_optional(&self.readers)
        .await
    }

    /// Writes down that an officer saw personal data of a dossier.
    pub(crate) async fn saw(
        &self,
        officer: &str,
        dossier: &str,
        what: &str,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO accesses (at, officer, dossier, what) VALUES ($1, $2, $3, $4)")
            .bind(now.as_millisecond())
            .bind(officer)
            .bind(dossier)
            .bind(what)
            .execute(&self.writer)
            .await
            .map(|_| ())
    }
}

fn receipt(arrival: &Arrival<'_>, code: &str) -> Receipt {
    let documents = arrival.manifest.documents.iter();
    Receipt {
        submission: arrival.manifest.submission.clone(),
        dossier: code.into(),
        received_at: arrival.now,
        package_sha256: arrival.sealed.sha256.clone(),
        package_bytes: arrival.sealed.bytes,
        documents: documents
            .map(|d| DocumentDigest { name: d.name.clone(), sha256: d.sha256.clone() })
            .collect(),
    }
}
