//! The catalogue: read from TOML files, numbered by what it says, served with an `ETag`.
//!
//! Each content gets an edition number once and for ever (table `catalogue_editions`), so that a
//! dossier can be shown in the words of the edition under which it was handed in.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::catalogue::{Catalogue, Field, Procedure};
use intake::{ProcedureVersion, digest::sha256_hex};
use serde::Deserialize;
use wire::province::CatalogueEdition;

use crate::{Province, store::Store};

/// A catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// A file or the folder cannot be read.
    #[error("could not read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not a catalogue file.
    #[error("could not understand {path}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Two versions of a procedure hold on the same day, or a field is missing.
    #[error("procedure {0} overlaps with another version or names an unknown field")]
    Procedure(String),
    /// Two fields have one code or letter.
    #[error("field {0} is there twice, or its letter is")]
    Field(String),
    /// The edition could not be recorded.
    #[error("could not record the edition")]
    Store(#[from] sqlx::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    fields: Vec<Field>,
}

/// Reads `fields.toml` and every other `*.toml` of a folder as one procedure each.
pub fn read(folder: &Path) -> Result<Catalogue, CatalogueError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CatalogueError::Read { path, source }
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|e| e == "toml") && !path.ends_with("fields.toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let fields: FieldsFile = parse(&folder.join("fields.toml"))?;
    let procedures = paths.iter().map(|path| parse(path)).collect::<Result<_, _>>()?;
    let catalogue = Catalogue { fields: fields.fields, procedures };
    check(&catalogue)?;
    Ok(catalogue)
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, CatalogueError> {
    let text = fs::read_to_string(path)
        .map_err(|source| CatalogueError::Read { path: path.to_owned(), source })?;
    toml::from_str(&text)
        .map_err(|source| CatalogueError::Form { path: path.to_owned(), source: Box::new(source) })
}

fn check(catalogue: &Catalogue) -> Result<(), CatalogueError> {
    let (mut codes, mut letters) = (BTreeSet::new(), BTreeSet::new());
    for field in &catalogue.fields {
        if !codes.insert(&field.code) || !letters.insert(field.letter) {
            return Err(CatalogueError::Field(field.code.to_string()));
        }
    }
    for (at, procedure) in catalogue.procedures.iter().enumerate() {
        let mut others = catalogue.procedures.iter().take(at);
        let overlaps =
            others.any(|other| other.code == procedure.code && overlap(other, procedure));
        if overlaps || catalogue.field(&procedure.field).is_none() {
            return Err(CatalogueError::Procedure(procedure.code.to_string()));
        }
    }
    Ok(())
}

fn overlap(a: &Procedure, b: &Procedure) -> bool {
    a.holds_on(b.valid_from) || b.holds_on(a.valid_from)
}

/// The catalogue in force, ready to be sent.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) edition: CatalogueEdition,
    body: Vec<u8>,
    etag: String,
}

impl Served {
    /// Reads the folder and numbers what it says.
    pub(crate) async fn load(
        folder: &Path,
        store: &Store,
        now: i64,
    ) -> Result<Self, CatalogueError> {
        let catalogue = read(folder)?;
        let text = serde_json::to_string(&catalogue).unwrap_or_default();
        let sha256 = sha256_hex(text.as_bytes());
        let edition = store.number_edition(&sha256, &text, now).await?;
        let edition = CatalogueEdition { edition, catalogue };
        let body = serde_json::to_vec(&edition).unwrap_or_default();
        let etag = format!("\"{edition}-{sha}\"", edition = edition.edition, sha = short(&sha256));
        Ok(Self { edition, body, etag })
    }

    /// A procedure as the citizen saw it; as it is now when that edition is not kept. Kiosks may
    /// hand in what was begun under an edition that has been replaced since.
    pub(crate) async fn procedure(
        &self,
        store: &Store,
        version: &ProcedureVersion,
    ) -> Result<Option<Procedure>, sqlx::Error> {
        let now = &self.edition;
        let kept: Option<Catalogue> = if version.edition == now.edition {
            None
        } else {
            store.edition(version.edition).await?.and_then(|text| serde_json::from_str(&text).ok())
        };
        let find = |catalogue: &Catalogue| {
            let mut all = catalogue.procedures.iter();
            all.find(|p| p.code == version.code && p.valid_from == version.valid_from).cloned()
        };
        Ok(kept.as_ref().and_then(find).or_else(|| find(&now.catalogue)))
    }
}

fn short(sha256: &str) -> &str {
    sha256.get(..16).unwrap_or(sha256)
}

/// `GET /v1/catalogue`
pub(crate) async fn get(State(province): State<Arc<Province>>, headers: HeaderMap) -> Response {
    let served = &province.catalogue;
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|list| {
            list.split(',').any(|tag| {
                let tag = tag.trim();
                tag == "*" || tag.trim_start_matches("W/") == served.etag
            })
        })
    });
    let cache = [
        (header::ETAG, served.etag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    if known {
        (StatusCode::NOT_MODIFIED, cache).into_response()
    } else {
        (cache, served.body.clone()).into_response()
    }
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
