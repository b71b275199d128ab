//! `tijdig serve`.

use super::{Done, Failure, close, open_or_make};
use crate::args::Where;
use crate::output::say;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use web::{
    App, AppConfig, HookSettings, MailSettings, OpenIdSettings, Shell, SmartSettings, SourceSettings, Store, Tls,
};

/// Serves until a signal ends it.
pub async fn run(at: &Where, listen: Option<SocketAddr>) -> Done {
    let (config, store) = open_or_make(at).await?;
    let shell = config.shell().map_err(Failure::Use)?;
    let listener = bind(listen.unwrap_or(config.listen)).await?;
    let port = listener.local_addr()?.port();
    let app_config = AppConfig { base_url: config.base_url(port), today: None, review_months: config.review_months };
    say(&format!("Tijdig luistert op {}", app_config.base_url));
    if let Some(tls) = shell.tls.clone() {
        tokio::spawn(reload_on_hangup(tls));
    }
    let offers = Offers {
        openid: config.openid,
        smart: config.smart,
        mail: config.mail,
        check_links: config.check_links,
        hooks: config.hooks,
        sources: config.sources,
        smallest_group: config.smallest_group,
    };
    serve(store, app_config, offers, listener, shell, || Ok(())).await
}

/// Takes the address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|e| Failure::Failed(format!("{address}: {e}")))
}

/// What is offered beside the pages, where the configuration says so.
#[derive(Debug, Default)]
pub struct Offers {
    /// Signing in through a provider.
    pub openid: Option<OpenIdSettings>,
    /// Record systems that may open a patient.
    pub smart: Vec<SmartSettings>,
    /// Mail.
    pub mail: Option<MailSettings>,
    /// Checking the addresses of the toolkit.
    pub check_links: bool,
    /// How systems are told of changes.
    pub hooks: HookSettings,
    /// Other sources that may be asked for the plan of a patient.
    pub sources: Vec<SourceSettings>,
    /// Groups of fewer people are not shown in figures.
    pub smallest_group: Option<u32>,
}

/// Serves on a listener; `ready` is called when requests are answered.
pub async fn serve(
    store: Store,
    config: AppConfig,
    offers: Offers,
    listener: TcpListener,
    shell: Shell,
    ready: impl FnOnce() -> Result<(), Failure>,
) -> Done {
    let filter = EnvFilter::try_from_env("TIJDIG_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Set once per process; a second time (in tests) keeps the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
    let app = App::new(store.clone(), config, web::install_metrics()?).await?;
    if let Some(settings) = offers.openid {
        app.offer_openid(settings).map_err(Failure::Use)?;
    }
    app.offer_launches(offers.smart).map_err(Failure::Use)?;
    if offers.check_links {
        app.check_links();
    }
    if let Some(settings) = offers.mail {
        app.offer_mail(&settings).map_err(Failure::Use)?;
    }
    app.set_hooks(offers.hooks);
    app.offer_sources(offers.sources).map_err(Failure::Use)?;
    if let Some(people) = offers.smallest_group {
        app.hide_groups_under(people);
    }
    ready()?;
    web::serve_in(app, listener, shell, stop_signal()).await?;
    close(store).await
}

/// Reads certificate and key again at a SIGHUP; a change of the files alone is seen too, within a minute.
async fn reload_on_hangup(tls: Arc<Tls>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        match tls.reload() {
            Ok(()) => tracing::warn!("certificate and key were read again"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the one before stays"),
        }
    }
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}
