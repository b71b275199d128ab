//! Handing over at admission, discharge or a move (D6): what goes along, to whom, and whether it came.

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::hooks::{now, send_all, telling, webhook};
use crate::on_paper::said;
use axum::http::{StatusCode, header};
use serde_json::json;

/// A patient of the GP with or without a plan.
async fn patient(server: &Server, gp: &Browser<'_>, planned: bool) -> String {
    for p in &server.sheet.patients {
        let page = gp.get(&format!("/patienten/{}/plan", p.id)).await;
        if page.status == StatusCode::OK && page.text().contains("/plan.pdf\"") == planned {
            return p.id.clone();
        }
    }
    panic!("no such patient of this practice")
}

const ADMITTED: [(&str, &str); 4] =
    [("reden", "admission"), ("soort", "hospital"), ("naar", "Rijnstate, cardiologie"), ("hoe", "paper")];

/// Where the papers of the newest handover are.
async fn papers(browser: &Browser<'_>, at: &str) -> String {
    let page = browser.get(at).await.text();
    let from = page.find("/blad.pdf\"").expect("a sheet to take along");
    let start = page[..from].rfind('"').unwrap() + 1;
    page[start..from].to_owned()
}

#[tokio::test]
async fn what_was_agreed_goes_along_and_the_receiving_side_says_that_it_came() {
    let server = server(60).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp, true).await;
    let at = format!("/patienten/{id}/overdracht");
    let wrong = gp.submit(&at, &at, &[("naar", "Rijnstate"), ("dag", "31-12-2999")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text();
    for said in ["Kies waarom u overdraagt.", "Kies hoe de overdracht meegaat.", "al geweest", "value=\"Rijnstate\""] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let made = gp.submit(&at, &at, &ADMITTED).await;
    assert_eq!(made.location(), format!("{at}?gedaan=overdracht"), "{}", made.text());
    let papers = papers(&gp, &at).await;
    let sheet = gp.get(&format!("{papers}/blad.pdf")).await;
    assert_eq!((sheet.status, sheet.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
    assert!(gp.get(&format!("{papers}/blad.pdf")).await.bytes == sheet.bytes, "the same bytes");
    if let Some(said) = said(&sheet.bytes) {
        for part in ["Overdracht bij opname", "Aan: Rijnstate, cardiologie (ziekenhuis)", "Behandelgrenzen"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    let document = gp.get(&format!("{papers}/document.json")).await;
    assert!(document.header(header::CONTENT_TYPE).starts_with("application/fhir+json"));
    let bundle = document.json();
    assert_eq!(
        (bundle["type"].as_str(), bundle["entry"][0]["resource"]["resourceType"].as_str()),
        (Some("document"), Some("Composition"))
    );
    validated(&document.bytes);

    let number = papers.rsplit('/').next().unwrap();
    let nobody = gp.submit(&at, &at, &[("doe", "ontvangen"), ("nummer", number)]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text().contains("Schrijf wie de overdracht heeft ontvangen"));
    let who = format!("wie-{number}");
    let came = [("doe", "ontvangen"), ("nummer", number), (who.as_str(), "B. Smit, verpleegkundige")];
    assert_eq!(gp.submit(&at, &at, &came).await.status, StatusCode::SEE_OTHER);
    let page = gp.get(&at).await.text();
    assert!(page.contains("Ontvangen op") && page.contains("B. Smit, verpleegkundige"), "{page}");
    let again = gp.submit(&at, &at, &came).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text().contains("een ander was u voor"));
    let log = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(log.contains("maakte een overdracht van uw plan"), "{log}");
}

#[tokio::test]
async fn what_was_not_discussed_goes_along_too() {
    let server = server(60).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp, false).await;
    let at = format!("/patienten/{id}/overdracht");
    assert!(gp.get(&at).await.text().contains("Er is nog geen plan."));
    assert_eq!(gp.submit(&at, &at, &ADMITTED).await.status, StatusCode::SEE_OTHER);
    let papers = papers(&gp, &at).await;
    let sheet = gp.get(&format!("{papers}/blad.pdf")).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.text());
    if let Some(said) = said(&sheet.bytes) {
        assert!(said.contains("Er is nog geen plan") && said.contains("iet besproken"), "{said}");
    }
    let document = gp.get(&format!("{papers}/document.json")).await;
    let section = &document.json()["entry"][0]["resource"]["section"][0];
    assert_eq!(section["emptyReason"]["coding"][0]["code"], "notasked");
    validated(&document.bytes);
}

#[tokio::test]
async fn it_is_sent_to_the_receivers_system_which_fetches_it_and_says_that_it_came() {
    let (server, receiver) = telling(60).await;
    webhook(&server, &receiver, "provider-test").await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp, true).await;
    let at = format!("/patienten/{id}/overdracht");
    let page = gp.get(&at).await.text();
    let from = page.find("name=\"systeem\"").expect("a system to choose");
    let options: Vec<&str> =
        page[from..].split("<option value=\"").skip(1).filter_map(|o| o.split('"').next()).collect();
    let system = options.into_iter().find(|o| !o.is_empty()).expect("a system that may see the plan");
    let mut sent = ADMITTED.to_vec();
    sent[3] = ("hoe", "sent");
    let wrong = gp.submit(&at, &at, &sent).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Kies naar welk systeem"));
    sent.push(("systeem", system));
    assert_eq!(gp.submit(&at, &at, &sent).await.status, StatusCode::SEE_OTHER);
    assert!(gp.get(&at).await.text().contains("Wordt verstuurd"));
    send_all(&server, now()).await;
    let [came] = &receiver.came()[..] else { panic!("one message") };
    let message = came.json();
    assert_eq!(
        (message["type"].as_str(), message["patient"].as_str()),
        (Some("plan.handed-over"), Some(&*format!("Patient/{id}")))
    );
    assert!(!came.body.contains("Rijnstate"), "what it is about is fetched: {}", came.body);
    assert!(gp.get(&at).await.text().contains("Verstuurd; nog niet bevestigd"));

    let document = format!("/{}", message["document"].as_str().unwrap());
    let system = server.client("provider-test").await;
    let bundle = system.get(&document).await;
    assert_eq!(
        (bundle.status, bundle.json()["type"].as_str()),
        (StatusCode::OK, Some("document")),
        "{}",
        bundle.text()
    );
    validated(&bundle.bytes);
    let done = format!("{document}/$acknowledge");
    let say = |by: &str| json!({"resourceType": "Parameters", "parameter": [{"name": "by", "valueString": by}]});
    let nobody = system.post(&done, &say(" ")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.text());
    for _ in 0..2 {
        let said = system.post(&done, &say("B. Smit, afdeling")).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    }
    let page = gp.get(&at).await.text();
    assert!(page.contains("Ontvangen op") && page.contains("bevestigd door het systeem van de ontvanger"), "{page}");
    let line = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(line.contains("kreeg bericht dat uw plan is overgedragen"), "{line}");
    assert!(line.contains("bevestigde dat de overdracht van uw plan is ontvangen"), "{line}");
    let other = server.client("consulter-test").await;
    assert_eq!(other.post(&done, &say("Iemand anders")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(system.get(&format!("{document}9")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(system.get("/Bundle/x-overdracht-1").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        system.send("DELETE", &document, "application/fhir+json", "").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn nobody_else_hands_over() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp, true).await;
    let at = format!("/patienten/{id}/overdracht");
    gp.submit(&at, &at, &ADMITTED).await;
    let papers = papers(&gp, &at).await;
    for path in [at.clone(), format!("{papers}/blad.pdf"), format!("{papers}/document.json")] {
        assert!(Browser::new(&server).get(&path).await.location().starts_with("/inloggen"));
        for other in ["network-coordinator", "organisation-admin", "out-of-hours", "patient"] {
            assert_eq!(Browser::of(&server, other).await.get(&path).await.status, StatusCode::FORBIDDEN, "{other}");
        }
    }
    let missing = gp.get(&format!("{at}/99/blad.pdf")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

/// Against the standard, where that is at hand.
fn validated(bundle: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("overdracht.json"), bundle).unwrap();
    assert_ne!(crate::standard::validate(folder.path()), Some(0), "each of its resources");
}
