//! Plans elsewhere (D7): five sources at once, of which one is slow and one talks nonsense, and a second Tijdig among them;
//! what comes is shown as it comes, and what goes wrong is told.

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::hooks::change;
use crate::sources::{Source, Way, small, tijdig};
use axum::http::StatusCode;
use domain::access::{Action, Permit, Relation, permit};
use domain::ident::{OrganisationId, PatientId};
use domain::plan::Treatment;
use domain::task::Kind;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use store::log::read::{Filter, LogRow, Which};
use web::{SourceFhir, SourceOffers, SourceSettings};

pub fn may(action: Action, patient: &PatientId) -> Permit {
    permit(&web::program(OrganisationId::from_bits(0)), action, patient, Relation::default()).unwrap()
}

/// The organisation of somebody of the demo.
pub fn organisation(server: &Server, username: &str) -> String {
    server.sheet.users.iter().find(|u| u.username == username).unwrap().organisation.clone()
}

/// A patient of the GP whose plan decides about resuscitation.
pub async fn of_gp(server: &Server, gp: &Browser<'_>) -> PatientId {
    let now = web::Clock::default().now();
    for patient in &server.sheet.patients {
        let id = PatientId::parse(&patient.id).unwrap();
        let newest = server.store.versions(&may(Action::ReadPlan, &id), now, "test").await.unwrap().pop();
        let decided =
            newest.is_some_and(|v| v.version.content.directive(Treatment::Cpr).is_some_and(|t| t.current.is_some()));
        if decided && gp.get(&format!("/patienten/{id}/plan/bewerken")).await.status == StatusCode::OK {
            return id;
        }
    }
    panic!("no such patient")
}

async fn log(server: &Server, id: &PatientId) -> Vec<LogRow> {
    let (filter, which) = (Filter::default(), Which { cursor: None, limit: 200 });
    let now = web::Clock::default().now();
    server.store.patient_log(&may(Action::ReadLog, id), &filter, which, "log", now).await.unwrap().rows
}

/// Asks, and gives where the answers are shown.
pub async fn ask(browser: &Browser<'_>, id: &PatientId) -> String {
    let here = format!("/patienten/{id}/elders");
    let answer = browser.submit(&here, &here, &[("doe", "vraag")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.location().starts_with(&format!("{here}?ronde=")), "{}", answer.location());
    answer.location().to_owned()
}

/// Looks until all answered.
pub async fn looks(browser: &Browser<'_>, at: &str) -> String {
    for _ in 0..300 {
        let page = browser.get(at).await.text();
        if page.contains("data-bezig=\"nee\"") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never ends")
}

/// The newest form of a patient as another source has it, under its own id of the patient.
async fn form(server: &Server, id: &PatientId) -> Value {
    let own = server.client("provider-test").await;
    let forms = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match");
    let mut form = forms[0].clone();
    form["subject"] = json!({"reference": "Patient/daar-1"});
    form
}

fn patient(server: &Server, id: &PatientId) -> Value {
    let known = server.sheet.patients.iter().find(|p| p.id == id.as_str()).unwrap();
    json!({
        "resourceType": "Patient", "id": "daar-1", "birthDate": known.birth_date,
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": known.bsn}],
        "name": [{"use": "official", "text": known.name}],
    })
}

#[tokio::test]
async fn five_sources_at_once_are_shown_as_they_come_and_logged_on_both_sides() {
    // Of one seed: the same patients here and there.
    let (here, there) = (server(12).await, server(12).await);
    let folder = tempfile::tempdir().unwrap();
    let gp = Browser::of(&here, "gp").await;
    let id = of_gp(&here, &gp).await;
    change(&there, &id, true).await;
    let second = Source::tijdig(&there).await;
    let forms = Source::small(Way::Forms(patient(&here, &id), vec![form(&here, &id).await])).await;
    let slow = Source::small(Way::Slow(Duration::from_secs(10))).await;
    let nonsense = Source::small(Way::Nonsense).await;
    let own = organisation(&here, "gp");
    let blocks = tijdig("Ziekenhuis R4", &own, &second, &there, folder.path());
    here.app
        .offer_sources(vec![
            blocks.clone(),
            SourceSettings { offers: SourceOffers::Form, ..small("Praktijk Formulier", &own, &forms, folder.path()) },
            SourceSettings {
                fhir: SourceFhir::Stu3,
                name: "Verpleeghuis STU3".to_owned(),
                address: format!("{}/fhir/stu3", second.address),
                ..blocks
            },
            small("Traag", &own, &slow, folder.path()),
            small("Onzin", &own, &nonsense, folder.path()),
        ])
        .unwrap();
    let begun = Instant::now();
    let at = ask(&gp, &id).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "the page is there while the slow one is waited for");
    // What came is shown while others are still busy.
    let shown = loop {
        let page = gp.get(&at).await.text();
        assert!(page.contains("data-bezig=\"ja\""), "the plans are there before the slow one's time is over: {page}");
        if page.matches("Heeft een plan").count() == 3 {
            break page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(shown.contains("Hier spreken de plannen elkaar tegen") && shown.contains("Nog bezig"));
    assert!(shown.contains("<noscript><meta http-equiv=\"refresh\""));
    let page = looks(&gp, &at).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "a source gets its time and no more");
    assert!(page.contains("5 bronnen gevraagd: 3 hebben een plan, 2 gaven geen bruikbaar antwoord."), "{page}");
    assert!(page.contains("Gaf geen antwoord binnen 8 seconden."));
    assert!(page.contains("Gaf een antwoord dat geen plan en geen FHIR is."));
    assert!(!page.contains("http-equiv=\"refresh\"") && page.contains("Vraag opnieuw"));
    // Only what was changed there contradicts; the form is of the same plan as the one here.
    let against = page.split("id=\"tegenspraak\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(against.matches("<h3>").count(), 1, "{against}");
    assert!(against.contains("<h3>Reanimatie</h3>"), "{against}");
    for name in ["Hier", "Ziekenhuis R4", "Praktijk Formulier", "Verpleeghuis STU3"] {
        assert!(against.contains(&format!("<strong>{name}</strong>")), "{name}: {against}");
    }
    // Both sides tell who looked.
    let rows = log(&here, &id).await;
    let asked: Vec<(&str, &str)> =
        rows.iter().filter(|r| r.action == "ask-elsewhere").map(|r| (r.data.as_str(), r.outcome.as_str())).collect();
    assert_eq!(asked.len(), 5, "{asked:?}");
    for row in [
        ("elsewhere: Ziekenhuis R4", "done"),
        ("elsewhere: Praktijk Formulier", "done"),
        ("elsewhere: Verpleeghuis STU3", "done"),
        ("elsewhere: Traag", "failed"),
        ("elsewhere: Onzin", "failed"),
    ] {
        assert!(asked.contains(&row), "{row:?} in {asked:?}");
    }
    assert!(log(&there, &id).await.iter().any(|r| r.action == "read-plan" && r.actor == "client:provider-test"));
    // It waits for the lead, for each source of which the plan is not older than the one here.
    let path = here.store.path(&may(Action::ReadPlan, &id), web::Clock::default().now()).await.unwrap();
    assert_eq!(path.tasks.iter().filter(|t| t.kind == Kind::Elsewhere).count(), 2);
    assert!(page.contains("Dit ligt bij de regiebehandelaar"));
    // No address holds the BSN; it was posted.
    let bsn = &here.sheet.patients.iter().find(|p| p.id == id.as_str()).unwrap().bsn;
    for source in [&forms, &nonsense] {
        let heard = source.heard.lock().unwrap();
        assert!(heard.iter().all(|(asked, _)| !asked.contains(bsn.as_str())), "{heard:?}");
        assert!(heard.iter().any(|(_, posted)| posted.contains(bsn.as_str())));
    }
}

#[tokio::test]
async fn what_a_source_may_not_do_is_told_and_goes_no_further() {
    let here = server(4).await;
    let folder = tempfile::tempdir().unwrap();
    let gp = Browser::of(&here, "gp").await;
    let id = of_gp(&here, &gp).await;
    let other = Source::small(Way::Nonsense).await;
    let mut born = patient(&here, &id);
    born["birthDate"] = "1900-01-01".into();
    let own = organisation(&here, "gp");
    let mut all = Vec::new();
    for (name, source) in [
        ("Stuurt door", Source::small(Way::Redirects(format!("{}/fhir/x", other.address))).await),
        ("Zonder eind", Source::small(Way::Endless).await),
        ("Dicht", Source::small(Way::Shut).await),
        ("Weg", Source::closed().await),
        ("Een ander", Source::small(Way::Forms(born, Vec::new())).await),
        ("Leeg", Source::small(Way::Forms(patient(&here, &id), Vec::new())).await),
    ] {
        let offers = SourceOffers::Form;
        all.push(SourceSettings { offers, ..small(name, &own, &source, folder.path()) });
    }
    here.app.offer_sources(all).unwrap();
    let at = ask(&gp, &id).await;
    let page = looks(&gp, &at).await;
    for told in [
        "Antwoordde met een fout (307).",
        "Gaf een antwoord dat te groot is.",
        "Laat onze organisatie niet toe.",
        "Is niet te bereiken.",
        "Heeft bij dit BSN een andere geboortedatum. Daarom is niets getoond.",
        "Kent de patiënt en heeft geen plan.",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(other.heard.lock().unwrap().is_empty(), "nobody is followed elsewhere");
    let rows = log(&here, &id).await;
    assert_eq!(rows.iter().filter(|r| r.action == "ask-elsewhere" && r.outcome == "refused").count(), 1);
    // For another organisation there are no sources, and the round is nobody else's.
    let nurse = Browser::of(&here, "district-nurse").await;
    let theirs = nurse.get(&at).await;
    match theirs.status {
        StatusCode::OK => assert!(!theirs.text().contains("Stuurt door") && theirs.text().contains("niet meer")),
        status => assert_eq!(status, StatusCode::FORBIDDEN, "{}", theirs.text()),
    }
}
