//! SMART Backend Services: systems that sign in with a key of their own (`private_key_jwt`).

use crate::harness::{Answer, Fhir, Server, server};
use crate::signer::{Signer, TOKEN_URL, form};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use web::{Client, ClientKeys};

/// Registers a client of the provider's organisation.
async fn register(server: &Server, id: &str, keys: ClientKeys) -> Client {
    let provider = server.store.clients().await.unwrap().into_iter().find(|c| c.name == "provider-test").unwrap();
    let client = web::new_client(id, &provider.organisation, "system/*.rs", "treatment", Some(keys)).unwrap();
    let by = web::program(client.organisation.clone());
    server.store.add_client(&by, &client, web::Clock::default().real()).await.unwrap();
    client
}

async fn change(server: &Server, client: &Client) {
    let by = web::program(client.organisation.clone());
    server.store.change_client(&by, client, web::Clock::default().real()).await.unwrap();
}

async fn ask(server: &Server, assertion: &str) -> Answer {
    server.form("/oauth/token", &form(assertion, "")).await
}

fn error(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["error"].as_str().unwrap_or("").to_owned())
}

fn invalid_client() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

#[tokio::test]
async fn a_system_signs_in_with_its_key_and_reads() {
    let server = server(2).await;
    for (id, signer) in [("met-rsa", Signer::rsa("r1")), ("met-ec", Signer::ec("e1"))] {
        register(&server, id, ClientKeys::Set(signer.set())).await;
        let answer = ask(&server, &signer.assertion(id)).await;
        assert_eq!(answer.status, StatusCode::OK, "{id}: {}", answer.text());
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answer.json()["scope"], "system/*.rs");
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        let patient = format!("/Patient/{}", server.sheet.patients[0].id);
        assert_eq!(Fhir { token, server: &server, api: web::R4 }.get(&patient).await.status, StatusCode::OK);
        // It has no secret, and none works.
        let body = format!("grant_type=client_credentials&client_id={id}&client_secret=");
        assert_eq!(error(&server.form("/oauth/token", &body).await), invalid_client());
        assert_eq!(error(&server.form("/oauth/token", &format!("{body}x")).await), invalid_client());
    }
}

#[tokio::test]
async fn the_discovery_document_says_what_is_taken() {
    let server = server(1).await;
    let document = server.get("/.well-known/smart-configuration").await.json();
    let has = |name: &str, value: &str| document[name].as_array().unwrap().iter().any(|v| v == value);
    assert!(has("token_endpoint_auth_methods_supported", "private_key_jwt"));
    assert_eq!(document["token_endpoint_auth_signing_alg_values_supported"], json!(["RS384", "ES384"]));
    assert!(
        has("capabilities", "client-confidential-asymmetric") && has("grant_types_supported", "client_credentials")
    );
    assert_eq!(document["token_endpoint"], TOKEN_URL);
    assert_eq!(server.get("/fhir/r4/.well-known/smart-configuration").await.json(), document);
}

#[tokio::test]
async fn an_assertion_is_taken_once() {
    let server = server(1).await;
    let signer = Signer::ec("e1");
    let mut client = register(&server, "his", ClientKeys::Set(signer.set())).await;
    let assertion = signer.assertion("his");
    assert_eq!(ask(&server, &assertion).await.status, StatusCode::OK);
    let again = ask(&server, &assertion).await;
    assert_eq!(error(&again), invalid_client());
    assert!(again.json()["error_description"].as_str().unwrap().contains("jti"));
    // A restart does not forget, and neither does a change of the client.
    let other = server.again().await;
    assert_eq!(error(&ask(&other, &assertion).await), invalid_client());
    client.scope = "system/Consent.rs".to_owned();
    change(&server, &client).await;
    assert_eq!(error(&ask(&server, &assertion).await), invalid_client());
    other.store.flush().await.unwrap();
    assert_eq!(server.log_holds("token", "refused").await, 3);
}

#[tokio::test]
async fn forged_and_misdirected_assertions_are_refused() {
    let server = server(1).await;
    let (own, other) = (Signer::ec("e1"), Signer::ec("e1"));
    register(&server, "his", ClientKeys::Set(own.set())).await;
    register(&server, "hap", ClientKeys::Set(other.set())).await;
    let now = web::Clock::default().real().as_second();
    let good = Signer::claims("his");
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        own.sign(&claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        own.sign(&claims)
    };
    let valid = own.assertion("his");
    let [head, body, signature] = valid.split('.').collect::<Vec<_>>()[..] else { panic!("no assertion") };
    let wider =
        crate::signer::encode(&json!({"iss": "his", "sub": "his", "aud": TOKEN_URL, "exp": now + 60, "jti": "2"}));
    let header = |alg: &str| crate::signer::encode(&json!({"alg": alg, "typ": "JWT", "kid": "e1"}));
    let cases = [
        ("another's key", other.assertion("his")),
        ("an unknown client", own.assertion("niemand")),
        ("alg none", format!("{}.{body}.", header("none"))),
        ("alg none with a signature", format!("{}.{body}.{signature}", header("none"))),
        ("a public key as a shared secret", other.sign_hmac(&own.set(), &good)),
        ("alg HS256", format!("{}.{body}.{signature}", header("HS256"))),
        ("alg ES256", format!("{}.{body}.{signature}", header("ES256"))),
        ("alg RS384 with a key for ES384", format!("{}.{body}.{signature}", header("RS384"))),
        ("another text", format!("{head}.{wider}.{signature}")),
        ("no signature", format!("{head}.{body}.")),
        ("half", format!("{head}.{body}")),
        ("nothing", String::new()),
        ("another audience", with("aud", json!("https://elders.example/oauth/token"))),
        ("this server, but not its endpoint", with("aud", json!("http://localhost:8080"))),
        ("no audience", without("aud")),
        ("expired", with("exp", json!(now - 1))),
        ("good for too long", with("exp", json!(now + 330))),
        ("no end", without("exp")),
        ("an end that is no number", with("exp", json!("straks"))),
        ("not yet", with("nbf", json!(now + 120))),
        ("signed in the future", with("iat", json!(now + 3600))),
        ("no id", without("jti")),
        ("an empty id", with("jti", json!(""))),
        ("a very long id", with("jti", json!("x".repeat(300)))),
        ("for another subject", with("sub", json!("hap"))),
        ("by another issuer", with("iss", json!("hap"))),
        ("a key of unknown name", own.named("e2").assertion("his")),
        ("keys from where it says itself", own.pointing("https://evil.example/jwks").assertion("his")),
    ];
    let before = server.log_holds("token", "refused").await;
    let mut refused = 0;
    for (what, assertion) in cases {
        let answer = ask(&server, &assertion).await;
        // Ten refusals in a row slow the eleventh down, but it is no less refused.
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{what}: {}", answer.text());
        assert!(answer.json().get("access_token").is_none(), "{what}");
        refused += u64::from(answer.status == StatusCode::UNAUTHORIZED);
        // Nothing of what was sent comes back.
        assert!(assertion.len() < 8 || !answer.text().contains(&assertion), "{what}");
    }
    assert_eq!(server.log_holds("token", "refused").await - before, refused);
    // Who knows the key gets in all the same, and two proofs at once are one too many.
    assert_eq!(ask(&server, &own.assertion("his")).await.status, StatusCode::OK);
    let two = form(&own.assertion("his"), "&client_secret=x");
    assert_ne!(server.form("/oauth/token", &two).await.status, StatusCode::OK);
    let twice = form(&own.assertion("his"), &format!("&client_assertion={}", own.assertion("his")));
    assert_ne!(server.form("/oauth/token", &twice).await.status, StatusCode::OK);
    let type_ = form(&own.assertion("his"), "").replace("jwt-bearer", "saml2-bearer");
    assert_ne!(server.form("/oauth/token", &type_).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_or_changed_client_is_out_at_the_next_request() {
    let server = server(2).await;
    let signer = Signer::ec("e1");
    let client = register(&server, "his", ClientKeys::Set(signer.set())).await;
    let path = format!("/Patient/{}", server.sheet.patients[0].id);
    for change_of in [
        Client { active: false, ..client.clone() },
        Client { scope: "system/Goal.rs".into(), ..client.clone() },
        Client { keys: Some(ClientKeys::Set(Signer::ec("e2").set())), ..client.clone() },
    ] {
        change(&server, &client).await;
        let token = ask(&server, &signer.assertion("his")).await.json()["access_token"].as_str().unwrap().to_owned();
        let fhir = Fhir { token, server: &server, api: web::R4 };
        // Twice, so that the token is one of those that are remembered as good.
        assert_eq!(fhir.get(&path).await.status, StatusCode::OK);
        assert_eq!(fhir.get(&path).await.status, StatusCode::OK);
        change(&server, &change_of).await;
        let answer = fhir.get(&path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header(header::WWW_AUTHENTICATE).contains("revoked"));
        assert_eq!(fhir.get(&path).await.status, StatusCode::UNAUTHORIZED);
    }
    change(&server, &Client { active: false, ..client.clone() }).await;
    assert_eq!(error(&ask(&server, &signer.assertion("his")).await), invalid_client());
}

#[tokio::test]
async fn keys_are_fetched_from_their_address_and_rolled_over() {
    let server = server(1).await;
    let (old, new) = (Signer::ec("2026"), Signer::rsa("2027"));
    let host = Host::start(old.set()).await;
    let address = host.address("jwks.json");
    register(&server, "his", ClientKeys::Address(address.clone())).await;
    for _ in 0..3 {
        assert_eq!(ask(&server, &old.assertion("his")).await.status, StatusCode::OK);
    }
    assert_eq!(host.asked(), 1, "kept for a while");
    // A name that is not in the set makes us look again; not with each request, for anybody can make one up.
    host.serve(&new.set());
    for _ in 0..5 {
        assert_eq!(error(&ask(&server, &old.named("onbekend").assertion("his")).await), invalid_client());
    }
    assert_eq!(host.asked(), 1, "fetched a moment ago");
    // Another instance, or this one a little later, finds the new key, and no longer takes the old one.
    let other = server.again().await;
    assert_eq!(ask(&other, &new.assertion("his")).await.status, StatusCode::OK);
    assert_eq!(host.asked(), 2);
    assert_eq!(error(&ask(&other, &old.assertion("his")).await), invalid_client());
    // The address that the assertion itself names counts only where it is the one registered.
    assert_eq!(ask(&other, &new.pointing(&address).assertion("his")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_host_of_keys_that_misbehaves_gets_nobody_in_and_holds_nothing_up() {
    let server = server(1).await;
    let signer = Signer::ec("e1");
    let host = Host::start(signer.set()).await;
    for (n, path) in ["groot", "elders", "geen", "leeg", "fout"].into_iter().enumerate() {
        let id = format!("his{n}");
        register(&server, &id, ClientKeys::Address(host.address(path))).await;
        assert_eq!(error(&ask(&server, &signer.assertion(&id)).await), invalid_client(), "{path}");
    }
    register(&server, "traag", ClientKeys::Address(host.address("traag"))).await;
    let begun = std::time::Instant::now();
    assert_eq!(error(&ask(&server, &signer.assertion("traag")).await), invalid_client());
    assert!(begun.elapsed() < Duration::from_secs(8));
}

/// A host of JWK sets on this machine.
struct Host {
    port: u16,
    set: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Host {
    #[expect(clippy::disallowed_methods, reason = "a host beside the server, not the server")]
    async fn start(set: String) -> Self {
        use axum::response::Redirect;
        use axum::routing::get;
        let (set, asked) = (Arc::new(Mutex::new(set)), Arc::new(AtomicUsize::new(0)));
        let (served, counted) = (Arc::clone(&set), Arc::clone(&asked));
        let routes = axum::Router::new()
            .route(
                "/jwks.json",
                get(move || {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let text = served.lock().unwrap().clone();
                    async move { text }
                }),
            )
            .route("/groot", get(|| async { format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(1 << 20)) }))
            .route("/elders", get(|| async { Redirect::temporary("/jwks.json") }))
            .route("/geen", get(|| async { "<html>" }))
            .route("/leeg", get(|| async { "{\"keys\":[]}" }))
            .route("/fout", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route(
                "/traag",
                get(|| async {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    "{}"
                }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { port, set, asked }
    }

    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    fn serve(&self, set: &str) {
        set.clone_into(&mut self.set.lock().unwrap());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
