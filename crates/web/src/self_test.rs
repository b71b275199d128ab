//! The self-test for who connects a system: everything that the standard asks, asked of the API itself as that system, of a
//! patient who does not exist in the world. It tells of each request how it went, how much it found and how long it took;
//! nothing of what it found.

use crate::app::App;
use crate::error::PageError;
use crate::fhir::{self, PATHS};
use crate::oauth::scope::Scopes;
use crate::oauth::token::{self, Access};
use ::fhir::format::Version;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use domain::ident::{Bsn, PatientId};
use serde_json::Value;
use std::time::{Duration, Instant};
use store::clients::Client;

/// Largest answer that is read.
const MOST_BYTES: usize = 64 << 20;
/// The token of a test is good for this long.
const LIFETIME: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// How one request went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// In which version of FHIR.
    pub version: Version,
    /// What was asked for, in words.
    pub what: &'static str,
    /// The request, without whom it is about.
    pub request: String,
    /// How it ended.
    pub status: u16,
    /// How many there were of what was asked for, where it is a search.
    pub found: Option<u64>,
    /// How long it took.
    pub took: Duration,
}

impl Tried {
    /// Was it answered?
    pub fn is_good(&self) -> bool {
        self.status == StatusCode::OK.as_u16()
    }
}

/// Asks everything, as this system, of the patient with this number. A version of FHIR in which the system does not find
/// them is not asked further.
///
/// # Errors
/// Where the store fails.
pub async fn run(app: &App, client: &Client, bsn: &Bsn) -> Result<Vec<Tried>, PageError> {
    let now = app.clock().real();
    let generation = app.store().client_standing(&client.id).await?.map_or(0, |s| s.generation);
    let access = Access {
        client: client.id.clone(),
        organisation: client.organisation.clone(),
        purpose: client.purpose,
        generation,
        scopes: Scopes::parse(&client.scope),
        until: now + LIFETIME,
    };
    let token = token::issue(app, &access, now)
        .map_err(|_| PageError::Broken(store::Error::Bug("a token could not be signed")))?;
    let mut all = Vec::new();
    for (path, version) in PATHS {
        let tester = Tester { app, token: &token, path, version };
        let (told, _) = tester.ask("Wat de server kan", Method::GET, "metadata", "metadata", "").await;
        all.push(told);
        let form = format!("identifier={}%7C{}", Bsn::SYSTEM, bsn.as_str());
        let shown = "Patient/_search (POST, identifier in de inhoud)";
        let (told, bundle) = tester.ask("De patiënt, op BSN", Method::POST, shown, "Patient/_search", &form).await;
        all.push(told);
        let id = bundle["entry"][0]["resource"]["id"].as_str().and_then(|id| PatientId::parse(id).ok());
        let Some(id) = id else { continue };
        for asked in ::fhir::standard::of(version) {
            let (told, _) =
                tester.ask(asked.what, Method::GET, &asked.query("ID"), &asked.query(id.as_str()), "").await;
            all.push(told);
        }
    }
    Ok(all)
}

/// Who asks, in one version of FHIR.
struct Tester<'a> {
    app: &'a App,
    token: &'a str,
    path: &'static str,
    version: Version,
}

impl Tester<'_> {
    async fn ask(&self, what: &'static str, method: Method, shown: &str, at: &str, form: &str) -> (Tried, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/{at}", self.path))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::ACCEPT, "application/fhir+json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        let begun = Instant::now();
        let (status, body) = match request {
            Ok(request) => {
                let response = Box::pin(fhir::api(State(self.app.clone()), request)).await;
                let status = response.status();
                (status, to_bytes(response.into_body(), MOST_BYTES).await.unwrap_or_default())
            }
            Err(_) => (StatusCode::BAD_REQUEST, axum::body::Bytes::new()),
        };
        let took = begun.elapsed();
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        let tried = Tried {
            version: self.version,
            what,
            request: shown.to_owned(),
            status: status.as_u16(),
            found: value["total"].as_u64().filter(|_| value["resourceType"] == "Bundle"),
            took,
        };
        (tried, value)
    }
}
