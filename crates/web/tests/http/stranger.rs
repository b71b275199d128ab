//! The two requests that the national example policy lets through, and what a system learns that has no basis
//! (decision 53), for every interaction.

use crate::fhir_in::{bundle, patient as identity};
use crate::fhir_out::seven;
use crate::harness::{Answer, Fhir, Server, server};
use axum::http::{StatusCode, header};
use domain::access::Sharing;
use serde_json::{Value, json};

const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const NOBODY: &str = "00000000000000000000000000";

fn by_bsn(bsn: &str) -> String {
    format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{bsn}")
}

fn directives(id: &str) -> String {
    format!("/Consent?patient=Patient/{id}&scope={SCOPE}|treatment&category=http://snomed.info/sct|129125009")
}

/// A client that may ask these two things and nothing else.
async fn narrow(server: &Server) -> Fhir<'_> {
    Fhir { token: server.token("consulter-test", "system/Patient.s%20system/Consent.s").await, server, api: web::R4 }
}

#[tokio::test]
async fn the_two_requests_of_the_national_policy_work_with_exactly_its_parameters() {
    let server = server(12).await;
    let asker = narrow(&server).await;
    let mut with_plan = 0;
    for patient in &server.sheet.patients {
        let found = asker.get(&by_bsn(&patient.bsn)).await;
        assert_eq!(found.status, StatusCode::OK);
        // The bar may be written as it is or encoded; a POST asks the same.
        assert_eq!(asker.get(&by_bsn(&patient.bsn).replace('|', "%7C")).await.json()["entry"], found.json()["entry"]);
        let told = asker.get(&directives(&patient.id)).await;
        if patient.sharing != Sharing::Agreed {
            assert_eq!(found.json()["total"], 0);
            assert_eq!(told.status, StatusCode::FORBIDDEN);
            continue;
        }
        let people = found.entries("match");
        assert_eq!((people.len(), people[0]["id"].as_str()), (1, Some(patient.id.as_str())));
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let all = told.entries("match");
        assert_eq!(told.json()["total"].as_u64(), Some(all.len() as u64));
        for consent in &all {
            assert_eq!(consent["resourceType"], "Consent");
            assert_eq!(consent["scope"]["coding"][0]["code"], "treatment");
            assert_eq!(consent["category"][0]["coding"][0]["code"], "129125009");
            assert_eq!(consent["patient"]["reference"], format!("Patient/{}", patient.id));
        }
        assert!(told.entries("include").is_empty(), "nothing that was not asked for");
        // With what goes along with it, which the policy lets through too.
        let more = asker.get(&format!("{}&_include=Consent:actor", directives(&patient.id))).await;
        assert_eq!(more.entries("match"), all);
        with_plan += usize::from(!all.is_empty());
    }
    assert!(with_plan > 0, "no patient who shares has a directive");
    // Nothing else is in its scope.
    let shared = server.sheet.patients.iter().find(|p| p.sharing == Sharing::Agreed).unwrap();
    for path in [format!("/Patient/{}", shared.id), format!("/Goal?patient=Patient/{}", shared.id)] {
        assert_eq!(asker.get(&path).await.status, StatusCode::FORBIDDEN);
    }
}

/// Every way to ask about one patient, by id.
fn interactions(id: &str) -> Vec<String> {
    let mut all: Vec<String> = seven(id).into_iter().map(|(_, path)| path).collect();
    all.push(directives(id));
    all.extend([
        format!("/Patient/{id}"),
        format!("/Patient/{id}/_history"),
        format!("/Patient/{id}/_history/1"),
        format!("/Encounter?patient=Patient/{id}"),
        format!("/RelatedPerson?patient=Patient/{id}"),
        format!("/QuestionnaireResponse?subject=Patient/{id}"),
        format!("/QuestionnaireResponse?patient={id}"),
        format!("/QuestionnaireResponse/{id}-v1"),
        format!("/QuestionnaireResponse/{id}-v1/_history/1"),
        format!("/Consent?patient={id}&_summary=count"),
        format!("/Consent?patient=Patient/{id}&_count=0"),
    ]);
    for (kind, local) in [
        ("Consent", "cpr"),
        ("Goal", "goal"),
        ("Observation", "capacity"),
        ("DeviceUseStatement", "icd"),
        ("Device", "icd-device"),
        ("CommunicationRequest", "inform"),
        ("Encounter", "e1"),
        ("Procedure", "c1"),
        ("PractitionerRole", "z1"),
        ("Practitioner", "z1"),
        ("RelatedPerson", "p1"),
    ] {
        all.push(format!("/{kind}/{id}-{local}"));
        all.push(format!("/{kind}/{id}-{local}/_history"));
        all.push(format!("/{kind}/{id}-{local}/_history/1"));
        all.push(format!("/{kind}/{id}-er-is-niets"));
    }
    all
}

fn told(answer: &Answer) -> (StatusCode, Vec<u8>, String) {
    (answer.status, answer.bytes.clone(), answer.header(header::ETAG).to_owned())
}

#[tokio::test]
async fn a_stranger_learns_the_same_of_a_patient_who_is_here_and_of_nobody() {
    let server = server(12).await;
    let stranger = server.client("consulter-test").await;
    let before = server.log_holds("refused", "refused").await;
    let hidden: Vec<_> = server.sheet.patients.iter().filter(|p| p.sharing != Sharing::Agreed).take(2).collect();
    let reference = stranger.get(&format!("/Patient/{NOBODY}")).await;
    assert_eq!(reference.status, StatusCode::FORBIDDEN);
    let mut asked = 0;
    for patient in &hidden {
        for (known, unknown) in interactions(&patient.id).iter().zip(interactions(NOBODY)) {
            let (a, b) = (stranger.get(known).await, stranger.get(&unknown).await);
            assert_eq!(told(&a), told(&b), "{unknown}");
            assert_eq!(told(&a), told(&reference), "{unknown}");
            // The search as a POST is no other way in.
            if let Some((base, query)) = known.split_once('?') {
                let form = "application/x-www-form-urlencoded";
                let posted = stranger.send("POST", &format!("{base}/_search"), form, query.to_owned()).await;
                assert_eq!(told(&posted), told(&reference), "POST {unknown}");
            }
            asked += 1;
        }
        let head = stranger.send("HEAD", &format!("/Patient/{}", patient.id), "text/plain", "").await;
        assert_eq!((head.status, head.bytes.len()), (StatusCode::FORBIDDEN, 0));
    }
    assert!(server.log_holds("refused", "refused").await >= before + 2 * asked);
}

#[tokio::test]
async fn a_search_by_number_or_name_finds_nobody_who_is_not_ours() {
    let server = server(12).await;
    let stranger = server.client("consulter-test").await;
    let hidden = server.sheet.patients.iter().find(|p| p.sharing == Sharing::Refused).unwrap();
    let family = hidden.name.rsplit(' ').next().unwrap();
    let count = |answer: &Answer| {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        (answer.json()["total"].clone(), answer.entries("match").len(), answer.entries("include").len())
    };
    for query in [
        by_bsn(&hidden.bsn),
        format!("{}&_summary=count", by_bsn(&hidden.bsn)),
        format!("{}&_include=Patient:general-practitioner", by_bsn(&hidden.bsn)),
        format!("/Patient?family={family}&birthdate={}", hidden.birth_date),
        format!("/Consent?patient.identifier=http://fhir.nl/fhir/NamingSystem/bsn|{}", hidden.bsn),
        format!("/Patient?_id={}", hidden.id),
    ] {
        let answer = stranger.get(&query).await;
        if answer.status == StatusCode::BAD_REQUEST {
            // A parameter that is not offered is not offered for anybody.
            assert!(!query.contains("Patient?identifier"), "{query}: {}", answer.text());
            continue;
        }
        assert_eq!(count(&answer), (json!(0), 0, 0), "{query}");
        assert!(!answer.text().contains(&hidden.id) || query.contains(&hidden.id), "{query}");
    }
}

#[tokio::test]
async fn who_delivers_without_a_basis_learns_nothing_either() {
    let server = server(12).await;
    let own = server.client("provider-test").await;
    let stranger = server.client("consulter-test").await;
    let hidden = server.sheet.patients.iter().find(|p| p.sharing == Sharing::Refused).unwrap();
    // The consulter may not write at all.
    assert_eq!(stranger.post("", &bundle("999911120")).await.status, StatusCode::FORBIDDEN);
    // A form for an id that is not ours is refused as for an id that does not exist.
    let mut with_form = Value::Null;
    for patient in &server.sheet.patients {
        let found = own.get(&format!("/QuestionnaireResponse?subject=Patient/{}", patient.id)).await.entries("match");
        if let Some(form) = found.into_iter().next() {
            with_form = form;
            break;
        }
    }
    with_form.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "id" | "meta" | "author" | "source"));
    let form = |id: &str| {
        let mut form = with_form.clone();
        form["subject"] = json!({"reference": format!("Patient/{id}")});
        form
    };
    let writer = web::new_client("schrijver", &consulter(&server).await, "system/*.cruds", "treatment", None).unwrap();
    let secret = web::fresh_secret();
    let writer = web::Client { secret_hash: Some(web::secret_hash(&secret)), ..writer };
    let by = web::program(writer.organisation.clone());
    server.store.add_client(&by, &writer, web::Clock::default().real()).await.unwrap();
    let body = format!("grant_type=client_credentials&client_id=schrijver&client_secret={secret}");
    let token = server.form("/oauth/token", &body).await.json()["access_token"].as_str().unwrap().to_owned();
    let writer = Fhir { token, server: &server, api: web::R4 };
    let known = writer.post("/QuestionnaireResponse", &form(&hidden.id)).await;
    let unknown = writer.post("/QuestionnaireResponse", &form(NOBODY)).await;
    assert_eq!(told(&known), told(&unknown));
    assert_eq!(known.status, StatusCode::FORBIDDEN);
    // Nothing was changed on the way, nor may a bundle touch another's record by its id.
    let mut other = bundle("999911120");
    other["entry"][0]["resource"]["id"] = hidden.id.clone().into();
    let answer = writer.post("", &other).await;
    assert!(answer.status == StatusCode::OK || answer.status == StatusCode::UNPROCESSABLE_ENTITY);
    let record = own.get(&format!("/Patient/{}", hidden.id)).await.json();
    let numbers: Vec<&Value> = record["identifier"].as_array().unwrap().iter().map(|i| &i["value"]).collect();
    assert!(numbers.contains(&&json!(hidden.bsn)), "{numbers:?}");
    assert_ne!(record["name"], identity("999911120")["name"]);
}

async fn consulter(server: &Server) -> domain::ident::OrganisationId {
    let clients = server.store.clients().await.unwrap();
    clients.into_iter().find(|c| c.name == "consulter-test").unwrap().organisation
}
