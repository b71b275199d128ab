//! Other sources that hold a plan, each a real server on a port of its own.

use crate::harness::Server;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use web::{SourceFhir, SourceOffers, SourceSettings};

/// What a small source does once it gave a token.
#[derive(Clone)]
pub enum Way {
    /// It has this patient, and these forms of theirs; nothing else.
    Forms(Value, Vec<Value>),
    /// It takes its time.
    Slow(Duration),
    /// It answers, and what it answers is no FHIR.
    Nonsense,
    /// It sends one on to this address.
    Redirects(String),
    /// Its answers have no end.
    Endless,
    /// It lets nobody in.
    Shut,
}

/// A source on this machine.
pub struct Source {
    /// Where it is.
    pub address: String,
    /// What was asked: method, address, and what was posted.
    pub heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Source {
    /// A small one.
    pub async fn small(way: Way) -> Self {
        let heard: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let own = Arc::clone(&heard);
        let router = Router::new().fallback(move |request: Request| {
            let (way, own) = (way.clone(), Arc::clone(&own));
            async move {
                let (parts, body) = request.into_parts();
                let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
                let asked = format!("{} {}", parts.method, parts.uri);
                own.lock().unwrap().push((asked.clone(), body));
                let shown = parts.headers.get(header::AUTHORIZATION).map_or("", |v| v.to_str().unwrap()).to_owned();
                answer(&way, &asked, &shown).await
            }
        });
        Self { address: listen(router).await, heard }
    }

    /// Another Tijdig.
    pub async fn tijdig(server: &Server) -> Self {
        Self { address: listen(server.router.clone()).await, heard: Arc::default() }
    }

    /// Nothing listens there.
    pub async fn closed() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { address: format!("http://{}", listener.local_addr().unwrap()), heard: Arc::default() }
    }
}

async fn listen(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn fhir(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/fhir+json")], value.to_string()).into_response()
}

/// An answer to a search.
fn found(resources: &[Value]) -> Response {
    let entries: Vec<Value> = resources.iter().map(|r| json!({"resource": r, "search": {"mode": "match"}})).collect();
    fhir(&json!({"resourceType": "Bundle", "type": "searchset", "total": entries.len(), "entry": entries}))
}

async fn answer(way: &Way, asked: &str, shown: &str) -> Response {
    if asked == "POST /token" {
        assert!(shown.starts_with("Basic "), "{shown}");
        return match way {
            Way::Shut => (StatusCode::UNAUTHORIZED, r#"{"error":"invalid_client"}"#).into_response(),
            Way::Slow(time) => {
                tokio::time::sleep(*time).await;
                fhir(&json!({"access_token": "laat", "token_type": "Bearer", "expires_in": 300}))
            }
            _ => fhir(&json!({"access_token": "sleutel", "token_type": "Bearer", "expires_in": 300})),
        };
    }
    assert_eq!(shown, "Bearer sleutel", "{asked}");
    match way {
        Way::Forms(patient, forms) => match asked {
            "POST /fhir/Patient/_search" => found(std::slice::from_ref(patient)),
            _ if asked.starts_with("GET /fhir/QuestionnaireResponse?") => found(forms),
            "GET /fhir/metadata" => fhir(&json!({"resourceType": "CapabilityStatement"})),
            _ => StatusCode::NOT_FOUND.into_response(),
        },
        Way::Nonsense => ([(header::CONTENT_TYPE, "text/html")], "<!doctype html><p>Onderhoud</p>").into_response(),
        Way::Redirects(to) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to.clone())]).into_response(),
        Way::Endless => ([(header::CONTENT_TYPE, "application/fhir+json")], " ".repeat(9 << 20)).into_response(),
        Way::Slow(_) | Way::Shut => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// How a small source is configured.
pub fn small(name: &str, organisation: &str, source: &Source, folder: &Path) -> SourceSettings {
    let secret = folder.join("klein.geheim");
    std::fs::write(&secret, "geheim\n").unwrap();
    SourceSettings {
        name: name.to_owned(),
        organisation: organisation.to_owned(),
        fhir: SourceFhir::R4,
        offers: SourceOffers::Blocks,
        address: format!("{}/fhir", source.address),
        token: format!("{}/token", source.address),
        client_id: "tijdig".to_owned(),
        client_secret_file: secret,
        scope: "system/*.rs".to_owned(),
        time_limit: 8,
    }
}

/// How another Tijdig is configured, as the system `provider-test` there.
pub fn tijdig(name: &str, organisation: &str, source: &Source, server: &Server, folder: &Path) -> SourceSettings {
    let client = server.sheet.api_clients.iter().find(|c| c.client_id == "provider-test").unwrap();
    let secret = folder.join("tijdig.geheim");
    std::fs::write(&secret, &client.client_secret).unwrap();
    SourceSettings {
        address: format!("{}/fhir/r4", source.address),
        token: format!("{}/oauth/token", source.address),
        client_id: client.client_id.clone(),
        client_secret_file: secret,
        ..small(name, organisation, source, folder)
    }
}
