//! The plan as STU3 building blocks: those of R4 in STU3's words, and legal capacity in the Patient.

use super::down;
use crate::r4::{ResourceType, View, project};
use serde_json::{Value, json};

/// The extension in the Patient that tells legal capacity (the guide's rc2).
pub const CAPACITY: &str =
    "https://api.iknl.nl/docs/pzp/stu3/StructureDefinition/ext-Patient.LegallyCapableMedicalTreatmentDecisions";

/// Every resource of a type that counts now, as [`project::resources`].
pub fn resources(view: &View<'_>, kind: ResourceType) -> Vec<Value> {
    project::resources(view, kind).into_iter().filter_map(|resource| told(view, resource)).collect()
}

/// The resource at a place, as [`project::resource`].
pub fn resource(view: &View<'_>, kind: ResourceType, local: &str) -> Option<Value> {
    told(view, project::resource(view, kind, local)?)
}

/// The earlier statements at a place, as [`project::filed`].
pub fn filed(view: &View<'_>, local: &str) -> Vec<Value> {
    project::filed(view, local).into_iter().filter_map(|resource| told(view, resource)).collect()
}

fn told(view: &View<'_>, resource: Value) -> Option<Value> {
    let mut told = down(resource)?;
    if told["resourceType"] == "Patient" {
        tell_capacity(view, &mut told);
    }
    Some(told)
}

/// Capacity changes with the plan and not with the identity: the version of this Patient counts both.
fn tell_capacity(view: &View<'_>, patient: &mut Value) {
    let Some(observed) = project::resource(view, ResourceType::Observation, "capacity") else { return };
    let mut parts = Vec::new();
    if let Some(capable) = observed["valueBoolean"].as_bool() {
        parts.push(json!({"url": "legallyCapable", "valueBoolean": capable}));
    }
    if let Some(comment) = observed.pointer("/note/0/text").and_then(Value::as_str) {
        parts.push(json!({"url": "legallyCapableComment", "valueString": comment}));
    }
    if parts.is_empty() {
        return;
    }
    let extension = json!({"url": CAPACITY, "extension": parts});
    match patient["extension"].as_array_mut() {
        Some(list) => list.push(extension),
        None => patient["extension"] = json!([extension]),
    }
    let text = |of: &Value, name: &str| of["meta"][name].as_str().unwrap_or_default().to_owned();
    let version = format!("{}-{}", text(patient, "versionId"), text(&observed, "versionId"));
    let latest = text(patient, "lastUpdated").max(text(&observed, "lastUpdated"));
    patient["meta"]["versionId"] = version.into();
    patient["meta"]["lastUpdated"] = latest.into();
}
