//! What is not about a patient: health, figures, discovery, headers.

use crate::harness::server;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

#[tokio::test]
async fn the_server_tells_that_it_lives_and_what_it_can() {
    let server = server(2).await;
    let get = async |path: &str| server.send(Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(get("/healthz").await.json()["status"], "ok");
    assert_eq!(get("/healthz?pad=8192").await.bytes.len(), 8192);
    assert_eq!(get("/readyz").await.json()["database"], true);
    let smart = get("/.well-known/smart-configuration").await.json();
    assert_eq!(smart["token_endpoint"], "http://localhost:8080/oauth/token");
    let statement = get("/fhir/r4/metadata").await;
    assert_eq!(statement.json()["fhirVersion"], "4.0.1");
    assert!(
        get("/fhir/r4/metadata?_format=xml")
            .await
            .text()
            .contains("<CapabilityStatement xmlns=\"http://hl7.org/fhir\">")
    );
    assert_eq!(get("/er-is-niets").await.status, StatusCode::NOT_FOUND);
    assert!(get("/metrics").await.text().contains("tijdig_requests_total"));
}

#[tokio::test]
async fn every_answer_bears_the_headers_that_protect() {
    let server = server(1).await;
    for path in ["/inloggen", "/fhir/r4/metadata", "/er-is-niets", "/assets/tijdig.css"] {
        let answer = server.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(answer.header(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"), "{path}");
        assert!(!answer.header(header::CONTENT_SECURITY_POLICY).contains("unsafe"), "{path}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert!(answer.headers.contains_key(header::CACHE_CONTROL), "{path}");
    }
}
