//! ACP-AdvanceDirective: each earlier written wish that is held, or one that says no more than that there is one
//! (decision 35).

use super::directive::{POLICY, status};
use super::{Told, filed_of};
use crate::r4::id::{Local, Subject};
use crate::r4::parts::object::Object;
use crate::r4::parts::{codeable, extension, meta, reference};
use crate::r4::{ResourceType, View};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::code::{AdvanceDirectiveType, CodeSet, YesNoUnknown, system};
use domain::date::FhirDateTime;
use domain::plan::{AdvanceDirective, Content, DocumentKey, FileRef, Statement};
use serde_json::{Value, json};

/// Where a document stands.
pub(super) fn locals(content: &Content) -> Vec<Local> {
    content.documents.keys().map(|k| Local::Document(*k)).chain([Local::of(Subject::Earlier)]).collect()
}

/// A document that counts.
pub(super) fn current(view: &View<'_>, key: DocumentKey) -> Option<Value> {
    let topic = view.content()?.documents.get(&key)?;
    let (statement, told) = match (&topic.current, &topic.proposed) {
        (Some(current), _) => (current, Told::Now),
        (None, proposed) => (proposed.as_ref()?, Told::Proposed),
    };
    Some(write(view, key, statement, told))
}

/// What was said earlier of a document.
pub(super) fn earlier(view: &View<'_>, key: DocumentKey) -> Vec<Value> {
    let Some(topic) = view.content().and_then(|c| c.documents.get(&key)) else { return Vec::new() };
    filed_of(view, topic).into_iter().map(|(statement, told)| write(view, key, statement, told)).collect()
}

/// Something was recorded earlier, and no document is held.
pub(super) fn earlier_recorded(view: &View<'_>) -> Option<Value> {
    let content = view.content()?;
    let statement = content.earlier.current.as_ref().filter(|s| s.value.recorded == YesNoUnknown::Yes)?;
    if content.documents.values().any(|t| t.current.is_some() || t.proposed.is_some()) {
        return None;
    }
    let nothing_more = AdvanceDirective {
        kind: AdvanceDirectiveType::Other,
        kind_text: None,
        comment: statement.value.comment.clone(),
        representative: None,
        file: None,
    };
    let undated = Statement {
        value: nothing_more,
        said_on: None,
        by: Vec::new(),
        origin: statement.origin.clone(),
        source: statement.source.clone(),
    };
    Some(consent(view, Local::of(Subject::Earlier), &undated, Told::Now))
}

fn write(view: &View<'_>, key: DocumentKey, statement: &Statement<AdvanceDirective>, told: Told<'_>) -> Value {
    consent(view, Local::Document(key), statement, told)
}

fn consent(view: &View<'_>, local: Local, statement: &Statement<AdvanceDirective>, told: Told<'_>) -> Value {
    let document = &statement.value;
    let representative = document
        .representative
        .and_then(|key| reference::person(view, key))
        .map(|person| json!({"role": codeable::fixed(system::ROLE_CODE, "RESPRSN", None), "reference": person}));
    let code = match document.kind {
        AdvanceDirectiveType::Other => Object::new()
            .list("coding", [json!({"system": system::NULL_FLAVOR, "code": "OTH"})])
            .maybe("text", document.kind_text.as_deref())
            .build(),
        kind => codeable::concept_with(&kind.coding(), document.kind_text.as_deref()),
    };
    let provision = Object::new().list("actor", representative).list("code", [code]);
    meta::begin(view, ResourceType::Consent, local, "ACP-AdvanceDirective", told.edition(statement), told.history())
        .list("extension", extension::text(extension::COMMENT, document.comment.as_deref()))
        .list("identifier", meta::identifiers(&statement.source))
        .with("status", status(&statement.source, told))
        .with("scope", codeable::fixed("http://terminology.hl7.org/CodeSystem/consentscope", "adr", None))
        .list("category", [codeable::fixed("http://terminology.hl7.org/CodeSystem/consentcategorycodes", "acd", None)])
        .with("patient", reference::patient(view))
        .maybe("dateTime", statement.said_on.as_ref().map(FhirDateTime::as_str))
        .maybe("sourceAttachment", document.file.as_ref().map(|file| attachment(view, file)))
        .list("policy", [json!({"uri": POLICY})])
        .with("provision", provision.build())
        .build()
}

/// The file itself. Where its bytes cannot be had, what is known of it still tells that there is one.
fn attachment(view: &View<'_>, file: &FileRef) -> Value {
    let data = (view.files)(&file.id).map(|bytes| BASE64_STANDARD.encode(bytes));
    let absent = data.is_none().then(|| json!({"extension": [extension::code(extension::DATA_ABSENT, "unknown")]}));
    Object::new()
        .with("contentType", file.media_type.as_str())
        .maybe("data", data)
        .maybe("_data", absent)
        .maybe("title", file.title.as_deref())
        .build()
}
