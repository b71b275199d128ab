//! The doors: real connections, with and without TLS, through a proxy, and from those who keep them open.

use crate::harness::{Server, server};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use web::{App, AppConfig, Limits, Proxies, Shell, Tls};

/// A server that listens.
struct Open {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
}

impl Open {
    async fn of(server: &Server, base_url: &str, shell: Shell) -> Self {
        let config = AppConfig { base_url: base_url.into(), today: None, review_months: 6 };
        let app = App::new(server.store.clone(), config, web::install_metrics().unwrap()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let done = tokio::spawn(async move {
            web::serve_in(app, listener, shell, async {
                let _ = stopped.await;
            })
            .await
            .unwrap();
        });
        Self { address, stop: Some(stop), done }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// One request on a connection of its own; everything that comes back.
    async fn ask(&self, request: &str) -> String {
        ask(self.connect().await, request).await
    }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Some ends close without a farewell; what came before counts.
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: pzp.example\r\nConnection: close\r\n{more}\r\n")
}

fn limits() -> Limits {
    Limits { head: Duration::from_millis(700), request: Duration::from_secs(1), ..Limits::default() }
}

/// How long until the other end closes, having said this.
async fn closed(mut stream: TcpStream) -> (Duration, String) {
    let begun = Instant::now();
    let mut said = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut said)).await.expect("it is closed");
    (begun.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

/// A certificate for pzp.example, written where the server looks for it.
fn certificate(folder: &Path) -> (PathBuf, PathBuf, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["pzp.example".to_owned()]).unwrap();
    let (file, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&file, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (file, key, made.cert.der().clone())
}

async fn over_tls(open: &Open, trusted: &CertificateDer<'static>, request: &str) -> Result<String, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_root_certificates(roots).with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let stream = connector.connect("pzp.example".try_into().unwrap(), open.connect().await).await?;
    Ok(ask(stream, request).await)
}

#[tokio::test]
async fn over_tls_all_is_served_and_cookies_are_bound_to_it() {
    let server = server(1).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, key, trusted) = certificate(folder.path());
    let tls = Arc::new(Tls::load(&file, &key).unwrap());
    let shell = Shell { tls: Some(Arc::clone(&tls)), limits: limits(), ..Shell::default() };
    let open = Open::of(&server, "https://pzp.example", shell).await;
    let page = over_tls(&open, &trusted, &get("/inloggen", "")).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let lower = page.to_ascii_lowercase();
    assert!(lower.contains("strict-transport-security: max-age=63072000; includesubdomains"));
    for name in ["content-security-policy", "referrer-policy", "x-frame-options", "cross-origin-opener-policy"] {
        assert!(lower.contains(&format!("\n{name}: ")), "{name}");
    }
    let user = server.sheet.users.iter().find(|u| u.username == "gp").unwrap();
    let body = crate::visitor::form(&[("naam", "gp"), ("wachtwoord", &user.password)]);
    let request = format!(
        "POST /inloggen HTTP/1.1\r\nHost: pzp.example\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = over_tls(&open, &trusted, &request).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookies: Vec<&str> = answer.lines().filter(|l| l.to_ascii_lowercase().starts_with("set-cookie: ")).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie["set-cookie: ".len()..].starts_with("__Host-"), "{cookie}");
        for word in ["Secure", "HttpOnly", "Path=/", "SameSite="] {
            assert!(cookie.contains(word), "{cookie} lacks {word}");
        }
        assert!(!cookie.contains("Domain="), "{cookie}");
    }
    // Whoever speaks plainly to this door is not answered.
    let plain = open.ask(&get("/inloggen", "")).await;
    assert!(!plain.contains("HTTP/1.1 200"), "{plain}");
    // Another certificate is shown from the next connection on; a broken one changes nothing.
    let (_, _, renewed) = certificate(folder.path());
    tls.reload().unwrap();
    assert!(over_tls(&open, &renewed, &get("/healthz", "")).await.unwrap().contains("200 OK"));
    assert!(over_tls(&open, &trusted, &get("/healthz", "")).await.is_err());
    std::fs::write(&key, "-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n").unwrap();
    let told = tls.reload().unwrap_err();
    assert!(told.contains("key.pem") && !told.contains("geheim"), "{told}");
    assert!(over_tls(&open, &renewed, &get("/healthz", "")).await.unwrap().contains("200 OK"));
    // A key of another certificate, and files that are not there.
    let (_, other_key, _) = {
        let other = tempfile::tempdir().unwrap();
        let (file, key, der) = certificate(other.path());
        std::fs::copy(&key, folder.path().join("other.pem")).unwrap();
        (file, folder.path().join("other.pem"), der)
    };
    assert!(Tls::load(&file, &other_key).is_err());
    assert!(Tls::load(&folder.path().join("weg.pem"), &key).unwrap_err().contains("weg.pem"));
}

#[tokio::test]
async fn over_an_open_line_nothing_is_said_where_there_is_a_closed_one() {
    let server = server(1).await;
    let proxies = Proxies(vec!["127.0.0.1".parse().unwrap()]);
    let behind = Open::of(&server, "https://pzp.example", Shell { proxies, ..Shell::default() }).await;
    let closed = "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n";
    assert!(behind.ask(&get("/inloggen", closed)).await.starts_with("HTTP/1.1 200"));
    for open in ["", "X-Forwarded-Proto: http\r\n", "X-Forwarded-Proto: https, http\r\n"] {
        let page = behind.ask(&get("/inloggen?naar=%2Fpatienten", open)).await;
        assert!(page.starts_with("HTTP/1.1 308"), "{page}");
        assert!(
            page.to_ascii_lowercase().contains("location: https://pzp.example/inloggen?naar=%2fpatienten"),
            "{page}"
        );
        assert!(behind.ask(&get("/fhir/r4/metadata", open)).await.starts_with("HTTP/1.1 403"));
        let token = "Authorization: Bearer x\r\n";
        assert!(behind.ask(&get("/patienten", &format!("{open}{token}"))).await.starts_with("HTTP/1.1 403"));
        let post = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{open}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\na=bc"
        );
        assert!(behind.ask(&post).await.starts_with("HTTP/1.1 403"));
        assert!(behind.ask(&get("/healthz", open)).await.starts_with("HTTP/1.1 200"));
    }
    // Nobody's word is taken who is no proxy of ours.
    let alone = Open::of(&server, "https://pzp.example", Shell::default()).await;
    assert!(alone.ask(&get("/inloggen", closed)).await.starts_with("HTTP/1.1 308"));
}

#[tokio::test]
async fn who_guesses_behind_a_proxy_is_told_apart_by_address() {
    let server = server(1).await;
    let proxies = Proxies(vec!["127.0.0.0/8".parse().unwrap()]);
    let open = Open::of(&server, "http://localhost:8080", Shell { proxies, ..Shell::default() }).await;
    let guess = async |address: &str, n: u32| {
        let body = format!("naam=niemand{n}&wachtwoord=raadraadraad");
        let request = format!(
            "POST /inloggen HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        open.ask(&request).await.starts_with("HTTP/1.1 429")
    };
    let mut held = false;
    for n in 0..130 {
        // What the guesser writes himself in front of his own address does not make him another.
        held = guess(&format!("198.51.100.{}, 203.0.113.7", n % 250), n).await;
        if held {
            break;
        }
    }
    assert!(held, "an address that guesses at many accounts is held up");
    assert!(!guess("203.0.113.8", 0).await, "its neighbour is not");
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = server(1).await;
    let open = Open::of(&server, "http://localhost:8080", Shell { limits: limits(), ..Shell::default() }).await;
    // Nothing at all, half a line, and a header now and then.
    let silent = closed(open.connect().await).await.0;
    assert!(silent < Duration::from_secs(5), "{silent:?}");
    let mut half = open.connect().await;
    half.write_all(b"GET /healthz HTT").await.unwrap();
    assert!(closed(half).await.0 < Duration::from_secs(5));
    let mut slow = open.connect().await;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(8) {
        tokio::time::sleep(Duration::from_millis(150)).await;
        if slow.write_all(b"X-A: b\r\n").await.is_err() {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    // A connection that idles after its answer is closed too.
    let mut idle = open.connect().await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let (after, said) = closed(idle).await;
    assert!(said.contains("200 OK") && after < Duration::from_secs(5), "{after:?} {said}");
    assert!(open.ask(&get("/healthz", "")).await.contains("200 OK"), "others are served all the while");
}

#[tokio::test]
async fn a_body_that_dribbles_ends_and_is_noted() {
    let server = server(1).await;
    let open = Open::of(&server, "http://localhost:8080", Shell { limits: limits(), ..Shell::default() }).await;
    let before = server.log_holds("refused", "refused").await;
    let mut slow = open.connect().await;
    let head = "POST /inloggen HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nnaam=";
    slow.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = slow.into_split();
    let dribbling = tokio::spawn(async move {
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if write.write_all(b"a").await.is_err() {
                break;
            }
        }
    });
    let begun = Instant::now();
    let mut said = [0; 12];
    tokio::time::timeout(Duration::from_secs(10), read.read_exact(&mut said)).await.unwrap().unwrap();
    assert_eq!(&said, b"HTTP/1.1 408");
    assert!(begun.elapsed() < Duration::from_secs(5));
    dribbling.abort();
    assert_eq!(server.log_holds("refused", "refused").await, before + 1);
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_not_kept() {
    let server = server(1).await;
    let limits = Limits { unread: Duration::from_millis(700), ..Limits::default() };
    let open = Open::of(&server, "http://localhost:8080", Shell { limits, ..Shell::default() }).await;
    let mut deaf = open.connect().await;
    let many = "GET /healthz?pad=1000000 HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40);
    deaf.write_all(many.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    // What the network still holds comes; the rest does not.
    let mut said = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(15), deaf.read_to_end(&mut said)).await.expect("it is closed");
    assert!(said.len() < 39_000_000, "{}", said.len());
}

#[tokio::test]
async fn heads_have_their_measure() {
    let server = server(1).await;
    let open = Open::of(&server, "http://localhost:8080", Shell::default()).await;
    let status = async |more: &str| open.ask(&get("/healthz", more)).await.chars().skip(9).take(3).collect::<String>();
    assert_eq!(status("").await, "200");
    assert_eq!(status(&format!("X-A: {}\r\n", "a".repeat(8000))).await, "200");
    assert_eq!(status(&format!("X-A: {}\r\n", "a".repeat(60_000))).await, "431");
    assert_eq!(status(&"X-A: b\r\n".repeat(200)).await, "431");
    let path = open.ask(&get(&format!("/{}", "a".repeat(60_000)), "")).await;
    assert!(path.starts_with("HTTP/1.1 431") || path.starts_with("HTTP/1.1 414"), "{path}");
    // Two lengths, or a length and pieces, is how one request is smuggled in another.
    for smuggled in
        ["Content-Length: 3\r\nContent-Length: 5\r\n", "Content-Length: 3\r\nTransfer-Encoding: xchunked\r\n"]
    {
        let request = format!("POST /inloggen HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{smuggled}\r\nabcde");
        assert!(open.ask(&request).await.starts_with("HTTP/1.1 400"), "{smuggled}");
    }
    for broken in [
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n",
        "GE T\r\n\r\n",
    ] {
        assert!(open.ask(broken).await.starts_with("HTTP/1.1 400"), "{broken}");
    }
}

#[tokio::test]
async fn one_address_does_not_take_every_place() {
    let server = server(1).await;
    let limits = Limits { per_address: 3, ..Limits::default() };
    let open = Open::of(&server, "http://localhost:8080", Shell { limits, ..Shell::default() }).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = open.connect().await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut said = [0; 12];
        stream.read_exact(&mut said).await.unwrap();
        held.push(stream);
    }
    assert!(closed(open.connect().await).await.1.is_empty(), "the fourth is closed");
    drop(held);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(open.ask(&get("/healthz", "")).await.contains("200 OK"), "places that come free are given again");
}

#[tokio::test]
async fn stopping_lets_what_is_under_way_finish() {
    let server = server(1).await;
    let mut open = Open::of(&server, "http://localhost:8080", Shell::default()).await;
    let mut busy = open.connect().await;
    let body = "naam=gp&wachtwoord=helemaalverkeerd";
    let head = format!(
        "POST /inloggen HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    busy.write_all(head.as_bytes()).await.unwrap();
    let idle = open.connect().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    open.stop.take().unwrap().send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    busy.write_all(body.as_bytes()).await.unwrap();
    let (_, said) = closed(busy).await;
    assert!(said.starts_with("HTTP/1.1 4"), "{said}");
    assert!(closed(idle).await.1.is_empty());
    tokio::time::timeout(Duration::from_secs(10), open.done).await.expect("the server stops").unwrap();
}
