//! Taking connections: TLS or plain, from the client itself or through a proxy, and none for longer than it needs.

mod proxy;
mod stream;
mod tls;

pub use proxy::{Network, Proxies};
pub use tls::Tls;

use crate::app::App;
use crate::shell::Carried;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stream::Impatient;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::Service;

/// What a connection may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address that is no trusted proxy.
    pub per_address: usize,
    /// Longest that the TLS handshake may take.
    pub handshake: Duration,
    /// Longest until the head of a request is there, and longest that a connection may idle between requests.
    pub head: Duration,
    /// Longest that a request may take, its body included.
    pub request: Duration,
    /// Longest that a client may leave an answer unread.
    pub unread: Duration,
    /// Longest that requests under way are waited for when the server stops.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            per_address: 1024,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(20),
            request: Duration::from_secs(30),
            unread: Duration::from_secs(30),
            farewell: Duration::from_secs(30),
        }
    }
}

/// Most bytes of a request's head; of headers, hyper takes a hundred.
const MOST_HEAD_BYTES: usize = 32 << 10;
/// Rest after the system refused a connection, so that running out of files does not become a busy loop.
const REST: Duration = Duration::from_millis(200);
/// How often certificate files are looked at.
const LOOK: Duration = Duration::from_mins(1);

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Certificate and key; plain where absent.
    pub tls: Option<Arc<Tls>>,
    /// Who may say for whom a request comes.
    pub proxies: Proxies,
    /// What a connection may cost.
    pub limits: Limits,
}

/// Serves until `stop` is done; requests under way are finished first.
///
/// # Errors
/// Where the listener cannot be used.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shell: Shell,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let minutely = tokio::spawn(crate::each_minute(app.clone()));
    let asking = app.checks_links().then(|| tokio::spawn(crate::links::run(app.clone())));
    let sending = tokio::spawn(crate::outgoing::run(app.clone()));
    let counting = tokio::spawn(crate::figures::run(app.clone()));
    let certificates = shell.tls.clone().map(|tls| tokio::spawn(look_at(tls)));
    let router = crate::router_within(app, shell.limits.request);
    let (stopping, stopped) = watch::channel(());
    let slots = Arc::new(Semaphore::new(shell.limits.connections));
    let door = Door { shell, router, stopped, addresses: Arc::default() };
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = async {
                // A place first: without one the connection waits in the system's queue and costs nothing here.
                let slot = Arc::clone(&slots).acquire_owned().await;
                (slot, listener.accept().await)
            } => accepted,
            () = &mut stop => break,
        };
        match accepted {
            (Ok(slot), Ok((stream, peer))) => {
                metrics::counter!("tijdig_connections_total").increment(1);
                tokio::spawn(door.clone().receive(stream, peer, slot));
            }
            (Err(_), _) => break,
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop(listener);
    let farewell = door.shell.limits.farewell;
    drop(door);
    // Whoever watches is told to finish; each drops its end when it has.
    stopping.send_replace(());
    let _ = tokio::time::timeout(farewell, stopping.closed()).await;
    minutely.abort();
    for beside in certificates.into_iter().chain([sending, counting]).chain(asking) {
        beside.abort();
    }
    Ok(())
}

/// Reads certificate and key again when their files change.
async fn look_at(tls: Arc<Tls>) {
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tick.tick().await;
        tls.reload_if_changed();
    }
}

/// What each connection gets.
#[derive(Clone)]
struct Door {
    shell: Shell,
    router: Router,
    stopped: watch::Receiver<()>,
    addresses: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection counted for its address; dropped, it no longer counts.
struct Counted {
    addresses: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = addresses.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                addresses.remove(&self.address);
            }
        }
    }
}

impl Door {
    async fn receive(self, stream: TcpStream, peer: SocketAddr, _slot: OwnedSemaphorePermit) {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let trusted = self.shell.proxies.trusts(peer.ip());
        let _counted = match self.count(peer.ip()) {
            Some(counted) => counted,
            None if trusted => return self.dispatch(stream, peer).await,
            None => {
                metrics::counter!("tijdig_connections_refused_total").increment(1);
                return;
            }
        };
        self.dispatch(stream, peer).await;
    }

    fn count(&self, address: IpAddr) -> Option<Counted> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let count = addresses.entry(address).or_default();
        if *count >= self.shell.limits.per_address {
            return None;
        }
        *count += 1;
        Some(Counted { addresses: Arc::clone(&self.addresses), address })
    }

    async fn dispatch(self, stream: TcpStream, peer: SocketAddr) {
        // Answers go out whole; waiting for more to send with them only delays.
        let _ = stream.set_nodelay(true);
        let stream = Impatient::new(stream, self.shell.limits.unread);
        let Some(tls) = &self.shell.tls else { return self.speak(stream, peer).await };
        match tokio::time::timeout(self.shell.limits.handshake, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.speak(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin, peer: SocketAddr) {
        let Self { shell, router, mut stopped, .. } = self;
        let encrypted = shell.tls.is_some();
        let limits = shell.limits;
        let service = service_fn(move |mut request: Request<Incoming>| {
            let from = shell.proxies.resolve(peer, request.headers());
            request.extensions_mut().insert(ConnectInfo(from.address));
            request.extensions_mut().insert(Carried { encrypted: encrypted || from.encrypted });
            let mut router = router.clone();
            router.call(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(MOST_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
