//! Reading and searching over FHIR (SPEC section 4).

use crate::harness::{Fhir, server};
use axum::http::{StatusCode, header};
use serde_json::Value;

const SNOMED: &str = "http://snomed.info/sct";

/// The seven requests of the standard for one patient.
pub fn seven(id: &str) -> Vec<(&'static str, String)> {
    let scope = "http://terminology.hl7.org/CodeSystem/consentscope";
    let category = "http://terminology.hl7.org/CodeSystem/consentcategorycodes";
    vec![
        (
            "Procedure",
            format!("/Procedure?patient=Patient/{id}&code={SNOMED}%7C713603004&_include=Procedure:encounter"),
        ),
        (
            "Consent",
            format!(
                "/Consent?patient=Patient/{id}&scope={scope}%7Ctreatment&category={SNOMED}%7C129125009&_include=Consent:actor"
            ),
        ),
        (
            "Consent",
            format!(
                "/Consent?patient=Patient/{id}&scope={scope}%7Cadr&category={category}%7Cacd&_include=Consent:actor"
            ),
        ),
        ("Goal", format!("/Goal?patient=Patient/{id}&category={SNOMED}%7C713603004")),
        (
            "Observation",
            format!(
                "/Observation?patient=Patient/{id}&code={SNOMED}%7C665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104"
            ),
        ),
        (
            "DeviceUseStatement",
            format!(
                "/DeviceUseStatement?patient=Patient/{id}&device.type={SNOMED}%7C72506001,465460004,468542000,704707009,1263462004,1236894001&_include=DeviceUseStatement:device"
            ),
        ),
        ("CommunicationRequest", format!("/CommunicationRequest?patient=Patient/{id}&category={SNOMED}%7C223449006")),
    ]
}

async fn with_plan(own: &Fhir<'_>) -> String {
    for patient in &own.server.sheet.patients {
        if own.get(&format!("/Consent/{}-cpr", patient.id)).await.status == StatusCode::OK {
            return patient.id.clone();
        }
    }
    panic!("no patient with a plan");
}

#[tokio::test]
async fn the_seven_searches_give_the_plan() {
    let server = server(4).await;
    let own = server.client("provider-test").await;
    let id = with_plan(&own).await;
    for (kind, path) in seven(&id) {
        let answer = own.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        for resource in answer.entries("match") {
            assert_eq!(resource["resourceType"], kind);
            assert!(resource["meta"]["profile"][0].as_str().is_some_and(|p| p.contains("/ACP-")), "{resource}");
        }
        let all = answer.json()["total"].as_u64().unwrap();
        assert_eq!(all, answer.entries("match").len() as u64, "{path}");
        // The long way, which a further parameter takes, gives the same as what was rendered beforehand.
        let long = own.get(&format!("{path}&_total=accurate")).await;
        assert_eq!(long.json()["entry"], answer.json()["entry"], "{path}");
        assert_eq!(long.json()["total"], answer.json()["total"], "{path}");
        // The same by POST, and as XML.
        let (base, query) = path.split_once('?').unwrap();
        let posted =
            own.send("POST", &format!("{base}/_search"), "application/x-www-form-urlencoded", query.to_owned()).await;
        assert_eq!(posted.entries("match"), answer.entries("match"));
        let xml = own.get(&format!("{path}&_format=xml")).await;
        assert!(xml.header(header::CONTENT_TYPE).starts_with("application/fhir+xml"));
        assert_eq!(fhir::format::from_xml(&xml.text()).unwrap()["total"], answer.json()["total"]);
    }
    let treatment = own.get(&seven(&id)[1].1).await;
    assert!(treatment.entries("match").len() >= 6);
    let included: Vec<Value> = treatment.entries("include");
    assert!(included.iter().any(|r| r["resourceType"] == "PractitionerRole"), "{included:?}");
}

#[tokio::test]
async fn every_reference_can_be_read() {
    let server = server(4).await;
    let own = server.client("provider-test").await;
    let id = with_plan(&own).await;
    let mut seen = Vec::new();
    for (_, path) in seven(&id) {
        for resource in own.get(&path).await.entries("match") {
            references(&resource, &mut seen);
        }
    }
    seen.sort();
    seen.dedup();
    assert!(
        seen.iter().any(|r| r.starts_with("PractitionerRole/")) && seen.iter().any(|r| r.starts_with("Encounter/"))
    );
    let mut further = Vec::new();
    for reference in &seen {
        let answer = own.get(&format!("/{reference}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{reference}");
        references(&answer.json(), &mut further);
    }
    for reference in further {
        assert_eq!(own.get(&format!("/{reference}")).await.status, StatusCode::OK, "{reference}");
    }
}

fn references(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("reference").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|v| references(v, into));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, into)),
        _ => {}
    }
}

#[tokio::test]
async fn earlier_forms_of_the_searches_are_answered() {
    let server = server(4).await;
    let own = server.client("provider-test").await;
    let id = with_plan(&own).await;
    for path in [
        format!(
            "/Encounter?patient=Patient/{id}&reason-reference:Procedure.code={SNOMED}%7C713603004&_include=Encounter:reason-reference"
        ),
        format!(
            "/DeviceUseStatement?patient=Patient/{id}&device.type:in=https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD"
        ),
        format!("/CommunicationRequest?patient={id}&category={SNOMED}%7C223449006"),
        format!("/Procedure?patient={id}&code=sct%7C713603004"),
        format!("/Goal?patient=Patient/{id}&description={SNOMED}%7C385987000,1351964001,713148004"),
        format!("/Communication?patient=Patient/{id}&reason-code={SNOMED}%7C713603004"),
        format!(
            "/QuestionnaireResponse?subject=Patient/{id}&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020"
        ),
        format!("/QuestionnaireResponse?patient={id}"),
    ] {
        let answer = own.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    }
    let forms = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match");
    assert!(
        !forms.is_empty()
            && forms[0]["questionnaire"]
                .as_str()
                .unwrap()
                .starts_with("https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020")
    );
}

#[tokio::test]
async fn what_cannot_be_understood_is_said() {
    let server = server(3).await;
    let own = server.client("provider-test").await;
    let id = &server.sheet.patients[0].id;
    for (path, status) in [
        (format!("/Consent?patient=Patient/{id}&_count=-1"), 400),
        (format!("/Consent?patient=Patient/{id}&_lastUpdated=gisteren"), 400),
        ("/Consent".to_owned(), 400),
        ("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn%7C123456789".to_owned(), 400),
        ("/MedicationRequest?patient=1".to_owned(), 404),
        (format!("/Consent?patient=Patient/{id}&_page=onzin"), 400),
    ] {
        let answer = own.get(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(!answer.issues().is_empty());
        assert!(!answer.text().contains("123456789"));
    }
    let lenient = own.get(&format!("/Consent?patient=Patient/{id}&kleur=blauw")).await;
    assert_eq!(lenient.status, StatusCode::OK);
    assert_eq!(lenient.entries("outcome").len(), 1);
    let strict = own
        .get_with(
            &format!("/Consent?patient=Patient/{id}&kleur=blauw"),
            header::HeaderName::from_static("prefer"),
            "handling=strict",
        )
        .await;
    assert_eq!(strict.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        own.get_with(&format!("/Patient/{id}"), header::ACCEPT, "image/png").await.status,
        StatusCode::NOT_ACCEPTABLE
    );
}

#[tokio::test]
async fn pages_follow_by_links_that_tell_nothing() {
    let server = server(4).await;
    let own = server.client("provider-test").await;
    let id = with_plan(&own).await;
    let all = own.get(&format!("/Consent?patient=Patient/{id}")).await.entries("match");
    let mut found = Vec::new();
    let mut path = format!("/Consent?patient=Patient/{id}&_count=2");
    loop {
        let answer = own.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        found.extend(answer.entries("match"));
        let bundle = answer.json();
        let links = bundle["link"].as_array().unwrap();
        let Some(next) = links.iter().find(|l| l["relation"] == "next") else { break };
        let url = next["url"].as_str().unwrap();
        assert!(!url.contains(&id));
        path = url.strip_prefix("http://localhost:8080/fhir/r4").unwrap().to_owned();
    }
    assert_eq!(found, all);
    let count = own.get(&format!("/Consent?patient=Patient/{id}&_summary=count")).await.json();
    assert_eq!(count["total"], all.len());
    assert!(count.get("entry").is_none());
}

#[tokio::test]
async fn versions_are_told_apart() {
    let server = server(12).await;
    let own = server.client("provider-test").await;
    let id = with_plan(&own).await;
    let now = own.get(&format!("/Consent/{id}-cpr")).await;
    let tag = now.header(header::ETAG).to_owned();
    assert!(tag.starts_with("W/\""));
    let again = own.get_with(&format!("/Consent/{id}-cpr"), header::IF_NONE_MATCH, &tag).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    let history = own.get(&format!("/Consent/{id}-cpr/_history")).await.json();
    assert_eq!(history["type"], "history");
    for entry in history["entry"].as_array().unwrap() {
        let version = entry["resource"]["meta"]["versionId"].as_str().unwrap();
        let one = own.get(&format!("/Consent/{id}-cpr/_history/{version}")).await;
        assert_eq!(one.json(), entry["resource"]);
    }
}

#[tokio::test]
async fn what_the_server_is_made_of_can_be_read() {
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let statement = own.get("/metadata").await.json();
    let resources = statement["rest"][0]["resource"].as_array().unwrap();
    for (kind, _) in seven("x") {
        assert!(resources.iter().any(|r| r["type"] == kind), "{kind}");
    }
    let set = "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-YesNoUnknownVS";
    let expanded = own.get(&format!("/ValueSet/$expand?url={set}")).await;
    assert_eq!(expanded.json()["expansion"]["contains"].as_array().unwrap().len(), 3, "{}", expanded.text());
    assert_eq!(own.get(&format!("/ValueSet?url={set}")).await.entries("match").len(), 1);
    assert_eq!(own.get("/ValueSet/$expand?url=https://example.org/nothing").await.status, StatusCode::NOT_FOUND);
    let forms = own.get("/Questionnaire").await.entries("match");
    assert!(forms.iter().any(|q| q["derivedFrom"][0].as_str().is_some_and(|c| c.contains("ACP-zib2020"))));
}
