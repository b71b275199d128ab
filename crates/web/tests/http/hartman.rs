//! The story of Hendrik Hartman: both filled-in forms and the guide's example resources, in and out again.

use crate::fhir_in::{BSN, patient};
use crate::fhir_out::seven;
use crate::harness::{Fhir, server};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The standard's examples, where they are there.
fn examples() -> Option<PathBuf> {
    Some(crate::standard::folder("the story of Hendrik Hartman")?.join("examples"))
}

fn read(folder: &std::path::Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

fn form_bundle(form: &Value) -> Value {
    let mut form = form.clone();
    form["subject"]["reference"] = "urn:uuid:patient".into();
    form.as_object_mut().unwrap().remove("author");
    form.as_object_mut().unwrap().remove("source");
    json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": "urn:uuid:patient", "resource": patient(BSN), "request": {"method": "POST", "url": "Patient", "ifNoneExist": format!("identifier=http://fhir.nl/fhir/NamingSystem/bsn|{BSN}")}},
        {"fullUrl": "urn:uuid:form", "resource": form, "request": {"method": "POST", "url": "QuestionnaireResponse"}},
    ]})
}

async fn hendrik(own: &Fhir<'_>) -> String {
    let found = own.get(&format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{BSN}")).await;
    found.entries("match")[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn both_forms_give_two_versions_of_one_plan_and_come_out_to_the_letter() {
    let Some(folder) = examples() else { return };
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let first = read(&folder, "QuestionnaireResponse-HendrikHartman-20201001.json");
    let second = read(&folder, "QuestionnaireResponse-HendrikHartman-20221108.json");
    let answer = own.post("", &form_bundle(&first)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let id = hendrik(&own).await;
    // The second is posted by itself, for a patient who is here now.
    let mut posted = second.clone();
    posted["subject"]["reference"] = format!("Patient/{id}").into();
    let answer = own.post("/QuestionnaireResponse", &posted).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let forms = own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match");
    assert_eq!(forms.len(), 2);
    assert_eq!(forms[0]["item"], second["item"]);
    assert_eq!(forms[1]["item"], first["item"]);
    for (out, source) in [(&forms[0], &second), (&forms[1], &first)] {
        assert_eq!(out["authored"], source["authored"]);
        assert_eq!(out["questionnaire"], source["questionnaire"]);
    }
    let cpr = own.get(&format!("/Consent/{id}-cpr")).await.json();
    assert!(cpr["provision"].get("type").is_none());
    assert_eq!(
        cpr["modifierExtension"][0]["valueString"],
        "Wel op OK met kans op goed herstel, niet thuis of op straat"
    );
    let goal = own.get(&format!("/Goal/{id}-goal")).await.json();
    assert_eq!(goal["description"]["coding"][0]["code"], "713148004");
    validated(&own, &id).await;
    // The same form once more makes no third version.
    let again = own.post("/QuestionnaireResponse", &posted).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(own.get(&format!("/QuestionnaireResponse?subject=Patient/{id}")).await.entries("match").len(), 2);
}

#[tokio::test]
async fn the_guides_resources_come_out_as_they_went_in() {
    let Some(folder) = examples() else { return };
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let mut sources = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if !name.starts_with("Questionnaire") {
            sources.push(read(&folder, &name));
        }
    }
    sources.sort_by_key(|r| r["resourceType"] != "Patient");
    let entries: Vec<Value> = sources
        .iter()
        .map(|r| {
            let (kind, id) = (r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap());
            json!({"fullUrl": format!("https://voorbeeld.test/fhir/{kind}/{id}"), "resource": r, "request": {"method": "POST", "url": kind}})
        })
        .collect();
    let answer = own.post("", &json!({"resourceType": "Bundle", "type": "transaction", "entry": entries})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let id = hendrik(&own).await;
    let mut out = Vec::new();
    for (_, path) in seven(&id) {
        out.extend(own.get(&path).await.entries("match"));
    }
    for source in sources.iter().filter(|r| {
        !matches!(
            r["resourceType"].as_str(),
            Some("Patient" | "Practitioner" | "PractitionerRole" | "RelatedPerson" | "Encounter" | "Device")
        )
    }) {
        let same = |r: &&Value| r["resourceType"] == source["resourceType"] && r["identifier"] == source["identifier"];
        let found = out.iter().find(same);
        if source["id"].as_str().unwrap().contains("ICU-1") {
            // Superseded by a newer directive in the same delivery: reachable by _history (decision 9).
            assert!(found.is_none());
            let history = own.get(&format!("/Consent/{id}-icu/_history")).await.json();
            assert!(
                history["entry"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|e| e["resource"]["identifier"] == source["identifier"])
            );
            continue;
        }
        let found = found.unwrap_or_else(|| panic!("not found: {}", source["id"]));
        for element in [
            "status",
            "dateTime",
            "effectiveDateTime",
            "statusDate",
            "authoredOn",
            "lifecycleStatus",
            "note",
            "valueBoolean",
            "valueString",
            "timingPeriod",
            "modifierExtension",
            "sourceAttachment",
        ] {
            assert_eq!(found.get(element), source.get(element), "{} {element}", source["id"]);
        }
    }
    let icu = own.get(&format!("/Consent/{id}-icu")).await.json();
    assert_eq!(icu["provision"]["actor"].as_array().unwrap().len(), 3);
    validated(&own, &id).await;
}

/// The form of 2022 as a system sent it before rc3: other linkIds, other codes, coded yes and no, a time with a date.
fn older(form: &Value) -> Value {
    let mut form = form.clone();
    form["questionnaire"] = "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc2".into();
    make_older(&mut form["item"]);
    form
}

fn make_older(items: &mut Value) {
    for item in items.as_array_mut().unwrap() {
        let link = item["linkId"].as_str().unwrap().to_owned();
        match link.as_str() {
            "1651" => item["linkId"] = "1406".into(),
            "1649" => item["linkId"] = "1430".into(),
            _ => {}
        }
        for answer in item.get_mut("answer").and_then(Value::as_array_mut).into_iter().flatten() {
            match link.as_str() {
                "1651" => *answer = json!({"valueCoding": {"code": "1", "display": "Ja"}}),
                "999" => answer["valueCoding"]["code"] = "225353007".into(),
                "967" => *answer = json!({"valueDateTime": "1961-01-01T12:00:00+01:00"}),
                "82" => *answer = json!({"valueString": "Patiënt"}),
                _ => {}
            }
            answer.get_mut("item").into_iter().for_each(make_older);
        }
        item.get_mut("item").into_iter().for_each(make_older);
    }
}

/// What the seven searches find, without what differs from patient to patient.
async fn told(own: &Fhir<'_>, id: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for (_, path) in seven(id) {
        for mode in ["match", "include"] {
            for mut resource in own.get(&path).await.entries(mode) {
                if resource["resourceType"] == "Patient" {
                    continue;
                }
                resource["meta"].as_object_mut().unwrap().remove("lastUpdated");
                all.push(serde_json::from_str(&resource.to_string().replace(id, "patient")).unwrap());
            }
        }
    }
    all
}

#[tokio::test]
async fn an_older_form_says_the_same_and_comes_out_as_it_went_in() {
    const OTHER: &str = "999911338";
    let Some(folder) = examples() else { return };
    let server = server(1).await;
    let own = server.client("provider-test").await;
    let now = read(&folder, "QuestionnaireResponse-HendrikHartman-20221108.json");
    let then = older(&now);
    assert_ne!(then["item"], now["item"]);
    let mut ids = Vec::new();
    for (form, bsn) in [(&now, BSN), (&then, OTHER)] {
        let mut bundle = form_bundle(form);
        bundle["entry"][0]["resource"] = patient(bsn);
        bundle["entry"][0]["request"]["ifNoneExist"] =
            format!("identifier=http://fhir.nl/fhir/NamingSystem/bsn|{bsn}").into();
        let answer = own.post("", &bundle).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        // What was read differently is said to who sent it.
        let said = answer.text();
        for older in ["1406", "1430", "225353007"] {
            assert_eq!(said.contains(older), bsn == OTHER, "{older}: {said}");
        }
        let found = own.get(&format!("/Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|{bsn}")).await;
        ids.push(found.entries("match")[0]["id"].as_str().unwrap().to_owned());
    }
    let (new, old) = (told(&own, &ids[0]).await, told(&own, &ids[1]).await);
    assert!(new.len() > 15, "{}", new.len());
    assert_eq!(new.len(), old.len());
    for (new, old) in new.iter().zip(&old) {
        assert_eq!(new.to_string(), old.to_string());
    }
    let forms = own.get(&format!("/QuestionnaireResponse?subject=Patient/{}", ids[1])).await.entries("match");
    assert_eq!(forms[0]["item"], then["item"]);
    validated(&own, &ids[1]).await;
}

/// Everything that the searches give passes the profiles.
async fn validated(own: &Fhir<'_>, id: &str) {
    let mut paths: Vec<String> = seven(id).into_iter().map(|(_, path)| path).collect();
    paths.push(format!("/QuestionnaireResponse?subject=Patient/{id}"));
    paths.push(format!("/Patient?_id={id}"));
    for kind in ["RelatedPerson", "Encounter"] {
        paths.push(format!("/{kind}?patient=Patient/{id}"));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let mut keep = |resource: &Value| {
        let name = format!("{}-{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
        std::fs::write(folder.path().join(format!("{name}.json")), resource.to_string()).unwrap();
        seen.insert(name);
    };
    for path in &paths {
        let answer = own.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        for mode in ["match", "include"] {
            answer.entries(mode).iter().for_each(&mut keep);
        }
    }
    assert!(seen.len() > 10);
    assert_eq!(crate::standard::validate(folder.path()).unwrap_or(seen.len()), seen.len());
}
