//! A server with a small synthetic region, asked without a network in between.

use crate::database::{self, Place};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use store::log::read::{Filter, LogRow};
use tower::ServiceExt;
use web::demo::{Order, Sheet, make};
use web::{App, AppConfig, Store};

/// A server.
pub struct Server {
    pub router: Router,
    pub sheet: Sheet,
    pub store: Store,
    pub app: App,
    place: Arc<Place>,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The resources of a Bundle that match, and those that are included.
    pub fn entries(&self, mode: &str) -> Vec<Value> {
        let bundle = self.json();
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().filter(|e| e["search"]["mode"] == mode).map(|e| e["resource"].clone()).collect()
    }

    /// The texts of an OperationOutcome, with the path of each.
    pub fn issues(&self) -> Vec<(String, String)> {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{}", self.text());
        let issues = outcome["issue"].as_array().unwrap().clone();
        let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
        issues.iter().map(|i| (text(&i["expression"][0]), text(&i["details"]["text"]))).collect()
    }
}

/// A server with this many patients, over the database that the tests are run on.
pub async fn server(patients: u32) -> Server {
    with_practices(patients, 3).await
}

/// The same with a region of so many practices.
pub async fn with_practices(patients: u32, practices: u32) -> Server {
    let place = database::place().await;
    let store = Store::open(&place.settings).await.unwrap();
    let clock = web::Clock::default();
    let order = Order { patients, practices, seed: 7, today: clock.today(), now: clock.real() };
    let sheet = make(&store, order, |_| {}).await.unwrap();
    beside(store, sheet, Arc::new(place)).await
}

/// A server of its own over what is there.
async fn beside(store: Store, sheet: Sheet, place: Arc<Place>) -> Server {
    let config = AppConfig { base_url: "http://localhost:8080".into(), today: None, review_months: 6 };
    let app = App::new(store.clone(), config, web::install_metrics().unwrap()).await.unwrap();
    Server { router: web::router(app.clone()), sheet, store, app, place }
}

impl Server {
    /// Another instance over the same data, which remembers nothing of what this one was asked.
    pub async fn again(&self) -> Self {
        let store = Store::open(&self.place.settings).await.unwrap();
        beside(store, self.sheet.clone(), Arc::clone(&self.place)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// The rows of the instance's log.
    pub async fn log(&self) -> Vec<LogRow> {
        let by = web::program(domain::ident::OrganisationId::from_bits(0));
        let which = store::log::read::Which { cursor: None, limit: 10_000 };
        let now = web::Clock::default().real();
        self.store.instance_log(&by, &Filter::default(), which, "test", now).await.unwrap().rows
    }

    /// How many rows of the instance's log tell of this action with this outcome.
    pub async fn log_holds(&self, action: &str, outcome: &str) -> u64 {
        self.log().await.iter().filter(|r| r.action == action && r.outcome == outcome).count() as u64
    }

    /// The refusals that were written in the instance's log since the row `seen`, which becomes the newest there is.
    pub async fn refusals_since(&self, seen: &mut u64) -> Vec<LogRow> {
        let by = web::program(domain::ident::OrganisationId::from_bits(0));
        let which = store::log::read::Which { cursor: None, limit: 20 };
        let now = web::Clock::default().real();
        let page = self.store.instance_log(&by, &Filter::default(), which, "test", now).await.unwrap();
        let since = *seen;
        *seen = page.rows.first().map_or(since, |r| r.seq);
        page.rows.into_iter().filter(|r| r.seq > since && r.outcome == "refused").collect()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A form posted without a session.
    pub async fn form(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    /// A token for a client of the demo, with the scopes that it asks for.
    pub async fn token(&self, client: &str, scope: &str) -> String {
        let secret = &self.sheet.api_clients.iter().find(|c| c.client_id == client).unwrap().client_secret;
        let body = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}&scope={scope}");
        let answer = self.form("/oauth/token", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A client of the FHIR API with all that its registration allows.
    pub async fn client(&self, name: &str) -> Fhir<'_> {
        let scope = &self.sheet.api_clients.iter().find(|c| c.client_id == name).unwrap().scope;
        Fhir { token: self.token(name, scope).await, server: self, api: web::R4 }
    }
}

/// A client with a token.
pub struct Fhir<'a> {
    pub token: String,
    pub server: &'a Server,
    /// The API of which version of FHIR.
    pub api: &'static str,
}

impl Fhir<'_> {
    /// The same client at the API of STU3.
    pub fn stu3(&self) -> Self {
        Self { token: self.token.clone(), server: self.server, api: web::STU3 }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.api))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.server.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, name: header::HeaderName, value: &str) -> Answer {
        self.server.send(self.request("GET", path).header(name, value).body(Body::empty()).unwrap()).await
    }

    pub async fn send(&self, method: &str, path: &str, media: &str, body: impl Into<Body>) -> Answer {
        self.server
            .send(self.request(method, path).header(header::CONTENT_TYPE, media).body(body.into()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, "application/fhir+json", body.to_string()).await
    }
}
