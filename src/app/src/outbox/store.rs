//! Rows and files of the outbox: SQLite in WAL mode with `synchronous=FULL`, so that a commit
//! that returned has survived the power.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::SubmissionId;
use intake::{SealedDigest, UploadUrl};
use rusqlite::{Connection, OptionalExtension as _, params};
use wire::province::DocumentDigest;

/// The outbox cannot do its work on its disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// The database. Caller: take no dossiers; tell the operator.
    #[error("could not use the outbox's database")]
    Database(#[from] rusqlite::Error),
    /// A file. Caller: take no dossiers; tell the operator.
    #[error("could not use the outbox's folder")]
    File(#[from] io::Error),
    /// The papers could not be made into documents. Caller: let the citizen scan again.
    #[error("could not make the documents")]
    Documents(#[from] crate::BindError),
    /// The package could not be sealed. Caller: tell the operator.
    #[error("could not seal the package")]
    Seal(#[from] intake::SealError),
    /// The signed documents of this visit are gone. Caller: let the citizen sign again.
    #[error("the signed documents are gone")]
    NotSigned,
}

impl OutboxError {
    /// Whether the disk is at fault, and no other dossier would fare better.
    #[must_use]
    pub fn is_of_the_disk(&self) -> bool {
        match self {
            Self::Database(_) | Self::File(_) | Self::Seal(intake::SealError::Write(_)) => true,
            Self::Documents(_) | Self::Seal(_) | Self::NotSigned => false,
        }
    }
}

/// The outbox on disk.
pub struct Store {
    folder: PathBuf,
    database: Connection,
}

/// A dossier on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub submission: SubmissionId,
    /// What was sealed.
    pub sealed: SealedDigest,
    /// The documents inside, against which the receipt is held.
    pub documents: Vec<DocumentDigest>,
    /// Where its upload goes on, if one was begun.
    pub upload: Option<UploadUrl>,
}

/// How far a dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Here, sealed, to be carried.
    Kept,
    /// The province holds it.
    Delivered,
    /// The province will not take it; a person must look.
    Refused,
}

impl State {
    const fn text(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Delivered => "delivered",
            Self::Refused => "refused",
        }
    }
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS dossier (
        submission TEXT PRIMARY KEY,
        sha256     TEXT NOT NULL,
        bytes      INTEGER NOT NULL,
        documents  TEXT NOT NULL,
        state      TEXT NOT NULL CHECK (state IN ('kept', 'delivered', 'refused')),
        upload     TEXT,
        receipt    TEXT,
        kept_at    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS dossier_state ON dossier (state, kept_at);
    PRAGMA user_version = 1;
";

impl Store {
    /// Opens or makes an outbox in `folder`.
    pub fn open(folder: &Path) -> Result<Self, OutboxError> {
        fs::create_dir_all(folder)?;
        let database = Connection::open(folder.join("outbox.sqlite"))?;
        database.busy_timeout(Duration::from_secs(5))?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.pragma_update(None, "secure_delete", "ON")?;
        database.execute_batch(SCHEMA)?;
        Ok(Self { folder: folder.to_owned(), database })
    }

    /// A second connection to the same outbox, for another thread.
    pub(super) fn reopen(&self) -> Result<Self, OutboxError> {
        Self::open(&self.folder)
    }

    /// Where the sealed file of a submission lies.
    #[must_use]
    pub fn file(&self, submission: &SubmissionId) -> PathBuf {
        self.folder.join(format!("{submission}.age"))
    }

    /// Deletes files without a row (never promised) and files of delivered dossiers.
    pub fn sweep(&self) -> Result<(), OutboxError> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let extension = path.extension().and_then(|e| e.to_str());
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let needless = match extension {
                Some("part") => true,
                Some("age") => {
                    self.state(&name.into())? != Some(State::Kept)
                        && self.state(&name.into())? != Some(State::Refused)
                }
                Some(_) | None => false,
            };
            if needless {
                fs::remove_file(&path)?;
            }
        }
        self.sync_folder()
    }

    /// Writes a sealed package under its name: file, rename, folder, each made durable.
    /// `write` fills the file; `sealed` and `named` are told in between.
    pub(super) fn write_file<T, E: From<io::Error>>(
        &self,
        submission: &SubmissionId,
        write: impl FnOnce(&fs::File) -> Result<T, E>,
        sealed: impl FnOnce(),
    ) -> Result<T, E> {
        let part = self.folder.join(format!("{submission}.part"));
        let file = fs::File::create(&part)?;
        let written = write(&file).inspect_err(|_| {
            // A disk that is full must not be filled further; the next start sweeps the rest.
            let _swept_later = fs::remove_file(&part);
        })?;
        sealed();
        file.sync_all()?;
        fs::rename(&part, self.file(submission))?;
        self.sync_folder().map_err(|_| io::Error::other("the folder was not made durable"))?;
        Ok(written)
    }

    /// Whether the disk takes a file again.
    pub(super) fn probe(&self) -> Result<(), OutboxError> {
        let path = self.folder.join("probe.part");
        let file = fs::File::create(&path)?;
        io::Write::write_all(&mut &file, &[0; 65_536])?;
        file.sync_all()?;
        Ok(fs::remove_file(&path)?)
    }

    fn sync_folder(&self) -> Result<(), OutboxError> {
        Ok(fs::File::open(&self.folder)?.sync_all()?)
    }

    /// Records a kept dossier: the promise.
    pub(super) fn record(&self, dossier: &Waiting, kept_at: &str) -> Result<(), OutboxError> {
        let documents = serde_json::to_string(&dossier.documents).map_err(io::Error::other)?;
        let bytes = i64::try_from(dossier.sealed.bytes).map_err(io::Error::other)?;
        self.database.execute(
            "INSERT INTO dossier (submission, sha256, bytes, documents, state, kept_at)
             VALUES (?1, ?2, ?3, ?4, 'kept', ?5)",
            params![dossier.submission.as_str(), dossier.sealed.sha256, bytes, documents, kept_at],
        )?;
        Ok(())
    }

    /// Dossiers to be carried, oldest first.
    pub fn waiting(&self) -> Result<Vec<Waiting>, OutboxError> {
        let mut query = self.database.prepare_cached(
            "SELECT submission, sha256, bytes, documents, upload
             FROM dossier WHERE state = 'kept' ORDER BY kept_at, submission",
        )?;
        let rows = query.query_map([], |row| {
            let documents: String = row.get(3)?;
            Ok(Waiting {
                submission: SubmissionId(row.get(0)?),
                sealed: SealedDigest {
                    sha256: row.get(1)?,
                    bytes: row.get::<_, i64>(2)?.try_into().unwrap_or(0),
                },
                documents: serde_json::from_str(&documents).unwrap_or_default(),
                upload: row.get::<_, Option<String>>(4)?.map(UploadUrl),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How far a dossier is; `None` when it is not known here.
    pub fn state(&self, submission: &SubmissionId) -> Result<Option<State>, OutboxError> {
        let text: Option<String> = self
            .database
            .query_row(
                "SELECT state FROM dossier WHERE submission = ?1",
                [submission.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        let all = [State::Kept, State::Delivered, State::Refused];
        Ok(text.and_then(|text| all.into_iter().find(|state| state.text() == text)))
    }

    /// The province's signed receipt, as it came.
    pub fn receipt(&self, submission: &SubmissionId) -> Result<Option<String>, OutboxError> {
        let row = self.database.query_row(
            "SELECT receipt FROM dossier WHERE submission = ?1",
            [submission.as_str()],
            |row| row.get(0),
        );
        Ok(row.optional()?.flatten())
    }

    pub(super) fn remember_upload(
        &self,
        submission: &SubmissionId,
        upload: &UploadUrl,
    ) -> Result<(), OutboxError> {
        self.database.execute(
            "UPDATE dossier SET upload = ?2 WHERE submission = ?1",
            params![submission.as_str(), upload.0],
        )?;
        Ok(())
    }

    pub(super) fn settle(
        &self,
        submission: &SubmissionId,
        state: State,
        receipt: Option<&str>,
    ) -> Result<(), OutboxError> {
        self.database.execute(
            "UPDATE dossier SET state = ?2, receipt = ?3, upload = NULL WHERE submission = ?1",
            params![submission.as_str(), state.text(), receipt],
        )?;
        Ok(())
    }

    pub(super) fn delete_file(&self, submission: &SubmissionId) -> Result<(), OutboxError> {
        match fs::remove_file(self.file(submission)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
        self.sync_folder()
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
