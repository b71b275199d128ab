//! `tijdig serve`.

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use web::{App, AppConfig, Store};

/// Serves until a signal ends it.
pub async fn run(at: &Where, listen: Option<SocketAddr>) -> Done {
    let (config, store) = open(at).await?;
    let listener = bind(listen.unwrap_or(config.listen)).await?;
    let port = listener.local_addr()?.port();
    let app_config = AppConfig { base_url: config.base_url(port), today: None, review_months: config.review_months };
    say(&format!("Tijdig luistert op {}", app_config.base_url));
    serve(store, app_config, listener, || Ok(())).await
}

/// Takes the address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|e| Failure::Failed(format!("{address}: {e}")))
}

/// Serves on a listener; `ready` is called when requests are answered.
pub async fn serve(
    store: Store,
    config: AppConfig,
    listener: TcpListener,
    ready: impl FnOnce() -> Result<(), Failure>,
) -> Done {
    let filter = EnvFilter::try_from_env("TIJDIG_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Set once per process; a second time (in tests) keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
    let app = App::new(store.clone(), config, web::install_metrics()?).await?;
    ready()?;
    web::serve(app, listener, stop_signal()).await?;
    close(store).await
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}
