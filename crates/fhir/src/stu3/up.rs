//! A resource of STU3 in the words of R4, with what could not be put over.

use super::consent;
use super::down::CONTACT_ROLE;
use super::{form, names, references, shift};
use crate::format::{IssueType, Kind, Problem, Severity, Version};
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// Puts one resource over, and keeps what there is to say of it; paths are those of STU3.
pub(super) struct Up<'a> {
    /// Where the resource stands.
    pub path: String,
    /// What is wrong, and what is kept beside.
    pub problems: Vec<Problem>,
    /// Where something of the form went: path in R4, path in STU3.
    pub moved: Vec<(String, String)>,
    /// Finds a contact person of the delivery by name.
    people: &'a dyn Fn(&str) -> Option<Value>,
}

impl<'a> Up<'a> {
    /// Begins at a place, among these people.
    pub fn at(path: &str, people: &'a dyn Fn(&str) -> Option<Value>) -> Self {
        Self { path: path.to_owned(), problems: Vec::new(), moved: Vec::new(), people }
    }

    /// The contact person that a VerifiedWith names.
    pub fn person(&self, text: &str) -> Option<Value> {
        (self.people)(consent::name_in(text))
    }

    /// Refuses the delivery for this.
    pub fn refuse(&mut self, kind: Kind, code: IssueType, path: &str, text: &str) {
        self.problems
            .push(Problem { kind, ..Problem::new(Severity::Error, code, format!("{}.{path}", self.path), text) });
    }

    /// Names what has no place in the plan (decision 31).
    pub fn left(&mut self, path: &str) {
        self.note(path, "Dit element heeft geen plaats in het plan. Het is bewaard bij het bericht.");
    }

    /// Says how something was read.
    pub fn note(&mut self, path: &str, text: &str) {
        let path = format!("{}.{path}", self.path);
        if !self.problems.iter().any(|p| p.path == path && p.text == text) {
            self.problems.push(Problem::new(Severity::Information, IssueType::Informational, path, text));
        }
    }

    /// Puts a resource over.
    pub fn resource(&mut self, resource: Value) -> Value {
        let Value::Object(mut resource) = resource else { return resource };
        let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
        let whole = &mut Value::Object(std::mem::take(&mut resource));
        references::up(whole);
        if let Value::Object(map) = whole {
            resource = std::mem::take(map);
        }
        let contained = resource.remove("contained");
        let own = match kind.as_str() {
            "Consent" => consent::up(&mut resource, self),
            "Encounter" => encounter(&mut resource),
            "RelatedPerson" => contact_person(&mut resource),
            "Procedure" => procedure(&mut resource),
            "Observation" => observation(&mut resource),
            "CommunicationRequest" => self.request(&mut resource),
            "DeviceUseStatement" => device_use(&mut resource),
            "QuestionnaireResponse" => form::response_up(&mut resource, self),
            _ => Object::new(),
        };
        if let Some(Value::String(state)) = resource.get_mut("status") {
            *state = names::state_up(&kind, state).to_owned();
        }
        let mut left = Vec::new();
        let mut out = shift::shift(resource, (Version::Stu3, Version::R4), &names::element_up, &mut left);
        for path in &left {
            self.left(path);
        }
        out.extend(own);
        if let Some(Value::Array(list)) = contained {
            let inner = list.into_iter().map(|inner| self.resource(inner)).collect();
            out.insert("contained".into(), inner);
        }
        Value::Object(out)
    }

    fn request(&mut self, resource: &mut Object) -> Object {
        let Some(Value::Object(mut requester)) = resource.remove("requester") else { return Object::new() };
        if requester.contains_key("onBehalfOf") {
            self.left("requester.onBehalfOf");
        }
        requester.remove("agent").map(|agent| ("requester".to_owned(), agent)).into_iter().collect()
    }
}

fn encounter(resource: &mut Object) -> Object {
    let mut out = Object::new();
    let comment = resource.get("reason").and_then(|r| r.pointer("/0/text")).and_then(Value::as_str).map(str::to_owned);
    if comment.is_some() {
        resource.remove("reason");
    }
    if let Some(Value::Array(list)) = resource.remove("diagnosis") {
        let mut acts: Vec<Value> =
            list.into_iter().filter_map(|mut d| d.as_object_mut()?.remove("condition")).collect();
        if let (Some(first), Some(text)) = (acts.first_mut(), comment) {
            first["extension"] =
                json!([{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-Comment", "valueString": text}]);
        }
        if !acts.is_empty() {
            out.insert("reasonReference".into(), acts.into());
        }
    }
    // Who is named without a reference was not there.
    if resource.get("subject").is_some_and(|s| s.get("reference").is_none() && s.get("identifier").is_none()) {
        resource.remove("subject");
    }
    if !resource.contains_key("class") {
        out.insert(
            "class".into(),
            json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}),
        );
    }
    out
}

fn procedure(resource: &mut Object) -> Object {
    let consultation = |c: &Value| c.pointer("/coding/0/code").and_then(Value::as_str) == Some("11429006");
    if resource.get("category").is_some_and(consultation) {
        resource.remove("category");
    }
    match resource.remove("notDone") {
        Some(Value::Bool(true)) => Object::from_iter([("status".to_owned(), "not-done".into())]),
        _ => Object::new(),
    }
}

fn contact_person(resource: &mut Object) -> Object {
    let (mut roles, mut kept) = (Vec::new(), Vec::new());
    if let Some(Value::Array(list)) = resource.remove("extension") {
        for extension in list {
            match extension.get("valueCodeableConcept") {
                Some(role) if extension["url"] == CONTACT_ROLE => roles.push(role.clone()),
                _ => kept.push(extension),
            }
        }
    }
    if !kept.is_empty() {
        resource.insert("extension".into(), kept.into());
    }
    roles.extend(resource.remove("relationship"));
    if roles.is_empty() { Object::new() } else { Object::from_iter([("relationship".to_owned(), roles.into())]) }
}

fn observation(resource: &mut Object) -> Object {
    let note = resource.remove("comment").map(|text| ("note".to_owned(), json!([{"text": text}])));
    note.into_iter().collect()
}

/// `whenUsed` and `timing[x]` say the same of an implant; the second goes before.
fn device_use(resource: &mut Object) -> Object {
    let timed = resource.keys().any(|key| key.starts_with("timing"));
    if timed {
        return Object::new();
    }
    let used = resource.remove("whenUsed").map(|period| ("timingPeriod".to_owned(), period));
    used.into_iter().collect()
}
