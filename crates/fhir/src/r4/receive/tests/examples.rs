//! The guide's own example resources as one delivery: what goes in comes out (decision 36).

use super::super::testing::{receive, recorded, transaction};
use crate::r4::standard_files::texts;
use crate::r4::{ResourceType, project};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Differences that are meant, each with its reason.
const MEANT: [(&str, &str, &str); 4] = [
    (
        "Patient",
        "contact",
        "a copy of the RelatedPerson; who reads an identity need not learn who speaks for the patient",
    ),
    (
        "Consent/ACP-TreatmentDirective-AdmissionToICU-1-Pat1",
        "status",
        "a newer one counts: an earlier statement is never told as in force (decision 9)",
    ),
    ("CommunicationRequest", "category", "the text beside the fixed code is the guide's"),
    ("PractitionerRole", "specialty", "the version of the code system is kept with the source"),
];

fn examples() -> Option<Vec<Value>> {
    let all: Vec<Value> = texts("examples", "the round trip of the guide's examples")?
        .iter()
        .map(|t| serde_json::from_str(t).unwrap())
        .collect();
    Some(all.into_iter().filter(|r| !r["resourceType"].as_str().unwrap().starts_with("Questionnaire")).collect())
}

/// A resource without what differs by nature: ids, times, narrative, displays, and with references put over.
fn plain(value: &Value, root: bool, names: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(map) => {
            let dropped = |key: &str| match key {
                "id" | "text" | "meta" if root => true,
                "display" => true,
                "type" => map.get("reference").is_some_and(Value::is_string),
                _ => false,
            };
            let mut out = Map::new();
            for (key, value) in map.iter().filter(|(k, _)| !dropped(k)) {
                let value = match (key.as_str(), value) {
                    ("reference", Value::String(to)) => names.get(to).cloned().unwrap_or_else(|| to.clone()).into(),
                    _ => plain(value, false, names),
                };
                out.insert(key.clone(), value);
            }
            Value::Object(out)
        }
        Value::Array(list) => list.iter().map(|v| plain(v, false, names)).collect(),
        other => other.clone(),
    }
}

fn differing(ours: &Value, theirs: &Value) -> Vec<String> {
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut all = [keys(ours), keys(theirs)].concat();
    all.sort();
    all.dedup();
    all.retain(|k| ours.get(k) != theirs.get(k));
    all
}

#[test]
fn the_guides_examples_come_out_as_they_went_in() {
    let Some(examples) = examples() else { return };
    let delivery = receive(&transaction(&examples)).unwrap();
    let (record, applied) = recorded(&delivery);
    let places = delivery.locations(&applied, 1);
    assert!(places.iter().all(Option::is_some), "each has its place: {places:?}");

    let names: HashMap<String, String> = examples
        .iter()
        .zip(&places)
        .map(|(r, place)| {
            let (kind, local) = place.as_ref().unwrap();
            let id = crate::r4::id::resource_id(&record.id, local);
            (format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap()), format!("{kind}/{id}"))
        })
        .collect();

    let (mut unexpected, mut met) = (Vec::new(), Vec::new());
    for (example, place) in examples.iter().zip(&places) {
        let (kind, local) = place.as_ref().unwrap();
        let name = format!("{kind}/{}", example["id"].as_str().unwrap());
        let is_older = name.ends_with("AdmissionToICU-1-Pat1");
        let told = record.with(|view| {
            if is_older { project::filed(view, local).pop() } else { project::resource(view, *kind, local) }
        });
        let told = told.unwrap_or_else(|| panic!("{name} is not told"));
        assert_eq!(told["meta"]["profile"], example["meta"]["profile"], "{name}");
        for key in differing(&plain(&told, true, &names), &plain(example, true, &names)) {
            match MEANT.iter().position(|(of, element, _)| (*of == name || *of == kind.as_str()) && *element == key) {
                Some(i) => met.push(i),
                None => unexpected.push(format!("{name}.{key}: {} instead of {}", told[&key], example[&key])),
            }
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    met.sort_unstable();
    assert_eq!(met, (0..MEANT.len()).collect::<Vec<_>>(), "nothing is excused that is not so");
}

#[test]
fn the_older_directive_is_history_and_the_newer_counts() {
    let Some(examples) = examples() else { return };
    let (record, _) = recorded(&receive(&transaction(&examples)).unwrap());
    let icu: Vec<Value> = record.with(|view| {
        project::resources(view, ResourceType::Consent)
            .into_iter()
            .filter(|c| c["id"].as_str().unwrap().ends_with("-icu"))
            .collect()
    });
    assert_eq!(icu.len(), 1);
    assert_eq!((&icu[0]["dateTime"], &icu[0]["status"]), (&json!("2022-11-08"), &json!("active")));
    let filed = record.with(|view| project::filed(view, "icu"));
    assert_eq!(filed.len(), 1);
    assert_eq!((&filed[0]["dateTime"], &filed[0]["status"]), (&json!("2020-10-01"), &json!("inactive")));
    assert_eq!(filed[0]["meta"]["versionId"], "1-1");
    assert_eq!(filed[0]["id"], icu[0]["id"]);
}

#[test]
fn what_of_the_examples_has_no_place_is_named() {
    let Some(examples) = examples() else { return };
    let delivery = receive(&transaction(&examples)).unwrap();
    let mut kept: Vec<String> =
        delivery.kept.iter().map(|p| p.path.split_once(".resource").map_or("", |(_, rest)| rest).to_owned()).collect();
    kept.sort();
    assert_eq!(kept, [".category[0].text", ".specialty[0].coding[0].version"]);
    assert!(delivery.kept.iter().all(|p| !p.is_error()));
}
