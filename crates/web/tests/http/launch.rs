//! A patient opened from a record system (SMART App Launch): what is asked of it, and what it may not do. The whole way, with
//! a browser and an authorization server of another make, is in `tests/e2e`.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Sharing;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A record system with one patient: its FHIR server and its authorization server.
#[derive(Clone)]
struct Ehr {
    base: String,
    /// What it answers for a code, and who the patient is.
    says: Arc<Mutex<(Value, Value)>>,
    /// What was posted for a token.
    asked: Arc<Mutex<Vec<BTreeMap<String, String>>>>,
}

fn parsed(query: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(query.as_bytes()).map(|(n, v)| (n.into_owned(), v.into_owned())).collect()
}

impl Ehr {
    async fn start(bsn: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://127.0.0.1:{}/fhir", listener.local_addr().unwrap().port());
        let patient = json!({"resourceType": "Patient", "id": "p-1", "identifier": [
            {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": bsn}
        ]});
        let tokens = json!({"access_token": "good", "token_type": "bearer", "patient": "p-1", "scope": "launch"});
        let this = Self { base, says: Arc::new(Mutex::new((tokens, patient))), asked: Arc::default() };
        let own = this.clone();
        let router = Router::new().fallback(move |request: Request| {
            let own = own.clone();
            async move { own.answer(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let (tokens, patient) = self.says.lock().unwrap().clone();
        match parts.uri.path() {
            "/fhir/.well-known/smart-configuration" => axum::Json(json!({
                "authorization_endpoint": format!("{}/auth", self.base),
                "token_endpoint": format!("{}/token", self.base),
                "code_challenge_methods_supported": ["S256"],
                "capabilities": ["launch-ehr", "permission-v2"],
            }))
            .into_response(),
            "/fhir/token" => {
                self.asked.lock().unwrap().push(parsed(std::str::from_utf8(&body).unwrap()));
                axum::Json(tokens).into_response()
            }
            "/fhir/Patient/p-1" if parts.headers.get(header::AUTHORIZATION).is_some_and(|v| v == "Bearer good") => {
                axum::Json(patient).into_response()
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }

    /// The server, which knows this system.
    async fn known_to(&self, server: &Server) -> Server {
        let again = server.again().await;
        let settings = web::SmartSettings {
            name: "HIS".to_owned(),
            issuer: self.base.clone(),
            client_id: "tijdig".to_owned(),
            client_secret_file: None,
            scope: Vec::new(),
        };
        again.app.offer_launches(vec![settings]).unwrap();
        again
    }

    /// The address at which this system opens a patient.
    fn launch(&self) -> String {
        format!("/smart/launch?iss={}&launch=xyz", self.base.replace(':', "%3A"))
    }
}

/// What stands in the address of the authorization server.
fn question(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    parsed(answer.location().split_once('?').unwrap().1)
}

async fn known(server: &Server) -> (String, String) {
    let gp = Browser::of(server, "gp").await;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing == Sharing::Agreed) {
        if gp.get(&format!("/patienten/{}", patient.id)).await.status == StatusCode::OK {
            return (patient.id.clone(), patient.bsn.clone());
        }
    }
    panic!("no patient for the doctor")
}

#[tokio::test]
async fn the_patient_at_hand_is_asked_for_with_pkce_and_opened() {
    let server = server(20).await;
    let (id, bsn) = known(&server).await;
    let ehr = Ehr::start(&bsn).await;
    let server = ehr.known_to(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let asked = question(&gp.get(&ehr.launch()).await);
    assert_eq!(asked["aud"], ehr.base);
    assert_eq!(asked["scope"], "launch patient/Patient.r");
    assert_eq!(asked["redirect_uri"], "http://localhost:8080/smart/terug");
    assert_eq!(
        (asked["launch"].as_str(), asked["response_type"].as_str(), asked["client_id"].as_str()),
        ("xyz", "code", "tijdig")
    );
    let back = format!("/smart/terug?code=c1&state={}", asked["state"]);
    let on = gp.get(&back).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.text());
    assert!(on.location().starts_with("/koppelen/verder/") && !on.location().contains(&bsn));
    assert_eq!(gp.get(on.location()).await.location(), format!("/patienten/{id}"));
    // What was kept here is the other half of what was told.
    let redeemed = ehr.asked.lock().unwrap()[0].clone();
    assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(redeemed["code_verifier"].as_bytes())), asked["code_challenge"]);
    assert_eq!((redeemed["code"].as_str(), redeemed["client_id"].as_str()), ("c1", "tijdig"));
    // Once.
    assert_eq!(gp.get(&back).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ehr.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn two_patients_are_opened_at_once_in_one_browser_and_in_no_other() {
    let server = server(20).await;
    let (_, bsn) = known(&server).await;
    let ehr = Ehr::start(&bsn).await;
    let server = ehr.known_to(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let first = question(&gp.get(&ehr.launch()).await);
    let second = question(&gp.get(&ehr.launch()).await);
    let mut seen = 0;
    server.refusals_since(&mut seen).await;
    // Somebody else's browser, a state that was guessed, and none.
    let other = Browser::of(&server, "district-nurse").await;
    for (browser, state) in [(&other, first["state"].as_str()), (&gp, "geraden"), (&gp, "")] {
        let answer = browser.get(&format!("/smart/terug?code=c&state={state}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(server.refusals_since(&mut seen).await.iter().any(|r| r.data == "launch"));
    }
    assert!(ehr.asked.lock().unwrap().is_empty(), "nothing was asked for what nobody began here");
    for asked in [first, second] {
        let on = gp.get(&format!("/smart/terug?code=c&state={}", asked["state"])).await;
        assert_eq!(on.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_system_that_is_not_known_or_answers_otherwise_opens_nothing() {
    let server = server(4).await;
    let ehr = Ehr::start("999911120").await;
    let unknown = Browser::of(&server, "gp").await;
    assert_eq!(unknown.get(&ehr.launch()).await.status, StatusCode::NOT_FOUND, "none is set");
    let server = ehr.known_to(&server).await;
    let gp = Browser::of(&server, "gp").await;
    for iss in ["https://evil.example/fhir", "", "http://127.0.0.1:1/fhir"] {
        let answer = gp.get(&format!("/smart/launch?iss={iss}&launch=x")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{iss}");
        assert!(answer.location().is_empty());
    }
    let begin = async || question(&gp.get(&ehr.launch()).await)["state"].clone();
    let end = async |query: &str| gp.get(&format!("/smart/terug?{query}")).await;
    let refused = end(&format!("error=access_denied&state={}", begin().await)).await;
    assert_eq!(refused.status, StatusCode::BAD_GATEWAY);
    assert!(refused.text().contains("gaf geen toestemming"));
    let right = ehr.says.lock().unwrap().clone();
    let (tokens, patient) = (&right.0, &right.1);
    let with = |value: &Value, name: &str, to: Value| {
        let mut value = value.clone();
        value[name] = to;
        value
    };
    for (what, tokens, patient, told) in [
        ("no patient", with(tokens, "patient", Value::Null), patient.clone(), "welke patiënt"),
        ("an id that leads elsewhere", with(tokens, "patient", json!("../x")), patient.clone(), "welke patiënt"),
        ("another patient", tokens.clone(), with(patient, "id", json!("p-2")), "geen antwoord"),
        ("no number", tokens.clone(), with(patient, "identifier", json!([])), "geen BSN"),
        ("no token", with(tokens, "access_token", Value::Null), patient.clone(), "geen antwoord"),
        ("a bad token", with(tokens, "access_token", json!("bad")), patient.clone(), "geen antwoord"),
    ] {
        let state = begin().await;
        *ehr.says.lock().unwrap() = (tokens, patient);
        let answer = end(&format!("code=c&state={state}")).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{what}");
        assert!(answer.text().contains(told) && !answer.text().contains("999911120"), "{what}: {}", answer.text());
    }
}
