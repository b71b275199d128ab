//! Style, scripts and fonts, built into the program.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

macro_rules! files {
    ($($name:literal $media:literal)+) => {
        /// Every file: name below `/assets/`, media type, content.
        const ALL: &[(&str, &str, &[u8])] =
            &[$(($name, $media, include_bytes!(concat!("../assets/", $name)))),+];
    };
}

files! {
    "tijdig.css" "text/css; charset=utf-8"
    "spoed.css" "text/css; charset=utf-8"
    "beheer.css" "text/css; charset=utf-8"
    "verloop.css" "text/css; charset=utf-8"
    "cijfers.css" "text/css; charset=utf-8"
    "icon.svg" "image/svg+xml"
    "js/card.js" "text/javascript; charset=utf-8"
    "js/copy.js" "text/javascript; charset=utf-8"
    "js/elders.js" "text/javascript; charset=utf-8"
    "js/form.js" "text/javascript; charset=utf-8"
    "js/prepare.js" "text/javascript; charset=utf-8"
    "js/passkey.js" "text/javascript; charset=utf-8"
    "js/ronde.js" "text/javascript; charset=utf-8"
    "fonts/atkinson-hyperlegible-latin-400-normal.woff2" "font/woff2"
    "fonts/atkinson-hyperlegible-latin-700-normal.woff2" "font/woff2"
    "fonts/atkinson-hyperlegible-latin-ext-400-normal.woff2" "font/woff2"
    "fonts/atkinson-hyperlegible-latin-ext-700-normal.woff2" "font/woff2"
}

/// `GET /assets/{*name}`. A browser asks again each day, and is told `304` where nothing changed since this build.
pub async fn get(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, media, bytes)) = ALL.iter().find(|(known, ..)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}-{:x}\"", env!("CARGO_PKG_VERSION"), checksum(bytes));
    let rules = [(header::CACHE_CONTROL, "public, max-age=86400".to_owned()), (header::ETAG, tag.clone())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, rules).into_response();
    }
    (rules, [(header::CONTENT_TYPE, *media)], *bytes).into_response()
}

/// Tells two builds of a file apart; nothing rests on it but a browser's cache.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}
