//! A resource of R4 in the words of STU3.

use super::{consent, form, names, references, shift};
use crate::format::Version;
use crate::r4::ResourceType;
use domain::code::system;
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// SNOMED code of the observation of legal capacity, which STU3 tells in the Patient.
pub(super) const CAPACITY: &str = "665671000146101";
/// The role of a contact person.
pub(super) const CONTACT_ROLE: &str = "http://fhir.nl/fhir/StructureDefinition/nl-core-relatedperson-role";

/// A resource of R4 as STU3 tells it; `None` for what STU3 has no resource for: legal capacity stands in the Patient.
pub fn down(resource: Value) -> Option<Value> {
    let Value::Object(mut resource) = resource else { return None };
    let kind: ResourceType = resource.get("resourceType").and_then(Value::as_str)?.parse().ok()?;
    if kind == ResourceType::Observation && is_capacity(&resource) {
        return None;
    }
    let own = match kind {
        ResourceType::Consent => consent::down(&mut resource),
        ResourceType::Encounter => encounter(&mut resource),
        ResourceType::RelatedPerson => contact_person(&mut resource),
        ResourceType::Procedure => procedure(&resource),
        ResourceType::Observation => observation(&mut resource),
        ResourceType::CommunicationRequest => request(&mut resource),
        ResourceType::QuestionnaireResponse => form::response_down(&mut resource),
        ResourceType::Questionnaire => form::questionnaire_down(&mut resource),
        _ => Object::new(),
    };
    state(&mut resource, kind);
    let mut out = shift::shift(resource, (Version::R4, Version::Stu3), &names::element_down, &mut Vec::new());
    out.extend(own);
    let mut out = Value::Object(out);
    references::down(&mut out);
    Some(out)
}

fn state(resource: &mut Object, kind: ResourceType) {
    let element = if kind == ResourceType::Goal { "lifecycleStatus" } else { "status" };
    if let Some(Value::String(state)) = resource.get_mut(element) {
        *state = names::state_down(kind.as_str(), state).to_owned();
    }
}

fn is_capacity(resource: &Object) -> bool {
    let codings = resource.get("code").and_then(|c| c.get("coding")).and_then(Value::as_array);
    codings.is_some_and(|list| list.iter().any(|c| c["code"] == CAPACITY && c["system"] == system::SNOMED))
}

/// The act of the conversation is its 'diagnosis'; the profile asks for a subject also where the patient was not there, who then
/// is named without a reference (decision 35).
fn encounter(resource: &mut Object) -> Object {
    let mut out = Object::new();
    let mut reasons = Vec::new();
    let mut acts = Vec::new();
    if let Some(Value::Array(list)) = resource.remove("reasonReference") {
        for mut act in list {
            let beside = act.as_object_mut().and_then(|a| a.remove("extension"));
            reasons.extend(beside.and_then(|e| Some(e.pointer("/0/valueString")?.as_str()?.to_owned())));
            acts.push(json!({"condition": act}));
        }
    }
    if !acts.is_empty() {
        out.insert("diagnosis".into(), acts.into());
    }
    if !reasons.is_empty() {
        out.insert("reason".into(), reasons.into_iter().map(|text| json!({"text": text})).collect());
    }
    if !resource.contains_key("subject") {
        out.insert("subject".into(), json!({"display": "Patiënt, niet bij dit gesprek"}));
    }
    out
}

/// The profile asks for a category; a conversation is a consultation, as in the guide's examples.
fn procedure(resource: &Object) -> Object {
    if resource.contains_key("category") {
        return Object::new();
    }
    let consultation =
        json!({"coding": [{"system": system::SNOMED, "code": "11429006", "display": "Consultation (procedure)"}]});
    Object::from_iter([("category".to_owned(), consultation)])
}

/// STU3 has one relationship; roles stand in an extension.
fn contact_person(resource: &mut Object) -> Object {
    let mut out = Object::new();
    let Some(Value::Array(list)) = resource.remove("relationship") else { return out };
    let is_role = |c: &Value| {
        let system = c.pointer("/coding/0/system").and_then(Value::as_str);
        matches!(system, Some(system::CONTACT_ROLE | system::CONTACT_ROLE_ZIB | system::SNOMED))
    };
    let (roles, relations): (Vec<Value>, Vec<Value>) = list.into_iter().partition(is_role);
    out.extend(relations.into_iter().next().map(|relation| ("relationship".to_owned(), relation)));
    if !roles.is_empty() {
        let role = |role: Value| json!({"url": CONTACT_ROLE, "valueCodeableConcept": role});
        out.insert("extension".into(), roles.into_iter().map(role).collect());
    }
    out
}

/// Notes are one comment.
fn observation(resource: &mut Object) -> Object {
    let Some(Value::Array(notes)) = resource.remove("note") else { return Object::new() };
    let texts: Vec<&str> = notes.iter().filter_map(|n| n["text"].as_str()).collect();
    Object::from_iter([("comment".to_owned(), texts.join("\n").into())])
}

fn request(resource: &mut Object) -> Object {
    let requester = resource.remove("requester").map(|agent| ("requester".to_owned(), json!({"agent": agent})));
    requester.into_iter().collect()
}
