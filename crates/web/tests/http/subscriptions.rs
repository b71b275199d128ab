//! FHIR Subscriptions: what can be promised, for whom, where to; and an empty notification to a real receiver.

use crate::harness::{Fhir, server};
use crate::hooks::{change, client, later, now, send_all, telling, with_limit};
use axum::http::{StatusCode, header};
use domain::access::Sharing;
use serde_json::{Value, json};
use web::HookKind;

/// An administrator allows addresses of this server for a system.
async fn allow(server: &crate::harness::Server, of: &str, address: &str) {
    let client = client(server, of).await;
    let hook = web::new_hook(&client, HookKind::Origin, &address.parse().unwrap(), now());
    server.store.add_hook(&web::program(client.organisation), &hook, now()).await.unwrap();
}

fn asks(criteria: &str, endpoint: &str) -> Value {
    json!({
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Het plan in ons dossier bijwerken",
        "criteria": criteria,
        "channel": {"type": "rest-hook", "endpoint": endpoint, "header": ["Authorization: Bearer geheim-van-hen"]},
    })
}

async fn created(system: &Fhir<'_>, body: &Value) -> Value {
    let answer = system.post("/Subscription", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let made = answer.json();
    assert!(answer.header(header::LOCATION).ends_with(&format!("/Subscription/{}", made["id"].as_str().unwrap())));
    made
}

#[tokio::test]
async fn a_system_subscribes_is_told_and_unsubscribes() {
    let (server, receiver) = telling(20).await;
    allow(&server, "provider-test", &receiver.address("/")).await;
    let (own, stranger) = (server.client("provider-test").await, server.client("consulter-test").await);
    let id = with_limit(&server).await;
    let made = created(&own, &asks(&format!("Consent?patient={id}"), &receiver.address("/fhir"))).await;
    assert_eq!(
        (made["status"].as_str(), made["criteria"].as_str()),
        (Some("active"), Some(&*format!("Consent?patient={id}")))
    );
    assert!(!made.to_string().contains("geheim-van-hen"), "headers are given back to nobody");
    let path = format!("/Subscription/{}", made["id"].as_str().unwrap());
    assert_eq!(own.get(&path).await.json(), made);
    let xml = own.get_with(&path, header::ACCEPT, "application/fhir+xml").await.text();
    assert!(xml.contains("<Subscription") && xml.contains("<status value=\"active\"/>"), "{xml}");
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "another's is as if it were not there");
    let found = own.get("/Subscription?status=active").await;
    assert_eq!(found.entries("match"), std::slice::from_ref(&made));
    assert_eq!(own.get("/Subscription?status=gone").await.status, StatusCode::BAD_REQUEST, "no such status");
    let posted = own.send("POST", "/Subscription/_search", "application/x-www-form-urlencoded", "status=error").await;
    assert!(posted.entries("match").is_empty());
    assert!(stranger.get("/Subscription").await.entries("match").is_empty());
    assert_eq!(own.get("/Subscription?criteria=x").await.status, StatusCode::BAD_REQUEST);
    // Told: an empty POST with the headers that were asked for.
    change(&server, &id, true).await;
    send_all(&server, now()).await;
    let [came] = &receiver.came()[..] else { panic!("one notification") };
    assert_eq!((came.path.as_str(), came.body.as_str()), ("/fhir", ""));
    assert_eq!(came.header("authorization"), "Bearer geheim-van-hen");
    // What never arrives stands as an error.
    receiver.answers(StatusCode::GONE);
    change(&server, &id, true).await;
    send_all(&server, now()).await;
    let failed = own.get(&path).await.json();
    assert_eq!(
        (failed["status"].as_str(), failed["error"].as_str()),
        (Some("error"), Some("de ontvanger weigerde het bericht"))
    );
    for method in ["PUT", "PATCH"] {
        let answer = own.send(method, &path, "application/fhir+json", made.to_string()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    let gone = own.send("DELETE", &path, "application/fhir+json", "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(own.get(&path).await.status, StatusCode::NOT_FOUND);
    receiver.answers(StatusCode::OK);
    receiver.came();
    change(&server, &id, true).await;
    send_all(&server, later(20)).await;
    assert!(receiver.came().is_empty());
}

#[tokio::test]
async fn xml_comes_in_and_a_time_ends() {
    let (server, receiver) = telling(20).await;
    allow(&server, "provider-test", &receiver.address("/")).await;
    let own = server.client("provider-test").await;
    let id = with_limit(&server).await;
    let xml = format!(
        "<Subscription xmlns=\"http://hl7.org/fhir\"><status value=\"requested\"/><end value=\"{}\"/>\
         <reason value=\"bijwerken\"/><criteria value=\"QuestionnaireResponse?subject=Patient/{id}\"/>\
         <channel><type value=\"rest-hook\"/><endpoint value=\"{}\"/></channel></Subscription>",
        later(1),
        receiver.address("/fhir")
    );
    let answer = own.send("POST", "/Subscription", "application/fhir+xml", xml).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    change(&server, &id, false).await;
    send_all(&server, later(2)).await;
    assert!(receiver.came().is_empty(), "its time was over when it was to be sent");
}

#[tokio::test]
async fn what_cannot_be_promised_is_refused_with_its_path() {
    let (server, receiver) = telling(20).await;
    allow(&server, "provider-test", &receiver.address("/")).await;
    let own = server.client("provider-test").await;
    let id = with_limit(&server).await;
    let good = asks(&format!("Consent?patient={id}"), &receiver.address("/fhir"));
    let changed = |path: &[&str], value: Value| {
        let mut body = good.clone();
        let (last, before) = path.split_last().unwrap();
        let at = before.iter().fold(&mut body, |at, name| &mut at[*name]);
        at[*last] = value;
        body
    };
    for (body, path, says) in [
        (changed(&["status"], json!("active")), "Subscription.status", "requested"),
        (changed(&["end"], json!("2020-01-01T00:00:00Z")), "Subscription.end", "voorbij"),
        (changed(&["criteria"], json!("MedicationRequest?patient=x")), "Subscription.criteria", "Consent?patient={id}"),
        (changed(&["criteria"], json!("Consent?category=x")), "Subscription.criteria", "één patiënt"),
        (changed(&["channel", "type"], json!("email")), "Subscription.channel.type", "rest-hook"),
        (
            changed(&["channel", "payload"], json!("application/fhir+json")),
            "Subscription.channel.payload",
            "geen inhoud",
        ),
        (
            changed(&["channel", "endpoint"], json!("https://elders.example/")),
            "Subscription.channel.endpoint",
            "beheerder",
        ),
        (changed(&["channel", "endpoint"], json!("http://elders.example/")), "Subscription.channel.endpoint", "https"),
        (changed(&["channel", "header"], json!(["Host: elders"])), "Subscription.channel.header", "Naam: waarde"),
        (changed(&["channel", "header"], json!(["zonder waarde"])), "Subscription.channel.header", "Naam: waarde"),
    ] {
        let answer = own.post("/Subscription", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", answer.text());
        let issues = answer.issues();
        assert!(issues.iter().any(|(at, text)| at == path && text.contains(says)), "{path}: {issues:?}");
    }
    for body in [json!({}), json!({"resourceType": "Subscription"}), json!({"resourceType": "Consent"})] {
        assert_eq!(own.post("/Subscription", &body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(own.get("/Subscription").await.entries("match").is_empty(), "nothing was kept");
}

#[tokio::test]
async fn nobody_subscribes_to_a_patient_whom_they_may_not_see() {
    let (server, receiver) = telling(20).await;
    for name in ["provider-test", "consulter-test"] {
        allow(&server, name, &receiver.address("/")).await;
    }
    let mut system = client(&server, "consulter-test").await;
    system.scope = "system/*.cruds".to_owned();
    server.store.change_client(&web::program(system.organisation.clone()), &system, now()).await.unwrap();
    let stranger =
        Fhir { token: server.token("consulter-test", "system/*.cruds").await, server: &server, api: web::R4 };
    let refused = server.sheet.patients.iter().find(|p| p.sharing == Sharing::Refused).unwrap();
    let nobody = "00000000000000000000000000";
    let mut told = Vec::new();
    for id in [refused.id.as_str(), nobody] {
        let answer =
            stranger.post("/Subscription", &asks(&format!("Goal?patient={id}"), &receiver.address("/x"))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        told.push(answer.text());
    }
    assert_eq!(told[0], told[1], "the same as for whom nobody knows");
    // Without the scope to read that type there is nothing to be told of.
    let token = server.token("provider-test", "system/Subscription.crds").await;
    let narrow = Fhir { token, server: &server, api: web::R4 };
    let answer =
        narrow.post("/Subscription", &asks(&format!("Goal?patient={}", refused.id), &receiver.address("/x"))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("system/Goal.r"), "{}", answer.text());
    // STU3 has none.
    let stu3 = server.client("provider-test").await.stu3();
    assert_eq!(stu3.get("/Subscription").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_in_the_own_network_is_refused() {
    let server = server(3).await;
    let own = server.client("provider-test").await;
    let id = &server.sheet.patients[0].id;
    let answer = own.post("/Subscription", &asks(&format!("Goal?patient={id}"), "https://127.0.0.1/x")).await;
    assert!(answer.issues().iter().any(|(_, text)| text.contains("eigen netwerk")), "{}", answer.text());
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}
