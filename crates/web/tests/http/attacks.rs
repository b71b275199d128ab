//! The attack list: tried one by one, each refused, and noted where a refusal is to be noted.

use crate::harness::server;
use crate::visitor::{Visitor, cookies, form};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

#[tokio::test]
async fn a_session_that_was_foisted_on_somebody_is_worth_nothing() {
    let server = server(2).await;
    let gp = server.sheet.users.iter().find(|u| u.username == "gp").unwrap();
    let foisted = "tijdig=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let request = Request::post("/inloggen")
        .header(header::COOKIE, foisted)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(&[("naam", "gp"), ("wachtwoord", &gp.password)])))
        .unwrap();
    let answer = server.send(request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let given = cookies(&answer);
    assert!(!given.contains(foisted));
    let by = |cookies: &str| Visitor { server: &server, cookies: cookies.to_owned() };
    assert_eq!(by(&given).get("/patienten").await.status, StatusCode::OK);
    assert_eq!(by(foisted).get("/patienten").await.status, StatusCode::SEE_OTHER);
    // Signing in again gives another; signing out ends it for good, whoever kept a copy.
    let again = Visitor::sign_in(&server, "gp").await;
    assert_ne!(again.cookies, given);
    let csrf = again.csrf().await;
    assert_eq!(again.post("/uitloggen", &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(again.get("/patienten").await.status, StatusCode::SEE_OTHER);
    for cookie in answer.headers.get_all(header::SET_COOKIE) {
        let text = cookie.to_str().unwrap().to_ascii_lowercase();
        assert!(text.contains("httponly") && text.contains("samesite="), "{text}");
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_token_does_nothing() {
    let server = server(4).await;
    let (own, other) = (Visitor::sign_in(&server, "gp").await, Visitor::sign_in(&server, "district-nurse").await);
    let (csrf, foreign) = (own.csrf().await, other.csrf().await);
    let search = |csrf: &'static str| [("achternaam", "x"), ("csrf", csrf)];
    let before = server.log_holds("refused", "refused").await;
    for wrong in [Vec::new(), vec![("csrf", "")], vec![("csrf", foreign.as_str())], search("raad").to_vec()] {
        assert_eq!(own.post("/patienten", &wrong).await.status, StatusCode::FORBIDDEN);
    }
    let right = [("csrf", csrf.as_str()), ("bsn", "999911120")];
    assert_eq!(own.post("/patienten", &right).await.status, StatusCode::OK);
    // Another site's page makes the browser send it, with the cookie and, somehow, the right token.
    for headers in [
        [("sec-fetch-site", "cross-site"), ("host", "localhost:8080")],
        [("sec-fetch-site", "same-site"), ("host", "localhost:8080")],
        [("origin", "https://evil.example"), ("host", "localhost:8080")],
        [("origin", "null"), ("host", "localhost:8080")],
    ] {
        assert_eq!(own.post_with("/patienten", &right, &headers).await.status, StatusCode::FORBIDDEN, "{headers:?}");
        // Nor is somebody signed in as another without knowing.
        let user = &server.sheet.users[0];
        let login = [("naam", user.username.as_str()), ("wachtwoord", &user.password)];
        let nobody = Visitor { server: &server, cookies: String::new() };
        let answer = nobody.post_with("/inloggen", &login, &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(cookies(&answer).is_empty());
    }
    let own_site = [("origin", "http://localhost:8080"), ("host", "localhost:8080"), ("sec-fetch-site", "same-origin")];
    assert_eq!(own.post_with("/patienten", &right, &own_site).await.status, StatusCode::OK);
    assert_eq!(server.log_holds("refused", "refused").await, before + 4 + 8);
    // What changes something is never a GET.
    for path in ["/uitloggen", "/oauth/token"] {
        assert_eq!(own.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn after_signing_in_one_stays_here() {
    let server = server(1).await;
    let user = server.sheet.users.iter().find(|u| u.username == "gp").unwrap();
    for foreign in [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/patienten\r\nSet-Cookie: x=1",
        " //evil.example",
    ] {
        let fields = [("naam", "gp"), ("wachtwoord", user.password.as_str()), ("naar", foreign)];
        let answer = server.form("/inloggen", &form(&fields)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{foreign}");
        let to = answer.header(header::LOCATION);
        assert!(to == "/" || to.starts_with("/rol"), "{foreign} led to {to}");
        assert!(!to.contains("evil"), "{foreign} led to {to}");
        assert!(answer.headers.get_all(header::SET_COOKIE).iter().all(|c| !c.to_str().unwrap().starts_with("x=")));
    }
    let fields = [("naam", "gp"), ("wachtwoord", user.password.as_str()), ("naar", "/patienten?pagina=2")];
    assert!(server.form("/inloggen", &form(&fields)).await.header(header::LOCATION).contains("patienten"));
}

#[tokio::test]
async fn nobody_learns_which_systems_there_are() {
    let server = server(1).await;
    let before = server.log_holds("token", "refused").await;
    let clients = ["client_id=provider-test&client_secret=x", "client_id=niemand-test&client_secret=x"];
    let mut told = Vec::new();
    for client in clients {
        let answer = server.form("/oauth/token", &format!("grant_type=client_credentials&{client}")).await;
        told.push((answer.status, answer.text()));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(server.log_holds("token", "refused").await, before + 2);
}

#[tokio::test]
async fn guessing_is_held_up_and_stands_in_the_log() {
    let server = server(1).await;
    let before = server.log_holds("sign-in", "refused").await;
    let mut last = StatusCode::OK;
    for n in 0..14 {
        let fields = [("naam", "gp"), ("wachtwoord", &format!("raadraadraad{n}"))].map(|(n, v)| (n, v.to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        last = server.form("/inloggen", &form(&fields)).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert!(server.log_holds("sign-in", "refused").await >= before + 8);
}

#[tokio::test]
async fn no_path_leads_out_of_its_folder() {
    let server = server(1).await;
    let before = server.log_holds("refused", "refused").await;
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%252e%252e/etc/passwd",
        "/assets/..%5c..%5cetc",
        "/fhir/r4/..%2f..%2fmetrics",
        "/fhir/r4/Patient/..",
        "/patienten/..%00",
        "/%0d%0aSet-Cookie:%20x=1",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("[package]") && !answer.text().contains("root:"), "{path}");
        assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
    }
    assert_eq!(server.log_holds("refused", "refused").await, before + 9);
    for path in
        ["/assets/etc/passwd", "/assets//etc/passwd", "/assets/.git/config", "/.env", "/tijdig.db", "/demo.json"]
    {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_noted() {
    let server = server(1).await;
    let own = Visitor::sign_in(&server, "gp").await;
    let csrf = own.csrf().await;
    let large = "x".repeat(3 << 20);
    let before = server.log_holds("refused", "refused").await;
    assert_eq!(own.post("/patienten", &[("csrf", &csrf), ("bsn", &large)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let token = format!("grant_type=client_credentials&client_id=a&client_secret={}", "x".repeat(40 << 10));
    assert_eq!(server.form("/oauth/token", &token).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let login = form(&[("naam", "gp"), ("wachtwoord", &large)]);
    assert_eq!(server.form("/inloggen", &login).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fhir = server.client("provider-test").await;
    let body = " ".repeat(31 << 20);
    assert_eq!(fhir.send("POST", "", "application/fhir+json", body).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.log_holds("refused", "refused").await, before + 4);
}

#[tokio::test]
async fn bearers_that_do_not_hold_are_noted() {
    let server = server(2).await;
    let path = format!("/fhir/r4/Patient/{}", server.sheet.patients[0].id);
    let before = server.log_holds("refused", "refused").await;
    let values = ["", "Bearer", "Bearer x.y.z", "Basic Z3A6Z3A=", "bearer \u{7f}"];
    for value in values {
        let mut request = Request::get(&path);
        if let Ok(value) = header::HeaderValue::from_str(value) {
            request = request.header(header::AUTHORIZATION, value);
        }
        let answer = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value}");
    }
    // A session of a person is none of the exchange's business, and the other way round.
    let gp = Visitor::sign_in(&server, "gp").await;
    assert_eq!(gp.get(&path).await.status, StatusCode::UNAUTHORIZED);
    let token = server.token("provider-test", "system/*.rs").await;
    let request = Request::get("/patienten").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(server.log_holds("refused", "refused").await, before + values.len() as u64 + 1);
}
