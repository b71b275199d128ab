//! The API in STU3: the same plan, the guide's searches, forms and building blocks in and out, and its own errors.

use crate::fhir_in::{BSN, patient};
use crate::harness::{Fhir, server};
use axum::http::{StatusCode, header};
use fhir::format::{Version, check_as, from_xml_as, to_xml_as};
use serde_json::{Value, json};

const SNOMED: &str = "http://snomed.info/sct";
const GUIDE: &str = "https://api.iknl.nl/docs/pzp/stu3";

/// The requests of the standard for one patient, in STU3 (SPEC sections 4.1 and 8).
fn searches(id: &str) -> Vec<(&'static str, String)> {
    let of = |kind: &str, rest: &str| format!("/{kind}?patient=Patient/{id}&{rest}");
    vec![
        ("Procedure", of("Procedure", &format!("code={SNOMED}%7C713603004&_include=Procedure:encounter"))),
        ("Encounter", of("Encounter", &format!("reason={SNOMED}%7C713603004&_include=Encounter:diagnosis"))),
        ("Consent", of("Consent", &format!("category={SNOMED}%7C11291000146105&_include=Consent:actor"))),
        ("Consent", of("Consent", &format!("category={SNOMED}%7C11341000146107&_include=Consent:actor"))),
        ("Goal", of("Goal", &format!("category={SNOMED}%7C713603004"))),
        (
            "Observation",
            of(
                "Observation",
                &format!("code={SNOMED}%7C153851000146100,395091006,340171000146104,247751003,570801000146104"),
            ),
        ),
        (
            "DeviceUseStatement",
            of(
                "DeviceUseStatement",
                &format!("device.type={SNOMED}%7C72506001,465460004,468542000&_include=DeviceUseStatement:device"),
            ),
        ),
        ("CommunicationRequest", of("CommunicationRequest", &format!("category={SNOMED}%7C223449006"))),
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
async fn the_searches_of_stu3_give_the_plan() {
    let server = server(4).await;
    let r4 = server.client("provider-test").await;
    let own = r4.stu3();
    let id = with_plan(&own).await;
    for (kind, path) in searches(&id) {
        let answer = own.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        assert_eq!(check_as(Version::Stu3, &answer.json()), [], "{path}");
        for resource in answer.entries("match") {
            assert_eq!(resource["resourceType"], kind);
            assert!(resource["meta"]["profile"][0].as_str().is_some_and(|p| p.starts_with(GUIDE)), "{resource}");
        }
        let xml = own.get(&format!("{path}&_format=xml")).await;
        assert!(xml.header(header::CONTENT_TYPE).starts_with("application/fhir+xml"));
        assert_eq!(from_xml_as(Version::Stu3, &xml.text()).unwrap()["entry"], answer.json()["entry"], "{path}");
    }
    let all = searches(&id);
    let directives = own.get(&all[2].1).await;
    assert!(directives.entries("match").len() >= 6);
    let included = directives.entries("include");
    for kind in ["Practitioner", "PractitionerRole"] {
        assert!(included.iter().any(|r| r["resourceType"] == kind), "{kind}");
    }
    // As many as R4 tells; the contact is found by the code of its act.
    let in_r4 = r4.get(&format!("/Consent?patient=Patient/{id}&category={SNOMED}%7C129125009")).await;
    assert_eq!(directives.json()["total"], in_r4.json()["total"]);
    let encounters = own.get(&all[1].1).await;
    assert!(!encounters.entries("match").is_empty());
    assert!(encounters.entries("include").iter().all(|r| r["resourceType"] == "Procedure"));
    let none = own.get(&format!("/Encounter?patient=Patient/{id}&reason={SNOMED}%7C1")).await;
    assert_eq!(none.json()["total"], 0);
    // A parameter of R4 is none here.
    let strict = own
        .get_with(&format!("/Consent?patient=Patient/{id}&scope=x"), "prefer".parse().unwrap(), "handling=strict")
        .await;
    assert_eq!(strict.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_reference_can_be_read_in_stu3() {
    fn references(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                into.extend(
                    map.get("reference").and_then(Value::as_str).filter(|r| !r.contains("://")).map(str::to_owned),
                );
                map.values().for_each(|v| references(v, into));
            }
            Value::Array(list) => list.iter().for_each(|v| references(v, into)),
            _ => {}
        }
    }
    let server = server(4).await;
    let own = server.client("provider-test").await.stu3();
    let id = with_plan(&own).await;
    let mut seen = Vec::new();
    for (_, path) in searches(&id) {
        own.get(&path).await.entries("match").iter().for_each(|r| references(r, &mut seen));
    }
    seen.sort();
    seen.dedup();
    assert!(
        seen.iter().any(|r| r.starts_with("Practitioner/")) && seen.iter().any(|r| r.starts_with("PractitionerRole/"))
    );
    for reference in &seen {
        let answer = own.get(&format!("/{reference}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{reference}");
        assert_eq!(check_as(Version::Stu3, &answer.json()), [], "{reference}");
    }
    let patient = own.get(&format!("/Patient/{id}")).await;
    assert_eq!(
        patient.header(header::ETAG),
        format!("W/\"{}\"", patient.json()["meta"]["versionId"].as_str().unwrap())
    );
    assert_eq!(own.get(&format!("/Observation/{id}-capacity")).await.status, StatusCode::NOT_FOUND);
    let history = own.get(&format!("/Consent/{id}-cpr/_history")).await;
    assert_eq!(check_as(Version::Stu3, &history.json()), []);
    let version = history.json()["entry"][0]["resource"]["meta"]["versionId"].as_str().unwrap().to_owned();
    let one = own.get(&format!("/Consent/{id}-cpr/_history/{version}")).await.json();
    assert_eq!(one["category"][0]["coding"][0]["code"], "11291000146105");
}

#[tokio::test]
async fn what_the_server_says_of_itself_in_stu3() {
    let server = server(1).await;
    let own = server.client("provider-test").await.stu3();
    let statement = own.get("/metadata").await.json();
    assert_eq!(statement["fhirVersion"], "3.0.2");
    assert!(statement["implementation"]["url"].as_str().unwrap().ends_with("/fhir/stu3"));
    for path in
        ["/Questionnaire", "/ValueSet", "/Questionnaire/tijdig-pzp-zib2017", "/ValueSet/ACP-EuthanasiaStatement"]
    {
        let answer = own.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(check_as(Version::Stu3, &answer.json()), [], "{path}");
    }
    for set in ["ACP-MedicalPolicyGoal", "ACP-EuthanasiaStatement", "ACP-YesNoYesWithRestrictionsUnknownVS"] {
        let answer = own.get(&format!("/ValueSet/$expand?url={GUIDE}/ValueSet/{set}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{set}: {}", answer.text());
        assert!(answer.json()["expansion"]["total"].as_u64().unwrap() > 2);
    }
    assert_eq!(own.get(&format!("/ValueSet/$expand?url={GUIDE}/ValueSet/niets")).await.status, StatusCode::NOT_FOUND);
    let wrong = own.get_with("/metadata", header::ACCEPT, "application/fhir+json; fhirVersion=4.0").await;
    assert_eq!(wrong.status, StatusCode::NOT_ACCEPTABLE);
    let right = own.get_with("/metadata", header::ACCEPT, "application/fhir+xml; fhirVersion=3.0").await;
    assert_eq!(from_xml_as(Version::Stu3, &right.text()).unwrap()["fhirVersion"], "3.0.2");
}

fn entry(url: &str, resource: &Value) -> Value {
    json!({"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}})
}

fn stu3_patient() -> Value {
    let mut patient = patient(BSN);
    patient["meta"]["profile"][0] = format!("{GUIDE}/StructureDefinition/ACP-Patient").into();
    patient
}

fn directive(code: &str, kind: &str) -> Value {
    json!({
        "resourceType": "Consent", "status": "active", "patient": {"reference": "urn:uuid:patient"}, "dateTime": "2022-11-08",
        "meta": {"profile": [format!("{GUIDE}/StructureDefinition/ACP-TreatmentDirective")]},
        "category": [{"coding": [{"system": SNOMED, "code": "11291000146105"}]}],
        "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "extension": [
            {"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Verification", "extension": [{"url": "Verified", "valueBoolean": true}]},
            {"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Treatment",
                "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": "89666000"}]}}
        ],
        "modifierExtension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-TreatmentPermitted",
            "valueCodeableConcept": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4", "code": code}]}}],
        "except": [{"type": kind}]
    })
}

fn bundle(consent: &Value) -> Value {
    json!({"resourceType": "Bundle", "type": "transaction",
        "entry": [entry("urn:uuid:patient", &stu3_patient()), entry("urn:uuid:cpr", consent)]})
}

async fn hendrik(own: &Fhir<'_>) -> Option<String> {
    let found = own.get(&format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{BSN}")).await;
    found.entries("match").first().map(|p| p["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn building_blocks_in_stu3_are_a_plan_in_both_versions() {
    let server = server(1).await;
    let r4 = server.client("provider-test").await;
    let own = r4.stu3();
    let answer = own.post("", &bundle(&directive("NEE", "deny"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let said = answer.json();
    assert_eq!(check_as(Version::Stu3, &said), []);
    assert!(said["entry"][1]["response"]["location"].as_str().unwrap().contains("/fhir/stu3/Consent/"), "{said}");
    let id = hendrik(&own).await.unwrap();
    assert_eq!(r4.get(&format!("/Consent/{id}-cpr")).await.json()["provision"]["type"], "deny");
    let cpr = own.get(&format!("/Consent/{id}-cpr")).await.json();
    assert_eq!(cpr["modifierExtension"][0]["valueCodeableConcept"]["coding"][0]["code"], "NEE");
    // The same once more, as XML, is the same version.
    let xml = to_xml_as(Version::Stu3, &bundle(&directive("NEE", "deny")));
    let again = own.send("POST", "", "application/fhir+xml; fhirVersion=3.0", xml).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(again.json()["entry"][1]["response"]["status"], "200 OK");
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_words_of_stu3_and_leaves_no_trace() {
    let server = server(1).await;
    let own = server.client("provider-test").await.stu3();
    for (consent, at) in
        [(directive("MISSCHIEN", "deny"), "modifierExtension"), (directive("NEE", "permit"), "except[0].type")]
    {
        let answer = own.post("", &bundle(&consent)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let outcome = answer.json();
        assert_eq!(check_as(Version::Stu3, &outcome), []);
        let place = outcome["issue"][0]["expression"][0].as_str().unwrap();
        assert!(place.ends_with(at), "{place}");
        assert_eq!(hendrik(&own).await, None, "nothing was written");
    }
    // R4 at the door of STU3: its elements are not known here, and a limit without a decision is refused.
    let answer = own.post("", &crate::fhir_in::bundle(BSN)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(hendrik(&own).await, None);
    for (method, path) in [("POST", "/Consent"), ("DELETE", "/Consent/x"), ("PUT", "/Patient/x")] {
        let answer = own.send(method, path, "application/fhir+json", "{}").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
    assert_eq!(own.get("/Ambulance").await.status, StatusCode::NOT_FOUND);
    let wrong = own.send("POST", "", "application/fhir+json; fhirVersion=4.0", "{}").await;
    assert_eq!(wrong.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// One of the standard's STU3 examples, where they are there.
fn example(name: &str) -> Option<Value> {
    let folder = crate::standard::folder("the story of Hendrik Hartman in STU3")?;
    Some(serde_json::from_slice(&std::fs::read(folder.join("stu3/examples").join(name)).unwrap()).unwrap())
}

#[tokio::test]
async fn hendriks_forms_come_out_to_the_letter_in_stu3_and_as_answers_in_r4() {
    let Some(first) = example("QuestionnaireResponse-HendrikHartman-20201001.json") else { return };
    let second = example("QuestionnaireResponse-HendrikHartman-20221108.json").unwrap();
    let server = server(1).await;
    let r4 = server.client("provider-test").await;
    let own = r4.stu3();
    let mut form = first.clone();
    form["source"] = json!({"reference": "urn:uuid:patient"});
    form.as_object_mut().unwrap().remove("author");
    let mut bundle = bundle(&form);
    bundle["entry"][1]["fullUrl"] = "urn:uuid:form".into();
    let answer = own.post("", &bundle).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let id = hendrik(&own).await.unwrap();
    let mut posted = second.clone();
    posted["source"] = json!({"reference": format!("Patient/{id}")});
    let answer = own.post("/QuestionnaireResponse", &posted).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert!(answer.header(header::LOCATION).contains("/fhir/stu3/QuestionnaireResponse/"));

    let search = format!("/QuestionnaireResponse?subject=Patient/{id}&questionnaire={GUIDE}/Questionnaire/ACP-zib2017");
    let forms = own.get(&search).await.entries("match");
    assert_eq!(forms.len(), 2);
    for (told, source) in [(&forms[0], &second), (&forms[1], &first)] {
        assert_eq!(check_as(Version::Stu3, told), []);
        for element in ["item", "authored", "questionnaire", "status"] {
            assert_eq!(told[element], source[element], "{element}");
        }
    }
    let in_r4 = r4.get(&format!("/QuestionnaireResponse?subject=Patient/{id}&questionnaire=https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020")).await;
    let in_r4 = in_r4.entries("match");
    assert_eq!(in_r4.len(), 2);
    for form in &in_r4 {
        assert_eq!(fhir::format::check(form), []);
        assert_eq!(form["item"][0]["linkId"], "963");
    }
    let cpr = own.get(&format!("/Consent/{id}-cpr")).await.json();
    assert_eq!(cpr["modifierExtension"][0]["valueCodeableConcept"]["coding"][0]["code"], "JA_MAAR");
    assert_eq!(
        cpr["except"][0]["extension"][0]["valueString"],
        "Wel op OK met kans op goed herstel, niet thuis of op straat"
    );

    // A form of R4 is told here in the words of this one.
    let own_forms = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await;
    assert_eq!(own_forms.json()["total"], 2);
    // Once more is no third version; a linkId of R4 is none here.
    assert_eq!(own.post("/QuestionnaireResponse", &posted).await.status, StatusCode::OK);
    let mut wrong = posted.clone();
    wrong["item"][0]["linkId"] = "963".into();
    let answer = own.post("/QuestionnaireResponse", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["issue"][0]["expression"][0], "QuestionnaireResponse.item[0].linkId");
}

#[tokio::test]
async fn a_version_of_our_own_is_the_form_on_zib2017() {
    let server = server(4).await;
    let own = server.client("provider-test").await.stu3();
    let id = with_plan(&own).await;
    let forms = own.get(&format!("/QuestionnaireResponse?patient=Patient/{id}")).await.entries("match");
    assert!(!forms.is_empty());
    for form in forms {
        assert_eq!(check_as(Version::Stu3, &form), []);
        assert!(
            form["questionnaire"]["reference"]
                .as_str()
                .unwrap()
                .starts_with(&format!("{GUIDE}/Questionnaire/ACP-zib2017"))
        );
    }
}
