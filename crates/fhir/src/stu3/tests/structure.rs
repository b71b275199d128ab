//! What we tell against the guide's own profiles: fixed patterns, cardinalities and required codes, as far as the definitions
//! (differentials, for there is no engine for STU3 at hand) say them.

use super::examples::{examples, receive};
use crate::r4::ResourceType;
use crate::r4::receive::testing::{recorded, transaction};
use crate::r4::standard_files::texts;
use crate::stu3::project;
use serde_json::Value;

fn nodes<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    match (value, path) {
        (Value::Array(list), _) => list.iter().flat_map(|v| nodes(v, path)).collect(),
        (_, []) => vec![value],
        (Value::Object(map), [name, rest @ ..]) => match name.strip_suffix("[x]") {
            Some(choice) => {
                let typed = |k: &&String| k.strip_prefix(choice).is_some_and(|r| r.starts_with(char::is_uppercase));
                map.iter().filter(|(k, _)| typed(k)).flat_map(|(_, v)| nodes(v, rest)).collect()
            }
            None => map.get(*name).map(|v| nodes(v, rest)).unwrap_or_default(),
        },
        _ => Vec::new(),
    }
}

fn codings(concept: &Value) -> Vec<(&str, &str)> {
    concept["coding"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|c| (c["system"].as_str().unwrap_or_default(), c["code"].as_str().unwrap_or_default()))
        .collect()
}

/// What is not as one element of a profile asks.
fn faults(resource: &Value, element: &Value, sets: &[Value]) -> Vec<String> {
    let id = element["id"].as_str().unwrap();
    // Slices of extensions are told apart by their URL, which the definitions of the guide leave to the base profiles.
    if id.contains(':') {
        return Vec::new();
    }
    let path: Vec<&str> = id.split('.').skip(1).collect();
    let found = nodes(resource, &path);
    let mut faults = Vec::new();
    let around = nodes(resource, &path[..path.len().saturating_sub(1)]);
    if element["min"].as_u64().is_some_and(|min| min > 0) && !around.is_empty() && found.is_empty() {
        faults.push(format!("{id} is not there"));
    }
    if let Some(pattern) = element.get("patternCodeableConcept") {
        let wanted = codings(pattern);
        if found.iter().any(|f| !wanted.iter().all(|w| codings(f).contains(w))) {
            faults.push(format!("{id} has not its pattern"));
        }
    }
    if element["binding"]["strength"] == "required" {
        let url = &element["binding"]["valueSetReference"]["reference"];
        if let Some(set) = sets.iter().find(|s| s["url"] == *url) {
            let members: Vec<(&str, &str)> = set["compose"]["include"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|i| {
                    let system = i["system"].as_str().unwrap_or_default();
                    i["concept"]
                        .as_array()
                        .map(Vec::as_slice)
                        .unwrap_or_default()
                        .iter()
                        .map(move |c| (system, c["code"].as_str().unwrap()))
                })
                .collect();
            if found.iter().any(|f| f.get("coding").is_some() && !codings(f).iter().any(|c| members.contains(c))) {
                faults.push(format!("{id} has a code outside {url}"));
            }
        }
    }
    faults
}

#[test]
fn what_we_tell_is_as_the_profiles_ask() {
    let Some(examples) = examples() else { return };
    let definitions: Vec<Value> = texts("stu3/definitions", "the guide's STU3 profiles")
        .unwrap()
        .iter()
        .map(|t| serde_json::from_str(t).unwrap())
        .collect();
    let sets: Vec<Value> = definitions.iter().filter(|d| d["resourceType"] == "ValueSet").cloned().collect();
    let (record, _) = recorded(&receive(&transaction(&examples)).unwrap());
    let told: Vec<Value> =
        record.with(|view| ResourceType::ALL.iter().flat_map(|kind| project::resources(view, *kind)).collect());
    let mut checked = 0;
    for resource in &told {
        let profile = &resource["meta"]["profile"][0];
        let definition =
            definitions.iter().find(|d| d["url"] == *profile).unwrap_or_else(|| panic!("{profile} is not the guide's"));
        assert_eq!(definition["type"], resource["resourceType"]);
        for element in definition["differential"]["element"].as_array().unwrap() {
            assert_eq!(faults(resource, element, &sets), Vec::<String>::new(), "{resource:#}");
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
}

/// The slices of the directive that the guide makes mandatory, by their URLs.
#[test]
fn a_directive_has_what_its_profile_makes_mandatory() {
    let Some(examples) = examples() else { return };
    let (record, _) = recorded(&receive(&transaction(&examples)).unwrap());
    let told = record.with(|view| project::resources(view, ResourceType::Consent));
    let directives: Vec<&Value> =
        told.iter().filter(|c| c["category"][0]["coding"][0]["code"] == "11291000146105").collect();
    assert!(directives.len() >= 8);
    for directive in directives {
        let url = |list: &str, end: &str| {
            directive[list].as_array().unwrap().iter().filter(|e| e["url"].as_str().unwrap().ends_with(end)).count()
        };
        assert_eq!(url("extension", "-Verification"), 1);
        assert_eq!(url("extension", "-Treatment"), 1);
        assert_eq!(url("modifierExtension", "-TreatmentPermitted"), 1);
    }
}
