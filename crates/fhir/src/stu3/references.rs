//! What is the same all through a resource: references to professionals, and URLs.
//!
//! STU3 cannot refer to a PractitionerRole: it refers to the Practitioner, with the role in an extension beside it.

use super::names;
use crate::r4::id::split_id;
use serde_json::{Map, Value, json};

/// The extension with the role.
const ROLE: &str = "http://nictiz.nl/fhir/StructureDefinition/practitionerrole-reference";

/// Puts references and URLs of R4 into the words of STU3.
pub(super) fn down(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(down),
        Value::Object(map) => {
            if map.get("reference").is_some_and(Value::is_string) {
                map.remove("type");
                refer_to_person(map);
                return;
            }
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &mut *value) {
                    ("url" | "system", Value::String(text)) => rename(text, names::url_down),
                    ("profile", Value::Array(list)) => list.iter_mut().for_each(|v| {
                        if let Value::String(text) = v {
                            rename(text, names::url_down);
                        }
                    }),
                    _ => down(value),
                }
            }
        }
        _ => {}
    }
}

fn rename(text: &mut String, to: fn(&str) -> Option<String>) {
    if let Some(renamed) = to(text) {
        *text = renamed;
    }
}

fn refer_to_person(map: &mut Map<String, Value>) {
    let Some(id) = map.get("reference").and_then(Value::as_str).and_then(|r| r.strip_prefix("PractitionerRole/"))
    else {
        return;
    };
    let person = split_id(id).map(|_| format!("Practitioner/{id}"));
    let mut role = Map::from_iter([("reference".to_owned(), format!("PractitionerRole/{id}").into())]);
    role.extend(map.get("display").map(|d| ("display".to_owned(), d.clone())));
    match person {
        Some(person) => map.insert("reference".into(), person.into()),
        // Of another server's role it is not known who has it.
        None => map.remove("reference"),
    };
    let beside = json!({"url": ROLE, "valueReference": role});
    match map.get_mut("extension").and_then(Value::as_array_mut) {
        Some(list) => list.push(beside),
        None => {
            map.insert("extension".into(), json!([beside]));
        }
    }
}

/// Puts references and URLs of STU3 into the words of R4.
pub(super) fn up(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(up),
        Value::Object(map) => {
            refer_to_role(map);
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &mut *value) {
                    ("url" | "system", Value::String(text)) => rename(text, names::url_up),
                    ("profile", Value::Array(list)) => list.iter_mut().for_each(|v| {
                        if let Value::String(text) = v {
                            rename(text, names::url_up);
                        }
                    }),
                    _ => up(value),
                }
            }
        }
        _ => {}
    }
}

fn refer_to_role(map: &mut Map<String, Value>) {
    let Some(list) = map.get_mut("extension").and_then(Value::as_array_mut) else { return };
    let is_role = |e: &Value| e["url"] == ROLE && e.pointer("/valueReference/reference").is_some_and(Value::is_string);
    let Some(at) = list.iter().position(is_role) else { return };
    let role = list.remove(at)["valueReference"]["reference"].take();
    if list.is_empty() {
        map.remove("extension");
    }
    map.insert("reference".into(), role);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ident::PatientId;

    #[test]
    fn a_role_stands_beside_the_person_and_comes_back() {
        let id = format!("{}-z1", PatientId::from_bits(7));
        let r4 = json!({"performer": [{"reference": format!("PractitionerRole/{id}"), "type": "PractitionerRole", "display": "van Huissen"}]});
        let mut stu3 = r4.clone();
        down(&mut stu3);
        let expected = json!({"performer": [{"reference": format!("Practitioner/{id}"), "display": "van Huissen", "extension": [
            {"url": ROLE, "valueReference": {"reference": format!("PractitionerRole/{id}"), "display": "van Huissen"}}
        ]}]});
        assert_eq!(stu3, expected);
        up(&mut stu3);
        assert_eq!(stu3["performer"][0]["reference"], r4["performer"][0]["reference"]);
        assert!(stu3["performer"][0].get("extension").is_none());
    }

    #[test]
    fn of_a_strangers_role_the_person_is_not_guessed() {
        let mut author = json!({"reference": "PractitionerRole/abc", "display": "x"});
        down(&mut author);
        assert!(author.get("reference").is_none());
        assert_eq!(author["extension"][0]["valueReference"]["reference"], "PractitionerRole/abc");
    }

    #[test]
    fn urls_are_those_of_the_version() {
        let mut patient = json!({"meta": {"profile": ["https://api.iknl.nl/docs/pzp/r4/StructureDefinition/ACP-Patient"]},
            "address": [{"extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-AddressInformation.AddressType"}]}]});
        let before = patient.clone();
        down(&mut patient);
        assert_eq!(patient["meta"]["profile"][0], "https://api.iknl.nl/docs/pzp/stu3/StructureDefinition/ACP-Patient");
        up(&mut patient);
        assert_eq!(patient, before);
    }
}
