//! A document of a dossier, for the browser's own PDF viewer.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{dossier::saw, layout, session::Signed, words};
use crate::{Province, failure::Failure};

/// `GET /dossiers/{code}/documents/{name}`
pub(super) async fn get(
    State(province): State<Arc<Province>>,
    officer: Signed,
    Path((code, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let manifest = province.store.dossier(&code).await?.and_then(|dossier| dossier.manifest());
    let document =
        manifest.and_then(|manifest| manifest.documents.into_iter().find(|d| d.name == name));
    let Some(document) = document else {
        return Ok(layout::sentence(
            &province,
            officer.language,
            Some(&officer),
            StatusCode::NOT_FOUND,
            words::NOT_FOUND,
        ));
    };
    saw(&province, &officer, &code, &format!("document:{name}")).await?;
    let file = File::from_std(province.blobs.read(&document.sha256)?);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_LENGTH, document.bytes.to_string()),
        // The name holds a-z0-9- only: the manifest was checked.
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{code}-{name}\"")),
    ];
    Ok((headers, Body::from_stream(pieces(file))).into_response())
}

/// The file in pieces, so that memory does not grow with it.
fn pieces(file: File) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::unfold(Some(file), async |file| {
        let mut file = file?;
        let mut piece = Vec::with_capacity(1 << 16);
        match (&mut file).take(1 << 16).read_to_end(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(Bytes::from(piece)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}
