//! What stands before every page and interface: no request over an open line, none that another site made a browser
//! send.

use crate::app::App;
use crate::refused;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;

/// How a request came, as the listener knows it.
#[derive(Debug, Clone, Copy)]
pub struct Carried {
    /// Over TLS, here or at a trusted proxy.
    pub encrypted: bool,
}

/// Asked on this machine, by those who watch the server.
const WATCHED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Lets through what may come in.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let open = request.extensions().get::<Carried>().is_some_and(|c| !c.encrypted);
    if app.is_https() && open && !WATCHED.contains(&path) {
        return elsewhere(&app, &request);
    }
    let peer = crate::peer(request.extensions().get::<ConnectInfo<SocketAddr>>());
    if is_crooked(path) {
        refused::note(&app, &peer, "path", "Een pad dat buiten zijn map wil.").await;
        if crate::fhir::api_of(path).is_some() {
            return crate::fhir::nowhere();
        }
        return crate::error::PageError::NotFound.into_response();
    }
    if is_forged(&request) {
        refused::note(&app, &peer, "form", "Een formulier dat door een andere site is verstuurd.").await;
        return refused::marked(crate::error::PageError::Csrf.into_response(), refused::Trace::Noted);
    }
    next.run(request).await
}

/// Notes what was refused for being too large, too long or too slow, by whatever refused it.
pub async fn note_excess(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = crate::peer(request.extensions().get::<ConnectInfo<SocketAddr>>());
    let response = next.run(request).await;
    let why = match response.status() {
        StatusCode::REQUEST_TIMEOUT => "Het verzoek duurde te lang.",
        StatusCode::PAYLOAD_TOO_LARGE => "Het verzoek was te groot.",
        _ => return response,
    };
    refused::note(&app, &peer, "request", why).await;
    response
}

/// A path that tries to climb out of its folder, or holds what no path of ours does. No route would serve it: every
/// file of ours is found by its whole name in a list.
fn is_crooked(path: &str) -> bool {
    let mut text = std::borrow::Cow::Borrowed(path);
    // Twice, for those who hope that somebody decodes once too often.
    for _ in 0..2 {
        if text.contains(['\\', '\0', '\r', '\n']) || text.split('/').any(|segment| segment == "..") {
            return true;
        }
        if !text.contains('%') {
            return false;
        }
        text = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned().into();
    }
    text.contains(['\\', '\0', '\r', '\n']) || text.split('/').any(|segment| segment == "..")
}

/// A request over an open line, where there is a closed one: a page is pointed there; anything that may hold a secret
/// is refused, so that its sender mends it.
fn elsewhere(app: &App, request: &Request) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let carries = request.headers().contains_key(header::AUTHORIZATION) || request.uri().path().starts_with("/fhir/");
    let path = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    if reading && !carries && crate::error::is_own_path(path) {
        let target = format!("{}{path}", app.config().base_url);
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response();
    }
    let answer = (StatusCode::FORBIDDEN, "Alleen bereikbaar over https.\n").into_response();
    refused::marked(answer, refused::Trace::Because("Een verzoek met gegevens over een open lijn."))
}

/// A browser says where a form was sent from. What another site made it send is refused, whatever it carries: this
/// holds for signing in too, where there is no session whose token could be asked for.
fn is_forged(request: &Request) -> bool {
    let path = request.uri().path();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Systems do not ride on a browser's cookies: what they may is in their token, or in what they signed.
    let signed = ["/oauth/token", crate::pages::connect::OPEN].contains(&path) || path.starts_with("/fhir/");
    changes && !signed && comes_from_elsewhere(request.headers())
}

fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return false,
        Some(_) => return true,
        None => {}
    }
    let Some(origin) = text("origin") else { return false };
    let host = text("host").unwrap_or("");
    origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        for good in ["/", "/patienten/abc", "/assets/tijdig.css", "/a..b/c", "/zoek/%C3%A9%20x"] {
            assert!(!is_crooked(good), "{good}");
        }
        for bad in [
            "/../x",
            "/a/..",
            "/%2e%2e/x",
            "/%2E./x",
            "/a%2f..%2fb",
            "/%252e%252e/x",
            "/a\\b",
            "/a%5cb",
            "/a%00",
            "/a%0d%0ab",
        ] {
            assert!(is_crooked(bad), "{bad}");
        }
    }

    #[test]
    fn another_sites_form_is_known_by_what_the_browser_says() {
        let says = |headers: &[(&'static str, &'static str)]| {
            comes_from_elsewhere(&headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect())
        };
        assert!(!says(&[]), "no browser");
        assert!(!says(&[("sec-fetch-site", "same-origin"), ("origin", "https://x"), ("host", "y")]));
        assert!(!says(&[("origin", "https://pzp.example:8443"), ("host", "pzp.example:8443")]));
        for other in ["cross-site", "same-site", "onzin"] {
            assert!(says(&[("sec-fetch-site", other)]), "{other}");
        }
        assert!(says(&[("origin", "https://evil.example"), ("host", "pzp.example")]));
        assert!(says(&[("origin", "null"), ("host", "pzp.example")]));
        assert!(says(&[("origin", "https://pzp.example:8443"), ("host", "pzp.example")]));
    }
}
