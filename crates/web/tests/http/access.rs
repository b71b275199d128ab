//! Whom the server lets see what (decisions 50 to 53), over FHIR.

use crate::browser::Browser;
use crate::harness::server;
use axum::http::StatusCode;
use domain::access::Sharing;

#[tokio::test]
async fn a_stranger_learns_nothing() {
    let server = server(10).await;
    let stranger = server.client("consulter-test").await;
    let own = server.client("provider-test").await;
    let refused = server.sheet.patients.iter().find(|p| p.sharing == Sharing::Refused).unwrap();
    assert_eq!(own.get(&format!("/Patient/{}", refused.id)).await.status, StatusCode::OK);
    // By number: as if unknown.
    let by_bsn = format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{}", refused.bsn);
    let known = stranger.get(&by_bsn).await;
    assert_eq!((known.status, known.json()["total"].as_u64()), (StatusCode::OK, Some(0)));
    let unknown = stranger.get("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120").await;
    assert_eq!(known.json()["total"], unknown.json()["total"]);
    assert_eq!(own.get(&by_bsn).await.json()["total"], 1);
    // By id: one and the same refusal, whether the patient is there or not.
    let nobody = "00000000000000000000000000";
    let answers = [
        stranger.get(&format!("/Patient/{}", refused.id)).await,
        stranger.get(&format!("/Patient/{nobody}")).await,
        stranger.get("/Patient/x").await,
        stranger.get(&format!("/Consent/{}-cpr", refused.id)).await,
        stranger.get(&format!("/Consent/{nobody}-cpr")).await,
        stranger.get(&format!("/Consent?patient=Patient/{}", refused.id)).await,
        stranger.get(&format!("/Consent?patient=Patient/{nobody}")).await,
        stranger.get(&format!("/Consent/{}-cpr/_history", refused.id)).await,
        stranger.get(&format!("/Consent/{}-cpr/_history/1", refused.id)).await,
        own.get(&format!("/Consent/{nobody}-cpr")).await,
    ];
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.bytes, answers[0].bytes);
    }
}

#[tokio::test]
async fn consent_opens_the_plan_to_others_for_reading() {
    let server = server(10).await;
    let stranger = server.client("consulter-test").await;
    for patient in &server.sheet.patients {
        let status = stranger.get(&format!("/Consent?patient=Patient/{}", patient.id)).await.status;
        let expected = if patient.sharing == Sharing::Agreed { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(status, expected, "{:?}", patient.sharing);
    }
}

#[tokio::test]
async fn a_part_that_is_not_there_is_not_found_for_those_who_may_look() {
    let server = server(2).await;
    let own = server.client("provider-test").await;
    let id = &server.sheet.patients[0].id;
    assert_eq!(own.get(&format!("/Consent/{id}-nothing")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(own.get(&format!("/Consent/{id}-cpr/_history/99")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_registers_a_number_that_is_here_learns_no_name_and_is_seen_trying() {
    let server = server(30).await;
    let (stranger, gp) = (Browser::of(&server, "gp-2").await, Browser::of(&server, "gp").await);
    let mut hidden = None;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing != Sharing::Agreed) {
        let path = format!("/patienten/{}", patient.id);
        if (stranger.get(&path).await.status, gp.get(&path).await.status) == (StatusCode::FORBIDDEN, StatusCode::OK) {
            hidden = Some(patient);
            break;
        }
    }
    let hidden = hidden.unwrap();
    let mut seen = 0;
    server.refusals_since(&mut seen).await;
    let who = [("bsn", hidden.bsn.as_str()), ("voornamen", "Iemand"), ("achternaam", "Anders")];
    let born = [("geboortedatum", "01-02-1950"), ("geslacht", "unknown")];
    let answer = stranger.submit("/patienten/nieuw", "/patienten/nieuw", &[&who[..], &born[..]].concat()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    let told = answer.text();
    assert!(told.contains("Registreren lukt hier niet") && !told.contains(&hidden.id), "{told}");
    let family = hidden.name.rsplit(' ').next().unwrap();
    assert!(!told.contains(family), "{told}");
    let rows = server.refusals_since(&mut seen).await;
    assert_eq!((rows.len(), rows[0].data.as_str(), rows[0].role.as_deref()), (1, "register-patient", Some("gp")));
    // The doctor whose patient it is reads it too.
    let log = gp.get(&format!("/patienten/{}/inzage", hidden.id)).await.text();
    let tried = &server.sheet.users.iter().find(|u| u.username == "gp-2").unwrap().name;
    assert!(log.contains(tried.as_str()), "{log}");
}
