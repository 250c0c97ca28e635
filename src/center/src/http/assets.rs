//! Styles, scripts and fonts, carried in the program and named by their content.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

use super::problem::Trouble;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! font {
    ($file:literal) => {
        Asset {
            name: $file,
            kind: "font/ttf",
            bytes: include_bytes!(concat!("../../../../ui/fonts/", $file)),
        }
    };
}

macro_rules! text {
    ($file:literal, $kind:literal) => {
        Asset { name: $file, kind: $kind, bytes: include_bytes!(concat!("../../assets/", $file)) }
    };
}

/// The kiosk's own: a citizen sees the same sign on every screen of the house.
const EMBLEM: Asset = Asset {
    name: "emblem.svg",
    kind: "image/svg+xml",
    bytes: include_bytes!("../../../../ui/slint/icons/emblem.svg"),
};

static ASSETS: &[Asset] = &[
    text!("center.css", "text/css; charset=utf-8"),
    text!("stream.js", "text/javascript; charset=utf-8"),
    text!("board.js", "text/javascript; charset=utf-8"),
    text!("console.js", "text/javascript; charset=utf-8"),
    text!("phone.js", "text/javascript; charset=utf-8"),
    EMBLEM,
    font!("BeVietnamPro-Regular.ttf"),
    font!("BeVietnamPro-SemiBold.ttf"),
    font!("BeVietnamPro-Bold.ttf"),
];

/// Changes whenever any asset does, so that a browser may keep what it has for ever.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let all = ASSETS.iter().fold(Sha256::new(), |hash, asset| hash.chain_update(asset.bytes));
    hex::encode(all.finalize()).chars().take(12).collect()
});

/// Where a page finds an asset.
pub fn link(name: &str) -> String {
    format!("/assets/{}/{name}", *EDITION)
}

pub async fn asset(Path((edition, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return Trouble::NotFound.into_response();
    };
    // A page of a former edition gets what there is, but must not keep it.
    let keep = if edition == *EDITION { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, keep)], asset.bytes)
        .into_response()
}
