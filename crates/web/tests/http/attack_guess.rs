//! The attack list: guessing, forging and replaying. Each is refused, held up where it goes on, and stands in the log.

use crate::browser::Browser;
use crate::harness::{Fhir, Server, server};
use crate::signer::encode;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How often something is tried until it is held up, and how many refusals that left.
async fn held_up(server: &Server, browser: &Browser<'_>, path: &str, fields: impl Fn(usize) -> Vec<(String, String)>) {
    let before = server.log_holds("sign-in", "refused").await;
    let mut refused = 0;
    for n in 0..40 {
        let fields = fields(n);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = browser.post(path, &fields).await;
        refused += 1;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(server.log_holds("sign-in", "refused").await, before + refused, "{path}");
            assert!(n < 20, "{path} is held up late: after {n}");
            return;
        }
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", answer.text());
    }
    panic!("{path} can be guessed at for ever");
}

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let server = server(1).await;
    // The code of two colleagues.
    let stranger = Browser::new(&server);
    let new = "een heel nieuw wachtwoord";
    held_up(&server, &stranger, "/herstel", |n| {
        let code = format!("{n:04}-AAAA-BBBB-CCCC");
        owned(&[("naam", "gp"), ("code", &code), ("nieuw", new), ("nogmaals", new)])
    })
    .await;
    // The code of an app, and one from paper.
    for (username, field) in [("district-nurse", "code"), ("carer", "herstelcode")] {
        let owner = Browser::of(&server, username).await;
        crate::second_factor::with_app(&owner).await;
        let thief = Browser::new(&server);
        assert_eq!(thief.sign_in(username, &server.password(username)).await.location(), "/inloggen/code");
        held_up(&server, &thief, "/inloggen/code", |n| owned(&[(field, &format!("{n:06}-abcd"))])).await;
        assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER, "still outside");
    }
}

#[tokio::test]
async fn nobody_learns_who_is_here_by_words_or_time() {
    for path in ["/inloggen", "/herstel"] {
        let server = server(1).await;
        let before = server.log_holds("sign-in", "refused").await;
        let new = "een heel nieuw wachtwoord";
        let ask = async |name: &str| {
            let begun = Instant::now();
            let code = ("code", "0000-1111-2222-3333");
            let fields = [("naam", name), ("wachtwoord", new), code, ("nieuw", new), ("nogmaals", new)];
            let answer = Browser::new(&server).post(path, &fields).await;
            (answer.status, answer.text().replace(name, "NAME"), begun.elapsed())
        };
        let (mut times, mut asked) = ([Duration::MAX; 2], 0);
        // On a busy machine one may wait: what counts is how fast each can be, in as many tries as are let through. Where
        // one name were answered without the work of the other, no number of tries would make them alike.
        let alike = |times: &[Duration; 2]| times[1] > times[0] / 3 && times[0] > times[1] / 3;
        while asked < 6 || asked < 18 && !alike(&times) {
            // Two names of one length.
            let (known, unknown) = (ask("gp").await, ask("qx").await);
            assert_eq!((known.0, &known.1), (unknown.0, &unknown.1), "{path}");
            assert_eq!(known.0, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            times = [times[0].min(known.2), times[1].min(unknown.2)];
            asked += 2;
        }
        assert!(alike(&times), "{path}: {times:?}");
        assert_eq!(server.log_holds("sign-in", "refused").await, before + asked);
    }
}

/// A token of the server's own making, with other words and, where asked, another key.
fn signed(head: &Value, claims: &Value, key: &[u8]) -> String {
    let text = format!("{}.{}", encode(head), encode(claims));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes())))
}

#[tokio::test]
async fn forged_and_old_tokens_open_nothing_and_stand_in_the_log() {
    let server = server(2).await;
    let key = server.store.secret("token").await.unwrap();
    let other = server.store.secret("device").await.unwrap();
    let good = server.token("provider-test", "system/*.rs").await;
    let parts: Vec<&str> = good.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let head = json!({"alg": "HS256", "typ": "JWT"});
    let path = format!("/Patient/{}", server.sheet.patients[0].id);
    let get =
        async |token: &str| Fhir { token: token.to_owned(), server: &server, api: web::R4 }.get(&path).await.status;
    assert_eq!(get(&signed(&head, &claims, &key[..])).await, StatusCode::OK, "this is how one is made");
    let but = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signed(&head, &claims, &key[..])
    };
    let without = |name: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        signed(&head, &claims, &key[..])
    };
    let now = web::Clock::default().real().as_second();
    let none = format!("{}.{}.", encode(&json!({"alg": "none", "typ": "JWT"})), encode(&claims));
    let cases = [
        ("alg none", none.clone()),
        ("alg none with a signature", format!("{none}{}", parts[2])),
        ("another key", signed(&head, &claims, &other[..])),
        ("an empty key", signed(&head, &claims, b"")),
        ("another algorithm's name", signed(&json!({"alg": "HS512", "typ": "JWT"}), &claims, &key[..])),
        ("another audience", but("aud", json!("https://elders.example"))),
        ("no audience", without("aud")),
        ("another issuer", but("iss", json!("https://elders.example"))),
        ("expired", but("exp", json!(now - 1))),
        ("no end", without("exp")),
        ("an unknown client", but("sub", json!("niemand"))),
        ("no client", without("sub")),
        ("an earlier state of the client", but("generation", json!(99))),
        ("an unknown purpose", but("purpose", json!("nieuwsgierigheid"))),
        ("wider, with the old signature", {
            let mut wider = claims.clone();
            wider["scope"] = json!("system/*.cruds");
            format!("{}.{}.{}", parts[0], encode(&wider), parts[2])
        }),
    ];
    let mut seen = 0;
    for (what, token) in cases {
        server.refusals_since(&mut seen).await;
        assert_eq!(get(&token).await, StatusCode::UNAUTHORIZED, "{what}");
        let rows = server.refusals_since(&mut seen).await;
        assert!(rows.len() == 1 && rows[0].data == "GET /fhir/r4/Patient", "{what}: {rows:?}");
    }
    // One that was good ends with what it stood for.
    assert_eq!(get(&good).await, StatusCode::OK);
    let client = server.store.clients().await.unwrap().into_iter().find(|c| c.name == "provider-test").unwrap();
    let by = web::program(client.organisation.clone());
    let shut = web::Client { active: false, ..client };
    server.store.change_client(&by, &shut, web::Clock::default().real()).await.unwrap();
    server.refusals_since(&mut seen).await;
    assert_eq!(get(&good).await, StatusCode::UNAUTHORIZED);
    assert_eq!(server.refusals_since(&mut seen).await.len(), 1);
}
