//! Style, script and fonts, part of the program.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use crate::failure::Failure;

const ASSETS: [(&str, &str, &[u8]); 7] = [
    ("officers.css", "text/css; charset=utf-8", include_bytes!("../../assets/officers.css")),
    ("officers.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/officers.js")),
    ("emblem.svg", "image/svg+xml", include_bytes!("../../../../ui/slint/icons/emblem.svg")),
    ("regular.ttf", "font/ttf", include_bytes!("../../../../ui/fonts/BeVietnamPro-Regular.ttf")),
    ("medium.ttf", "font/ttf", include_bytes!("../../../../ui/fonts/BeVietnamPro-Medium.ttf")),
    ("semibold.ttf", "font/ttf", include_bytes!("../../../../ui/fonts/BeVietnamPro-SemiBold.ttf")),
    ("bold.ttf", "font/ttf", include_bytes!("../../../../ui/fonts/BeVietnamPro-Bold.ttf")),
];

/// `GET /assets/{name}`
pub(super) async fn get(Path(name): Path<String>) -> Result<Response, Failure> {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, kind, bytes) = found.ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, *bytes).into_response())
}
