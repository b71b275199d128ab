//! For who connects a system: the page, the self-test, what is described, and a patient opened by a signed message.

use crate::browser::{Browser, encoded};
use crate::harness::{Answer, Server, server};
use crate::signer::Signer;
use crate::table::OF_NO_SESSION;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::access::{Action, Relation, Sharing, permit};
use domain::ident::{OrganisationId, PatientId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::log::read::{Filter, Which};
use web::ClientKeys;

const OPEN: &str = "http://localhost:8080/koppelen/openen";

/// A patient whom this person's page of patients leads to, or does not.
async fn patient(server: &Server, username: &str, sees: bool, sharing: Sharing) -> (String, String) {
    let browser = Browser::of(server, username).await;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing == sharing) {
        if (browser.get(&format!("/patienten/{}", patient.id)).await.status == StatusCode::OK) == sees {
            return (patient.id.clone(), patient.bsn.clone());
        }
    }
    panic!("no such patient for {username}")
}

async fn register(server: &Server, id: &str, scope: &str, signer: &Signer) {
    let provider = server.store.clients().await.unwrap().into_iter().find(|c| c.name == "provider-test").unwrap();
    let keys = Some(ClientKeys::Set(signer.set()));
    let client = web::new_client(id, &provider.organisation, scope, "treatment", keys).unwrap();
    let by = web::program(client.organisation.clone());
    server.store.add_client(&by, &client, web::Clock::default().real()).await.unwrap();
}

fn claims(client: &str, bsn: &str) -> Value {
    let mut claims = Signer::claims(client);
    claims["aud"] = OPEN.into();
    claims["exp"] = (claims["iat"].as_i64().unwrap() + 60).into();
    claims["bsn"] = bsn.into();
    claims
}

async fn open(server: &Server, message: &str) -> Answer {
    server.form("/koppelen/openen", &format!("jwt={message}")).await
}

#[tokio::test]
async fn the_page_says_what_the_server_offers_to_anybody() {
    let server = server(1).await;
    let text = server.get("/koppelen").await.text();
    for holds in [
        "http://localhost:8080/fhir/r4/metadata",
        "http://localhost:8080/oauth/token",
        "system/*.cruds",
        "device.type=http://snomed.info/sct%7C72506001",
        "category=http://snomed.info/sct%7C11291000146105",
        "reason-reference",
        "Subscription",
    ] {
        assert!(text.contains(holds), "{holds}");
    }
    // Each type of the CapabilityStatement is a row.
    let statement = server.get("/fhir/r4/metadata").await.json();
    for resource in statement["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        assert!(text.contains(&format!("<th scope=\"row\">{kind}</th>")), "{kind}");
    }
    assert!(!text.contains("/koppelen/zelftest"), "the test is for who administers");
    assert!(!Browser::of(&server, "gp").await.get("/koppelen").await.text().contains("/koppelen/zelftest"));
    let admin = Browser::of(&server, "organisation-admin").await;
    assert!(admin.get("/koppelen").await.text().contains("/koppelen/zelftest"));
    assert!(admin.get("/beheer").await.text().contains("/koppelen/zelftest"));
}

/// An administrator tests a system of one of their organisations.
async fn test(admin: &Browser<'_>, bsn: &str) -> Answer {
    let fields = [("systeem", "provider-test"), ("bsn", bsn)];
    admin.submit("/koppelen/zelftest", "/koppelen/zelftest", &fields).await
}

#[tokio::test]
async fn the_self_test_asks_everything_as_the_system_and_shows_nothing_of_the_plan() {
    let server = server(6).await;
    let provider = server.client("provider-test").await;
    let mut with_plan = None;
    for patient in &server.sheet.patients {
        if provider.get(&format!("/Consent/{}-cpr", patient.id)).await.status == StatusCode::OK {
            with_plan = Some(patient);
            break;
        }
    }
    let patient = with_plan.unwrap();
    let admin = Browser::of(&server, "organisation-admin").await;
    let before = server.log_holds("self-test", "done").await;
    let ran = test(&admin, &patient.bsn).await;
    assert_eq!(ran.status, StatusCode::OK, "{}", ran.text());
    let text = ran.text();
    assert!(text.contains("Alle 22 vragen zijn beantwoord."), "{text}");
    assert_eq!(text.matches("<td>beantwoord</td>").count(), 22);
    assert!(text.contains("R4: De behandelgrenzen") && text.contains("STU3: Het formulier, elke versie"));
    assert!(!text.contains(&patient.name) && !text.contains(&patient.id), "who it was stands nowhere");
    assert_eq!(server.log_holds("self-test", "done").await, before + 1);
}

#[tokio::test]
async fn the_self_test_is_of_test_patients_and_own_systems_alone() {
    let server = server(2).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    // A number that somebody may have.
    for (bsn, told) in [("111222333", "begint"), ("999911121", "klopt niet"), ("", "negen cijfers")] {
        let answer = test(&admin, bsn).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(told), "{told}");
    }
    let unknown = test(&admin, "999911120").await.text();
    assert!(unknown.contains("vindt deze patiënt niet") && unknown.contains("Alle 4 vragen"));
    let fields = [("systeem", "van-een-ander"), ("bsn", "999911120")];
    let other = admin.submit("/koppelen/zelftest", "/koppelen/zelftest", &fields).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text().contains("Kies een systeem."));
}

#[tokio::test]
async fn what_is_described_is_what_is_served() {
    let server = server(1).await;
    let document = server.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        described.extend(methods.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())));
    }
    let routed: BTreeSet<(String, String)> = web::routes().into_iter().map(|r| (r.method.to_owned(), r.path)).collect();
    let gone: Vec<_> = described.difference(&routed).collect();
    assert!(gone.is_empty(), "described in web::openapi, and not served: {gone:?}");
    // A program may ask for what needs no session, for files, and for what answers in JSON.
    let fhir = |path: &str| path.starts_with("/fhir/") || path.starts_with("/assets/");
    let is_file = |path: &str| [".pdf", ".csv", ".json", ".xlsx", "/bestand"].iter().any(|end| path.ends_with(end));
    let of_systems = ["/smart/launch", "/smart/terug", "/koppelen/verder/{token}", "/kaart", "/kaart/{token}"];
    let scripts = ["/opties", "/concept/{part}"];
    let missing: Vec<_> = routed
        .iter()
        .filter(|(method, path)| {
            let path = path.as_str();
            let open = OF_NO_SESSION.contains(&path) && !fhir(path);
            let own = scripts.iter().any(|s| path.ends_with(s)) || (of_systems.contains(&path) && *path != *"/kaart");
            open || own || (is_file(path) && method == "GET") || (path == "/kaart" && method == "POST")
        })
        .filter(|route| !described.contains(*route))
        .collect();
    assert!(missing.is_empty(), "served, and not described: add a row to web::openapi::table for {missing:?}");

    // What is said of answers is so.
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    for (path, name) in [
        ("/healthz", "Health"),
        ("/readyz", "Ready"),
        ("/.well-known/smart-configuration", "SmartConfiguration"),
        ("/.well-known/tijdig-kaart.json", "JwkSet"),
    ] {
        fits(&server.get(path).await.json(), &schema(name), name);
    }
    fits(&server.form("/oauth/token", "grant_type=x").await.json(), &schema("OAuthError"), "OAuthError");
    fits(&open(&server, "x").await.json(), &schema("OAuthError"), "OAuthError");
    let client = server.sheet.api_clients.first().unwrap();
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client.client_id,
        encoded(&client.client_secret)
    );
    fits(&server.form("/oauth/token", &body).await.json(), &schema("Token"), "Token");
}

/// Every property that must be there is, and there is none that is not described.
fn fits(value: &Value, schema: &Value, name: &str) {
    let object = value.as_object().unwrap();
    for required in schema["required"].as_array().unwrap() {
        assert!(object.contains_key(required.as_str().unwrap()), "{name}: {required} in {value}");
    }
    for property in object.keys() {
        assert!(schema["properties"].get(property).is_some(), "{name}: {property} is not described");
    }
}

#[tokio::test]
async fn a_signed_message_opens_the_patient_for_whoever_signs_in_and_may_see_them() {
    let server = server(30).await;
    let signer = Signer::ec("e1");
    register(&server, "his", "system/*.rs", &signer).await;
    let (id, bsn) = patient(&server, "gp", true, Sharing::Agreed).await;
    let answer = open(&server, &signer.sign(&claims("his", &bsn))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let to = answer.location().to_owned();
    assert!(to.starts_with("/koppelen/verder/") && !to.contains(&bsn) && !to.contains(&id), "{to}");

    // It waits while somebody signs in.
    let stranger = Browser::new(&server);
    let asked = stranger.get(&to).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert!(asked.location().starts_with("/inloggen?naar="), "{}", asked.location());
    let gp = Browser::of(&server, "gp").await;
    let opened = gp.get(&to).await;
    assert_eq!(opened.location(), format!("/patienten/{id}"));
    // Once: neither they nor anybody else goes that way again.
    for again in [gp.get(&to).await, Browser::of(&server, "gp").await.get(&to).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.text().contains("al gebruikt"));
    }
    assert!(server.log_holds("launch", "done").await >= 2);
}

#[tokio::test]
async fn nobody_learns_from_opening_whether_a_patient_is_known() {
    let server = server(60).await;
    let signer = Signer::ec("e1");
    register(&server, "his", "system/*.rs", &signer).await;
    let (_, strange) = patient(&server, "gp-2", false, Sharing::Refused).await;
    let gp = Browser::of(&server, "gp-2").await;
    let mut told = Vec::new();
    for bsn in [strange.as_str(), "999911120"] {
        let answer = open(&server, &signer.sign(&claims("his", bsn))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let page = gp.get(answer.location()).await;
        told.push((answer.text(), answer.location().len(), page.status, page.text()));
    }
    assert_eq!(told[0], told[1]);
    assert!(told[0].3.contains("Deze patiënt is niet te openen"));
    // Whoever tried is seen by whom it is about.
    let id = &server.sheet.patients.iter().find(|p| p.bsn == strange).unwrap().id;
    let leave = permit(
        &web::program(OrganisationId::from_bits(0)),
        Action::ReadLog,
        &PatientId::parse(id).unwrap(),
        Relation::default(),
    );
    let (filter, which) = (Filter::default(), Which { cursor: None, limit: 50 });
    let now = web::Clock::default().now();
    let log = server.store.patient_log(&leave.unwrap(), &filter, which, "log", now).await.unwrap().rows;
    assert!(log.iter().any(|r| r.action == "refused" && r.data == "open"), "{log:?}");
    // Acute care is led to the emergency view where there is consent.
    let acute = Browser::of(&server, "out-of-hours").await;
    let mut seen = None;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing == Sharing::Agreed) {
        if acute.get(&format!("/spoed/{}", patient.id)).await.status == StatusCode::OK {
            seen = Some(patient);
            break;
        }
    }
    let seen = seen.unwrap();
    let answer = open(&server, &signer.sign(&claims("his", &seen.bsn))).await;
    assert_eq!(acute.get(answer.location()).await.location(), format!("/spoed/{}", seen.id));
    // The patient has pages of their own, and the administrator none.
    for username in ["patient", "organisation-admin"] {
        let answer = open(&server, &signer.sign(&claims("his", &seen.bsn))).await;
        let refused = Browser::of(&server, username).await.get(answer.location()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{username}");
    }
}

#[tokio::test]
async fn a_message_that_is_not_right_opens_nothing_and_is_noted() {
    let server = server(2).await;
    let (signer, other) = (Signer::ec("e1"), Signer::ec("e1"));
    register(&server, "his", "system/*.rs", &signer).await;
    register(&server, "melder", "system/QuestionnaireResponse.crs", &signer).await;
    let bsn = server.sheet.patients[0].bsn.as_str();
    let right = claims("his", bsn);
    let with = |name: &str, value: Value| {
        let mut changed = claims("his", bsn);
        changed[name] = value;
        signer.sign(&changed)
    };
    let now = right["iat"].as_i64().unwrap();
    let once = signer.sign(&right);
    assert_eq!(open(&server, &once).await.status, StatusCode::SEE_OTHER);
    let token = Signer::claims("his");
    let mut seen = 0;
    server.refusals_since(&mut seen).await;
    for (what, message, status) in [
        ("a second time", once, StatusCode::UNAUTHORIZED),
        ("another's key", other.sign(&claims("his", bsn)), StatusCode::UNAUTHORIZED),
        ("an unknown system", signer.sign(&claims("niemand", bsn)), StatusCode::UNAUTHORIZED),
        ("a shared secret", signer.sign_hmac(&signer.set(), &claims("his", bsn)), StatusCode::UNAUTHORIZED),
        ("made for a token", signer.sign(&token), StatusCode::UNAUTHORIZED),
        ("for another server", with("aud", json!("https://elders.example/koppelen/openen")), StatusCode::UNAUTHORIZED),
        ("over", with("exp", json!(now - 1)), StatusCode::UNAUTHORIZED),
        ("too long", with("exp", json!(now + 75)), StatusCode::UNAUTHORIZED),
        ("without an end", with("exp", Value::Null), StatusCode::UNAUTHORIZED),
        ("without its own name", with("jti", Value::Null), StatusCode::UNAUTHORIZED),
        ("no number", with("bsn", json!("123456789")), StatusCode::BAD_REQUEST),
        ("a number that is no text", with("bsn", json!(999_911_120)), StatusCode::BAD_REQUEST),
        ("may not search", signer.sign(&claims("melder", bsn)), StatusCode::FORBIDDEN),
        ("nothing", String::new(), StatusCode::UNAUTHORIZED),
        ("no message", "onzin".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        let answer = open(&server, &message).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert!(answer.location().is_empty(), "{what}");
        let rows = server.refusals_since(&mut seen).await;
        assert!(rows.iter().any(|r| r.data == "launch"), "{what}: {rows:?}");
        assert!(!format!("{rows:?}{}", answer.text()).contains(bsn), "{what}");
    }
    // In a browser it is a page that says how to go on; sent from another site's page it is taken all the same.
    let request = |message: &str| {
        Request::post("/koppelen/openen")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://his.example")
            .body(Body::from(format!("jwt={message}")))
            .unwrap()
    };
    let page = server.send(request("onzin")).await;
    assert!(page.text().contains("<h1>De patiënt kon niet worden geopend</h1>"), "{}", page.text());
    assert_eq!(server.send(request(&signer.sign(&claims("his", bsn)))).await.status, StatusCode::SEE_OTHER);
}
