//! Everything HTTP: pages, the FHIR API, sign-in and access. No rule of care is here: it asks `domain`.

pub mod access;
mod app;
mod assets;
pub mod card;
mod clock;
pub mod demo;
mod error;
pub mod extract;
mod fhir;
mod figures;
mod forms;
mod handed;
mod headers;
mod health;
mod hooks;
pub mod keeping;
mod links;
mod listen;
mod mail;
mod oauth;
mod openapi;
mod outgoing;
mod outward;
mod pages;
mod password;
pub mod people;
mod press;
mod qr;
mod record;
mod refused;
mod routes;
mod self_test;
mod session;
mod shell;
mod sign_in;
mod smart;
mod throttle;
mod upload;
mod viewer;

pub use app::{App, Config as AppConfig, program};
pub use clock::Clock;
pub use domain::hook::Kind as HookKind;
pub use domain::ident::{Agb, ExtractId, HookId, OrganisationId};
pub use fhir::deliver::{Told, deliver};
pub use fhir::service::import_questionnaire;
pub use fhir::{R4, STU3};
pub use figures::{Ask as ReportAsk, Form as ReportForm, NoReport, region_report};
pub use hooks::{
    MOST as MOST_HOOKS, Sender as HookSender, Settings as HookSettings, added as new_hook, signature as hook_signature,
};
pub use links::{Asker, Round, check as check_links};
pub use listen::{Limits, Network, Proxies, Shell, Tls};
pub use mail::{Security as MailSecurity, Settings as MailSettings};
pub use oauth::{new_client, secret_hash};
pub use outgoing::{send_due, send_due_at};
pub use routes::Route;
pub use sign_in::openid::Settings as OpenIdSettings;
pub use smart::Settings as SmartSettings;
pub use store::backup;
pub use store::clients::{Client, ClientKeys};
pub use store::extracts::{About, BadRow, Counts};
pub use store::hooks::{At as HookAt, Hook};
pub use store::organisations::{Organisation, OrganisationKind};
pub use store::people::RoleGrant;
pub use store::random::bits as random_bits;
pub use store::rotate;
pub use store::verify;
pub use store::{Error as StoreError, MasterKey, Settings as StoreSettings, Store, hold_reads, release_reads};
pub use viewer::{Fhir as SourceFhir, Offers as SourceOffers, Settings as SourceSettings};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use routes::{Routes, any, get, post};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Largest token request: an assertion, and what goes with it.
const MOST_TOKEN_BYTES: usize = 32 << 10;

/// Begins to count; once per process, so that a second server in it counts along.
///
/// # Errors
/// Where another recorder is there already.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new().install_recorder()?;
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// A secret for a new API client: 256 random bits.
pub fn fresh_secret() -> String {
    session::token_text(&store::random::bytes())
}

/// Everything the server answers to: what is not in this list is not there.
fn served() -> Routes {
    Routes::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/.well-known/smart-configuration", get(oauth::smart_configuration))
        .route("/.well-known/tijdig-kaart.json", get(card::published))
        .route("/oauth/token", post(oauth::token).at_most(MOST_TOKEN_BYTES))
        .route("/openapi.json", get(openapi::get))
        .route("/assets/{*name}", get(assets::get))
        .route(fhir::R4, any(fhir::api))
        .route("/fhir/r4/", any(fhir::api))
        .route("/fhir/r4/{*rest}", any(fhir::api))
        .route(fhir::STU3, any(fhir::api))
        .route("/fhir/stu3/", any(fhir::api))
        .route("/fhir/stu3/{*rest}", any(fhir::api))
        .merge(pages::routes())
}

/// Every route of the server, by path; for the table in the tests that says who may ask what.
pub fn routes() -> Vec<Route> {
    served().list()
}

/// Serves every route.
pub fn router(app: App) -> Router {
    router_within(app, Limits::default().request)
}

/// Serves every route, each request within this time, its body included.
pub fn router_within(app: App, patience: Duration) -> Router {
    served()
        .into_router()
        .fallback(pages::errors::nowhere)
        .layer(middleware::from_fn_with_state(app.clone(), shell::guard))
        .layer(middleware::from_fn_with_state(app.clone(), refused::watch))
        .layer(middleware::from_fn_with_state(app.clone(), headers::add))
        .layer(middleware::from_fn(count))
        .layer(CatchPanicLayer::custom(pages::errors::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, patience))
        .layer(middleware::from_fn_with_state(app.clone(), shell::note_excess))
        .with_state(app)
}

/// Counts requests and how long they take, by kind of address; never by the address itself, which may hold an id.
async fn count(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let kind = if fhir::api_of(path).is_some() {
        "fhir"
    } else if path.starts_with("/assets/") || path == "/healthz" {
        "static"
    } else {
        "page"
    };
    let begun = Instant::now();
    let response = next.run(request).await;
    metrics::counter!("tijdig_requests_total", "kind" => kind, "class" => class(response.status())).increment(1);
    metrics::histogram!("tijdig_request_seconds", "kind" => kind).record(begun.elapsed());
    response
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// Serves until `stop` is done; requests under way are finished first.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_in(app, listener, Shell::default(), stop).await
}

/// Serves with TLS, behind proxies, and within limits, as the shell says.
///
/// # Errors
/// Where the listener fails.
pub async fn serve_in(
    app: App,
    listener: TcpListener,
    shell: Shell,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    listen::serve(app, listener, shell, stop).await
}

/// Anchors the log (decision 71), sums up the figures that would otherwise pile up until somebody asks for them, and passes
/// on what those had whose role ended on a day that was said before, and removes what was kept long enough of extracts
/// and of rounds of statements.
pub(crate) async fn each_minute(app: App) {
    let mut minute = tokio::time::interval(Duration::from_mins(1));
    loop {
        minute.tick().await;
        app.metrics().run_upkeep();
        if let Err(error) = app.store().anchor(app.clock().real()).await {
            tracing::error!(%error, "the log could not be anchored");
        }
        if let Err(error) = app.store().relieve_leavers(app.clock().real()).await {
            tracing::error!(%error, "what those had who left could not be passed on");
        }
        if let Err(error) = app.store().tidy_extracts(app.clock().now()).await {
            tracing::error!(%error, "extracts that were kept long enough could not be removed");
        }
        if let Err(error) = app.store().tidy_rounds(app.clock().now()).await {
            tracing::error!(%error, "which phones took part in rounds that are over could not be removed");
        }
    }
}

/// Address of whoever asks.
pub(crate) fn peer(info: Option<&ConnectInfo<SocketAddr>>) -> String {
    info.map_or_else(|| "?".to_owned(), |ConnectInfo(address)| address.ip().to_string())
}
