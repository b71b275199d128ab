//! Is the program there, is it ready, and how is it doing.

use crate::app::App;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

/// Largest answer that `/healthz?pad=` makes; it is there to measure the server's own ceiling.
const MOST_PADDING: usize = 1 << 20;

/// Query of `/healthz`.
#[derive(Deserialize)]
pub struct Pad {
    pad: Option<usize>,
}

/// The process lives. `?pad=N` pads the JSON answer to N bytes, for measuring.
pub async fn healthz(Query(Pad { pad }): Query<Pad>) -> Response {
    const OPEN: &str = r#"{"status":"ok","pad":""#;
    const CLOSE: &str = r#""}"#;
    let body = match pad {
        None => r#"{"status":"ok"}"#.to_owned(),
        Some(n) => format!("{OPEN}{}{CLOSE}", "x".repeat(n.min(MOST_PADDING).saturating_sub(OPEN.len() + CLOSE.len()))),
    };
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Database, keys and migrations are in order: the server can do its work.
pub async fn readyz(State(app): State<App>) -> impl IntoResponse {
    // Keys and migrations were checked when the store was opened; without them there would be no server.
    match app.store().ping().await {
        Ok(()) => {
            (StatusCode::OK, Json(json!({"status": "ready", "database": true, "keys": true, "migrations": true})))
        }
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not ready", "database": false})))
        }
    }
}

/// Figures for Prometheus; none of them is about a patient.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics().render())
}
