//! Answers as a QuestionnaireResponse, and a form from elsewhere as it came.

use crate::r4::parts::codeable;
use crate::r4::parts::meta::instant;
use crate::r4::parts::object::Object;
use domain::date::FhirDateTime;
use domain::form::{Answer, Answers, FORM_CANONICAL, FORM_VERSION, Item, Value as FormValue};
use domain::plan::Identifier;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Somebody referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who<'a> {
    /// `Patient/…` or `PractitionerRole/…`.
    pub reference: &'a str,
    /// What to call them.
    pub display: Option<&'a str>,
}

impl Who<'_> {
    fn value(self) -> Value {
        Object::new().with("reference", self.reference).maybe("display", self.display).build()
    }
}

/// What goes around the answers of a version.
#[derive(Clone, Copy, Debug)]
pub struct ResponseOut<'a> {
    /// Logical id.
    pub id: &'a str,
    /// Version of the resource.
    pub version_id: &'a str,
    /// When the resource last changed: the version was recorded, or marked wrong.
    pub last_updated: Timestamp,
    /// Business identifier.
    pub identifier: Option<&'a Identifier>,
    /// The version was marked wrong (decision 5).
    pub wrong: bool,
    /// The patient.
    pub subject: Who<'a>,
    /// The professional who recorded it, as PractitionerRole.
    pub author: Option<Who<'a>>,
    /// When it was written down.
    pub authored: &'a FhirDateTime,
}

impl ResponseOut<'_> {
    fn meta(&self) -> Value {
        json!({"versionId": self.version_id, "lastUpdated": instant(self.last_updated)})
    }
}

/// A version of our own as the form: names the standard's form and version (decision 37), with the patient as source of the answers.
///
/// Items carry no `text`: the standard's wording is not ours, and its linkIds say what was asked.
pub fn to_response(answers: &Answers, out: &ResponseOut<'_>) -> Value {
    let status = if out.wrong { "entered-in-error" } else { "completed" };
    Object::new()
        .with("resourceType", "QuestionnaireResponse")
        .with("id", out.id)
        .with("meta", out.meta())
        .maybe("identifier", out.identifier.map(codeable::identifier))
        .with("questionnaire", format!("{FORM_CANONICAL}|{FORM_VERSION}"))
        .with("status", status)
        .with("subject", out.subject.value())
        .with("authored", out.authored.as_str())
        .maybe("author", out.author.map(Who::value))
        .with("source", out.subject.value())
        .list("item", items(&answers.items))
        .build()
}

/// A form from elsewhere, to the letter: only id, meta and subject are ours (decision 30); of one marked wrong also the status (decision 5).
///
/// The tags and profiles of its meta stay.
pub fn from_source(source: &Value, out: &ResponseOut<'_>) -> Value {
    let empty = Map::new();
    let source = source.as_object().unwrap_or(&empty);
    let mut meta = out.meta();
    for (name, value) in source.get("meta").and_then(Value::as_object).unwrap_or(&empty) {
        if !matches!(name.as_str(), "versionId" | "lastUpdated") {
            meta[name] = value.clone();
        }
    }
    let mut response = Map::with_capacity(source.len() + 3);
    response.insert("resourceType".into(), "QuestionnaireResponse".into());
    response.insert("id".into(), out.id.into());
    response.insert("meta".into(), meta);
    for (name, value) in source {
        match name.as_str() {
            "resourceType" | "id" | "meta" | "_id" | "_subject" => {}
            "subject" => {
                response.insert("subject".into(), out.subject.value());
            }
            "status" if out.wrong => {
                response.insert("status".into(), "entered-in-error".into());
            }
            _ => {
                response.insert(name.clone(), value.clone());
            }
        }
    }
    response.entry("subject").or_insert_with(|| out.subject.value());
    Value::Object(response)
}

fn items(items: &[Item]) -> Vec<Value> {
    items.iter().filter(|item| !item.is_empty()).map(item).collect()
}

fn item(item: &Item) -> Value {
    let answers = item.answers.iter().map(answer);
    Object::new().with("linkId", item.link_id.as_str()).list("answer", answers).list("item", items(&item.items)).build()
}

fn answer(answer: &Answer) -> Value {
    let (name, value) = match &answer.value {
        FormValue::Text(text) => ("valueString", text.as_str().into()),
        FormValue::Date(date) => ("valueDate", date.as_str().into()),
        FormValue::DateTime(date) => ("valueDateTime", date.as_str().into()),
        FormValue::Boolean(yes) => ("valueBoolean", Value::Bool(*yes)),
        FormValue::Coding(coding) => ("valueCoding", codeable::coding(coding)),
    };
    let mut out = Map::new();
    out.insert(name.into(), value);
    let beneath = items(&answer.items);
    if !beneath.is_empty() {
        out.insert("item".into(), beneath.into());
    }
    Value::Object(out)
}
