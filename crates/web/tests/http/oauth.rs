//! Tokens: who gets one, and which are refused.

use crate::harness::{Fhir, Server, server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

async fn ask(server: &Server, body: &str) -> (StatusCode, String) {
    let answer = server.form("/oauth/token", body).await;
    (answer.status, answer.json()["error"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn a_client_gets_a_token_by_basic_and_in_the_body() {
    let server = server(1).await;
    let secret = &server.sheet.api_clients[0].client_secret;
    let basic = STANDARD.encode(format!("provider-test:{secret}"));
    let request = Request::post("/oauth/token")
        .header(header::AUTHORIZATION, format!("Basic {basic}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    let answer = server.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["token_type"], "bearer");
    assert_eq!(answer.json()["scope"], "system/*.cruds");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert!(!server.token("provider-test", "system/Consent.rs").await.is_empty());
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let server = server(1).await;
    let secret = server.sheet.api_clients[0].client_secret.clone();
    let credentials = format!("client_id=provider-test&client_secret={secret}");
    for (body, status, error) in [
        ("grant_type=client_credentials&client_id=provider-test&client_secret=x".to_owned(), 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=niemand&client_secret=x".to_owned(), 401, "invalid_client"),
        ("grant_type=client_credentials".to_owned(), 401, "invalid_client"),
        (format!("grant_type=password&{credentials}"), 400, "unsupported_grant_type"),
        (credentials.clone(), 400, "invalid_request"),
        (format!("grant_type=client_credentials&{credentials}&scope=system/Cheese.x"), 400, "invalid_scope"),
    ] {
        assert_eq!(ask(&server, &body).await, (StatusCode::from_u16(status).unwrap(), error.to_owned()), "{body}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = server(1).await;
    let guess = "grant_type=client_credentials&client_id=provider-test&client_secret=x";
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        last = server.form("/oauth/token", guess).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // The rightful owner still gets in.
    assert!(!server.token("provider-test", "system/Consent.rs").await.is_empty());
}

#[tokio::test]
async fn fhir_wants_a_good_token() {
    let server = server(2).await;
    let good = server.token("provider-test", "system/*.rs").await;
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("no token") };
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let wider = String::from_utf8(URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap().replace("*.rs", "*.cruds");
    let wider = URL_SAFE_NO_PAD.encode(wider);
    let patient = &server.sheet.patients[0].id;
    for token in [
        String::new(),
        "x".to_owned(),
        format!("{head}.{body}."),
        format!("{none}.{body}."),
        format!("{head}.{wider}.{signature}"),
        format!("{head}.{body}.{}", signature.chars().rev().collect::<String>()),
    ] {
        let answer = Fhir { token, server: &server, api: web::R4 }.get(&format!("/Patient/{patient}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header(header::WWW_AUTHENTICATE).starts_with("Bearer"));
        assert_eq!(answer.issues().len(), 1);
    }
    let without = Request::get(format!("/fhir/r4/Patient/{patient}")).body(Body::empty()).unwrap();
    assert_eq!(server.send(without).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_scope_that_is_too_small_is_named() {
    let server = server(2).await;
    let patient = &server.sheet.patients[0].id;
    let token = server.token("provider-test", "system/Consent.s").await;
    let small = Fhir { token, server: &server, api: web::R4 };
    assert_eq!(small.get(&format!("/Consent?patient=Patient/{patient}")).await.status, StatusCode::OK);
    let refused = small.get(&format!("/Goal?patient=Patient/{patient}")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.issues()[0].1.contains("system/Goal.s"));
    let bundle = serde_json::json!({"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": {"resourceType": "Patient"}}]});
    assert_eq!(small.post("", &bundle).await.status, StatusCode::FORBIDDEN);
}
